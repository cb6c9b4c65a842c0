//! The exception that a call into JavaScript leaves pending.

use super::value::check;
use crate::error::Error;
use napi::sys;
use std::ptr;

/// Gives a pending exception to `uncaughtException`. Left pending it would be dropped with a
/// deprecation warning (DEP0168) and the program would go on.
///
/// # Safety
/// `env` must be the environment of the callback that is running on this thread.
pub(super) unsafe fn report_exception(env: sys::napi_env) -> Result<(), Error> {
    // SAFETY: `env` is that of the running callback, as the caller must ensure.
    let Some(exception) = (unsafe { take_exception(env) }) else {
        return Ok(());
    };
    // SAFETY: `env` is that of the running callback; `exception` was made in its handle scope.
    let status = unsafe { sys::napi_fatal_exception(env, exception) };
    check(status, "napi_fatal_exception")
}

/// Takes the pending exception, if there is one: then none is pending any more.
///
/// # Safety
/// As for [`report_exception`].
pub(super) unsafe fn take_exception(env: sys::napi_env) -> Option<sys::napi_value> {
    let mut pending = false;
    // SAFETY: `env` is that of the running callback, as the caller must ensure, and `pending` is a
    // place to write to. A call that is refused leaves `pending` at false.
    let _ = unsafe { sys::napi_is_exception_pending(env, &raw mut pending) };
    if !pending {
        return None;
    }
    let mut exception = ptr::null_mut();
    // SAFETY: `env` is that of the running callback, as the caller must ensure, and `exception` is
    // a place to write to.
    let status = unsafe { sys::napi_get_and_clear_last_exception(env, &raw mut exception) };
    (status == sys::Status::napi_ok).then_some(exception)
}
