//! What goes into the pool and what comes out.

use super::{TaskId, WorkerId};
use crate::transport::Message;
use crate::wire::packet::{self, CompletionHeader, TaskHeader};
use crate::wire::status::Status;

/// A task, as it is submitted and as a worker takes it. By default one without a value.
#[derive(Debug, Default)]
pub(crate) struct Task {
    /// Its id and its options. The timeout is counted from [`Pool::take`](super::Pool::take).
    pub(crate) header: TaskHeader,
    /// The encoded value.
    pub(crate) message: Message,
}

impl Task {
    /// Appends the tasks of a batch of packets. None if a packet is broken; those before it are
    /// there then.
    pub(crate) fn read_batch(batch: &[u8], into: &mut Vec<Self>) -> Option<()> {
        for task in packet::read_tasks(batch) {
            let (header, value) = task?;
            let message = Message::new(value);
            into.push(Self { header, message });
        }
        Some(())
    }

    /// The same of a pool that ranks its tasks, with the rank of each.
    pub(crate) fn read_ranked_batch(batch: &[u8]) -> Option<Vec<(Self, f64)>> {
        packet::read_tasks(batch)
            .map(|task| {
                let (header, rest) = task?;
                let (rank, value) = packet::split_rank(rest)?;
                let message = Message::new(value);
                Some((Self { header, message }, rank))
            })
            .collect()
    }
}

/// One entry of the stream of results.
#[derive(Debug)]
pub(crate) struct Completion {
    /// The task. Without meaning for [`Status::Ready`]; for [`Status::Fatal`] it may be
    /// [`packet::NO_TASK`], for [`Status::ThreadGone`] that, [`packet::NEVER_A_TASK`] or
    /// [`packet::SEVERAL_TASKS`]; for [`Status::Output`] the descriptor.
    pub(crate) id: TaskId,
    /// What happened.
    pub(crate) status: Status,
    /// Who ran the task, has ended, or is ready.
    pub(crate) worker: WorkerId,
    /// The encoded result, error or progress, or what was written; empty for all other statuses.
    pub(crate) message: Message,
}

impl Completion {
    /// This worker takes tasks from now on.
    pub(super) const fn ready(worker: WorkerId) -> Self {
        Self {
            id: 0,
            status: Status::Ready,
            worker,
            message: Message::empty(),
        }
    }

    /// Writes a packet to the start of `region` and gives its length. None if it does not fit.
    pub(crate) fn write(&self, region: &mut [u8]) -> Option<usize> {
        let status = match self.status {
            Status::Result | Status::Error if self.message.is_lost() => Status::OutOfMemory,
            status => status,
        };
        let header = CompletionHeader {
            id: self.id,
            status,
            worker_id: self.worker,
            attachments: self.message.attachments().len(),
        };
        header.write(self.message.bytes(), region)
    }
}

#[cfg(test)]
mod tests {
    use super::{Completion, Status};
    use crate::transport::Message;
    use crate::wire::packet::{HEADER, STATUS};

    #[test]
    fn a_lost_result_is_told_as_such() {
        let completion = Completion {
            id: 0,
            status: Status::Result,
            worker: 0,
            message: Message::lost(),
        };
        let mut region = [0; HEADER];
        assert_eq!(completion.write(&mut region), Some(HEADER));
        assert_eq!(u32::from(region[STATUS]), Status::OutOfMemory as u32);
    }
}
