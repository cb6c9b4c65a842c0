//! The core of `WorkerPool`: one queue, who is idle and who runs what, deadlines, the stream of
//! results, statistics, and processors that run on Rust threads.
//!
//! The submitting thread calls [`Pool::submit`], [`Pool::cancel`] and [`Pool::drain`]; each worker
//! calls [`Pool::take`] and [`Pool::finish`] on its own thread. One lock guards everything, so every
//! transition of a task happens once: exactly one of finish, cancel, expire and the worker's death
//! settles it. States, the wake protocol and what happens when a worker dies: `README.md` beside
//! this file.
//!
//! What a worker is, a JavaScript thread or a Rust one, the core does not know: both are a
//! [`WorkerId`] with a [`Wake`]. Nothing here knows Node-API.

#![forbid(unsafe_code)]

pub mod blocks;
mod deadlines;
mod message;
#[cfg(all(test, async_hooks_rs_loom))]
mod model;
pub mod native;
mod outcome;
mod queue;
mod scheduler;
pub mod shapes;
mod slots;
mod spin;
mod state;
mod statistics;
#[cfg(test)]
mod stress;
mod task;
#[cfg(test)]
mod testing;
pub mod value;
mod workers;

pub use message::Message;
pub use outcome::{Cancelled, Finished, Taken};
pub use scheduler::{Options, Pool};
pub use statistics::{Statistics, Summary};
pub use task::{Completion, Status, Task};
pub use value::Value;

/// Names a task. Chosen by the submitter: unique among the tasks that are not settled, and small,
/// because it is an index.
pub type TaskId = u32;

/// Names a worker: an index, used again after [`Pool::remove_worker`].
pub type WorkerId = u32;

/// Tells a thread that there is something to look at.
///
/// The contract: cheap, callable from any thread, never blocks. It may be called without need, and
/// is never called while the pool's lock is held, nor is it dropped then.
pub trait Wake: Send + Sync {
    /// Makes the thread look: a worker calls [`Pool::take`], the submitter calls [`Pool::drain`].
    fn wake(&self);
}
