//! What a transition leads to: for the callers of the pool, and for the pool itself, which acts on
//! it after releasing the lock.

use super::queue::Queue;
use super::slots::{Queued, Slots};
use super::workers::Worker;
use super::{Completion, Moment, TaskId, Wake, WorkerId};
use crate::sync::Arc;
use crate::transport::Message;

/// What [`Pool::cancel`](super::Pool::cancel) found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a worker that still runs the task has to be stopped"]
pub(crate) enum Cancelled {
    /// It waited, and has left the queue.
    Queued,
    /// It ran. Its worker is condemned and has to be stopped, unless aborted workers are
    /// [spared](super::Pool::spare_aborted).
    Running(WorkerId),
    /// It was settled before, or is unknown.
    Settled,
}

/// What [`Pool::take`](super::Pool::take) has for a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a taken task has to be run"]
pub(crate) enum Taken {
    /// Run the task that was put in place, then call [`Pool::finish`](super::Pool::finish).
    Task,
    /// Nothing to do: the worker is listed as idle and will be woken.
    Idle,
    /// The pool is closed or the worker condemned: end.
    Stop,
}

/// What became of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a stale result was dropped"]
pub(crate) enum Finished {
    /// It settled the task.
    Delivered,
    /// The result was dropped, because the task was settled before: cancelled, expired, or the pool
    /// is closed.
    Stale,
}

/// A wake to call after the lock is released.
pub(super) type Pending = Option<Arc<dyn Wake>>;

#[must_use]
pub(super) enum Take {
    /// The task is in its place. `next` passes the wake on if more tasks wait; `earlier` says that
    /// the timer sleeps for a later deadline than this task's; `first` that the stream of results
    /// was empty before it told of the worker's last task.
    Task {
        next: Pending,
        earlier: bool,
        first: bool,
    },
    /// No task, and the worker is not listed: look again.
    Nothing,
    /// No task, and the worker is on the idle list. `next` passes a wake on.
    Idle {
        next: Pending,
    },
    Stop,
}

#[must_use]
pub(super) enum Finish {
    /// `first`: the stream of results was empty. `room`: a task may run that could not before.
    Delivered { first: bool, room: bool },
    /// The message is still where it was. `first`: the worker was spared, and the stream of results
    /// was empty before it told what becomes of the worker.
    Stale { first: bool, room: bool },
}

#[must_use]
pub(super) enum Progress {
    /// `first`: the stream of results was empty.
    Told { first: bool },
    /// It has taken the place of this one, to be dropped.
    Replaced(Message),
    /// The worker runs no task any more. The message itself, to be dropped.
    Stale(Message),
}

#[must_use]
pub(super) enum Cancel {
    Queued { queued: Queued, next: Pending },
    Running { worker: WorkerId, next: Pending },
    Settled,
}

/// What becomes of a worker that is to go.
#[must_use]
pub(super) enum Retire {
    /// It runs a task, and has to be stopped after it. `first`: the stream of results was empty.
    Leaving { first: bool, next: Pending },
    /// It takes nothing any more: the wake that has to be passed on, and its own.
    Condemned { next: Pending, own: Pending },
}

#[must_use]
pub(super) struct Removed {
    pub(super) task: Option<TaskId>,
    pub(super) next: Pending,
    /// What the worker held, to be dropped.
    pub(super) rest: Worker,
}

#[must_use]
pub(super) struct Closed {
    /// Everyone's.
    pub(super) wakes: Vec<Arc<dyn Wake>>,
    /// The tasks that were not settled, to be dropped.
    pub(super) rest: Slots,
}

/// Memory of a peak, to be dropped: it holds no task, but may be large.
pub(super) type Unused = (Queue, Slots, Vec<Completion>);

/// What the timer does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alarm {
    At(Moment),
    /// No running task has a deadline.
    None,
    /// The pool is closed.
    Never,
}
