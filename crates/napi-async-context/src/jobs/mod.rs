//! Jobs: work elsewhere that settles a promise.

mod blocking;
#[cfg(feature = "tokio")]
mod future;
mod settler;
#[cfg(feature = "threads")]
mod threads;

pub use blocking::{spawn_blocking_on, Executor, Job};
#[cfg(feature = "tokio")]
pub use future::spawn;
#[cfg(feature = "threads")]
pub use threads::{set_blocking_threads, spawn_blocking};
