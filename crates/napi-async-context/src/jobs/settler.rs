//! A promise that is settled from any thread.

use crate::environment::Environment;
use crate::exception::Failure;
use crate::node_api::Js;
use crate::AsyncContext;
use napi::bindgen_prelude::{PromiseRaw, ToNapiValue};
use napi::{sys, Env, Result};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::Arc;

/// What a promise is settled with.
type Settlement = std::result::Result<sys::napi_value, Failure>;

/// Settles its promise once, in its context. Dropped before, it rejects it. Until the promise is
/// settled the event loop is kept alive.
pub(super) struct Settler(Option<(Deferred, AsyncContext)>);

struct Deferred(sys::napi_deferred);

// SAFETY: other threads only carry it; `conclude` uses it on its JavaScript thread.
unsafe impl Send for Deferred {}

impl Settler {
    /// A settler, and its promise.
    pub(super) fn new<T>(env: &Env, context: AsyncContext) -> Result<(Self, PromiseRaw<'_, T>)> {
        let environment = Environment::of(env)?;
        let js = Js::of(env);
        let (deferred, promise) = js
            .promise()
            .map_err(|status| js.error(status, "napi_create_promise"))?;
        environment.work_begins(js);
        let settler = Self(Some((Deferred(deferred), context)));
        Ok((settler, PromiseRaw::new(env.raw(), promise)))
    }

    /// Settles the promise with what `outcome` returns, which runs on the JavaScript thread, in the
    /// context.
    pub(super) fn settle<V: ToNapiValue>(
        mut self,
        outcome: impl FnOnce(&Env) -> Result<V> + Send + 'static,
    ) {
        self.send(move |env| {
            let value = outcome(env).map_err(Failure::Error)?;
            // SAFETY: on the thread of `env`.
            unsafe { V::to_napi_value(env.raw(), value) }.map_err(Failure::Error)
        });
    }

    /// Rejects the promise.
    pub(super) fn fail(mut self, failure: Failure) {
        self.send(move |_| Err(failure));
    }

    fn send(&mut self, outcome: impl FnOnce(&Env) -> Settlement + Send + 'static) {
        let Some((deferred, context)) = self.0.take() else {
            return;
        };
        let shared = Arc::clone(context.shared());
        // If the environment has ended, nobody waits any more.
        shared.send(move |env| {
            if let Ok(environment) = Environment::of(env) {
                environment.work_ends(Js::of(env));
            }
            // Whole, because the handle in it may not be sent.
            let Deferred(deferred) = { deferred };
            conclude(env, &context, deferred, outcome);
        });
    }
}

impl Drop for Settler {
    fn drop(&mut self) {
        self.send(|_| Err(Failure::Dropped));
    }
}

/// On the JavaScript thread of the deferred, to which its context's channel has led.
fn conclude(
    env: &Env,
    context: &AsyncContext,
    deferred: sys::napi_deferred,
    outcome: impl FnOnce(&Env) -> Settlement,
) {
    let settle = |settlement: Settlement| {
        let js = Js::of(env);
        // A body may throw into JavaScript and yet return a value.
        let settled = match (js.take_exception(), settlement) {
            (Some(thrown), _) => Err(Some(thrown)),
            (None, settlement) => settlement.map_err(|failure| failure.into_value(env)),
        };
        match settled {
            // SAFETY: the deferred is of this environment and is used once; the handle was made
            // during this delivery.
            Ok(value) => unsafe { js.resolve(deferred, value) },
            // SAFETY: as above.
            Err(Some(error)) => unsafe { js.reject(deferred, error) },
            Err(None) => {} // the environment is ending
        }
    };
    // In the context, because an unhandled rejection is reported in the one of its rejection.
    let entered = context.run(env, |env| {
        let outcome = catch_unwind(AssertUnwindSafe(|| outcome(env)));
        settle(outcome.unwrap_or_else(|panic| Err(Failure::panic(panic))));
    });
    if let Err(error) = entered {
        settle(Err(Failure::Error(error)));
    }
}
