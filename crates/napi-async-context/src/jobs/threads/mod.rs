//! The crate's own threads for blocking work, one set for the process.

#![forbid(unsafe_code)]

mod head_count;

use super::blocking::{spawn_blocking_on, Job};
use crate::exception::contain;
use crossbeam_channel::{unbounded, Receiver, RecvTimeoutError, Sender};
use head_count::{HeadCount, Idle, Lost, Submission};
use napi::bindgen_prelude::{PromiseRaw, ToNapiValue};
use napi::{Env, Result};
use std::num::NonZeroUsize;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// As many as libuv's pool has, for work that waits more than it computes.
const FEWEST: usize = 4;

/// A thread that has had no job for so long ends.
const IDLE: Duration = Duration::from_secs(10);

/// Runs `work` on a thread and then `then` on the JavaScript thread, in the context of this call.
/// Returns a promise for what `then` returns.
///
/// The promise is settled in the context, too, and until then the process is kept alive. A panic of
/// either rejects it with the code `ERR_ASYNC_CONTEXT_PANIC`, an exception that `then` leaves
/// pending with itself.
///
/// The threads are the crate's own: as many as the machine has processors, at least 4, or what
/// [`set_blocking_threads`] says. They are started when jobs need them, and end after 10 seconds
/// without one. Jobs are taken in the order of their submission. Nothing bounds their number.
///
/// Needs the feature `threads`, which is on by default.
///
/// ```no_run
/// use napi::bindgen_prelude::*;
/// use napi_async_context::spawn_blocking;
/// use napi_derive::napi;
///
/// #[napi]
/// pub fn read(env: &Env, path: String) -> Result<PromiseRaw<'_, Buffer>> {
///     spawn_blocking(env, move || std::fs::read(path), |_, bytes| Ok(bytes?.into()))
/// }
/// ```
///
/// # Cost
/// 1.3 to 1.8 times that of an `AsyncTask` of napi-rs, which has no context: 3 to 5 us of processor
/// time.
///
/// # Errors
/// As [`AsyncContext::capture`](crate::AsyncContext::capture). What happens later rejects the
/// promise: `ERR_ASYNC_CONTEXT_DROPPED` if no thread can be started.
pub fn spawn_blocking<T, V>(
    env: &Env,
    work: impl FnOnce() -> T + Send + 'static,
    then: impl FnOnce(&Env, T) -> Result<V> + Send + 'static,
) -> Result<PromiseRaw<'_, V>>
where
    T: Send + 'static,
    V: ToNapiValue,
{
    spawn_blocking_on(&|job: Job| THREADS.submit(job), env, work, then)
}

/// Sets how many threads [`spawn_blocking`] may have, for this addon in this process. At any time:
/// threads that are too many end when they are idle.
pub fn set_blocking_threads(limit: NonZeroUsize) {
    THREADS.count().set_limit(limit.get());
}

static THREADS: LazyLock<Threads> = LazyLock::new(|| {
    let processors = thread::available_parallelism().map_or(FEWEST, NonZeroUsize::get);
    Threads::new(processors.max(FEWEST))
});

struct Threads {
    queue: Sender<Job>,
    /// A clone for each thread.
    jobs: Receiver<Job>,
    count: Mutex<HeadCount>,
}

impl Threads {
    fn new(limit: usize) -> Self {
        let (queue, jobs) = unbounded();
        let count = Mutex::new(HeadCount::new(limit));
        Self { queue, jobs, count }
    }

    fn submit(&'static self, job: Job) {
        let submission = self.queue(job);
        if submission == Submission::Start {
            self.start();
        }
    }

    /// Counts the job and queues it, under the lock: whoever takes what is queued takes all jobs that
    /// were counted.
    fn queue(&self, job: Job) -> Submission {
        let mut count = self.count();
        let submission = count.submit();
        // It cannot fail: `jobs` is a receiver, and is never dropped.
        let _ = self.queue.send(job);
        drop(count);
        submission
    }

    fn count(&self) -> MutexGuard<'_, HeadCount> {
        self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn start(&'static self) {
        let builder = thread::Builder::new().name("napi-async-context".to_owned());
        if builder.spawn(|| self.work()).is_ok() {
            return;
        }
        // Dropped, they reject their promises, which is their author's code in part.
        for job in self.lose_thread() {
            contain(|| drop(job));
        }
    }

    /// What nobody takes because a thread could not be started.
    fn lose_thread(&self) -> Vec<Job> {
        let mut count = self.count();
        if count.lose_thread() == Lost::Others {
            return Vec::new();
        }
        // Under the lock: a job that is counted after it starts a thread of its own.
        let lost: Vec<_> = self.jobs.try_iter().collect();
        for _ in &lost {
            count.end_job();
        }
        drop(count);
        lost
    }

    fn work(&self) {
        loop {
            match self.jobs.recv_timeout(IDLE) {
                Ok(job) => {
                    job();
                    self.count().end_job();
                }
                Err(RecvTimeoutError::Timeout) => {
                    if self.count().idle() == Idle::Leave {
                        return;
                    }
                }
                // It cannot happen: `queue` is never dropped.
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }
}

#[cfg(all(test, not(napi_async_context_loom)))]
mod tests {
    use super::{Submission, Threads};
    use std::sync::mpsc;

    /// Sends whether it ran or was dropped.
    struct Told(mpsc::Sender<&'static str>);

    impl Drop for Told {
        fn drop(&mut self) {
            let _ = self.0.send("dropped");
        }
    }

    #[test]
    fn jobs_that_waited_for_a_thread_that_is_lost_are_dropped() {
        let threads = Threads::new(1);
        let (sender, told) = mpsc::channel();
        let job = || {
            let told = Told(sender.clone());
            Box::new(move || {
                let _ = told.0.send("ran");
            })
        };
        assert_eq!(threads.queue(job()), Submission::Start);
        assert_eq!(threads.queue(job()), Submission::Wait);
        let lost = threads.lose_thread();
        assert_eq!(lost.len(), 2);
        drop(lost);
        assert_eq!(told.try_iter().collect::<Vec<_>>(), ["dropped", "dropped"]);
        assert_eq!(threads.queue(job()), Submission::Start);
    }
}
