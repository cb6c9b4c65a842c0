//! How workers end: they are retired or replaced, give up, or their threads are gone.

use super::{call, Pool};
use crate::pool::outcome::{Removed, Retire};
use crate::pool::{Moment, TaskId, WorkerId};
use crate::transport::Message;
use std::time::Duration;

impl Pool {
    /// The thread of this worker is to go: it takes no further task. True if it runs none and can be
    /// stopped now; else [`Status::Left`](crate::pool::Status::Left) follows its last result.
    pub(crate) fn retire(&self, worker: WorkerId) -> bool {
        match self.locked(|state| state.retire(worker)) {
            Retire::Leaving { first, next } => {
                call(next);
                self.deliver_if(first);
                false
            }
            Retire::Condemned { next, own } => {
                call(next);
                call(own);
                true
            }
        }
    }

    /// The worker's own thread calls this during a task: it is to take no further one.
    pub(crate) fn leave(&self, worker: WorkerId) {
        let (first, next) = self.locked(|state| {
            let first = state.leave(worker);
            (first, state.wake_next())
        });
        call(next);
        self.deliver_if(first == Some(true));
    }

    /// The worker cannot go on. It is condemned, its task is settled if it runs one, the others of its
    /// thread take nothing any more, and the submitter learns of it by [`Status::Fatal`](crate::pool::Status::Fatal).
    pub(crate) fn give_up(&self, worker: WorkerId, error: Message) {
        let (first, next) = self.locked(|state| state.give_up(worker, error));
        call(next);
        self.deliver_if(first);
    }

    /// The worker's thread is gone, or will not touch the pool again: its task is settled without a
    /// result if it ran one. The next worker may get its id.
    #[must_use = "the task it ran gets no result"]
    pub(crate) fn remove_worker(&self, worker: WorkerId) -> Option<TaskId> {
        let Removed { task, next, rest } = self.locked(|state| state.remove_worker(worker));
        drop(rest);
        call(next);
        task
    }

    /// Condemns the thread that has been idle for longest, if that is at least `idle_for` and no
    /// task waits. Gives a worker of it, which is woken, and whose next [`Pool::take`] returns
    /// [`Taken::Stop`](crate::pool::Taken::Stop).
    ///
    /// # Errors
    /// The time after which to ask again: no thread has been idle for so long before.
    pub(crate) fn retire_idle(&self, idle_for: Duration) -> Result<WorkerId, Duration> {
        let now = Moment::now();
        let (worker, wake) = self.locked(|state| state.retire_idle(idle_for, now))?;
        call(wake);
        Ok(worker)
    }

    /// The worker's thread has ended: what it ran is settled without a result. The submitter learns of
    /// it by [`Status::ThreadGone`](crate::pool::Status::ThreadGone), the last entry of its workers,
    /// and then calls [`Pool::remove_worker`] for each. The thread itself calls this as its last act
    /// here, or whoever learns of its end does.
    pub(crate) fn thread_gone(&self, worker: WorkerId) {
        let (first, next, stale) = self.locked(|state| state.thread_gone(worker));
        drop(stale);
        call(next);
        self.deliver_if(first);
    }
}
