//! Threads that leave, which are replaced: none of them takes a further task.

use super::State;
use crate::pool::outcome::{Finish, Pending, Retire};
use crate::pool::{Completion, Status, WorkerId};
use crate::transport::Message;
use crate::wire::packet::NO_TASK;

impl State {
    /// Active -> Leaving, for the workers of the thread that run something, and the others of it are
    /// condemned. Says whether the stream of results was empty. None if it runs nothing, or leaves
    /// already. The caller wakes whoever may run what it leaves to others.
    pub(in crate::pool) fn leave(&mut self, worker: WorkerId) -> Option<bool> {
        if !self.workers.leave(worker) {
            return None;
        }
        self.leave_home(worker);
        Some(self.tell(worker, Status::Leaving, NO_TASK, Message::empty()))
    }

    /// [`State::leave`], if the thread of the worker runs something, else any but Leaving ->
    /// Condemned.
    pub(in crate::pool) fn retire(&mut self, worker: WorkerId) -> Retire {
        if let Some(first) = self.leave(worker) {
            let next = self.wake_next();
            return Retire::Leaving { first, next };
        }
        if self.workers.is_leaving(worker) {
            return Retire::Leaving {
                first: false,
                next: None,
            };
        }
        let (wakes, own) = self.condemn(worker);
        let next = self.wake_if(wakes);
        Retire::Condemned { next, own }
    }

    /// Leaving -> Condemned: the worker runs nothing any more. Says whether the stream of results
    /// was empty before the thread has left, with the last of its workers.
    pub(super) fn end_leaving(&mut self, worker: WorkerId) -> bool {
        let _ = self.workers.condemn(worker);
        if self.workers.is_leaving(worker) {
            return false;
        }
        self.push(Completion {
            id: NO_TASK,
            status: Status::Left,
            worker,
            message: Message::empty(),
        })
    }

    /// Wakes an idle worker if tasks wait that could not run before a task was finished.
    pub(in crate::pool) fn wake_for_room(&mut self, finish: &Finish) -> Pending {
        match finish {
            Finish::Delivered { room: true, .. } | Finish::Stale { room: true, .. } => {
                self.wake_next()
            }
            _ => None,
        }
    }
}
