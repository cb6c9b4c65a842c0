//! The transitions of workers, from their reservation to their removal.

use super::State;
use crate::pool::outcome::{Pending, Removed};
use crate::pool::workers::LastWords;
use crate::pool::{Completion, Status, TaskId, Wake, WorkerId};
use crate::sync::Arc;
use crate::transport::Message;
use std::time::{Duration, Instant};

impl State {
    pub(in crate::pool) fn add_worker(&mut self) -> WorkerId {
        self.workers.reserve()
    }

    /// The wake comes back if the worker may not start.
    pub(in crate::pool) fn attach(
        &mut self,
        worker: WorkerId,
        wake: Arc<dyn Wake>,
    ) -> Result<(), Arc<dyn Wake>> {
        match self.closed {
            true => Err(wake),
            false => self.workers.attach(worker, wake),
        }
    }

    pub(in crate::pool) fn unlist(&mut self, worker: WorkerId) -> Pending {
        match self.workers.unlist(worker) {
            true => self.wake_next(),
            false => None,
        }
    }

    /// Running -> Free, if the worker ran one: its thread is gone.
    pub(in crate::pool) fn remove_worker(&mut self, worker: WorkerId) -> Removed {
        let current = self.workers.take_current(worker);
        let task = current.map(|current| current.id);
        if let Some(id) = task {
            self.slots.free(id);
            self.failed += 1;
        }
        let next = self.unlist(worker);
        let rest = self.workers.remove(worker);
        Removed { task, next, rest }
    }

    /// Running -> Free, if the worker ran one: its thread has ended. That is an entry in the stream of
    /// results, behind everything else of this worker: nothing can follow it, because it runs nothing
    /// any more.
    ///
    /// The last words are those of the task that it ran, unless it has ended that since; then they are
    /// given to be dropped.
    pub(in crate::pool) fn thread_gone(
        &mut self,
        worker: WorkerId,
    ) -> (bool, Pending, Option<LastWords>) {
        let words = self.workers.take_last_words(worker);
        let (id, words, stale) = match self.workers.take_current(worker) {
            Some(current) => {
                self.slots.free(current.id);
                self.failed += 1;
                let (words, stale) = match words {
                    Some(words) if words.belong_to(current) => (Some(words), None),
                    stale => (None, stale),
                };
                (current.id, words, stale)
            }
            None if self.workers.has_served(worker) => (Completion::NO_TASK, None, words),
            None => (Completion::NEVER_A_TASK, None, words),
        };
        let (next, _) = self.condemn(worker);
        let first = self.push(Completion {
            id,
            status: Status::ThreadGone,
            worker,
            message: words.map_or_else(Message::empty, |words| words.message),
        });
        (first, next, stale)
    }

    /// Gives what is to be dropped.
    pub(in crate::pool) fn last_words(
        &mut self,
        worker: WorkerId,
        message: Message,
    ) -> Option<Message> {
        self.workers.keep_last_words(worker, message)
    }

    /// Running -> Free, if the worker runs one: it cannot go on.
    pub(in crate::pool) fn give_up(
        &mut self,
        worker: WorkerId,
        message: Message,
    ) -> (bool, Pending) {
        let id = match self.workers.take_current(worker) {
            Some(current) => {
                self.slots.free(current.id);
                self.failed += 1;
                current.id
            }
            None => Completion::NO_TASK,
        };
        let (next, _) = self.condemn(worker);
        let first = self.push(Completion {
            id,
            status: Status::Fatal,
            worker,
            message,
        });
        (first, next)
    }

    /// What happened to a worker or what it wrote, as an entry in the stream of results.
    pub(in crate::pool) fn tell(
        &mut self,
        worker: WorkerId,
        status: Status,
        id: TaskId,
        message: Message,
    ) -> bool {
        self.push(Completion {
            id,
            status,
            worker,
            message,
        })
    }

    /// Condemns the worker idle for longest, and gives its wake.
    pub(in crate::pool) fn retire_idle(
        &mut self,
        idle_for: Duration,
        now: Instant,
    ) -> Option<(WorkerId, Pending)> {
        let (worker, since) = self.workers.longest_idle()?;
        let idle = now.saturating_duration_since(since);
        if idle < idle_for || self.queue.len() > 0 {
            return None;
        }
        let (_, own) = self.condemn(worker);
        Some((worker, own))
    }

    /// The wake that has to be passed on, and the worker's own.
    pub(in crate::pool) fn condemn(&mut self, worker: WorkerId) -> (Pending, Pending) {
        (self.unlist(worker), self.workers.condemn(worker))
    }
}
