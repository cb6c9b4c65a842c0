//! Callbacks that fail.

use napi::bindgen_prelude::*;
use napi::Env;
use napi_async_context::{post, AsyncContext, ContextThreadsafeFunction};
use napi_derive::napi;

/// How a body fails.
#[napi(string_enum = "lowercase")]
pub enum How {
    /// It returns an error.
    Returns,
    /// It leaves an exception pending.
    Throws,
    /// It panics.
    Panics,
}

impl How {
    pub(super) fn fail(self, env: &Env) -> Result<u32> {
        match self {
            Self::Returns => Err(Error::from_reason("expected error")),
            Self::Throws => env.throw_error("expected exception", None).map(|()| 0),
            Self::Panics => panic!("expected panic"),
        }
    }
}

/// Posts a body that fails.
#[napi]
pub fn post_failure(env: &Env, how: How) -> Result<()> {
    post(AsyncContext::capture(env)?, move |env| {
        how.fail(env).map(drop)
    });
    Ok(())
}

/// Calls a function whose arguments cannot be made.
#[napi]
pub fn convert_failure(env: &Env, function: Function<'_, u32, ()>, how: How) -> Result<()> {
    let convert = |env: &Env, how: How| how.fail(env);
    let function = ContextThreadsafeFunction::with_arguments(env, &function, convert)?;
    function.bind(env)?.call(how);
    Ok(())
}
