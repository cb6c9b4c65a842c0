//! What an author writes. `docs/guides/writing-addons.md` quotes the parts between the marks.

// #region imports
use napi::bindgen_prelude::*;
use napi::Env;
use napi_async_context::{post, spawn, spawn_blocking, AsyncContext, ContextThreadsafeFunction};
use napi_derive::napi;
use std::cell::RefCell;
use std::time::Duration;
// #endregion

// #region prepare
/// Called when the addon is loaded.
#[napi(module_exports)]
pub fn init(_exports: Object<'_>, env: Env) -> Result<()> {
    napi_async_context::prepare(&env)
}
// #endregion

// #region threadsafe function
/// Calls its listener from threads: for each `watch`, in the context of that call.
#[napi]
pub struct Watcher {
    listener: ContextThreadsafeFunction<u32>,
}

#[napi]
impl Watcher {
    /// One function for all calls.
    #[napi(constructor)]
    pub fn new(env: &Env, listener: Function<'_, u32, ()>) -> Result<Self> {
        let listener = ContextThreadsafeFunction::new(env, &listener)?;
        Ok(Self { listener })
    }

    /// Calls the listener `count` times from a thread, in the context of this call.
    #[napi]
    pub fn watch(&self, env: &Env, count: u32) -> Result<()> {
        let call = self.listener.bind(env)?;
        std::thread::spawn(move || {
            for event in 0..count {
                // False: the environment has ended, and nobody listens any more.
                if !call.call(event) {
                    break;
                }
            }
        });
        Ok(())
    }
}
// #endregion

// #region blocking
/// Adds numbers on a thread. `on_end` is called in the context of this call.
#[napi]
pub fn sum<'env>(
    env: &'env Env,
    numbers: Vec<u32>,
    on_end: Function<'_, u32, ()>,
) -> Result<PromiseRaw<'env, u32>> {
    let on_end = on_end.create_ref()?;
    spawn_blocking(
        env,
        move || numbers.iter().sum::<u32>(),
        move |env, sum| {
            on_end.borrow_back(env)?.call(sum)?;
            Ok(sum)
        },
    )
}
// #endregion

// #region future
/// Waits on napi-rs' tokio runtime, and reports progress in the context of this call.
#[napi]
pub fn count<'env>(
    env: &'env Env,
    steps: u32,
    on_progress: Function<'_, u32, ()>,
) -> Result<PromiseRaw<'env, u32>> {
    let on_progress = ContextThreadsafeFunction::new(env, &on_progress)?;
    spawn(env, move |context| async move {
        for step in 0..steps {
            tokio::time::sleep(Duration::from_millis(1)).await;
            on_progress.call_in(&context, step)?;
        }
        Ok(steps)
    })
}
// #endregion

// #region post
/// Calls `on_tick` once from a thread, in the context of this call.
#[napi]
pub fn tick(env: &Env, on_tick: Function<'_, (), ()>) -> Result<()> {
    let context = AsyncContext::capture(env)?;
    let on_tick = on_tick.create_ref()?;
    std::thread::spawn(move || {
        // What it throws goes to 'uncaughtException', in the context.
        post(context, move |env| on_tick.borrow_back(env)?.call(()))
    });
    Ok(())
}
// #endregion

// #region emitter
/// Keeps a listener, and calls it later on the same thread in the context of `new`.
#[napi]
pub struct Subscription {
    // A listener may unsubscribe itself.
    subscriber: RefCell<Option<(AsyncContext, FunctionRef<String, ()>)>>,
}

#[napi]
impl Subscription {
    /// Captures the context of the subscriber.
    #[napi(constructor)]
    pub fn new(env: &Env, listener: Function<'_, String, ()>) -> Result<Self> {
        let subscriber = (AsyncContext::capture(env)?, listener.create_ref()?);
        Ok(Self {
            subscriber: RefCell::new(Some(subscriber)),
        })
    }

    /// Calls the listener, in whatever context this is.
    #[napi]
    pub fn emit(&self, env: &Env, event: String) -> Result<()> {
        let (context, listener) = match &*self.subscriber.borrow() {
            Some((context, listener)) => (context.clone(), listener.borrow_back(env)?),
            None => return Ok(()),
        };
        context.call(env, &listener, event)
    }

    /// Frees the listener, and the stores of the context. Without it they live as long as this
    /// object, and for ever if one of them leads to it.
    #[napi]
    pub fn unsubscribe(&self) {
        self.subscriber.take();
    }
}
// #endregion
