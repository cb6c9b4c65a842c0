//! Everything the lock guards, and the transitions of tasks.
//!
//! Each transition is a method that returns what its caller has to do after releasing the lock:
//! wakes to call, payloads to drop. No transition calls a wake or drops a payload itself.

mod affinity;
mod lifecycle;
mod observed;
mod progress;
mod recycling;
mod waiting;

pub(super) use progress::Reported;

use super::keys::Keys;
use super::outcome::{Alarm, Cancel, Closed, Finish, Pending, Take, Unused};
use super::queue::Queue;
use super::slots::{Place, Slots};
use super::statistics::{Details, Statistics, Times};
use super::workers::{Current, Readiness, Workers};
use super::{Completion, Moment, Options, Status, Task, TaskId, WorkerId};
use crate::transport::Message;
use crate::wire::packet::NO_KEY;

/// What becomes of a worker whose task is cancelled or expires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aborts {
    /// It is condemned.
    Condemn,
    /// It may end the task, and then goes on.
    Spare,
}

pub(super) struct State {
    queue: Queue,
    keys: Keys,
    slots: Slots,
    workers: Workers,
    /// The stream of results, until it is drained.
    completions: Vec<Completion>,
    /// The submitter will look for results by itself and need not be woken. `drain` writes it.
    polled: bool,
    closed: bool,
    aborts: Aborts,
    waits: Times,
    runs: Times,
    /// What the timer sleeps for: only an earlier deadline disturbs it. The timer writes it in
    /// `expire`, and `take` when it wakes the timer.
    alarm: Option<Moment>,
    max_running: usize,
    max_tasks: u64,
}

impl State {
    pub(super) fn new(options: Options) -> Self {
        Self {
            max_running: options.max_running,
            max_tasks: options.max_tasks,
            queue: Queue::new(options.order),
            keys: Keys::default(),
            slots: Slots::default(),
            workers: Workers::new(options.lanes),
            completions: Vec::new(),
            polled: false,
            closed: false,
            aborts: Aborts::Condemn,
            waits: Times::new(),
            runs: Times::new(),
            alarm: None,
        }
    }

    /// How many tasks wait that some worker may take.
    pub(super) const fn ready(&self) -> usize {
        self.queue.len() + self.keys.ready()
    }

    /// How many completions lie in the stream of results.
    pub(super) const fn completions(&self) -> usize {
        self.completions.len()
    }

    /// How many tasks wait.
    const fn waiting(&self) -> usize {
        self.queue.len() + self.keys.waiting()
    }

    /// Queued -> Running, if the worker may take and a task waits. If none waits, `list` puts the
    /// worker on the idle list. One lock covers that and the look into the queue, so a submit comes
    /// either before both and is seen, or after both and finds the worker.
    ///
    /// The task is moved once, into `task`, which holds nothing until then: it would be dropped
    /// under the lock.
    pub(super) fn take(
        &mut self,
        worker: WorkerId,
        now: Moment,
        list: bool,
        task: &mut Task,
    ) -> Take {
        debug_assert!(!task.message.holds_memory(), "dropped under the lock");
        let runs_one = match self.workers.readiness(worker) {
            Readiness::Free => false,
            Readiness::Busy => true,
            Readiness::Out => return Take::Stop,
        };
        debug_assert!(!runs_one, "a worker takes before it has finished");
        let full = self.is_full();
        let entry = if runs_one || full {
            None
        } else {
            self.next_for(worker)
        };
        let Some(entry) = entry else {
            // To look again is of no use before another task has ended, or if what waits is for
            // others.
            if !list && !full && self.ready() == 0 {
                return Take::Nothing;
            }
            if !runs_one {
                self.workers.list(worker, now);
            }
            // It may have been woken for what is gone now, while others wait for their own.
            let next = match self.keys.ready() {
                0 => None,
                _ => self.wake_next(),
            };
            return Take::Idle { next };
        };
        let Some(submitted_at) = self.slots.start(entry.id, worker, task) else {
            unreachable!("the queue gives only entries that wait");
        };
        // At most 50 days, by which no clock overflows.
        let deadline = task.header.timeout().map(|timeout| now + timeout);
        let key = task.header.order.key();
        if key != NO_KEY {
            self.keys.start(key, self.workers.thread_of(worker));
        }
        let current = Current {
            id: entry.id,
            key,
            started_at: now,
            deadline,
            timed: observed::timed(task.header, submitted_at),
        };
        let taken = self.workers.start(worker, current);
        let mut first = taken == self.max_tasks && self.leave(worker) == Some(true);
        if observed::tells_start(task.header) {
            first |= self.tell_start(worker, current.id, now, submitted_at);
        }
        self.waits.record(now.nanoseconds_since(submitted_at));
        let earlier = match (deadline, self.alarm) {
            (Some(deadline), Some(alarm)) => deadline < alarm,
            (deadline, None) => deadline.is_some(),
            (None, Some(_)) => false,
        };
        if earlier {
            self.alarm = deadline;
        }
        let next = self.wake_next();
        Take::Task {
            next,
            earlier,
            first,
        }
    }

    /// Running -> Free, with a result, which is taken out of `message` unless it is stale. The caller
    /// lets the worker take, or calls [`State::wake_for_room`].
    pub(super) fn finish(
        &mut self,
        worker: WorkerId,
        status: Status,
        message: &mut Message,
        now: Moment,
    ) -> Finish {
        let mut room = self.is_full();
        let Some((current, leaves)) = self.workers.finish(worker, now) else {
            let first = self.end_aborted(worker);
            let room = self.release_key(worker);
            return Finish::Stale { first, room };
        };
        self.slots.end(current.id);
        room |= self.end_head(current.key);
        self.runs.record(now.nanoseconds_since(current.started_at));
        let told = self.tell_times(worker, &current);
        let first = self.push(Completion {
            id: current.id,
            status,
            worker,
            message: Message::empty(),
        });
        if let Some(completion) = self.completions.last_mut() {
            completion.message.take_over(message);
        }
        if leaves {
            // It follows the result, so the submitter looks.
            let _ = self.end_leaving(worker);
        }
        Finish::Delivered {
            first: first || told,
            room,
        }
    }

    /// Tells about a running task, which goes on. Says whether the stream of results was empty.
    /// None if the worker runs no task.
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
                let next = self.leave_queue(id, &queued);
                Cancel::Queued { queued, next }
            }
            Place::Running(worker) => {
                if let Some(current) = self.workers.take_current(worker) {
                    self.workers.hold(worker, current.key);
                }
                self.abort(worker);
                let next = self.wake_next();
                Cancel::Running { worker, next }
            }
        }
    }

    /// Running -> Free, for each whose deadline has come. Says whether the stream of results was
    /// empty before, whom to wake, and what the timer does next.
    pub(super) fn expire(&mut self, now: Moment) -> (bool, Pending, Alarm) {
        if self.closed {
            return (false, None, Alarm::Never);
        }
        let (overdue, next) = self.workers.overdue(now);
        self.alarm = next;
        let mut first = false;
        for worker in overdue {
            let Some(current) = self.workers.take_current(worker) else {
                continue;
            };
            self.slots.end(current.id);
            self.workers.hold(worker, current.key);
            self.abort(worker);
            first |= self.tell_times(worker, &current);
            first |= self.push(Completion {
                id: current.id,
                status: Status::Expired,
                worker,
                message: Message::empty(),
            });
        }
        // One wake for all of them: who takes a task wakes the next one.
        let wake = self.wake_next();
        (first, wake, next.map_or(Alarm::None, Alarm::At))
    }

    pub(super) fn drain(&mut self, into: &mut Vec<Completion>, polled: bool) {
        self.polled = polled;
        if into.is_empty() {
            // Both vectors keep their memory for the next round.
            std::mem::swap(into, &mut self.completions);
        } else {
            into.append(&mut self.completions);
        }
    }

    /// Takes out what is empty and may be large. None if a task waits or runs: what the queue holds
    /// otherwise is stale, so the generations of the slots may begin anew with them.
    pub(super) fn trim(&mut self) -> Option<Unused> {
        if self.waiting() > 0 || self.workers.running() > 0 {
            return None;
        }
        self.keys.trim();
        let queue = self.queue.take();
        let completions = if self.completions.is_empty() {
            std::mem::take(&mut self.completions)
        } else {
            Vec::new()
        };
        Some((queue, self.slots.clear(), completions))
    }

    /// Everything -> Free.
    pub(super) fn close(&mut self) -> Closed {
        self.closed = true;
        drop(self.queue.take());
        self.keys.clear();
        Closed {
            wakes: self.workers.condemn_all(),
            rest: self.slots.clear(),
        }
    }

    pub(super) fn statistics(&self) -> Statistics {
        Statistics {
            waiting: self.waiting(),
            wanted: self.wanted(),
            running: self.workers.running(),
            aborted: self.workers.aborted(),
            leaving: self.workers.leaving(),
        }
    }

    pub(super) fn details(&self, now: Moment) -> Details {
        Details {
            queue: self.lengths(),
            threads: self.workers.statistics(now),
        }
    }

    pub(super) fn times(&self) -> (Times, Times) {
        (self.waits.clone(), self.runs.clone())
    }

    /// Appends to the stream of results. True if the submitter must be woken: the stream was empty,
    /// and the submitter does not look by itself.
    #[must_use]
    fn push(&mut self, completion: Completion) -> bool {
        self.completions.push(completion);
        self.completions.len() == 1 && !self.polled
    }

    /// Whether as many tasks run as may run at once.
    const fn is_full(&self) -> bool {
        self.workers.running() >= self.max_running
    }

    /// [`State::wake_next`], if there may be a reason.
    pub(super) fn wake_if(&mut self, wakes: bool) -> Pending {
        if wakes {
            self.wake_next()
        } else {
            None
        }
    }

    /// Wakes one idle worker if tasks wait that may run.
    ///
    /// Each take asks, and in a busy pool nobody is idle.
    #[inline]
    pub(super) fn wake_next(&mut self) -> Pending {
        if !self.workers.have_idle() || self.ready() == 0 || self.is_full() {
            return None;
        }
        self.wake_idle()
    }

    fn wake_idle(&mut self) -> Pending {
        if self.keys.have_homes() {
            self.wake_with_keys()
        } else {
            self.workers.wake_one()
        }
    }
}
