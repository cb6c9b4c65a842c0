//! Blocking work on the threads of an executor.

#![forbid(unsafe_code)]

use super::settler::Settler;
use crate::exception::{contain, Failure};
use crate::AsyncContext;
use napi::bindgen_prelude::{PromiseRaw, ToNapiValue};
use napi::{Env, Result};
use std::panic::{catch_unwind, AssertUnwindSafe};

/// Work for a thread. It does not panic. A job that is dropped rejects its promise.
pub type Job = Box<dyn FnOnce() + Send>;

/// Runs jobs on other threads: a pool of your own, rayon's, tokio's.
///
/// Every closure that takes a [`Job`] is one.
pub trait Executor {
    /// Takes a job, and returns without waiting for it.
    fn execute(&self, job: Job);
}

impl<F: Fn(Job)> Executor for F {
    fn execute(&self, job: Job) {
        self(job);
    }
}

/// As [`spawn_blocking`](crate::spawn_blocking), on the threads of `executor`.
///
/// ```no_run
/// # use napi::{Env, Result, bindgen_prelude::PromiseRaw};
/// use napi_async_context::{spawn_blocking_on, Job};
///
/// # fn example(env: &Env) -> Result<PromiseRaw<'_, u64>> {
/// let threads = |job: Job| drop(std::thread::spawn(job)); // or rayon::spawn
/// spawn_blocking_on(&threads, env, || (1..=20).product::<u64>(), |_, product| Ok(product))
/// # }
/// ```
///
/// # Errors
/// As [`AsyncContext::capture`]. What happens later rejects the promise.
pub fn spawn_blocking_on<'env, T, V>(
    executor: &dyn Executor,
    env: &'env Env,
    work: impl FnOnce() -> T + Send + 'static,
    then: impl FnOnce(&Env, T) -> Result<V> + Send + 'static,
) -> Result<PromiseRaw<'env, V>>
where
    T: Send + 'static,
    V: ToNapiValue,
{
    let (settler, promise) = Settler::new(env, AsyncContext::capture(env)?)?;
    let job = move || match catch_unwind(AssertUnwindSafe(work)) {
        Ok(value) => settler.settle(move |env| then(env, value)),
        Err(panic) => settler.fail(Failure::panic(panic)),
    };
    // What is not sent on is dropped by the job, and may panic, too.
    executor.execute(Box::new(move || contain(job)));
    Ok(promise)
}
