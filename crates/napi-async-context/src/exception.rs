//! What a callback of the event loop threw: it goes to 'uncaughtException', as from every callback,
//! and the listeners run in the context of the callback. So must the call of
//! `napi_fatal_exception`.

use crate::node_api::Js;
use crate::AsyncContext;
use napi::bindgen_prelude::ToNapiValue;
use napi::{sys, Env, Error};
use std::any::Any;
use std::mem;
use std::panic::{catch_unwind, AssertUnwindSafe};

/// The `code` of the error for a panic.
const PANIC: &str = "ERR_ASYNC_CONTEXT_PANIC";

/// The `code` of the error for a job that was dropped, or whose threads could not be started.
const DROPPED: &str = "ERR_ASYNC_CONTEXT_DROPPED";

/// What cannot be a result.
pub(crate) enum Failure {
    /// An exception is pending.
    Thrown,
    Error(Error),
    /// With the message of a panic.
    Panic(String),
    /// The job was dropped.
    Dropped,
}

impl Failure {
    /// For what `catch_unwind` caught.
    pub(crate) fn panic(payload: Box<dyn Any + Send>) -> Self {
        let text = payload
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned());
        let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
        discard(payload);
        Self::Panic(text.unwrap_or_else(|| "no message".to_owned()))
    }

    /// The JavaScript value to throw or to reject with, if there can be one.
    pub(crate) fn into_value(self, env: &Env) -> Option<sys::napi_value> {
        let error = match self {
            Self::Thrown => return Js::of(env).take_exception(),
            // SAFETY: `env` is on its thread, as everywhere where it is borrowed.
            Self::Error(error) => unsafe { Error::to_napi_value(env.raw(), error) },
            Self::Panic(text) => coded(env, PANIC, format!("native code panicked: {text}")),
            Self::Dropped => coded(
                env,
                DROPPED,
                "the job was dropped before it ended".to_owned(),
            ),
        };
        error.ok()
    }
}

/// Ends a callback of the event loop: what it threw, or else its failure, goes to
/// 'uncaughtException', in `context`. Nothing is pending afterwards.
pub(crate) fn end_callback(
    env: &Env,
    context: &AsyncContext,
    outcome: std::thread::Result<Result<(), Failure>>,
) {
    let outcome = outcome.unwrap_or_else(|panic| Err(Failure::panic(panic)));
    let thrown = Js::of(env).take_exception();
    let Some(value) = thrown.or_else(|| outcome.err()?.into_value(env)) else {
        return;
    };
    let report = |env: &Env| {
        // SAFETY: the handle was made in this environment, during this native call.
        unsafe { Js::of(env).fatal_exception(value) };
    };
    if context.run(env, report).is_err() {
        report(env);
    }
}

/// Runs `body`, and ends its panic here: where it must not go on, and nobody is to be told but the
/// panic hook, which has been.
pub(crate) fn contain(body: impl FnOnce()) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(body)) {
        discard(payload);
    }
}

/// Drops the payload of a panic, which may panic, too: what comes of that is leaked.
fn discard(payload: Box<dyn Any + Send>) {
    if let Err(next) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        mem::forget(next);
    }
}

fn coded(env: &Env, code: &str, message: String) -> napi::Result<sys::napi_value> {
    // SAFETY: `env` is on its thread, as everywhere where it is borrowed.
    unsafe { Error::to_napi_value(env.raw(), Error::new(code, message)) }
}
