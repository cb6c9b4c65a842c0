//! A threadsafe function with one owner, who may outlive its environment.

use super::value::check;
use crate::error::Error;
use napi::sys;
use std::ffi::{c_void, CStr};
use std::ptr;
use std::rc::Rc;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What Node-API runs on the JavaScript thread for what is sent: with the environment, or null while
/// that is torn down, and with the data pointer.
pub(super) type Deliver =
    unsafe extern "C" fn(sys::napi_env, sys::napi_value, *mut c_void, *mut c_void);

/// The threadsafe function, until somebody has released it: the owner by closing or dropping the
/// channel, a send that is refused, or the finalizer. Exactly one of them takes it out.
///
/// Node 20 and 22 free a threadsafe function with its environment even while a thread holds it,
/// later versions wait for its release. So whoever uses it holds this lock, the finalizer waits for
/// them, and it releases what nobody can release after it.
///
/// Node may hold a lock of its own while it empties the queue of a threadsafe function that ends, so a
/// `deliver` that is called without an environment may not touch a channel.
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

/// A way from any thread to a JavaScript thread. Keeps the process alive until it is dropped or
/// [`Channel::unref`] is called.
pub(super) struct Channel(Holder);

/// What the finalizer releases: the holder, and what the channel's callbacks read.
struct Finalizer<C> {
    holder: Holder,
    _context: Rc<C>,
}

/// What a channel calls, and with what.
pub(super) struct Receiver<C> {
    /// A name for diagnosis, the type of the async resource.
    pub(super) name: &'static CStr,
    /// A JavaScript function that `deliver` gets as a handle, or null.
    pub(super) function: sys::napi_value,
    /// What `deliver` gets as its context pointer; lives as long as the channel can deliver.
    pub(super) context: Rc<C>,
    /// Runs on the JavaScript thread, once per message.
    pub(super) deliver: Deliver,
}

impl Channel {
    /// Opens a channel whose messages the receiver's `deliver` gets.
    ///
    /// # Safety
    /// `env` must be the environment of the callback that is running on this thread, and
    /// `receiver.function` null or a live function handle of it.
    pub(super) unsafe fn open<C>(env: sys::napi_env, receiver: Receiver<C>) -> Result<Self, Error> {
        let mut resource = ptr::null_mut();
        let length = receiver.name.count_bytes().cast_signed();
        // SAFETY: `env` is live by the caller's promise; the length is the name's own.
        let status = unsafe {
            sys::napi_create_string_utf8(env, receiver.name.as_ptr(), length, &raw mut resource)
        };
        check(status, "napi_create_string_utf8")?;
        let mut raw = ptr::null_mut();
        let holder = Holder::default();
        let context = Rc::as_ptr(&receiver.context).cast_mut();
        let finalizer = Box::into_raw(Box::new(Finalizer {
            holder: Arc::clone(&holder),
            _context: receiver.context,
        }));
        // SAFETY: `env`, `resource` and the function are live; `deliver` and `end_use` have the
        // signatures that Node-API calls, and `end_use` gets the pointer it expects.
        let status = unsafe {
            sys::napi_create_threadsafe_function(
                env,
                receiver.function,
                ptr::null_mut(),
                resource,
                0,
                1,
                finalizer.cast(),
                Some(end_use::<C>),
                context.cast(),
                Some(receiver.deliver),
                &raw mut raw,
            )
        };
        if status != sys::Status::napi_ok {
            // SAFETY: there is no threadsafe function, so no finalizer takes the pointer back.
            drop(unsafe { Box::from_raw(finalizer) });
        }
        check(status, "napi_create_threadsafe_function")?;
        *lock(&holder) = Some(Function(raw));
        Ok(Self(holder))
    }

    /// Sends a message, from any thread, and returns whether it will be delivered. It is not if the
    /// environment has ended or is ending; then `data` is the caller's again.
    ///
    /// # Safety
    /// `data` must be what the channel's `deliver` expects.
    #[must_use]
    pub(super) unsafe fn send(&self, data: *mut c_void) -> bool {
        let mut holder = lock(&self.0);
        let Some(function) = holder.as_ref() else {
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
        if !sent {
            // A call that is refused counts as the release.
            *holder = None;
        }
        sent
    }

    /// Sends a message without data: see [`Channel::send`].
    pub(super) fn ring(&self) {
        // SAFETY: a `deliver` that reads its data is sent some by its opener, this one is not.
        // Not delivered, it means that nobody is there to hear it.
        let _ = unsafe { self.send(ptr::null_mut()) };
    }

    /// The channel keeps the process alive from now on.
    ///
    /// # Safety
    /// `env` must be the environment of the callback that is running on this thread, and the one
    /// the channel was opened in.
    pub(super) unsafe fn keep_alive(&self, env: sys::napi_env) {
        if let Some(function) = lock(&self.0).as_ref() {
            // SAFETY: it is not freed while its holder is locked; `env` by the caller's promise.
            // The call cannot fail for a live function.
            let _ = unsafe { sys::napi_ref_threadsafe_function(env, function.0) };
        }
    }

    /// The channel no longer keeps the process alive.
    ///
    /// # Safety
    /// As for [`Channel::keep_alive`].
    pub(super) unsafe fn unref(&self, env: sys::napi_env) {
        if let Some(function) = lock(&self.0).as_ref() {
            // SAFETY: as in `keep_alive`.
            let _ = unsafe { sys::napi_unref_threadsafe_function(env, function.0) };
        }
    }

    /// Gives the channel up. What was sent before is still delivered.
    pub(super) fn close(&self) {
        let mut holder = lock(&self.0);
        if let Some(function) = holder.take() {
            // SAFETY: it is not freed while its holder is locked.
            unsafe { function.release() };
        }
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.close();
    }
}

/// The finalizer, on the JavaScript thread, right before Node frees the threadsafe function.
///
/// # Safety
/// Called by Node-API only, with the pointer given to `napi_create_threadsafe_function`, once.
unsafe extern "C" fn end_use<C>(_env: sys::napi_env, data: *mut c_void, _hint: *mut c_void) {
    // SAFETY: `data` is the box made in `open`, with the same `C`.
    let finalizer = unsafe { Box::from_raw(data.cast::<Finalizer<C>>()) };
    let mut held = lock(&finalizer.holder);
    if let Some(function) = held.take() {
        // SAFETY: Node frees it after this call.
        unsafe { function.release() };
    }
}
