//! Futures on napi-rs' tokio runtime.

#![forbid(unsafe_code)]

use super::settler::Settler;
use crate::exception::Failure;
use crate::AsyncContext;
use napi::bindgen_prelude::{PromiseRaw, ToNapiValue};
use napi::{Env, Result};
use std::future::{poll_fn, Future};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::pin::pin;

/// Runs a future on napi-rs' tokio runtime and returns a promise for its result. `make` gets the
/// context of this place, for what the future calls on the way.
///
/// The handlers of the promise run in the context in which they are added, as with every promise.
/// The promise is settled in the context of this place, so `unhandledRejection` sees it, and after
/// everything that the future has sent. Until it is settled the process is kept alive. A panic of the future rejects it with the code
/// `ERR_ASYNC_CONTEXT_PANIC`; if the runtime drops the future, `ERR_ASYNC_CONTEXT_DROPPED`.
///
/// Needs the feature `tokio`, and runs where the `async fn`s of napi-rs do.
///
/// ```no_run
/// use napi::bindgen_prelude::*;
/// use napi_async_context::{spawn, ContextThreadsafeFunction};
/// use napi_derive::napi;
/// use std::time::Duration;
///
/// #[napi]
/// pub fn count<'env>(
///     env: &'env Env,
///     on_progress: Function<'_, u32, ()>,
/// ) -> Result<PromiseRaw<'env, u32>> {
///     let on_progress = ContextThreadsafeFunction::new(env, &on_progress)?;
///     spawn(env, move |context| async move {
///         for step in 1..=3 {
///             tokio::time::sleep(Duration::from_millis(1)).await;
///             on_progress.call_in(&context, step)?;
///         }
///         Ok(3)
///     })
/// }
/// ```
///
/// # Cost
/// That of an `async fn` of napi-rs, or less: 4 to 5 us of processor time.
///
/// # Errors
/// As [`AsyncContext::capture`]. What happens later rejects the promise.
pub fn spawn<T, Fut>(env: &Env, make: impl FnOnce(AsyncContext) -> Fut) -> Result<PromiseRaw<'_, T>>
where
    T: ToNapiValue + Send + 'static,
    Fut: Future<Output = Result<T>> + Send + 'static,
{
    let context = AsyncContext::capture(env)?;
    let future = make(context.clone());
    let (settler, promise) = Settler::new(env, context)?;
    drop(napi::bindgen_prelude::spawn(async move {
        let mut future = pin!(future);
        let polled = poll_fn(|context| {
            let poll = AssertUnwindSafe(|| future.as_mut().poll(context).map(Ok));
            catch_unwind(poll).unwrap_or_else(|panic| Err(panic).into())
        });
        match polled.await {
            Ok(outcome) => settler.settle(move |_| outcome),
            Err(panic) => settler.fail(Failure::panic(panic)),
        }
    }));
    Ok(promise)
}
