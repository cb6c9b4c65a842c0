//! A threadsafe function with one owner, used once, that may outlive its environment.

use super::value::check;
use crate::error::Error;
use napi::sys;
use std::ffi::{c_void, CStr};
use std::ptr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What Node-API runs on the JavaScript thread for what is sent: with the environment, or null while
/// that is torn down, and with the data pointer.
pub(super) type Deliver =
    unsafe extern "C" fn(sys::napi_env, sys::napi_value, *mut c_void, *mut c_void);

/// The threadsafe function, until somebody has released it: the owner by sending or dropping the
/// channel, or the finalizer. Exactly one of them takes it out.
///
/// Node 20 and 22 free a threadsafe function with its environment even while a thread holds it,
/// later versions wait for its release. So whoever uses it holds this lock, the finalizer waits for
/// them, and it releases what nobody can release after it.
///
/// Node may hold a lock of its own while it runs finalizers, so no other finalizer of this crate may
/// touch a channel.
type Holder = Arc<Mutex<Option<Function>>>;

/// `napi_threadsafe_function`, which any thread may use by its definition.
struct Function(sys::napi_threadsafe_function);

// SAFETY: see above; that it is not freed while it is used is what `Holder` is for.
unsafe impl Send for Function {}

impl Function {
    /// Gives it up. What was sent before is still delivered.
    ///
    /// # Safety
    /// It must not be freed yet, which the lock of its holder or a running finalizer grants.
    unsafe fn release(self) {
        // SAFETY: it is not freed by the caller's promise, and consumed, so released once.
        unsafe {
            sys::napi_release_threadsafe_function(
                self.0,
                sys::ThreadsafeFunctionReleaseMode::release,
            )
        };
    }
}

fn lock(holder: &Holder) -> MutexGuard<'_, Option<Function>> {
    holder.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A way from any thread to the JavaScript thread, for one message. Keeps the process alive.
pub(super) struct Channel(Holder);

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
        let holder = Holder::default();
        let finalizer_data = Arc::into_raw(Arc::clone(&holder)).cast_mut();
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
        *lock(&holder) = Some(Function(raw));
        Ok(Self(holder))
    }

    /// Sends the message, from any thread, and returns whether it will be delivered. It is not if
    /// the environment has ended or is ending; then `data` is the caller's again.
    ///
    /// # Safety
    /// `data` must be what the channel's `deliver` expects.
    #[must_use]
    pub(super) unsafe fn send(self, data: *mut c_void) -> bool {
        let mut holder = lock(&self.0);
        let Some(function) = holder.take() else {
            return false;
        };
        // SAFETY: the threadsafe function is not freed while its holder is locked.
        let status = unsafe {
            sys::napi_call_threadsafe_function(
                function.0,
                data,
                sys::ThreadsafeFunctionCallMode::nonblocking,
            )
        };
        let sent = status == sys::Status::napi_ok;
        if sent {
            // SAFETY: as above. A call that is refused counts as the release.
            unsafe { function.release() };
        }
        sent
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        let mut holder = lock(&self.0);
        if let Some(function) = holder.take() {
            // SAFETY: it is not freed while its holder is locked.
            unsafe { function.release() };
        }
    }
}

/// The finalizer, on the JavaScript thread, right before Node frees the threadsafe function.
///
/// # Safety
/// Called by Node-API only, with the pointer given to `napi_create_threadsafe_function`, once.
unsafe extern "C" fn end_use(_env: sys::napi_env, data: *mut c_void, _hint: *mut c_void) {
    // SAFETY: `data` comes from `Arc::into_raw` in `open`.
    let holder = unsafe { Holder::from_raw(data.cast()) };
    let mut held = lock(&holder);
    if let Some(function) = held.take() {
        // SAFETY: Node frees it after this call.
        unsafe { function.release() };
    }
}
