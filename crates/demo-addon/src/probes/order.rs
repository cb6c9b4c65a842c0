//! All that a job can send, from its thread, each in another way than the one before.

use napi::bindgen_prelude::*;
use napi::Env;
use napi_async_context::{
    post, spawn, spawn_blocking, AsyncContext, BoundCall, ContextThreadsafeFunction,
};
use napi_derive::napi;
use std::sync::Arc;

struct Sender {
    context: AsyncContext,
    bound: BoundCall<u32>,
    function: ContextThreadsafeFunction<u32>,
    posted: Arc<FunctionRef<u32, ()>>,
}

impl Sender {
    fn new(env: &Env, listener: &Function<'_, u32, ()>) -> Result<Self> {
        Ok(Self {
            context: AsyncContext::capture(env)?,
            bound: ContextThreadsafeFunction::new(env, listener)?.bind(env)?,
            function: ContextThreadsafeFunction::new(env, listener)?,
            posted: Arc::new(listener.create_ref()?),
        })
    }

    /// Calls the listener with 0, 1, 2, ... `count` - 1.
    fn send(&self, count: u32) -> Result<u32> {
        for number in 0..count {
            match number % 3 {
                0 => {
                    self.bound.call(number);
                }
                1 => self.function.call_in(&self.context, number)?,
                _ => {
                    let posted = Arc::clone(&self.posted);
                    let body = move |env: &Env| posted.borrow_back(env)?.call(number);
                    post(self.context.clone(), body);
                }
            }
        }
        Ok(count)
    }
}

/// Sends from a thread of the crate.
#[napi]
pub fn send_from_thread<'env>(
    env: &'env Env,
    count: u32,
    listener: Function<'_, u32, ()>,
) -> Result<PromiseRaw<'env, u32>> {
    let sender = Sender::new(env, &listener)?;
    spawn_blocking(env, move || sender.send(count), |_, sent| sent)
}

/// Sends from a future.
#[napi]
pub fn send_from_future<'env>(
    env: &'env Env,
    count: u32,
    listener: Function<'_, u32, ()>,
) -> Result<PromiseRaw<'env, u32>> {
    let sender = Sender::new(env, &listener)?;
    spawn(env, move |_| async move { sender.send(count) })
}
