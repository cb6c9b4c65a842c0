//! Threads that use contexts of an environment until it has ended, and after.

use napi::bindgen_prelude::*;
use napi::Env;
use napi_async_context::{post, AsyncContext, ContextThreadsafeFunction};
use napi_derive::napi;
use std::sync::atomic::{AtomicU32, Ordering};

/// Threads that still run.
static RUNNING: AtomicU32 = AtomicU32::new(0);

/// Starts threads that post, call `function`, and clone and drop contexts, until the environment
/// has ended. Each drops a last context after that.
#[napi]
pub fn storm(env: &Env, threads: u32, function: Function<'_, u32, ()>) -> Result<()> {
    let function = ContextThreadsafeFunction::new(env, &function)?;
    for thread in 0..threads {
        let contexts: Result<Vec<_>> = (0..20).map(|_| AsyncContext::capture(env)).collect();
        let mut contexts = contexts?;
        let call = function.bind(env)?;
        RUNNING.fetch_add(1, Ordering::SeqCst);
        std::thread::spawn(move || {
            let last = contexts.pop().expect("20 contexts");
            while call.call(thread) && post(last.clone(), |_| Ok(())) {
                drop(contexts.pop());
                // The queue has no limit, and the JavaScript thread is slower.
                std::thread::yield_now();
            }
            drop(last);
            drop(call);
            RUNNING.fetch_sub(1, Ordering::SeqCst);
        });
    }
    Ok(())
}

/// How many threads of storms still run, of all environments.
#[napi]
pub fn storm_threads() -> u32 {
    RUNNING.load(Ordering::SeqCst)
}
