//! A JavaScript function that calls a closure of Rust, so that a closure can run in whatever a
//! JavaScript function can be called in.

use napi::sys;
use std::cell::Cell;
use std::ffi::c_void;
use std::panic::{catch_unwind, resume_unwind, AssertUnwindSafe};
use std::ptr;

thread_local! {
    /// What the function calls: the closure of the innermost `run()` that has not been called yet.
    static BODY: Cell<Option<Body>> = const { Cell::new(None) };
}

/// A closure without its type and lifetime.
#[derive(Clone, Copy)]
struct Body {
    closure: *mut c_void,
    /// Calls the closure, which has to be the one it was made for, alive, and used by nobody else.
    call: unsafe fn(*mut c_void),
}

impl Body {
    fn of<F: FnMut()>(closure: &mut F) -> Self {
        unsafe fn call<F: FnMut()>(closure: *mut c_void) {
            // SAFETY: `Body::call` passes the F that `call::<F>` was stored with; the rest is what
            // its caller promises.
            let closure = unsafe { &mut *closure.cast::<F>() };
            closure();
        }
        Self {
            closure: ptr::from_mut(closure).cast(),
            call: call::<F>,
        }
    }
}

/// Puts back the closure of an outer `run()`, which may still wait to be called, when an inner one
/// ends: `before` hooks of `async_hooks` run between `enter` and the closure.
struct PutBack(Option<Body>);

impl Drop for PutBack {
    fn drop(&mut self) {
        BODY.set(self.0);
    }
}

/// Runs `body` if `enter` calls the JavaScript function that was made of [`callback`]. `Err` with
/// what `enter` returned if it did not. A panic of `body` passes through `enter` as none, and goes
/// on here.
pub(crate) fn run<R, E>(body: impl FnOnce() -> R, enter: impl FnOnce() -> E) -> Result<R, E> {
    let mut body = Some(body);
    let mut outcome = None;
    let mut call = || {
        if let Some(body) = body.take() {
            outcome = Some(catch_unwind(AssertUnwindSafe(body)));
        }
    };
    let put_back = PutBack(BODY.replace(Some(Body::of(&mut call))));
    let entered = enter();
    drop(put_back);
    match outcome {
        Some(Ok(result)) => Ok(result),
        Some(Err(panic)) => resume_unwind(panic),
        None => Err(entered),
    }
}

/// The body of the JavaScript function. Called by anyone else, it does nothing.
pub(crate) unsafe extern "C" fn callback(
    _env: sys::napi_env,
    _info: sys::napi_callback_info,
) -> sys::napi_value {
    if let Some(body) = BODY.take() {
        // SAFETY: `run` put it there, waits for us, and removes it before the closure goes. Nobody
        // else uses the closure: it was taken out, so a nested call of the function does not.
        unsafe { (body.call)(body.closure) };
    }
    ptr::null_mut()
}

#[cfg(all(test, not(napi_async_context_loom)))]
mod tests {
    use super::{callback, run};
    use std::panic::{catch_unwind, AssertUnwindSafe};
    use std::ptr;

    fn call() {
        // SAFETY: it uses neither argument.
        unsafe { callback(ptr::null_mut(), ptr::null_mut()) };
    }

    #[test]
    fn the_body_runs_once() {
        let mut count = 0;
        let twice = || {
            call();
            call();
        };
        assert_eq!(run(|| count += 1, twice), Ok(()));
        assert_eq!(count, 1);
        call(); // nobody waits
        assert_eq!(run(|| count += 1, || "not entered"), Err("not entered"));
        call();
        assert_eq!(count, 1);
    }

    #[test]
    fn an_inner_run_before_the_body_and_one_in_it_leave_the_outer_one_alone() {
        let body = || run(|| 2, call).map(|two| two + 1);
        let enter = || {
            assert_eq!(run(|| 1, call), Ok(1)); // as in a `before` hook
            assert_eq!(run(|| 1, || 0), Err(0));
            call();
        };
        assert_eq!(run(body, enter), Ok(Ok(3)));
    }

    #[test]
    fn a_panic_does_not_pass_through_the_function() {
        let mut returned = false;
        let enter = || {
            call();
            returned = true;
        };
        let outcome = catch_unwind(AssertUnwindSafe(|| run(|| panic!("expected"), enter)));
        assert!(outcome.is_err());
        assert!(returned);
    }
}
