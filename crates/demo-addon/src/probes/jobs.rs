//! Jobs in numbers, on other executors, and jobs that fail.

use super::failures::How;
use napi::bindgen_prelude::*;
use napi::Env;
use napi_async_context::{set_blocking_threads, spawn, spawn_blocking, spawn_blocking_on, Job};
use napi_derive::napi;
use std::num::NonZeroUsize;
use std::sync::{Arc, Barrier};

/// Sets the number of the crate's threads.
#[napi]
pub fn limit_blocking_threads(limit: u32) {
    let limit = usize::try_from(limit).ok().and_then(NonZeroUsize::new);
    set_blocking_threads(limit.expect("at least one thread"));
}

/// Jobs of which each ends only when all of them run.
#[napi]
pub fn meet(env: &Env, count: u32) -> Result<Vec<PromiseRaw<'_, u32>>> {
    let barrier = Arc::new(Barrier::new(count as usize));
    let job = |index| {
        let barrier = Arc::clone(&barrier);
        let work = move || {
            barrier.wait();
        };
        spawn_blocking(env, work, move |_, ()| Ok(index))
    };
    (0..count).map(job).collect()
}

/// A job on a thread that is made for it.
#[napi]
pub fn job_on_own_thread(env: &Env, value: u32) -> Result<PromiseRaw<'_, u32>> {
    let executor = |job: Job| drop(std::thread::spawn(job));
    spawn_blocking_on(&executor, env, move || value, |_, value| Ok(value))
}

/// A job that its executor drops.
#[napi]
pub fn dropped_job(env: &Env) -> Result<PromiseRaw<'_, u32>> {
    spawn_blocking_on(&|job: Job| drop(job), env, || 1, |_, value| Ok(value))
}

/// A job whose work panics.
#[napi]
pub fn panicking_work(env: &Env) -> Result<PromiseRaw<'_, u32>> {
    spawn_blocking(env, || panic!("expected {}", "panic"), |_, value| Ok(value))
}

/// A value whose drop panics.
struct PanicsWhenDropped;

impl Drop for PanicsWhenDropped {
    fn drop(&mut self) {
        panic!("expected panic of a drop");
    }
}

/// A job whose work panics, and after that what its end would have used, on the thread.
#[napi]
pub fn panicking_drop(env: &Env) -> Result<PromiseRaw<'_, u32>> {
    let captured = PanicsWhenDropped;
    spawn_blocking(
        env,
        || panic!("expected panic"),
        move |_, value| {
            let _captured = &captured;
            Ok(value)
        },
    )
}

/// A job whose panic carries a value whose drop panics.
#[napi]
pub fn panicking_payload(env: &Env) -> Result<PromiseRaw<'_, u32>> {
    let work = || std::panic::panic_any(PanicsWhenDropped);
    spawn_blocking(env, work, |_, value: u32| Ok(value))
}

/// A job whose end fails.
#[napi]
pub fn failing_end(env: &Env, how: How) -> Result<PromiseRaw<'_, u32>> {
    spawn_blocking(env, || (), move |env, ()| how.fail(env))
}

/// A future that fails.
#[napi]
pub fn failing_future(env: &Env, panics: bool) -> Result<PromiseRaw<'_, u32>> {
    spawn(env, move |_| async move {
        assert!(!panics, "expected panic");
        Err(Error::from_reason("expected error"))
    })
}
