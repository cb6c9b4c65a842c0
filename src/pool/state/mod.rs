//! Everything the lock guards, and the transitions of tasks.
//!
//! Each transition is a method that returns what the caller has to do once the lock is released:
//! wakes to call, payloads to drop. Nothing in here calls anybody.

mod lifecycle;

use super::outcome::{Alarm, Cancel, Finish, Pending, Take};
use super::queue::{Entry, Queue};
use super::slots::{Place, Queued, Slots};
use super::statistics::{Statistics, Times};
use super::workers::{Current, Phase, Workers};
use super::{Completion, Status, Task, TaskId, Wake, WorkerId};
use crate::sync::Arc;
use crate::transport::Message;
use std::time::Instant;

pub(super) struct State {
    queue: Queue,
    slots: Slots,
    workers: Workers,
    /// The stream of results, until it is drained.
    completions: Vec<Completion>,
    /// The submitter will look for results by itself: it need not be woken. Written by whoever
    /// drains.
    polled: bool,
    closed: bool,
    completed: u64,
    failed: u64,
    waits: Times,
    runs: Times,
    /// What the timer sleeps for, so that only an earlier deadline disturbs it. Written by `expire`,
    /// which the timer alone calls, and by `take` when it wakes the timer.
    alarm: Option<Instant>,
}

impl State {
    pub(super) fn new() -> Self {
        Self {
            queue: Queue::new(),
            slots: Slots::default(),
            workers: Workers::default(),
            completions: Vec::new(),
            polled: false,
            closed: false,
            completed: 0,
            failed: 0,
            waits: Times::new(),
            runs: Times::new(),
            alarm: None,
        }
    }

    pub(super) fn waiting(&self) -> usize {
        self.queue.len()
    }

    /// Free -> Queued, for each, if there is room for all. What stays in `tasks` was not taken: everything,
    /// or what has the id of another one among them.
    pub(super) fn submit(&mut self, tasks: &mut Vec<Task>, now: Instant) -> Pending {
        if self.closed || !tasks.iter().all(|task| self.slots.make_room(task.id)) {
            return None;
        }
        let mut refused = Vec::new();
        for task in tasks.drain(..) {
            let priority = task.priority;
            match self.slots.enter(task, now) {
                Ok(entry) => self.queue.push(priority, entry),
                Err(task) => refused.push(task),
            }
        }
        *tasks = refused;
        self.wake_next()
    }

    /// Queued -> Running, if the worker may take and there is one. Without one, the worker goes onto
    /// the idle list if `list` says so: because that happens under the same lock as the look into
    /// the queue, a submit comes either before it and is seen, or after it and finds the worker.
    pub(super) fn take(&mut self, worker: WorkerId, now: Instant, list: bool) -> Take {
        if self.workers.phase(worker) != Phase::Active {
            return Take::Stop;
        }
        let runs_one = self.workers.current(worker).is_some();
        debug_assert!(!runs_one, "a worker takes before it has finished");
        let slots = &self.slots;
        let waits = |entry: Entry| slots.is_waiting(entry);
        let entry = match runs_one {
            true => None,
            false => self.queue.pop(waits),
        };
        let Some(entry) = entry else {
            if !list {
                return Take::Nothing;
            }
            if !runs_one {
                self.workers.list(worker, now);
            }
            return Take::Idle;
        };
        let Some(queued) = self.slots.start(entry.id, worker) else {
            unreachable!("the queue gives only entries that wait");
        };
        // If a wake was on its way to this worker, this look is what it was for.
        let _ = self.workers.unlist(worker);
        let deadline = queued.timeout.and_then(|timeout| now.checked_add(timeout));
        let current = Current {
            id: entry.id,
            started_at: now,
            deadline,
        };
        self.workers.start(worker, current);
        self.waits.record(now, queued.submitted_at);
        let earlier = match (deadline, self.alarm) {
            (Some(deadline), Some(alarm)) => deadline < alarm,
            (deadline, None) => deadline.is_some(),
            (None, Some(_)) => false,
        };
        if earlier {
            self.alarm = deadline;
        }
        let task = Task {
            id: entry.id,
            flags: queued.flags,
            priority: queued.priority,
            timeout: queued.timeout,
            message: queued.message,
        };
        let next = self.wake_next();
        Take::Task {
            task,
            next,
            earlier,
        }
    }

    /// Running -> Free, with a result.
    pub(super) fn finish(
        &mut self,
        worker: WorkerId,
        status: Status,
        message: Message,
        now: Instant,
    ) -> Finish {
        let Some(current) = self.workers.take_current(worker) else {
            return Finish::Stale(message);
        };
        self.slots.free(current.id);
        self.runs.record(now, current.started_at);
        match status {
            Status::Error => self.failed += 1,
            _ => self.completed += 1,
        }
        let first = self.push(Completion {
            id: current.id,
            status,
            worker,
            message,
        });
        Finish::Delivered { first }
    }

    /// Tells about a running task, which stays where it is. None if there is none; else whether the
    /// stream of results was empty.
    pub(super) fn report(&mut self, worker: WorkerId, status: Status) -> Option<bool> {
        let id = self.workers.current(worker)?.id;
        Some(self.push(Completion {
            id,
            status,
            worker,
            message: Message::empty(),
        }))
    }

    /// Queued or Running -> Free, without a result.
    pub(super) fn cancel(&mut self, id: TaskId) -> Cancel {
        match self.slots.free(id) {
            Place::Free => Cancel::Settled,
            Place::Queued(queued) => {
                let slots = &self.slots;
                self.queue.forget_one(|entry| slots.is_waiting(entry));
                self.failed += 1;
                Cancel::Queued(queued)
            }
            Place::Running(worker) => {
                self.workers.take_current(worker);
                self.failed += 1;
                let next = self.condemn(worker).0;
                Cancel::Running { worker, next }
            }
        }
    }

    /// Queued -> Free, without a result.
    #[must_use = "a payload must not be dropped under the lock"]
    pub(super) fn cancel_waiting(&mut self, id: TaskId) -> Option<Queued> {
        let queued = self.slots.free_waiting(id)?;
        let slots = &self.slots;
        self.queue.forget_one(|entry| slots.is_waiting(entry));
        self.failed += 1;
        Some(queued)
    }

    /// Running -> Free, for each whose deadline has come. Says whether that filled the empty stream
    /// of results, and what the timer shall do next.
    pub(super) fn expire(&mut self, now: Instant) -> (bool, Alarm) {
        if self.closed {
            return (false, Alarm::Never);
        }
        let (overdue, next) = self.workers.overdue(now);
        self.alarm = next;
        let mut first = false;
        for worker in overdue {
            let Some(current) = self.workers.take_current(worker) else {
                continue;
            };
            self.slots.free(current.id);
            self.failed += 1;
            // A worker that runs a task is not listed, so there is no wake to pass on.
            let _ = self.condemn(worker);
            first |= self.push(Completion {
                id: current.id,
                status: Status::Expired,
                worker,
                message: Message::empty(),
            });
        }
        (first, next.map_or(Alarm::None, Alarm::At))
    }

    pub(super) fn drain(&mut self, into: &mut Vec<Completion>, polled: bool) {
        self.polled = polled;
        match into.is_empty() {
            // Both vectors keep their memory for the next round.
            true => std::mem::swap(into, &mut self.completions),
            false => into.append(&mut self.completions),
        }
    }

    /// Everything -> Free. Gives everyone's wake, and what has to be dropped.
    #[must_use]
    pub(super) fn close(&mut self) -> (Vec<Arc<dyn Wake>>, impl Sized) {
        self.closed = true;
        self.failed += (self.queue.len() + self.workers.running()) as u64;
        self.queue.clear();
        (self.workers.condemn_all(), self.slots.clear())
    }

    pub(super) fn statistics(&self) -> Statistics {
        Statistics {
            waiting: self.queue.len(),
            running: self.workers.running(),
            idle: self.workers.idle(),
            completed: self.completed,
            failed: self.failed,
        }
    }

    pub(super) fn times(&self) -> (Times, Times) {
        (self.waits.clone(), self.runs.clone())
    }

    /// Appends to the stream of results. True if whoever drains must be woken: it was empty, and
    /// nobody is about to look.
    #[must_use]
    fn push(&mut self, completion: Completion) -> bool {
        self.completions.push(completion);
        self.completions.len() == 1 && !self.polled
    }

    /// Wakes one idle worker if tasks wait.
    fn wake_next(&mut self) -> Pending {
        match self.queue.len() {
            0 => None,
            _ => self.workers.wake_one(),
        }
    }
}
