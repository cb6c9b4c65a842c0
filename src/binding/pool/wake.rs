//! A ring of the worker's bell: it runs the loop, and tells the pool if that cannot go on.

use super::task_loop::TaskLoop;
use crate::binding::entry::{guarded, Delivery, Listener};
use crate::binding::exception::take_exception;
use crate::binding::value::property;
use crate::error::Error;
use napi::sys;

impl Listener for TaskLoop {
    fn hear(&self, delivery: &Delivery<'_>) {
        let (env, step) = (delivery.env(), delivery.function());
        // A thread that is ending, after process.exit() or an uncaught exception, may still hear a
        // ring. A task it took would be lost.
        // SAFETY: environment and function are the running delivery's.
        if unsafe { is_ending(env, step) } {
            return;
        }
        let mut ambient = None;
        // A panic, too, is told to the pool, once the ambient is dropped.
        // SAFETY: environment and function are the running delivery's; `ambient` is dropped below,
        // after the exception was taken that may be pending.
        let outcome = guarded(|| unsafe { self.run(env, step, &mut ambient) });
        let Err(error) = outcome.and_then(|outcome| outcome) else {
            return;
        };
        // First, because with an exception pending every call that might run JavaScript is refused:
        // it would look as if the thread were ending.
        // SAFETY: the environment is the running delivery's.
        let exception = unsafe { take_exception(env) };
        drop(ambient);
        // If the thread is ending, its task is settled by that.
        // SAFETY: environment and function are the running delivery's.
        if unsafe { is_ending(env, step) } {
            return;
        }
        self.fail(error);
        if let Some(exception) = exception {
            // What was thrown is told as well. If it cannot be, the environment is going down.
            // SAFETY: `exception` is of this delivery's handle scope.
            let _ = unsafe { sys::napi_fatal_exception(env, exception) };
        }
    }

    fn panicked(&self) {
        self.fail(Error::Panicked);
    }
}

/// Whether no JavaScript can run any more. Node-API says so, to any call that might run some.
///
/// # Safety
/// `env` must be the environment of the callback that is running on this thread, `function` a live
/// handle of it.
unsafe fn is_ending(env: sys::napi_env, function: sys::napi_value) -> bool {
    // SAFETY: the caller's promise is `property`'s.
    unsafe { property(env, function, c"length") }.is_err()
}
