//! What a ring of the worker's channel does: it runs the loop, and tells the pool if that cannot go on.

use super::task_loop::TaskLoop;
use crate::binding::callback::take_exception;
use crate::binding::value::property;
use crate::error::Error;
use napi::sys;
use std::ffi::c_void;
use std::panic::{catch_unwind, AssertUnwindSafe};

/// Runs on the worker's thread, once per ring.
///
/// # Safety
/// Called by Node-API only: with the environment, or null while it is torn down, the function and the
/// context the channel was opened with.
pub(super) unsafe extern "C" fn wake(
    env: sys::napi_env,
    step: sys::napi_value,
    context: *mut c_void,
    _data: *mut c_void,
) {
    if env.is_null() {
        return;
    }
    // SAFETY: `context` is the loop that the channel keeps as long as it delivers.
    let tasks = unsafe { &*context.cast::<TaskLoop>() };
    let Some(connection) = tasks.connection() else {
        return;
    };
    // A thread that is ending, after process.exit() or an uncaught exception, may still hear a ring. A
    // task it took would be lost.
    // SAFETY: Node-API runs this on the thread of `env`, in a handle scope of its own.
    if unsafe { is_ending(env, step) } {
        return;
    }
    let mut ambient = None;
    let run = || {
        // SAFETY: as above; `ambient` is dropped below.
        unsafe { tasks.run_tasks(env, step, connection, &mut ambient) }
    };
    // A panic must not reach C.
    let outcome = catch_unwind(AssertUnwindSafe(run)).unwrap_or(Err(Error::Panicked));
    let Err(error) = outcome else { return };
    // First, because with an exception pending every call that might run JavaScript is refused: it
    // would look as if the thread were ending.
    // SAFETY: as above.
    let exception = unsafe { take_exception(env) };
    drop(ambient);
    // If the thread is ending, its task is settled by that.
    // SAFETY: as above.
    if unsafe { is_ending(env, step) } {
        return;
    }
    tasks.fail(error, connection);
    if let Some(exception) = exception {
        // What was thrown is told as well: failing, it means that the environment is going down.
        // SAFETY: as above; `exception` was made in this callback's handle scope.
        let _ = unsafe { sys::napi_fatal_exception(env, exception) };
    }
}

/// Whether no JavaScript can run any more. Node-API says so, to any call that might run some.
///
/// # Safety
/// `env` must be the environment of the callback that is running on this thread, `function` a live
/// handle of it.
unsafe fn is_ending(env: sys::napi_env, function: sys::napi_value) -> bool {
    // SAFETY: the caller's promise.
    unsafe { property(env, function, c"length") }.is_err()
}
