//! The pool as its callers see it: one lock around the state, and what must not happen under it.

mod aborted;
mod affinity;
mod beginning;
mod ending;
mod guarded;
mod ranks;
mod statistics;

use super::contexts::Contexts;
use super::deadlines::Deadlines;
use super::outcome::{Alarm, Cancel, Cancelled, Closed, Finish, Finished, Progress, Take, Taken};
use super::queue::QueueOrder;
use super::slots::Queued;
use super::spin::Spin;
use super::state::State;
use super::{Completion, Lanes, Moment, Status, Task, TaskId, Wake, WorkerId};
use crate::error::Error;
use crate::sync::{Arc, Weak};
use crate::transport::Message;
use crate::value::shapes;
use guarded::Guarded;
use std::fmt;
use std::time::Duration;

/// How a pool behaves.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Options {
    /// How long [`Pool::take`] looks for work before the worker goes idle. Zero: not at all.
    pub(crate) spin: Duration,
    /// So many tasks may run at once, however many workers there are: a worker that leaves has its
    /// successor beside it.
    pub(crate) max_running: usize,
    /// So many tasks a thread takes, and then leaves.
    pub(crate) max_tasks: u64,
    /// How many workers each thread has.
    pub(crate) lanes: Lanes,
    /// Which of the tasks of one priority is taken first.
    pub(crate) order: QueueOrder,
}

/// A worker pool. Its owner must call [`Pool::close`]: threads of native processors keep the pool
/// alive until then.
pub(crate) struct Pool {
    state: Guarded,
    deliver: Arc<dyn Wake>,
    options: Options,
    spin: Spin,
    pub(super) deadlines: Deadlines,
    /// What the tasks' numbers of contexts mean.
    pub(crate) contexts: Contexts,
    this: Weak<Self>,
    /// The values in the pool refer to shapes.
    _shapes: shapes::Lease,
}

impl Pool {
    /// A pool without workers. `deliver` is woken when the first entry goes into the empty stream
    /// of results.
    #[must_use]
    pub(crate) fn new(deliver: Arc<dyn Wake>, mut options: Options) -> Arc<Self> {
        if options.lanes.are_several() {
            options.spin = Duration::ZERO; // it would hold up the other tasks of the thread
        }
        Arc::new_cyclic(|this| Self {
            state: Guarded::new(options),
            deliver,
            options,
            spin: Spin::new(options.spin),
            deadlines: Deadlines::default(),
            contexts: Contexts::new(),
            this: Weak::clone(this),
            _shapes: shapes::Lease::new(),
        })
    }

    /// Starts what timeouts need, unless it runs: one thread for the whole process. Without it no
    /// task expires.
    ///
    /// # Errors
    /// [`Error::ThreadNotStarted`].
    pub(crate) fn start_timer(&self) -> Result<(), Error> {
        self.deadlines.start(Weak::clone(&self.this))
    }

    /// Puts tasks into the queue, under one lock, and wakes one idle worker; a worker that takes
    /// while more are waiting wakes the next. Returns whether all were taken. None is taken if the
    /// pool is closed, if an id belongs to a task that is not settled or is far beyond all others,
    /// or if memory is exhausted. Of several tasks with the same id only the first is taken. What
    /// was not taken stays in the vector, which else keeps its memory for the next batch.
    ///
    /// A timeout holds only after [`Pool::start_timer`] has succeeded: the caller calls it before
    /// the first task that has one.
    pub(crate) fn submit_batch(&self, tasks: &mut Vec<Task>) -> bool {
        self.enter(tasks, &[])
    }

    fn enter(&self, tasks: &mut Vec<Task>, ranks: &[f64]) -> bool {
        let now = Moment::now();
        let wake = self.locked(|state| state.submit(tasks, ranks, now));
        call(wake);
        tasks.is_empty()
    }

    /// Settles tasks without a result, whether they wait or run. One step settles all, so none of
    /// them starts meanwhile.
    #[must_use = "workers that still run a task have to be stopped"]
    pub(crate) fn cancel(&self, ids: &[TaskId]) -> Vec<Cancelled> {
        let cancels: Vec<Cancel> =
            self.locked(|state| ids.iter().map(|&id| state.cancel(id)).collect());
        cancels.into_iter().map(cancelled).collect()
    }

    /// Settles those of the tasks that wait, in one step, without a result. Those that run go on.
    /// Says for each whether it waited.
    #[must_use = "a task that left the queue gets no result"]
    pub(crate) fn cancel_waiting(&self, ids: &[TaskId]) -> Vec<bool> {
        let queued: Vec<_> =
            self.locked(|state| ids.iter().map(|&id| state.cancel_waiting(id)).collect());
        let mut left_queue = |(queued, next): (Queued, _)| {
            drop(queued);
            call(next);
        };
        let left = |left: Option<_>| left.map(&mut left_queue).is_some();
        queued.into_iter().map(left).collect()
    }

    /// Passes on what this worker wrote to a descriptor, as [`Status::Output`]. It precedes in the
    /// stream of results everything that the worker does later.
    pub(crate) fn output(&self, worker: WorkerId, descriptor: u32, message: Message) {
        let tell = |state: &mut State| state.tell(worker, Status::Output, descriptor, message);
        let first = self.locked(tell);
        self.deliver_if(first);
    }

    /// The next task for this worker, which has finished the one before. It looks for up to
    /// [`Options::spin`], yielding to other threads, before it returns [`Taken::Idle`].
    ///
    /// The task is put into `task`, whose message must be empty.
    pub(crate) fn take(&self, worker: WorkerId, task: &mut Task) -> Taken {
        self.take_at(worker, Moment::now(), task)
    }

    /// [`Pool::take`] for a worker that knows the time: to read the clock takes as long as the rest
    /// of this call.
    pub(crate) fn take_at(&self, worker: WorkerId, mut now: Moment, task: &mut Task) -> Taken {
        let give_up = now + self.options.spin;
        loop {
            now = self.spin.look(now, || self.state.waiting() > 0);
            let list = self.state.waiting() == 0 || now >= give_up;
            let take = self.locked(|state| state.take(worker, now, list, task));
            if let Some(taken) = self.taken(take) {
                return taken;
            }
            now = Moment::now();
        }
    }

    /// [`Pool::finish`] and then [`Pool::take`], in one step if a task waits.
    pub(crate) fn finish_and_take(
        &self,
        worker: WorkerId,
        status: Status,
        mut message: Message,
        now: Moment,
        task: &mut Task,
    ) -> Taken {
        // Two outcomes in one would be moved in other pieces than they were written in (see
        // `Message`), so this lock is not `locked`'s.
        let mut state = self.state.lock();
        let finish = state.finish(worker, status, &mut message, now);
        let take = state.take(worker, now, false, task);
        // Whoever takes the next one wakes the next worker.
        let next = match take {
            Take::Task { .. } => None,
            _ => state.wake_for_room(&finish),
        };
        drop(state);
        message.discard();
        call(next);
        match finish {
            Finish::Delivered { first, .. } | Finish::Stale { first, .. } => {
                self.deliver_if(first);
            }
        }
        // With the time as it is after the wake, which would look as if this thread had been
        // displaced while it spun.
        self.taken(take).unwrap_or_else(|| self.take(worker, task))
    }

    /// Acts on a take, after the lock is released. None if the worker looks again.
    #[inline]
    fn taken(&self, take: Take) -> Option<Taken> {
        Some(match take {
            Take::Task {
                next,
                earlier,
                first,
            } => {
                call(next);
                self.deliver_if(first);
                if earlier {
                    self.deadlines.changed();
                }
                Taken::Task
            }
            Take::Nothing => return None,
            Take::Idle { next } => {
                call(next);
                Taken::Idle
            }
            Take::Stop => Taken::Stop,
        })
    }

    /// Settles the task this worker runs, with [`Status::Result`], [`Status::Error`] or
    /// [`Status::ByPort`].
    pub(crate) fn finish(
        &self,
        worker: WorkerId,
        status: Status,
        mut message: Message,
    ) -> Finished {
        let now = Moment::now();
        let mut state = self.state.lock();
        let finish = state.finish(worker, status, &mut message, now);
        let next = state.wake_for_room(&finish);
        drop(state);
        message.discard();
        call(next);
        match finish {
            Finish::Delivered { first, .. } => {
                self.deliver_if(first);
                Finished::Delivered
            }
            Finish::Stale { first, .. } => {
                self.deliver_if(first);
                Finished::Stale
            }
        }
    }

    /// Tells the submitter something about the task this worker runs, without settling it:
    /// [`Status::Claim`]. False if it runs none any more.
    pub(crate) fn report(&self, worker: WorkerId, status: Status) -> bool {
        let first = self.locked(|state| state.report(worker, status));
        self.deliver_if(first == Some(true));
        first.is_some()
    }

    /// Tells the submitter by [`Status::Progress`] how far the task is that this worker runs. If
    /// [`PROGRESS_KEPT`](super::PROGRESS_KEPT) of the task have not been drained, or
    /// [`PROGRESS_BYTES`](super::PROGRESS_BYTES), the newest of them is replaced. False if the worker
    /// runs none any more: nobody wants to know.
    pub(crate) fn progress(&self, worker: WorkerId, message: Message) -> bool {
        self.told(self.locked(|state| state.progress(worker, message)))
    }

    /// Passes a value of the task that this worker runs to the submitter, by [`Status::Value`].
    /// False if the worker runs none any more.
    pub(crate) fn value(&self, worker: WorkerId, message: Message) -> bool {
        self.told(self.locked(|state| state.value(worker, message)))
    }

    fn told(&self, progress: Progress) -> bool {
        match progress {
            Progress::Told { first } => self.deliver_if(first),
            Progress::Replaced(older) => drop(older),
            Progress::Stale(message) => {
                drop(message);
                return false;
            }
        }
        true
    }

    /// Whether this worker runs a task that nobody has settled.
    #[must_use]
    pub(crate) fn is_running(&self, worker: WorkerId) -> bool {
        self.locked(|state| state.is_running(worker))
    }

    /// What the thread says it ends by. The message comes with [`Status::ThreadGone`] if the thread
    /// ends during its present task.
    pub(crate) fn last_words(&self, worker: WorkerId, message: Message) {
        drop(self.locked(|state| state.last_words(worker, message)));
    }

    /// Takes this worker off the idle list until it calls [`Pool::take`] again. The next idle
    /// worker gets the wake that was on its way to it, if there was one.
    pub(crate) fn unlist(&self, worker: WorkerId) {
        call(self.locked(|state| state.unlist(worker)));
    }

    /// Moves the stream of results to the end of `into`, in the order of the events. An empty
    /// vector that kept its memory from the last call makes this cheapest.
    pub(crate) fn drain(&self, into: &mut Vec<Completion>) {
        self.locked(|state| state.drain(into, false));
    }

    /// As [`Pool::drain`], but the submitter is not woken until it calls [`Pool::drain`]: it looks
    /// again by itself. When results follow each other closely, that saves each of them a system
    /// call on both sides.
    pub(crate) fn poll(&self, into: &mut Vec<Completion>) {
        self.locked(|state| state.drain(into, true));
    }

    /// Whether there is something to drain: a hint, for a submitter that looks again and again.
    pub(crate) fn has_completions(&self) -> bool {
        self.state.completions() > 0
    }

    /// Gives back the memory of a peak. Nothing happens while a task waits or runs. The submitter
    /// calls this when no id is in use, and begins anew with the smallest.
    pub(crate) fn trim(&self) {
        drop(self.locked(State::trim));
    }

    /// Drops the queue and stops everyone: `take` returns [`Taken::Stop`], `finish` returns
    /// [`Finished::Stale`]. Results that were finished before can still be drained.
    pub(crate) fn close(&self) {
        let Closed { wakes, rest } = self.locked(State::close);
        drop(rest);
        for wake in wakes {
            wake.wake();
        }
        self.deadlines.changed();
    }

    /// Settles the tasks that have run for too long, and says when to look again. The timer calls
    /// this.
    pub(super) fn expire_due(&self, now: Moment) -> Alarm {
        let (first, next, alarm) = self.locked(|state| state.expire(now));
        call(next);
        self.deliver_if(first);
        alarm
    }

    /// One transition under the lock. The caller acts on its outcome after the lock is released: no
    /// wake, no drop of a payload and no caller's code runs under it.
    fn locked<R>(&self, transition: impl FnOnce(&mut State) -> R) -> R {
        transition(&mut self.state.lock())
    }

    fn deliver_if(&self, first: bool) {
        if first {
            self.deliver.wake();
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        // The sleeper holds the pool weakly, and ends when it looks.
        self.deadlines.changed();
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool")
            .field("statistics", &self.statistics())
            .finish_non_exhaustive()
    }
}

/// Acts on a cancel, after the lock is released.
fn cancelled(cancel: Cancel) -> Cancelled {
    match cancel {
        Cancel::Settled => Cancelled::Settled,
        Cancel::Queued { queued, next } => {
            drop(queued);
            call(next);
            Cancelled::Queued
        }
        Cancel::Running { worker, next } => {
            call(next);
            Cancelled::Running(worker)
        }
    }
}

fn call(wake: Option<Arc<dyn Wake>>) {
    if let Some(wake) = wake {
        wake.wake();
    }
}

#[cfg(test)]
mod tests;
