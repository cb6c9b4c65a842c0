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

mod deadlines;
#[cfg(all(test, async_hooks_rs_loom))]
mod model;
mod outcome;
mod queue;
mod scheduler;
mod slots;
mod spin;
mod state;
mod statistics;
#[cfg(test)]
mod stress;
mod task;
#[cfg(test)]
pub(crate) mod testing;
mod workers;

#[cfg(test)]
pub(crate) use outcome::Finished;
pub(crate) use outcome::{Cancelled, Taken};
pub(crate) use scheduler::{Options, Pool};
pub(crate) use statistics::{Statistics, Summary};
pub(crate) use task::{Completion, Status, Task};

/// Names a task. Chosen by the submitter: unique among the tasks that are not settled, and small,
/// because it is an index.
pub(crate) type TaskId = u32;

/// Names a worker: an index, used again after [`Pool::remove_worker`].
pub(crate) type WorkerId = u32;

/// Tells a thread that there is something to look at.
///
/// The contract: cheap, callable from any thread, never blocks. It may be called without need, and
/// is never called while the pool's lock is held, nor is it dropped then.
pub(crate) trait Wake: Send + Sync {
    /// Makes the thread look: a worker calls [`Pool::take`], the submitter calls [`Pool::drain`].
    fn wake(&self);
}
