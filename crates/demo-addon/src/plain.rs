//! The same as the examples by napi-rs' own means, which carry no context: for the benchmark.

use crate::threads::submit;
use napi::bindgen_prelude::*;
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Env, Task};
use napi_derive::napi;
use std::sync::Arc;

type Plain = ThreadsafeFunction<u32, Unknown<'static>, u32, Status, false>;

/// Calls its function from threads, by napi-rs' `ThreadsafeFunction`.
#[napi]
pub struct PlainPosts {
    function: Arc<Plain>,
}

#[napi]
impl PlainPosts {
    /// One function for all calls.
    #[napi(constructor)]
    pub fn new(function: Function<'_, u32, Unknown<'static>>) -> Result<Self> {
        let function = Arc::new(function.build_threadsafe_function().build()?);
        Ok(Self { function })
    }

    /// One call, from one of eight threads.
    #[napi]
    pub fn post(&self, value: u32) {
        let function = Arc::clone(&self.function);
        submit(move || {
            function.call(value, ThreadsafeFunctionCallMode::NonBlocking);
        });
    }

    /// Many calls, from one thread.
    #[napi]
    pub fn burst(&self, count: u32) {
        let function = Arc::clone(&self.function);
        submit(move || {
            for value in 0..count {
                function.call(value, ThreadsafeFunctionCallMode::NonBlocking);
            }
        });
    }
}

/// Doubles a number on libuv's threads.
pub struct Double(u32);

impl Task for Double {
    type Output = u32;
    type JsValue = u32;

    fn compute(&mut self) -> Result<u32> {
        Ok(self.0.wrapping_mul(2))
    }

    fn resolve(&mut self, _: Env, output: u32) -> Result<u32> {
        Ok(output)
    }
}

/// napi-rs' `AsyncTask`.
#[napi]
pub fn plain_task(value: u32) -> AsyncTask<Double> {
    AsyncTask::new(Double(value))
}

/// napi-rs' `async fn`.
#[napi]
pub async fn plain_future(value: u32) -> u32 {
    value
}
