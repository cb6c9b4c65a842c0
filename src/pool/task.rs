//! What goes into the pool and what comes out.

use super::{TaskId, WorkerId};
use crate::transport::Message;
use std::time::Duration;

/// A task, as it is submitted and as a worker takes it.
#[derive(Debug)]
pub(crate) struct Task {
    /// Names the task until it is settled.
    pub(crate) id: TaskId,
    /// Opaque here: the submitter sets them for the worker.
    pub(crate) flags: u32,
    /// A higher one runs first; equal ones run in the order of submission.
    pub(crate) priority: i32,
    /// How long it may run, counted from [`Pool::take`](super::Pool::take).
    pub(crate) timeout: Option<Duration>,
    /// The encoded value.
    pub(crate) message: Message,
}

/// What became of a task, or of a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u32)]
pub(crate) enum Status {
    /// Settled; the message is the result.
    Result = 0,
    /// Settled; the message is the error.
    Error = 1,
    /// Settled; the result travels through the worker's own port.
    ByPort = 2,
    /// Not settled: the worker that took it asks for the value to be sent through its port.
    Claim = 3,
    /// Settled: it ran for longer than its timeout. Its worker is condemned and has to be stopped.
    Expired = 4,
    /// A worker's thread has ended, and with it the task it ran, if it ran one: that is settled. The
    /// message is what the thread said it would end by, if it did.
    ThreadGone = 5,
    /// No task: a worker takes tasks from now on.
    Ready = 6,
    /// Its worker cannot go on: it is condemned and has to be stopped. The message is the error, which
    /// settles the task, if there is one.
    Fatal = 7,
    /// No task: the message is what a worker wrote to its standard output or error, and the id is the
    /// number of the descriptor.
    Output = 8,
    /// Settled: there was not enough memory for the task or its result.
    OutOfMemory = 9,
}

impl Status {
    /// The status that crosses the edge to JavaScript as `number`.
    #[must_use]
    pub(crate) const fn from_number(number: u32) -> Option<Self> {
        Some(match number {
            0 => Self::Result,
            1 => Self::Error,
            2 => Self::ByPort,
            3 => Self::Claim,
            4 => Self::Expired,
            5 => Self::ThreadGone,
            6 => Self::Ready,
            7 => Self::Fatal,
            8 => Self::Output,
            9 => Self::OutOfMemory,
            _ => return None,
        })
    }
}

/// One entry of the stream of results.
#[derive(Debug)]
pub(crate) struct Completion {
    /// The task. Without meaning for [`Status::Ready`]; for [`Status::Fatal`] it may be
    /// [`Completion::NO_TASK`], for [`Status::ThreadGone`] that or [`Completion::NEVER_A_TASK`]; for
    /// [`Status::Output`] the descriptor.
    pub(crate) id: TaskId,
    /// What happened.
    pub(crate) status: Status,
    /// Who ran the task, has ended, or is ready.
    pub(crate) worker: WorkerId,
    /// The encoded result or error, or what was written; empty for all other statuses.
    pub(crate) message: Message,
}

impl Completion {
    /// In place of a task: the worker was not running one.
    pub(crate) const NO_TASK: TaskId = TaskId::MAX;
    /// In place of a task: it never was.
    pub(crate) const NEVER_A_TASK: TaskId = TaskId::MAX - 1;
}

#[cfg(test)]
mod tests {
    use super::Status;

    #[test]
    fn a_status_survives_its_number() {
        let all: Vec<Status> = (0..).map_while(Status::from_number).collect();
        assert_eq!(all.len(), 10);
        for (number, status) in all.into_iter().enumerate() {
            assert_eq!(status as usize, number);
        }
    }
}
