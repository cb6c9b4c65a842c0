//! What running tasks tell: how far they are, and values.

use super::State;
use crate::pool::outcome::Progress;
use crate::pool::{Completion, Status, WorkerId, PROGRESS_BYTES, PROGRESS_KEPT};
use crate::transport::Message;

/// The progress that a worker has reported last. It tells of its present task only as long as the
/// entry is in the stream.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::pool) struct Reported {
    /// Where the newest entry was put.
    place: usize,
    /// How many of its task wait, and how many bytes they have.
    count: u32,
    bytes: usize,
}

impl Reported {
    /// The first one is kept, however large it is.
    const fn is_full(&self) -> bool {
        self.count >= PROGRESS_KEPT || (self.count > 1 && self.bytes >= PROGRESS_BYTES)
    }
}

impl State {
    /// Tells how far the running task is, which goes on.
    pub(in crate::pool) fn progress(&mut self, worker: WorkerId, message: Message) -> Progress {
        let Some(id) = self.workers.current(worker).map(|current| current.id) else {
            return Progress::Stale(message);
        };
        let mut reported = self.workers.reported(worker);
        let size = message.size();
        // Every entry of this kind notes its place. So if one of this task is there, it is the one
        // that was noted last, and none was drained since.
        let newest = self.completions.get_mut(reported.place).filter(|entry| {
            entry.status == Status::Progress && entry.worker == worker && entry.id == id
        });
        match newest {
            Some(newest) if reported.is_full() => {
                let older = std::mem::replace(&mut newest.message, message);
                reported.bytes = reported.bytes - older.size() + size;
                self.workers.set_reported(worker, reported);
                return Progress::Replaced(older);
            }
            Some(_) => {}
            None => reported = Reported::default(),
        }
        reported.place = self.completions.len();
        reported.count += 1;
        reported.bytes += size;
        self.workers.set_reported(worker, reported);
        let first = self.push(Completion {
            id,
            status: Status::Progress,
            worker,
            message,
        });
        Progress::Told { first }
    }

    /// Passes on a value of the running task, which goes on. None is ever replaced: the submitter
    /// has asked for so many.
    pub(in crate::pool) fn value(&mut self, worker: WorkerId, message: Message) -> Progress {
        let Some(id) = self.workers.current(worker).map(|current| current.id) else {
            return Progress::Stale(message);
        };
        let first = self.push(Completion {
            id,
            status: Status::Value,
            worker,
            message,
        });
        Progress::Told { first }
    }

    pub(in crate::pool) fn is_running(&self, worker: WorkerId) -> bool {
        self.workers.current(worker).is_some()
    }
}
