//! The core of `WorkerPool`: one queue, the workers and what each one runs, deadlines, the stream
//! of results, and statistics.
//!
//! The submitting thread calls [`Pool::submit_batch`], [`Pool::cancel`] and [`Pool::drain`]; each
//! worker calls [`Pool::take`] and [`Pool::finish`] on its own thread. One lock guards everything, so
//! every transition of a task happens once: exactly one of finish, cancel, expire and the worker's
//! death settles it. `README.md` beside this file has the states, the wake protocol, and what
//! happens when a worker dies.
//!
//! The core does not know whether a worker is a JavaScript thread or a Rust one: both are a
//! [`WorkerId`] with a [`Wake`]. Nothing here knows Node-API.

#![forbid(unsafe_code)]

mod consumer;
mod contexts;
mod deadlines;
mod door;
mod keys;
mod lanes;
#[cfg(all(test, async_hooks_rs_loom))]
mod model;
mod moment;
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
mod turn;
mod workers;

pub(crate) use crate::wire::status::Status;
pub(crate) use consumer::{Act, Consumer, Drain};
pub(crate) use door::Door;
pub(crate) use lanes::Lanes;
pub(crate) use moment::Moment;
#[cfg(test)]
pub(crate) use outcome::Finished;
pub(crate) use outcome::{Cancelled, Taken};
pub(crate) use queue::QueueOrder;
pub(crate) use scheduler::{Options, Pool};
pub(crate) use statistics::{Details, Statistics, Summary, ThreadStatistics, Waiting};
pub(crate) use task::{Completion, Task};

/// So many entries of one task may wait in the stream of results to say how far it is: more than a
/// task reports while the submitter is busy with other things. A further one replaces the newest of
/// them, so a submitter that does not look costs no more memory, and learns of the latest when it
/// does.
pub(crate) const PROGRESS_KEPT: u32 = 1024;

/// With so many bytes of them, fewer wait: of large ones the first and the latest.
pub(crate) const PROGRESS_BYTES: usize = 64 << 20;

/// Names a task. The submitter chooses it: unique among the tasks that are not settled, and small,
/// because it is an index.
pub(crate) type TaskId = u32;

/// Names a worker: an index that is used again after [`Pool::remove_worker`].
pub(crate) type WorkerId = u32;

/// Names a thread: see [`Lanes`].
pub(crate) type ThreadId = u32;

/// Tells a thread that there is something to look at.
///
/// The contract: it is cheap, callable from any thread, and never blocks. The pool may call it
/// without need, and neither calls nor drops it while holding its lock.
pub(crate) trait Wake: Send + Sync {
    /// Makes the thread look: a worker calls [`Pool::take`], the submitter calls [`Pool::drain`].
    fn wake(&self);
}
