//! A JavaScript callback called from a Rust thread, inside the scope it was handed over in.
//!
//! Node gives a threadsafe function's callback the context in which the function was created, or,
//! on Node 24 and 26, none at all. Here the frame is captured per call and entered around the
//! callback, so many calls can share one threadsafe function and each keeps its own context.

use super::carrier::{Access, CallbackCarrier, CapturedFrame, Frame};
use super::channel::Channel;
use super::entry::{Delivery, Listener};
use super::throwable;
use super::v8_slot::host_slot;
use super::value::{call, check, reference, take_reference, type_of};
use crate::context::Scope;
use crate::error::Error;
use napi::bindgen_prelude::{retain_current_module_for_unload_safety, FnArgs, Function, Unknown};
use napi::{sys, Env, JsValue};
use napi_derive::napi;
use std::ffi::CStr;
use std::ptr;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

const RESOURCE_NAME: &CStr = c"async-hooks-rs:NativeCallbacks";

/// The way of native code back into JavaScript, in the scope of the call that asked for it.
///
/// One per thread. Made with three functions of the engine, or with nothing where the engine keeps
/// its frames in V8's slot, which native code then reaches without calling JavaScript.
#[napi]
pub struct NativeCallbacks {
    /// Shared with the calls that are in flight, which may outlive this object.
    access: Arc<Access>,
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
    /// `ERR_NATIVE_V8_UNKNOWN`, `ERR_NATIVE_PLATFORM` or `ERR_NATIVE_SYMBOL_MISSING` where there is
    /// no slot, `ERR_NATIVE_ARGUMENT` if only some arguments are given or one is not a function.
    #[napi(constructor, catch_unwind)]
    pub fn new(
        env: Env,
        current: Option<Current<'_>>,
        open: Option<Open<'_>>,
        close: Option<Close<'_>>,
    ) -> napi::Result<Self, Error> {
        let access = match (current, open, close) {
            // SAFETY: Node-API has just called this function with `env`, on this thread.
            (None, None, None) => unsafe { host_slot(env.raw()) }.map(Access::Slot),
            (current, open, close) => {
                let functions = [
                    current.map(|function| function.value().value),
                    open.map(|function| function.value().value),
                    close.map(|function| function.value().value),
                ];
                // SAFETY: Node-API has just called this function with `env` and these values.
                unsafe { access_by_functions(env.raw(), functions) }
            }
        };
        let access = access.map_err(|error| throwable(&env, error))?;
        #[expect(
            clippy::arc_with_non_send_sync,
            reason = "a thread that cannot deliver its call drops its share, and does nothing else"
        )]
        let access = Arc::new(access);
        Ok(Self { access })
    }

    /// Calls `callback()` from a Rust thread, in the scope of this call.
    ///
    /// Keeps the process alive until the callback has run. What the callback throws goes to
    /// `uncaughtException`, as for every callback of the event loop.
    ///
    /// # Errors
    /// `ERR_NATIVE_ARGUMENT` if `callback` is not a function, `ERR_NATIVE_THREAD` if the operating
    /// system refuses a thread, `ERR_NATIVE_NODE_API` if the environment is shutting down.
    #[napi(catch_unwind)]
    pub fn call_from_thread(
        &self,
        env: Env,
        callback: Function<'_, (), Unknown<'_>>,
    ) -> napi::Result<(), Error> {
        let raw_env = env.raw();
        // SAFETY: Node-API has just called this function with `env` and `callback`; the access is
        // of the same environment, because a class instance never leaves its environment.
        unsafe { hand_over(raw_env, Arc::clone(&self.access), callback.value().value) }
            .map_err(|error| throwable(&env, error))
    }
}

/// The engine's functions, all of which must be there.
///
/// # Safety
/// `env` must be the environment of the callback that is running on this thread, and the values
/// live handles of it.
unsafe fn access_by_functions(
    env: sys::napi_env,
    functions: [Option<sys::napi_value>; 3],
) -> Result<Access, Error> {
    let [current, open, close] = functions;
    let current = current.ok_or(Error::NotAFunction("current"))?;
    let open = open.ok_or(Error::NotAFunction("open"))?;
    let close = close.ok_or(Error::NotAFunction("close"))?;
    for (value, name) in [(current, "current"), (open, "open"), (close, "close")] {
        // SAFETY: `env` is that of the running callback and the values are live in it, as the
        // caller must ensure.
        unsafe { require_function(env, value, name) }?;
    }
    // SAFETY: all three are functions, live in this callback's handle scope.
    unsafe { Access::functions(env, current, open, close) }
}

/// Fails unless `value` is a function.
///
/// # Safety
/// As for [`access_by_functions`].
unsafe fn require_function(
    env: sys::napi_env,
    value: sys::napi_value,
    name: &'static str,
) -> Result<(), Error> {
    // SAFETY: `env` is that of the running callback and `value` live in it, as the caller must
    // ensure.
    if unsafe { type_of(env, value) }? == sys::ValueType::napi_function {
        Ok(())
    } else {
        Err(Error::NotAFunction(name))
    }
}

/// A callback on its way to a thread and back.
struct PendingCall {
    access: Arc<Access>,
    frame: CapturedFrame,
    callback: sys::napi_ref,
}

#[expect(
    clippy::non_send_fields_in_send_ty,
    reason = "the references in it are used on the JavaScript thread only"
)]
// SAFETY: its references are used by `new` and `release` only, which run on the JavaScript thread.
// The other thread passes it on or drops it, and no part of it calls Node-API when it is dropped.
unsafe impl Send for PendingCall {}

impl PendingCall {
    /// Captures the current frame and keeps the callback.
    ///
    /// # Safety
    /// `env` must be the environment of the callback that is running on this thread, `access` must
    /// be made in it, and `callback` be a live function handle of it.
    unsafe fn new(
        env: sys::napi_env,
        access: Arc<Access>,
        callback: sys::napi_value,
    ) -> Result<Self, Error> {
        // SAFETY: `env` is that of the running callback and of `access`, as the caller must ensure.
        let frame = unsafe { CapturedFrame::capture(env, &access) }?;
        // SAFETY: `callback` is a live function handle of `env`.
        match unsafe { reference(env, callback) } {
            Ok(callback) => Ok(Self {
                access,
                frame,
                callback,
            }),
            Err(error) => {
                // SAFETY: the frame was captured in this callback.
                let _ = unsafe { frame.release(env) };
                Err(error)
            }
        }
    }

    /// Gives both references up and returns what they referred to.
    ///
    /// # Safety
    /// `env` must be the environment of the callback that is running on this thread, and the one
    /// the call was made in; `'callback` must end before the callback does.
    unsafe fn release<'callback>(
        self,
        env: sys::napi_env,
    ) -> Result<(Frame<'callback>, sys::napi_value), Error> {
        // SAFETY: `env` is that of the running callback, which outlasts `'callback`, and the one in
        // which the frame was captured.
        let frame = unsafe { self.frame.release(env) };
        // SAFETY: the reference is strong and of `env`, in which `new` made it; `self` is consumed,
        // so nobody uses it again.
        let callback = unsafe { take_reference(env, self.callback) };
        Ok((frame?, callback?))
    }
}

/// Captures the current frame and starts the thread.
///
/// # Safety
/// `env` must be the environment of the callback that is running on this thread, `access` must be
/// made in it, and `callback` be a live function handle of it.
unsafe fn hand_over(
    env: sys::napi_env,
    access: Arc<Access>,
    callback: sys::napi_value,
) -> Result<(), Error> {
    // SAFETY: `env` is that of the running callback and `callback` live in it, as the caller must
    // ensure.
    unsafe { require_function(env, callback, "callback") }?;
    // The thread's code must stay mapped even if the environment that loaded the addon ends first.
    retain_current_module_for_unload_safety();
    // SAFETY: `env` is that of the running callback and of `access`, and `callback` a function of
    // it.
    let pending = Box::new(unsafe { PendingCall::new(env, access, callback) }?);
    let channel = Channel::default();
    // SAFETY: `env` is that of the running callback; the channel has no function.
    let opened = unsafe { channel.open(env, RESOURCE_NAME, ptr::null_mut(), Rc::new(InItsFrame)) };
    if let Err(error) = opened {
        // SAFETY: `pending` was made in this callback.
        let _ = unsafe { pending.release(env) };
        return Err(error);
    }
    // Shared, because a thread that does not start drops what it was given.
    let parcel = Arc::new(Mutex::new(Some(pending)));
    let take = |parcel: &Mutex<Option<_>>| {
        let mut parcel = parcel.lock().unwrap_or_else(PoisonError::into_inner);
        parcel.take()
    };
    let sent = Arc::clone(&parcel);
    let started = std::thread::Builder::new()
        .name("async-hooks-rs".into())
        .spawn(move || {
            if let Some(pending) = take(&sent) {
                // What comes back has references, which the environment frees as it ends.
                drop(channel.send(pending));
            }
        });
    if started.is_ok() {
        return Ok(());
    }
    if let Some(pending) = take(&parcel) {
        // SAFETY: it was made in this callback.
        let _ = unsafe { pending.release(env) };
    }
    Err(Error::ThreadNotStarted)
}

/// Runs the callbacks that come back, each in the frame that was captured for it.
struct InItsFrame;

impl Listener for InItsFrame {
    type Message = Box<PendingCall>;

    fn hear(&self, delivery: &Delivery<'_>, pending: Box<PendingCall>) {
        let env = delivery.env();
        // SAFETY: `env` is the running delivery's, and the one that the channel was opened in.
        let _ = unsafe { call_in_frame(env, *pending) };
        // What entering or leaving the frame threw is pending still. If it cannot be reported, the
        // environment is going down.
        // SAFETY: `env` is the running delivery's.
        let _ = unsafe { report_exception(env) };
    }
}

/// Enters the captured frame, calls the callback, puts the previous frame back.
///
/// # Safety
/// `env` must be the environment of the callback that is running on this thread, and the one
/// `pending` was made in.
unsafe fn call_in_frame(env: sys::napi_env, pending: PendingCall) -> Result<(), Error> {
    let access = Arc::clone(&pending.access);
    // SAFETY: `env` is that of the running callback and the one in which `pending` was made, as the
    // caller must ensure; the frame is used in this function only.
    let (frame, callback) = unsafe { pending.release(env) }?;
    // SAFETY: `env` is that of the running callback and of `access`; the carrier lives in this
    // function only, inside the callback.
    let carrier = unsafe { CallbackCarrier::new(env, &access) };
    let _scope = Scope::enter(&carrier, frame)?;
    // What it throws is reported below, so the outcome says nothing more.
    // SAFETY: `callback` is a live function handle of `env`.
    let _ = unsafe { call(env, callback, &[]) };
    // SAFETY: `env` is the running callback's.
    unsafe { report_exception(env) }
}

/// Gives a pending exception to `uncaughtException`, still in the callback's frame. Left pending it
/// would be dropped with a deprecation warning (DEP0168) and the program would go on.
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
