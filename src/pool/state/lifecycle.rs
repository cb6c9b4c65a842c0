//! The transitions of workers, from their reservation to their removal.

use super::{Aborts, State};
use crate::pool::outcome::{Pending, Removed};
use crate::pool::workers::{LastWords, Phase};
use crate::pool::{Completion, Status, TaskId, Wake, WorkerId};
use crate::sync::Arc;
use crate::transport::Message;
use crate::wire::packet;
use std::time::{Duration, Instant};

impl State {
    pub(in crate::pool) fn add_worker(&mut self) -> WorkerId {
        self.workers.reserve()
    }

    /// Returns the wake if the worker may not start.
    pub(in crate::pool) fn attach(
        &mut self,
        worker: WorkerId,
        wake: Arc<dyn Wake>,
    ) -> Result<(), Arc<dyn Wake>> {
        if self.closed {
            return Err(wake);
        }
        self.workers.attach(worker, wake)
    }

    pub(in crate::pool) fn unlist(&mut self, worker: WorkerId) -> Pending {
        let woken = self.workers.unlist(worker);
        self.wake_if(woken)
    }

    /// Running -> Free, if the worker ran one: its thread is gone.
    pub(in crate::pool) fn remove_worker(&mut self, worker: WorkerId) -> Removed {
        let current = self.workers.take_current(worker);
        let task = current.map(|current| current.id);
        if let Some(id) = task {
            self.slots.free(id);
        }
        if let Some(current) = current {
            self.workers.hold(worker, current.key);
        }
        let _ = self.withdraw(worker);
        self.release_key(worker);
        // Whoever is to be woken, for whatever reason.
        let next = self.wake_next();
        let rest = self.workers.remove(worker);
        Removed { task, next, rest }
    }

    /// Running -> Free, if the worker ran one: its thread has ended. The entry in the stream of
    /// results is the last one of this worker, which runs nothing any more.
    ///
    /// Last words count for the task during which they were said, or if none was and none is running.
    /// Else they are returned to be dropped.
    pub(in crate::pool) fn thread_gone(
        &mut self,
        worker: WorkerId,
    ) -> (bool, Pending, Option<LastWords>) {
        let current = self.workers.take_current(worker);
        let (words, stale) = match self.workers.take_last_words(worker) {
            Some(words) if words.belong_to(current) => (Some(words), None),
            stale => (None, stale),
        };
        let mut told = false;
        let id = match current {
            Some(current) => {
                self.slots.free(current.id);
                told = self.tell_times(worker, current);
                self.workers.hold(worker, current.key);
                current.id
            }
            None if self.workers.has_served(worker) => packet::NO_TASK,
            None => packet::NEVER_A_TASK,
        };
        let _ = self.condemn(worker);
        self.release_key(worker);
        let next = self.wake_next();
        let first = self.push(Completion {
            id,
            status: Status::ThreadGone,
            worker,
            message: words.map_or_else(Message::empty, |words| words.message),
        });
        (first || told, next, stale)
    }

    /// Returns the message to be dropped.
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
        let mut told = false;
        let id = match self.workers.take_current(worker) {
            Some(current) => {
                self.slots.free(current.id);
                told = self.tell_times(worker, current);
                self.workers.hold(worker, current.key);
                current.id
            }
            None => packet::NO_TASK,
        };
        let _ = self.condemn(worker);
        let next = self.wake_next();
        let first = self.push(Completion {
            id,
            status: Status::Fatal,
            worker,
            message,
        });
        (first || told, next)
    }

    /// Puts what happened to a worker, or what it wrote, into the stream of results.
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

    /// Condemns the worker that has been idle for longest, and returns its wake.
    pub(in crate::pool) fn retire_idle(
        &mut self,
        idle_for: Duration,
        now: Instant,
    ) -> Option<(WorkerId, Pending)> {
        let (worker, since) = self.workers.longest_idle()?;
        let idle = now.saturating_duration_since(since);
        if idle < idle_for || self.waits_for(worker) {
            return None;
        }
        let (_, own) = self.condemn(worker);
        Some((worker, own))
    }

    /// From now on, workers whose tasks are cancelled or expire are spared.
    pub(in crate::pool) const fn spare_aborted(&mut self) {
        self.aborts = Aborts::Spare;
    }

    /// The task of the worker was aborted, and is taken from it. The caller wakes whoever may run
    /// what the worker leaves to others.
    pub(super) fn abort(&mut self, worker: WorkerId) {
        match self.aborts {
            Aborts::Spare => self.workers.spare(worker),
            Aborts::Condemn => {
                let _ = self.condemn(worker);
            }
        }
    }

    /// If the worker has ended a task that was aborted, it goes on, or has left. Says whether that
    /// is the first entry of the stream of results.
    pub(super) fn end_aborted(&mut self, worker: WorkerId) -> bool {
        if !self.workers.end_aborted(worker) {
            return false;
        }
        match self.workers.phase(worker) {
            Phase::Leaving => self.end_leaving(worker),
            _ => self.push(Completion::ready(worker)),
        }
    }

    /// Condemns the worker if it still runs a task that was aborted. Says whether it did, and
    /// returns the wake that has to be passed on.
    pub(in crate::pool) fn stop_aborted(&mut self, worker: WorkerId) -> (bool, Pending) {
        if !self.workers.is_aborted(worker) {
            return (false, None);
        }
        let (wakes, _) = self.condemn(worker);
        (true, self.wake_if(wakes))
    }

    /// Says whether somebody may have to be woken, and returns the worker's own wake.
    pub(in crate::pool) fn condemn(&mut self, worker: WorkerId) -> (bool, Pending) {
        (self.withdraw(worker), self.workers.condemn(worker))
    }
}
