//! A JavaScript callback called from a Rust thread, inside the scope it was handed over in.
//!
//! Node gives a threadsafe function's callback the context in which the function was created, or,
//! on Node 24 and 26, none at all. Here the frame is captured per call and entered around the
//! callback, so many calls can share one threadsafe function and each keeps its own context.

use super::carrier::{Access, CallbackCarrier, CapturedFrame};
use super::throwable;
use super::value::{call, check, dereference, reference};
use crate::context::Scope;
use crate::engine::Slot;
use crate::error::Error;
use napi::bindgen_prelude::{retain_current_module_for_unload_safety, FnArgs, Function, Unknown};
use napi::{sys, Env, JsValue};
use napi_derive::napi;
use std::ffi::{c_void, CStr};
use std::ptr;

const RESOURCE_NAME: &CStr = c"async-hooks-rs:NativeCallbacks";

/// The way of native code back into JavaScript, in the scope of the call that asked for it.
///
/// One per thread. Made with three functions of the engine, or with nothing where the engine keeps
/// its frames in V8's slot, which native code then reaches without calling JavaScript.
#[napi]
pub struct NativeCallbacks {
    /// Leaked on purpose: a call may still be in flight when the garbage collector finds this
    /// object, and there is one per thread for as long as the thread lives.
    access: &'static Access,
}

type Current<'scope> = Function<'scope, (), Unknown<'scope>>;
type Open<'scope> = Function<'scope, FnArgs<(Unknown<'scope>,)>, Unknown<'scope>>;
type Close<'scope> = Function<'scope, (), Unknown<'scope>>;

#[napi]
impl NativeCallbacks {
    /// `new NativeCallbacks(current, open, close)`, or without arguments for V8's slot.
    ///
    /// `current()` gives the current frame, `open(frame)` enters one, and `close()` leaves the one
    /// that was entered last.
    ///
    /// # Errors
    /// `ERR_NATIVE_PLATFORM` or `ERR_NATIVE_SYMBOL_MISSING` where there is no slot.
    #[napi(constructor, catch_unwind)]
    pub fn new(
        env: Env,
        current: Option<Current<'_>>,
        open: Option<Open<'_>>,
        close: Option<Close<'_>>,
    ) -> napi::Result<Self, Error> {
        let access = match (current, open, close) {
            (Some(current), Some(open), Some(close)) => {
                let [current, open, close] = [
                    current.value().value,
                    open.value().value,
                    close.value().value,
                ];
                // SAFETY: Node-API has just called this function with `env` and these functions.
                unsafe { Access::functions(env.raw(), current, open, close) }
            }
            _ => Slot::resolve().map(Access::Slot),
        };
        Ok(Self {
            access: Box::leak(Box::new(access.map_err(throwable)?)),
        })
    }

    /// Calls `callback()` from a Rust thread, in the scope of this call.
    ///
    /// Keeps the process alive until the callback has run. What the callback throws goes to
    /// `uncaughtException`, as for every callback of the event loop.
    ///
    /// # Errors
    /// `ERR_NATIVE_THREAD` if the operating system refuses a thread, `ERR_NATIVE_NODE_API` if the
    /// environment is shutting down.
    #[napi(catch_unwind)]
    pub fn call_from_thread(
        &self,
        env: Env,
        callback: Function<'_, (), Unknown<'_>>,
    ) -> napi::Result<(), Error> {
        let raw_env = env.raw();
        // SAFETY: Node-API has just called this function with `env` and `callback`; the access is
        // of the same environment, because a class instance never leaves its environment.
        unsafe { hand_over(raw_env, self.access, callback.value().value) }.map_err(throwable)
    }
}

/// A callback on its way to a thread and back. Its references are used on the JavaScript thread only.
struct PendingCall {
    access: &'static Access,
    frame: CapturedFrame,
    callback: sys::napi_ref,
}

/// Moves a pending call and the threadsafe function that returns it to the thread and back.
struct Parcel {
    channel: sys::napi_threadsafe_function,
    call: *mut PendingCall,
}

// SAFETY: the thread only passes `call` on, it never dereferences it; a threadsafe function may be
// used from any thread by its definition.
unsafe impl Send for Parcel {}

impl Parcel {
    /// Sends the call to the JavaScript thread and gives the channel up. Runs on any thread.
    fn deliver(self) {
        // SAFETY: the channel has this one owner, which has not released it yet.
        let status = unsafe {
            sys::napi_call_threadsafe_function(
                self.channel,
                self.call.cast(),
                sys::ThreadsafeFunctionCallMode::nonblocking,
            )
        };
        if status != sys::Status::napi_ok {
            // The environment is shutting down and will not take the call: nothing of it may be
            // touched from this thread, so its references go down with the environment.
            return;
        }
        // SAFETY: as above; this is the last use of the channel.
        unsafe {
            sys::napi_release_threadsafe_function(
                self.channel,
                sys::ThreadsafeFunctionReleaseMode::release,
            )
        };
    }
}

/// Captures the current frame and starts the thread.
///
/// # Safety
/// `env` must be the environment of the callback that is running on this thread, `access` must be
/// made in it, and `callback` be a live function handle of it.
unsafe fn hand_over(
    env: sys::napi_env,
    access: &'static Access,
    callback: sys::napi_value,
) -> Result<(), Error> {
    // The thread's code must stay mapped even if the environment that loaded the addon ends first.
    retain_current_module_for_unload_safety();
    // SAFETY: the caller's promise is `open_channel`'s.
    let channel = unsafe { open_channel(env) }?;
    // SAFETY: the caller's promise is `capture`'s.
    let frame = unsafe { CapturedFrame::capture(env, access) }?;
    // SAFETY: `callback` is a live function handle of `env`.
    let callback = unsafe { reference(env, callback) }?;
    let call = Box::into_raw(Box::new(PendingCall {
        access,
        frame,
        callback,
    }));
    let parcel = Parcel { channel, call };
    std::thread::Builder::new()
        .name("async-hooks-rs".into())
        .spawn(move || parcel.deliver())
        .map(drop)
        .map_err(|_| {
            // SAFETY: the thread did not start, so the box has this one owner again.
            drop(unsafe { Box::from_raw(call) });
            // SAFETY: as above, for the channel.
            unsafe {
                sys::napi_release_threadsafe_function(
                    channel,
                    sys::ThreadsafeFunctionReleaseMode::abort,
                )
            };
            Error::ThreadNotStarted
        })
}

/// A threadsafe function with one owner and no JavaScript function of its own.
///
/// # Safety
/// `env` must be the environment of the callback that is running on this thread.
unsafe fn open_channel(env: sys::napi_env) -> Result<sys::napi_threadsafe_function, Error> {
    let mut name = ptr::null_mut();
    // SAFETY: `env` is live by the caller's promise; the name's length is its own.
    let status = unsafe {
        sys::napi_create_string_utf8(
            env,
            RESOURCE_NAME.as_ptr(),
            RESOURCE_NAME.count_bytes() as isize,
            &mut name,
        )
    };
    check(status, "napi_create_string_utf8")?;
    let mut channel = ptr::null_mut();
    // SAFETY: `env` and `name` are live; `run` has the signature Node-API calls, and needs neither
    // a finalizer nor a context.
    let status = unsafe {
        sys::napi_create_threadsafe_function(
            env,
            ptr::null_mut(),
            ptr::null_mut(),
            name,
            0,
            1,
            ptr::null_mut(),
            None,
            ptr::null_mut(),
            Some(run),
            &mut channel,
        )
    };
    check(status, "napi_create_threadsafe_function")?;
    Ok(channel)
}

/// Runs on the JavaScript thread, once per delivered call.
///
/// # Safety
/// Called by Node-API only: with the environment, or null while it is torn down, and with the data
/// pointer given to `napi_call_threadsafe_function`, each pointer once.
unsafe extern "C" fn run(
    env: sys::napi_env,
    _function: sys::napi_value,
    _context: *mut c_void,
    data: *mut c_void,
) {
    // SAFETY: `data` is the box made in `hand_over`, delivered once.
    let pending = unsafe { Box::from_raw(data.cast::<PendingCall>()) };
    if env.is_null() {
        return;
    }
    // SAFETY: Node-API runs this on the thread of `env`, in a handle scope of its own. Any failure
    // but an exception of the callback means that the environment is going down.
    let _ = unsafe { call_in_frame(env, *pending) };
}

/// Enters the captured frame, calls the callback, puts the previous frame back.
///
/// # Safety
/// `env` must be the environment of the callback that is running on this thread, and the one
/// `pending` was made in.
unsafe fn call_in_frame(env: sys::napi_env, pending: PendingCall) -> Result<(), Error> {
    // SAFETY: the caller's promise is `release`'s.
    let frame = unsafe { pending.frame.release(env) }?;
    // SAFETY: the reference was made by `hand_over` and is deleted below.
    let callback = unsafe { dereference(env, pending.callback) }?;
    // SAFETY: as above; `pending` is owned here, so it is deleted once.
    let status = unsafe { sys::napi_delete_reference(env, pending.callback) };
    check(status, "napi_delete_reference")?;
    // SAFETY: the carrier lives in this function only, inside the running callback.
    let carrier = unsafe { CallbackCarrier::new(env, pending.access) };
    let _scope = Scope::enter(&carrier, frame);
    // SAFETY: `callback` is a live function handle of `env`.
    let outcome = unsafe { call(env, callback, &[]) };
    if outcome.is_err() {
        // SAFETY: `env` is the running callback's.
        unsafe { report_exception(env) }?;
    }
    outcome.map(drop)
}

/// Gives what a callback threw to `uncaughtException`, still in the callback's frame. Left pending
/// it would be dropped with a deprecation warning (DEP0168) and the program would go on.
///
/// # Safety
/// `env` must be the environment of the callback that is running on this thread.
unsafe fn report_exception(env: sys::napi_env) -> Result<(), Error> {
    let mut exception = ptr::null_mut();
    // SAFETY: `env` is live by the caller's promise.
    let status = unsafe { sys::napi_get_and_clear_last_exception(env, &mut exception) };
    check(status, "napi_get_and_clear_last_exception")?;
    // SAFETY: as above; `exception` was made in this callback's handle scope.
    let status = unsafe { sys::napi_fatal_exception(env, exception) };
    check(status, "napi_fatal_exception")
}
