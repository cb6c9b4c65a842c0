//! What the submitter hears of a task, if it has asked for it: when it starts, and how long it took.

use super::State;
use crate::pool::statistics::in_milliseconds;
use crate::pool::workers::Current;
use crate::pool::{Completion, Moment, Status, TaskId, WorkerId};
use crate::transport::Message;
use crate::wire::packet::{TaskHeader, FLAG_START, FLAG_TIMES};

/// Bytes of a time.
const LENGTH: usize = size_of::<f64>();

/// When the task was submitted, if its times are wanted.
pub(super) fn timed(header: TaskHeader, submitted_at: Moment) -> Option<Moment> {
    (header.flags & FLAG_TIMES != 0).then_some(submitted_at)
}

/// Whether the start of the task is wanted.
pub(super) const fn tells_start(header: TaskHeader) -> bool {
    header.flags & FLAG_START != 0
}

impl State {
    /// The worker has taken the task. True if the stream of results was empty, as for all here.
    pub(super) fn tell_start(
        &mut self,
        worker: WorkerId,
        id: TaskId,
        now: Moment,
        submitted_at: Moment,
    ) -> bool {
        self.push(Completion {
            id,
            status: Status::Started,
            worker,
            message: Message::new(&milliseconds(now, submitted_at)),
        })
    }

    /// The worker has run the task, which is settled by the next entry.
    ///
    /// Few tasks are timed, and each asks.
    #[inline]
    pub(super) fn tell_times(&mut self, worker: WorkerId, task: &Current) -> bool {
        let tell = |submitted_at| self.tell_times_since(submitted_at, worker, task);
        task.timed.is_some_and(tell)
    }

    /// Few callers know the time, so the clock is read here.
    fn tell_times_since(&mut self, submitted_at: Moment, worker: WorkerId, task: &Current) -> bool {
        let mut times = [0; 2 * LENGTH];
        let (waited, ran) = times.split_at_mut(LENGTH);
        waited.copy_from_slice(&milliseconds(task.started_at, submitted_at));
        ran.copy_from_slice(&milliseconds(Moment::now(), task.started_at));
        self.push(Completion {
            id: task.id,
            status: Status::Times,
            worker,
            message: Message::new(&times),
        })
    }
}

fn milliseconds(now: Moment, before: Moment) -> [u8; LENGTH] {
    in_milliseconds(now.nanoseconds_since(before)).to_le_bytes()
}
