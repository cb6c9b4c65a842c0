//! The transitions of workers, from their reservation to their removal.

use super::{Aborts, State};
use crate::pool::outcome::{Pending, Removed};
use crate::pool::workers::{LastWords, Phase};
use crate::pool::{Completion, Moment, Status, TaskId, Wake, WorkerId};
use crate::sync::Arc;
use crate::transport::Message;
use crate::wire::packet;
use std::time::Duration;

impl State {
    pub(in crate::pool) fn add_workers(&mut self) -> WorkerId {
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
        if let Some(current) = current {
            self.slots.end(current.id);
            self.workers.hold(worker, current.key);
        }
        let _ = self.withdraw(worker);
        self.release_key(worker);
        // Whoever is to be woken, for whatever reason.
        let next = self.wake_next();
        let rest = self.workers.remove(worker);
        Removed { task, next, rest }
    }

    /// Running -> Free, for each task that the thread of the worker ran: it has ended. If it ran
    /// several, aborted ones included, there is an entry for each that is not settled. The last entry
    /// of its workers, which run nothing any more, is that of the thread.
    ///
    /// Last words count for the task during which they were said, or if none was and none is running.
    /// Else they are returned to be dropped.
    pub(in crate::pool) fn thread_gone(
        &mut self,
        worker: WorkerId,
    ) -> (bool, Pending, Vec<LastWords>) {
        let running = self.workers.running_with(worker);
        let together = running > 0 && self.workers.are_several_at_work(worker);
        self.leave_home(worker);
        let mut thread = Completion {
            id: if together {
                packet::SEVERAL_TASKS
            } else if self.workers.has_served(worker) {
                packet::NO_TASK
            } else {
                packet::NEVER_A_TASK
            },
            status: Status::ThreadGone,
            worker,
            message: Message::empty(),
        };
        let mut stale = Vec::new();
        let mut first = false;
        for lane in self.workers.with(worker) {
            let current = self.workers.take_current(lane);
            let mut message = Message::empty();
            // Of those that run nothing, the first one speaks for the thread.
            let is_heard = current.is_some() || (running == 0 && lane == worker);
            match self.workers.take_last_words(lane) {
                Some(words) if is_heard && words.belong_to(current) => message = words.message,
                words => stale.extend(words),
            }
            let _ = self.workers.unlist(lane);
            let _ = self.workers.condemn(lane);
            if let Some(current) = current {
                self.slots.end(current.id);
                first |= self.tell_times(lane, &current);
                self.workers.hold(lane, current.key);
            }
            self.release_key(lane);
            match current.map(|current| current.id) {
                Some(id) if together => {
                    first |= self.push(Completion {
                        id,
                        status: Status::Orphaned,
                        worker: lane,
                        message,
                    });
                }
                Some(id) => {
                    thread.id = id;
                    thread.worker = lane;
                    thread.message = message;
                }
                None if is_heard => thread.message = message,
                None => {}
            }
        }
        let next = self.wake_next();
        first |= self.push(thread);
        (first, next, stale)
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
                self.slots.end(current.id);
                told = self.tell_times(worker, &current);
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

    /// Condemns the thread that has been idle for longest, and returns the wake of one of its workers.
    /// `Err` if it stays: when it may go.
    pub(in crate::pool) fn retire_idle(
        &mut self,
        idle_for: Duration,
        now: Moment,
    ) -> Result<(WorkerId, Pending), Duration> {
        let (worker, since) = self.workers.longest_idle().ok_or(idle_for)?;
        let idle = now.since(since);
        let rest = idle_for.saturating_sub(idle);
        if !rest.is_zero() {
            return Err(rest);
        }
        if self.waits_for(worker) {
            return Err(idle_for);
        }
        let (_, own) = self.condemn(worker);
        Ok((worker, own))
    }

    /// From now on, workers whose tasks are cancelled or expire are spared.
    pub(in crate::pool) const fn spare_aborted(&mut self) {
        self.aborts = Aborts::Spare;
    }

    /// The task of the worker was aborted, and is taken from it. The caller wakes whoever may run
    /// what the thread leaves to others.
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

    /// The worker takes nothing any more, and neither do the others of its thread, which go on with
    /// what they run. Says whether somebody may have to be woken, and returns the worker's own wake.
    pub(in crate::pool) fn condemn(&mut self, worker: WorkerId) -> (bool, Pending) {
        let wakes = self.withdraw(worker);
        let own = self.workers.condemn(worker);
        (self.workers.withhold(worker) || wakes, own)
    }
}
