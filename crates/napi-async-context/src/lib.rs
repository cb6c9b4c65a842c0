#![doc = include_str!("../README.md")]
#![deny(missing_docs)]
#![expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "an Env is borrowed, as everywhere in napi-rs: the borrow says on which thread"
)]

mod channel;
mod context;
mod environment;
mod exception;
mod function;
mod jobs;
mod mechanism;
mod node_api;
mod parcel;
mod post;
mod sync;
mod table;
mod trampoline;

pub use context::AsyncContext;
pub use environment::prepare;
pub use function::{BoundCall, ContextThreadsafeFunction};
#[cfg(feature = "tokio")]
pub use jobs::spawn;
#[cfg(feature = "threads")]
pub use jobs::{set_blocking_threads, spawn_blocking};
pub use jobs::{spawn_blocking_on, Executor, Job};
pub use post::post;
