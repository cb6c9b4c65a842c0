//! What the submitter hears of a task, if it has asked for it: when it starts, and how long it took.

use super::State;
use crate::pool::workers::Current;
use crate::pool::{Completion, Status, TaskId, WorkerId};
use crate::transport::Message;
use crate::wire::packet::{TaskHeader, FLAG_START, FLAG_TIMES};
use std::time::Instant;

const MILLISECONDS_PER_SECOND: f64 = 1e3;

/// Bytes of a time.
const LENGTH: usize = size_of::<f64>();

/// When the task was submitted, if its times are wanted.
pub(super) fn timed(header: TaskHeader, submitted_at: Instant) -> Option<Instant> {
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
        now: Instant,
        submitted_at: Instant,
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
    /// Few tasks are timed, and few callers know the time, so the clock is read here.
    pub(super) fn tell_times(&mut self, worker: WorkerId, task: Current) -> bool {
        let Some(submitted_at) = task.timed else {
            return false;
        };
        let mut times = [0; 2 * LENGTH];
        let (waited, ran) = times.split_at_mut(LENGTH);
        waited.copy_from_slice(&milliseconds(task.started_at, submitted_at));
        ran.copy_from_slice(&milliseconds(Instant::now(), task.started_at));
        self.push(Completion {
            id: task.id,
            status: Status::Times,
            worker,
            message: Message::new(&times),
        })
    }
}

fn milliseconds(now: Instant, before: Instant) -> [u8; LENGTH] {
    let time = now.saturating_duration_since(before);
    (time.as_secs_f64() * MILLISECONDS_PER_SECOND).to_le_bytes()
}
