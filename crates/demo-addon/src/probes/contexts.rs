//! A context in a JavaScript object, and one that is shared by all threads.

use crate::threads::submit;
use napi::bindgen_prelude::*;
use napi::Env;
use napi_async_context::{AsyncContext, ContextThreadsafeFunction};
use napi_derive::napi;
use std::sync::Mutex;

/// The context in which it was constructed.
#[napi]
pub struct Context(AsyncContext);

#[napi]
impl Context {
    /// Captures.
    #[napi(constructor)]
    pub fn new(env: &Env) -> Result<Self> {
        AsyncContext::capture(env).map(Self)
    }

    /// `AsyncContext::run`, with a body that calls `function`.
    #[napi]
    pub fn run(&self, env: &Env, function: Function<'_, (), ()>) -> Result<()> {
        self.0.run(env, |_| function.call(()))?
    }

    /// `AsyncContext::call`, with one argument.
    #[napi]
    pub fn call<'env>(
        &self,
        env: &'env Env,
        function: Function<'env, u32, Unknown<'env>>,
        argument: u32,
    ) -> Result<Unknown<'env>> {
        self.0.call(env, &function, argument)
    }

    /// `AsyncContext::call`, with more arguments than fit into a register or a small array.
    #[napi]
    pub fn call_with_many<'env>(
        &self,
        env: &'env Env,
        function: Function<'env, Many, Unknown<'env>>,
    ) -> Result<Unknown<'env>> {
        let many = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
        self.0.call(env, &function, many.into())
    }

    /// A body that throws without an error of Rust: whether `run` succeeded, with the exception
    /// pending.
    #[napi]
    pub fn run_that_throws(&self, env: &Env) -> Result<()> {
        self.0
            .run(env, |env| env.throw_error("pending", Some("EXPECTED")))?
    }

    /// A body that panics.
    #[napi(catch_unwind)]
    pub fn run_that_panics(&self, env: &Env) -> Result<()> {
        self.0.run(env, |_| panic!("expected panic"))
    }
}

type Many = FnArgs<(u32, u32, u32, u32, u32, u32, u32, u32, u32, u32, u32, u32)>;

static SHARED: Mutex<Option<AsyncContext>> = Mutex::new(None);

/// Shares the context of this call with all threads.
#[napi]
pub fn share_context(env: &Env) -> Result<()> {
    let context = AsyncContext::capture(env)?;
    *SHARED.lock().expect("not poisoned") = Some(context);
    Ok(())
}

/// Enters the shared context.
#[napi]
pub fn enter_shared_context(env: &Env) -> Result<()> {
    let context = SHARED.lock().expect("not poisoned").clone();
    context.expect("a context is shared").run(env, |_| ())
}

/// Calls a function of this environment in the shared context.
#[napi]
pub fn call_in_shared_context(env: &Env, function: Function<'_, u32, ()>) -> Result<()> {
    let function = ContextThreadsafeFunction::new(env, &function)?;
    let context = SHARED.lock().expect("not poisoned").clone();
    function.call_in(&context.expect("a context is shared"), 1)
}

/// Captures `count` contexts, drops them on another thread, and calls `done` after that.
#[napi]
pub fn drop_on_thread(env: &Env, count: u32, done: Function<'_, u32, ()>) -> Result<()> {
    let contexts: Result<Vec<_>> = (0..count).map(|_| AsyncContext::capture(env)).collect();
    let contexts = contexts?;
    let done = ContextThreadsafeFunction::new(env, &done)?.bind(env)?;
    submit(move || {
        drop(contexts);
        done.call(count);
    });
    Ok(())
}
