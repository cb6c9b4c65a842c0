//! The crate's own threads for blocking work, one set for the process.

#![forbid(unsafe_code)]

mod head_count;

use super::blocking::{spawn_blocking_on, Job};
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
    let (queue, jobs) = unbounded();
    let processors = thread::available_parallelism().map_or(FEWEST, NonZeroUsize::get);
    Threads {
        queue,
        jobs,
        count: Mutex::new(HeadCount::new(processors.max(FEWEST))),
    }
});

struct Threads {
    queue: Sender<Job>,
    /// A clone for each thread.
    jobs: Receiver<Job>,
    count: Mutex<HeadCount>,
}

impl Threads {
    fn submit(&'static self, job: Job) {
        let submission = self.count().submit();
        // It cannot fail: `jobs` is a receiver, and is never dropped.
        let _ = self.queue.send(job);
        if submission == Submission::Start {
            self.start();
        }
    }

    fn count(&self) -> MutexGuard<'_, HeadCount> {
        self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn start(&'static self) {
        let builder = thread::Builder::new().name("napi-async-context".to_owned());
        if builder.spawn(|| self.work()).is_ok() {
            return;
        }
        let lost = self.count().lose_thread();
        if lost == Lost::Nobody {
            // Dropped, they reject their promises.
            while let Ok(job) = self.jobs.try_recv() {
                drop(job);
                self.count().end_job();
            }
        }
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
