//! One threadsafe function that eight threads call.

use crate::threads::submit;
use napi::bindgen_prelude::*;
use napi::Env;
use napi_async_context::ContextThreadsafeFunction;
use napi_derive::napi;

/// Calls its function from threads.
#[napi]
pub struct Posts {
    function: ContextThreadsafeFunction<u32>,
}

#[napi]
impl Posts {
    /// One function for all calls.
    #[napi(constructor)]
    pub fn new(env: &Env, function: Function<'_, u32, ()>) -> Result<Self> {
        let function = ContextThreadsafeFunction::new(env, &function)?;
        Ok(Self { function })
    }

    /// One call, from one of eight threads.
    #[napi]
    pub fn post(&self, env: &Env, value: u32) -> Result<()> {
        let call = self.function.bind(env)?;
        submit(move || {
            call.call(value);
        });
        Ok(())
    }

    /// Many calls in one context, from one thread.
    #[napi]
    pub fn burst(&self, env: &Env, count: u32) -> Result<()> {
        let call = self.function.bind(env)?;
        submit(move || {
            for value in 0..count {
                call.call(value);
            }
        });
        Ok(())
    }
}
