//! A threadsafe function with one owner, used once, that may outlive its environment.

use super::value::check;
use crate::error::Error;
use napi::sys;
use std::ffi::{c_void, CStr};
use std::ptr;
use std::sync::{Arc, Mutex, PoisonError};

/// What Node-API runs on the JavaScript thread for what is sent: with the environment, or null while
/// that is torn down, and with the data pointer.
pub(super) type Deliver =
    unsafe extern "C" fn(sys::napi_env, sys::napi_value, *mut c_void, *mut c_void);

/// Whether the threadsafe function may still be used; its finalizer ends that.
///
/// Node 20 and 22 free a threadsafe function with its environment even while a thread holds it, so
/// whoever uses it holds this lock, and the finalizer waits for them.
type Usable = Arc<Mutex<bool>>;

/// A way from any thread to the JavaScript thread, for one message. Keeps the process alive.
pub(super) struct Channel {
    raw: sys::napi_threadsafe_function,
    usable: Usable,
}

// SAFETY: a threadsafe function may be used from any thread by its definition, and `usable` keeps
// its memory alive for as long as it is used.
unsafe impl Send for Channel {}

impl Channel {
    /// Opens a channel whose message `deliver` receives.
    ///
    /// # Safety
    /// `env` must be the environment of the callback that is running on this thread.
    pub(super) unsafe fn open(
        env: sys::napi_env,
        name: &CStr,
        deliver: Deliver,
    ) -> Result<Self, Error> {
        let mut resource = ptr::null_mut();
        let length = name.count_bytes() as isize;
        // SAFETY: `env` is live by the caller's promise; the length is the name's own.
        let status =
            unsafe { sys::napi_create_string_utf8(env, name.as_ptr(), length, &mut resource) };
        check(status, "napi_create_string_utf8")?;
        let mut raw = ptr::null_mut();
        let usable = Usable::new(Mutex::new(true));
        let finalizer_data = Arc::into_raw(Arc::clone(&usable)).cast_mut();
        // SAFETY: `env` and `resource` are live; `deliver` and `end_use` have the signatures that
        // Node-API calls, and `end_use` gets the pointer it expects.
        let status = unsafe {
            sys::napi_create_threadsafe_function(
                env,
                ptr::null_mut(),
                ptr::null_mut(),
                resource,
                0,
                1,
                finalizer_data.cast(),
                Some(end_use),
                ptr::null_mut(),
                Some(deliver),
                &mut raw,
            )
        };
        if status != sys::Status::napi_ok {
            // SAFETY: there is no threadsafe function, so no finalizer takes the pointer back.
            drop(unsafe { Arc::from_raw(finalizer_data) });
        }
        check(status, "napi_create_threadsafe_function")?;
        Ok(Self { raw, usable })
    }

    /// Sends the message; from any thread. If the environment has ended or is ending, nothing
    /// happens: what `data` refers to goes down with it.
    ///
    /// # Safety
    /// `data` must be what the channel's `deliver` expects, and not be sent again.
    pub(super) unsafe fn send(self, data: *mut c_void) {
        let mut usable = self.usable.lock().unwrap_or_else(PoisonError::into_inner);
        if *usable {
            // SAFETY: the threadsafe function is not freed while `usable` is locked.
            let status = unsafe {
                sys::napi_call_threadsafe_function(
                    self.raw,
                    data,
                    sys::ThreadsafeFunctionCallMode::nonblocking,
                )
            };
            // A refused call counts as the release: the environment is ending.
            *usable = status == sys::Status::napi_ok;
        }
    }
}

impl Drop for Channel {
    /// Gives the threadsafe function up; what was sent before is still delivered.
    fn drop(&mut self) {
        let usable = self.usable.lock().unwrap_or_else(PoisonError::into_inner);
        if *usable {
            // SAFETY: it is not freed while `usable` is locked, and its one owner is going away.
            unsafe {
                sys::napi_release_threadsafe_function(
                    self.raw,
                    sys::ThreadsafeFunctionReleaseMode::release,
                )
            };
        }
    }
}

/// The finalizer, on the JavaScript thread, right before Node frees the threadsafe function.
///
/// # Safety
/// Called by Node-API only, with the pointer given to `napi_create_threadsafe_function`, once.
unsafe extern "C" fn end_use(_env: sys::napi_env, data: *mut c_void, _hint: *mut c_void) {
    // SAFETY: `data` comes from `Arc::into_raw` in `open`.
    let usable = unsafe { Usable::from_raw(data.cast()) };
    *usable.lock().unwrap_or_else(PoisonError::into_inner) = false;
}
