//! A threadsafe function with one owner, who may outlive its environment.

use super::entry::{deliver, finalize, Listener};
use super::foreign::Foreign;
use super::value::check;
use crate::error::Error;
use crate::pool::Wake;
use napi::sys;
use std::ffi::{c_void, CStr};
use std::marker::PhantomData;
use std::ptr;
use std::rc::Rc;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The threadsafe function, until somebody has released it: the owner by closing or dropping the
/// channel, a send that is refused, or the finalizer. Exactly one of them takes it out.
///
/// Node 20 and 22 free a threadsafe function with its environment even while a thread holds it,
/// later versions wait for its release. So whoever uses it holds this lock, the finalizer waits for
/// them, and it releases what nobody can release after it.
///
/// Node may hold a lock of its own while it empties the queue of a threadsafe function that ends,
/// so what is dropped without being heard must not touch a channel.
type Holder = Arc<Mutex<Option<Function>>>;

/// `napi_threadsafe_function`, which any thread may use by its definition.
struct Function(sys::napi_threadsafe_function);

// SAFETY: any thread may use a threadsafe function, and `Holder`'s lock keeps it from being freed
// meanwhile.
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

/// A ring: it says that there is something to look at, and carries nothing.
#[derive(Debug)]
pub(super) struct Bell;

impl Foreign for Bell {
    fn into_foreign(self) -> *mut c_void {
        ptr::null_mut()
    }

    unsafe fn from_foreign(_: *mut c_void) -> Self {
        Self
    }
}

/// A way from any thread to a JavaScript thread, for messages of one type. Keeps the process alive
/// until it is dropped or [`Channel::unref`] is called.
pub(super) struct Channel<M> {
    holder: Holder,
    /// It takes messages and holds none.
    messages: PhantomData<fn(M)>,
}

/// What Node-API holds as long as the channel can deliver.
struct Delivering<L> {
    holder: Holder,
    _listener: Rc<L>,
}

/// Dropped by the finalizer, on the JavaScript thread, right before Node frees the threadsafe
/// function.
impl<L> Drop for Delivering<L> {
    fn drop(&mut self) {
        let held = lock(&self.holder).take();
        if let Some(function) = held {
            // SAFETY: the finalizer is running, and nobody has released it before.
            unsafe { function.release() };
        }
    }
}

impl<M> Default for Channel<M> {
    /// A channel that is not open yet.
    fn default() -> Self {
        Self {
            holder: Holder::default(),
            messages: PhantomData,
        }
    }
}

impl<M: Foreign> Channel<M> {
    /// Opens the channel, once: the listener hears its messages. `name` is the type of its async
    /// resource; `function` is null or what the listener gets with each delivery.
    ///
    /// # Safety
    /// `env` must be the environment of the callback that is running on this thread, and `function`
    /// null or a live function handle of it.
    pub(super) unsafe fn open<L: Listener<Message = M>>(
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
        let delivering = Box::new(Delivering {
            holder: Arc::clone(&self.holder),
            _listener: listener,
        })
        .into_foreign();
        let mut raw = ptr::null_mut();
        // SAFETY: `env`, `resource` and the function are live. The finalizer takes what
        // `delivering` is, and until then the listener lives, to which `deliver` delivers.
        let status = unsafe {
            sys::napi_create_threadsafe_function(
                env,
                function,
                ptr::null_mut(),
                resource,
                0,
                1,
                delivering,
                Some(finalize::<Box<Delivering<L>>>),
                context.cast(),
                Some(deliver::<L>),
                &raw mut raw,
            )
        };
        if status != sys::Status::napi_ok {
            // SAFETY: there is no threadsafe function, so no finalizer takes the pointer back.
            drop(unsafe { Box::<Delivering<L>>::from_foreign(delivering) });
        }
        check(status, "napi_create_threadsafe_function")?;
        *lock(&self.holder) = Some(Function(raw));
        Ok(())
    }

    /// The channel keeps the process alive from now on.
    ///
    /// # Safety
    /// `env` must be the environment of the callback that is running on this thread, and the one
    /// the channel was opened in.
    pub(super) unsafe fn keep_alive(&self, env: sys::napi_env) {
        if let Some(function) = lock(&self.holder).as_ref() {
            // The call cannot fail for a live function.
            // SAFETY: it is not freed while its holder is locked; `env` by the caller's promise.
            let _ = unsafe { sys::napi_ref_threadsafe_function(env, function.0) };
        }
    }

    /// The channel no longer keeps the process alive.
    ///
    /// # Safety
    /// As for [`Channel::keep_alive`].
    pub(super) unsafe fn unref(&self, env: sys::napi_env) {
        if let Some(function) = lock(&self.holder).as_ref() {
            // The call cannot fail for a live function.
            // SAFETY: it is not freed while its holder is locked; `env` by the caller's promise.
            let _ = unsafe { sys::napi_unref_threadsafe_function(env, function.0) };
        }
    }
}

impl<M: Foreign + Send> Channel<M> {
    /// Sends a message, from any thread. It comes back if the environment has ended or is ending.
    pub(super) fn send(&self, message: M) -> Result<(), M> {
        let mut holder = lock(&self.holder);
        let Some(function) = holder.as_ref() else {
            return Err(message);
        };
        let data = message.into_foreign();
        // SAFETY: the threadsafe function is not freed while its holder is locked. What it delivers
        // to expects an `M`, by the type of `open`.
        let status = unsafe {
            sys::napi_call_threadsafe_function(
                function.0,
                data,
                sys::ThreadsafeFunctionCallMode::nonblocking,
            )
        };
        if status == sys::Status::napi_ok {
            return Ok(());
        }
        // Nothing can be sent any more. To say that the function is closing counts as its release.
        if let Some(function) = holder
            .take()
            .filter(|_| status != sys::Status::napi_closing)
        {
            // SAFETY: it is not freed while its holder is locked.
            unsafe { function.release() };
        }
        drop(holder);
        // SAFETY: Node-API has refused it, so nobody else takes it back.
        Err(unsafe { M::from_foreign(data) })
    }
}

impl Channel<Bell> {
    /// Makes the listener look. In vain if the environment has ended: then nobody is there to look.
    pub(super) fn ring(&self) {
        let _ = self.send(Bell);
    }
}

/// How the pool wakes a JavaScript thread.
impl Wake for Channel<Bell> {
    fn wake(&self) {
        self.ring();
    }
}

impl<M> Channel<M> {
    /// Gives the channel up. What was sent before is still delivered.
    pub(super) fn close(&self) {
        let mut holder = lock(&self.holder);
        if let Some(function) = holder.take() {
            // SAFETY: it is not freed while its holder is locked.
            unsafe { function.release() };
        }
    }
}

impl<M> Drop for Channel<M> {
    fn drop(&mut self) {
        self.close();
    }
}
