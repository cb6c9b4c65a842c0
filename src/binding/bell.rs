//! A bell: any thread rings it, and a JavaScript thread hears it. It carries nothing.
//!
//! It is a threadsafe function that is called without data, with one owner, who may outlive its
//! environment.

use super::entry::{deliver, finalize, Listener};
use super::foreign::Foreign;
use super::value::check;
use crate::error::Error;
use crate::pool::Wake;
use napi::sys;
use parking_lot::Mutex;
use std::ffi::CStr;
use std::ptr;
use std::rc::Rc;
use std::sync::Arc;

/// The threadsafe function, until somebody has released it: the owner by closing or dropping the
/// bell, a ring that is refused, or the finalizer. Exactly one of them takes it out.
///
/// Node 20 and 22 free a threadsafe function with its environment even while a thread holds it,
/// later versions wait for its release. So whoever uses it holds this lock, the finalizer waits for
/// them, and it releases what nobody can release after it.
type Holder = Arc<Mutex<Option<Function>>>;

/// `napi_threadsafe_function`, which any thread may use by its definition.
struct Function(sys::napi_threadsafe_function);

// SAFETY: any thread may use a threadsafe function, and `Holder`'s lock keeps it from being freed
// meanwhile.
unsafe impl Send for Function {}

impl Function {
    /// Gives it up. Rings from before are still heard.
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

/// Keeps the process alive until it is dropped or [`Bell::unref`] is called.
#[derive(Default)]
pub(super) struct Bell {
    holder: Holder,
}

/// What Node-API holds as long as the bell can be heard.
struct Listening<L> {
    holder: Holder,
    _listener: Rc<L>,
}

/// Dropped by the finalizer, on the JavaScript thread, right before Node frees the threadsafe
/// function.
impl<L> Drop for Listening<L> {
    fn drop(&mut self) {
        let held = self.holder.lock().take();
        if let Some(function) = held {
            // SAFETY: the finalizer is running, and nobody has released it before.
            unsafe { function.release() };
        }
    }
}

impl Bell {
    /// Opens the bell, once: the listener hears it from now on. `name` is the type of its async
    /// resource; `function` is what the listener gets with each ring.
    ///
    /// # Safety
    /// `env` must be the environment of the callback that is running on this thread, and `function`
    /// a live function handle of it.
    pub(super) unsafe fn open<L: Listener>(
        &self,
        env: sys::napi_env,
        name: &'static CStr,
        function: sys::napi_value,
        listener: Rc<L>,
    ) -> Result<(), Error> {
        let mut resource = ptr::null_mut();
        let length = name.count_bytes().cast_signed();
        // SAFETY: `env` is live by the caller's promise; the length is the name's own.
        let status =
            unsafe { sys::napi_create_string_utf8(env, name.as_ptr(), length, &raw mut resource) };
        check(status, "napi_create_string_utf8")?;
        let context = Rc::as_ptr(&listener).cast_mut();
        let listening = Box::new(Listening {
            holder: Arc::clone(&self.holder),
            _listener: listener,
        })
        .into_foreign();
        let mut raw = ptr::null_mut();
        // SAFETY: `env`, `resource` and the function are live. The finalizer takes what `listening`
        // is, and until then the listener lives, which is the context that `deliver` expects.
        let status = unsafe {
            sys::napi_create_threadsafe_function(
                env,
                function,
                ptr::null_mut(),
                resource,
                0,
                1,
                listening,
                Some(finalize::<Box<Listening<L>>>),
                context.cast(),
                Some(deliver::<L>),
                &raw mut raw,
            )
        };
        if status != sys::Status::napi_ok {
            // SAFETY: there is no threadsafe function, so no finalizer takes the pointer back.
            drop(unsafe { Box::<Listening<L>>::from_foreign(listening) });
        }
        check(status, "napi_create_threadsafe_function")?;
        *self.holder.lock() = Some(Function(raw));
        Ok(())
    }

    /// Makes the listener look, from any thread. In vain if the environment has ended or is ending:
    /// then nobody is there to look.
    pub(super) fn ring(&self) {
        let mut holder = self.holder.lock();
        let Some(function) = holder.as_ref() else {
            return;
        };
        // SAFETY: the threadsafe function is not freed while its holder is locked, and `deliver`
        // uses no data.
        let status = unsafe {
            sys::napi_call_threadsafe_function(
                function.0,
                ptr::null_mut(),
                sys::ThreadsafeFunctionCallMode::nonblocking,
            )
        };
        if status == sys::Status::napi_ok {
            return;
        }
        // It cannot be rung any more. To say that it is closing counts as its release.
        if let Some(function) = holder
            .take()
            .filter(|_| status != sys::Status::napi_closing)
        {
            // SAFETY: it is not freed while its holder is locked.
            unsafe { function.release() };
        }
    }

    /// The bell keeps the process alive from now on.
    ///
    /// # Safety
    /// `env` must be the environment of the callback that is running on this thread, and the one
    /// the bell was opened in.
    pub(super) unsafe fn keep_alive(&self, env: sys::napi_env) {
        if let Some(function) = self.holder.lock().as_ref() {
            // The call cannot fail for a live function.
            // SAFETY: it is not freed while its holder is locked; `env` by the caller's promise.
            let _ = unsafe { sys::napi_ref_threadsafe_function(env, function.0) };
        }
    }

    /// The bell no longer keeps the process alive.
    ///
    /// # Safety
    /// As for [`Bell::keep_alive`].
    pub(super) unsafe fn unref(&self, env: sys::napi_env) {
        if let Some(function) = self.holder.lock().as_ref() {
            // The call cannot fail for a live function.
            // SAFETY: it is not freed while its holder is locked; `env` by the caller's promise.
            let _ = unsafe { sys::napi_unref_threadsafe_function(env, function.0) };
        }
    }

    /// Gives the bell up. Rings from before are still heard.
    pub(super) fn close(&self) {
        let mut holder = self.holder.lock();
        if let Some(function) = holder.take() {
            // SAFETY: it is not freed while its holder is locked.
            unsafe { function.release() };
        }
    }
}

/// How the pool wakes a JavaScript thread.
impl Wake for Bell {
    fn wake(&self) {
        self.ring();
    }
}

impl Drop for Bell {
    fn drop(&mut self) {
        self.close();
    }
}
