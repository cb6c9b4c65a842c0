//! What the benchmark measures.

use napi::bindgen_prelude::*;
use napi::Env;
use napi_async_context::{spawn, spawn_blocking, AsyncContext};
use napi_derive::napi;

/// Captures and drops a context `count` times.
#[napi]
pub fn capture_loop(env: &Env, count: u32) -> Result<()> {
    for _ in 0..count {
        drop(AsyncContext::capture(env)?);
    }
    Ok(())
}

/// Calls a function `count` times in one context.
#[napi]
pub fn call_loop(env: &Env, function: Function<'_, (), ()>, count: u32) -> Result<()> {
    let context = AsyncContext::capture(env)?;
    for _ in 0..count {
        context.call(env, &function, ())?;
    }
    Ok(())
}

/// Calls a function `count` times without a context.
#[napi]
pub fn plain_call_loop(function: Function<'_, (), ()>, count: u32) -> Result<()> {
    for _ in 0..count {
        function.call(())?;
    }
    Ok(())
}

/// Runs a closure `count` times in one context.
#[napi]
pub fn run_loop(env: &Env, count: u32) -> Result<u32> {
    let context = AsyncContext::capture(env)?;
    let mut sum = 0;
    for _ in 0..count {
        sum += context.run(env, |_| 1)?;
    }
    Ok(sum)
}

/// Doubles a number on the crate's threads.
#[napi]
pub fn context_task(env: &Env, value: u32) -> Result<PromiseRaw<'_, u32>> {
    spawn_blocking(env, move || value.wrapping_mul(2), |_, value| Ok(value))
}

/// A future that is ready.
#[napi]
pub fn context_future(env: &Env, value: u32) -> Result<PromiseRaw<'_, u32>> {
    spawn(env, move |_| async move { Ok(value) })
}
