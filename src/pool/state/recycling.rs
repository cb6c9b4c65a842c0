//! Workers that leave, which are replaced: none of them takes a further task.

use super::State;
use crate::pool::outcome::{Finish, Pending, Retire};
use crate::pool::workers::Phase;
use crate::pool::{Completion, Status, WorkerId};
use crate::transport::Message;
use crate::wire::packet::NO_TASK;

impl State {
    /// Active -> Leaving, if the worker runs a task. Says whether the stream of results was empty.
    /// None if the worker runs none.
    pub(in crate::pool) fn leave(&mut self, worker: WorkerId) -> Option<bool> {
        let leaving = self.workers.leave(worker);
        leaving.then(|| self.tell(worker, Status::Leaving, NO_TASK, Message::empty()))
    }

    /// Active -> Leaving, if the worker runs a task, else any -> Condemned.
    pub(in crate::pool) fn retire(&mut self, worker: WorkerId) -> Retire {
        if let Some(first) = self.leave(worker) {
            return Retire::Leaving { first };
        }
        if self.workers.current(worker).is_some() {
            return Retire::Leaving { first: false };
        }
        let (next, own) = self.condemn(worker);
        Retire::Condemned { next, own }
    }

    /// Leaving -> Condemned, if the worker was leaving: its last task is settled.
    pub(super) fn end_leaving(&mut self, worker: WorkerId) {
        if self.workers.phase(worker) != Phase::Leaving {
            return;
        }
        let _ = self.workers.condemn(worker);
        // It follows the result, so the submitter looks.
        self.completions.push(Completion {
            id: NO_TASK,
            status: Status::Left,
            worker,
            message: Message::empty(),
        });
    }

    /// Wakes an idle worker if tasks wait that could not run before a task was finished.
    pub(in crate::pool) fn wake_for_room(&mut self, finish: &Finish) -> Pending {
        match finish {
            Finish::Delivered { room: true, .. } => self.wake_next(),
            _ => None,
        }
    }
}
