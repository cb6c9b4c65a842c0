//! A threadsafe function of Node-API, with an owner who may close it on any thread.
//!
//! Its **handle** is in one of two states: open, with the function, or gone. It is gone when the
//! owner has closed it, when Node has said that the environment ends, or when Node has finalized the
//! function. It is taken out under the lock, and used under the lock, so nobody uses it after it is
//! freed.

use crate::node_api::{Attempt, Js};
use napi::{sys, Env};
use std::ffi::c_void;
use std::marker::PhantomData;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::ptr;
use std::sync::{Arc, Mutex, PoisonError};

/// What messages are delivered to, on the JavaScript thread.
pub(crate) trait Receiver: 'static {
    type Message: Send;

    /// `function` is the one that the channel was opened with, or null: a living handle for as long
    /// as the delivery. No exception may stay pending.
    fn deliver(&self, env: &Env, function: sys::napi_value, message: Self::Message);
}

/// Carries messages from any thread to the JavaScript thread, in order, each in a callback of the
/// event loop of its own: microtasks and ticks run after each. The queue has no limit.
pub(crate) struct Channel<R: Receiver> {
    handle: Arc<Handle>,
    // Nothing of R is in here: the receiver stays on its thread.
    _messages: PhantomData<fn(R::Message)>,
}

/// Locked for a few instructions: no JavaScript runs meanwhile, and nothing panics.
struct Handle(Mutex<Option<Function>>);

struct Function(sys::napi_threadsafe_function);

// SAFETY: Node-API allows every thread to call and to release a threadsafe function, and `Handle`
// lets nobody do so after it was freed.
unsafe impl Send for Function {}

/// What Node holds for us until it finalizes the function.
struct Owned<R> {
    handle: Arc<Handle>,
    /// A reference to the JavaScript function, or null. Node-API could hold the function, but Bun
    /// wraps it, and JavaScript cannot call what it delivers then.
    function: sys::napi_ref,
    receiver: R,
}

impl Handle {
    /// Uses the function if it is not gone.
    fn with<T>(&self, body: impl FnOnce(&mut Option<Function>) -> T) -> T {
        body(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Gives the function back to Node, once. Under the lock, so that the finalizer waits for it.
    fn release(&self) {
        self.with(|slot| {
            if let Some(Function(function)) = slot.take() {
                let mode = sys::ThreadsafeFunctionReleaseMode::release;
                // SAFETY: we are its only user and were counted when it was made; it is freed after
                // its finalizer, which takes it out of the locked handle.
                unsafe { sys::napi_release_threadsafe_function(function, mode) };
            }
        });
    }
}

impl<R: Receiver> Channel<R> {
    /// Opens a channel that keeps the event loop alive.
    ///
    /// # Safety
    /// `function` is a living handle of the environment of `js`, or null.
    pub(crate) unsafe fn open(js: Js<'_>, function: sys::napi_value, receiver: R) -> Attempt<Self> {
        let name = js.string(c"AsyncContext")?;
        let function = if function.is_null() {
            ptr::null_mut()
        } else {
            // SAFETY: the caller's.
            unsafe { js.reference(function) }?
        };
        let handle = Arc::new(Handle(Mutex::new(None)));
        let owned = Box::into_raw(Box::new(Owned {
            handle: Arc::clone(&handle),
            function,
            receiver,
        }));
        let mut created = ptr::null_mut();
        // SAFETY: the handles are of the environment: the caller's, and made just now. `deliver` and
        // `finalize` take what `send` and this function give them.
        let status = unsafe {
            sys::napi_create_threadsafe_function(
                js.raw(),
                ptr::null_mut(), // no function
                ptr::null_mut(), // Node makes the resource
                name,
                0, // no limit
                1, // we are its only user
                owned.cast(),
                Some(finalize::<R>),
                owned.cast(),
                Some(deliver::<R>),
                &raw mut created,
            )
        };
        if status != sys::Status::napi_ok {
            // SAFETY: Node has not taken it, and calls no finalizer.
            drop(unsafe { Box::from_raw(owned) });
            if !function.is_null() {
                // SAFETY: made above, and nobody has it any more.
                unsafe { js.delete(function) };
            }
            return Err(status);
        }
        handle.with(|slot| *slot = Some(Function(created)));
        Ok(Self {
            handle,
            _messages: PhantomData,
        })
    }

    /// Sends a message, on any thread. False if the channel is closed, or the environment ends.
    pub(crate) fn send(&self, message: R::Message) -> bool {
        let data = Box::into_raw(Box::new(message));
        let sent = self.handle.with(|slot| {
            let Some(Function(function)) = slot else {
                return false;
            };
            let mode = sys::ThreadsafeFunctionCallMode::nonblocking;
            // SAFETY: its finalizer takes it out of the locked handle before it is freed.
            let status =
                unsafe { sys::napi_call_threadsafe_function(*function, data.cast(), mode) };
            if status == sys::Status::napi_closing {
                // By this Node has released it for us, and may have freed it.
                *slot = None;
            }
            status == sys::Status::napi_ok
        });
        if !sent {
            // SAFETY: nobody has taken it.
            drop(unsafe { Box::from_raw(data) });
        }
        sent
    }

    /// Whether an open channel keeps the event loop alive.
    pub(crate) fn keep_alive(&self, js: Js<'_>, alive: bool) {
        self.handle.with(|slot| {
            let Some(Function(function)) = slot else {
                return;
            };
            // They only fail for arguments that are null.
            if alive {
                // SAFETY: on the thread of its environment; not freed, as in `send`.
                unsafe { sys::napi_ref_threadsafe_function(js.raw(), *function) };
            } else {
                // SAFETY: as above.
                unsafe { sys::napi_unref_threadsafe_function(js.raw(), *function) };
            }
        });
    }

    /// Closes the channel, on any thread. Messages that were sent are delivered, unless the
    /// environment ends.
    pub(crate) fn close(&self) {
        self.handle.release();
    }
}

/// Node calls it once, on the JavaScript thread, before it frees the function, when no delivery is
/// under way.
unsafe extern "C" fn finalize<R>(env: sys::napi_env, data: *mut c_void, _hint: *mut c_void) {
    // SAFETY: `open` made it, and Node gives it to nobody else any more.
    let owned = unsafe { Box::from_raw(data.cast::<Owned<R>>()) };
    owned.handle.release();
    if !env.is_null() && !owned.function.is_null() {
        // SAFETY: made by `open` in this environment; nothing is delivered any more.
        unsafe { Js::of(&Env::from_raw(env)).delete(owned.function) };
    }
    // The receiver is the author's, and may panic when it goes, which must not reach Node. The
    // panic hook has told it.
    let _ = catch_unwind(AssertUnwindSafe(|| drop(owned)));
}

/// Node calls it for each message, on the JavaScript thread; without an environment, when that has
/// ended.
unsafe extern "C" fn deliver<R: Receiver>(
    env: sys::napi_env,
    _function: sys::napi_value,
    context: *mut c_void,
    data: *mut c_void,
) {
    // SAFETY: `send` made it, and Node delivers it once.
    let message = unsafe { Box::from_raw(data.cast::<R::Message>()) };
    // As in `finalize`: the message is the author's.
    let _ = catch_unwind(AssertUnwindSafe(|| {
        if env.is_null() {
            drop(message);
            return;
        }
        // SAFETY: `open` made it, and `finalize` frees it, but not during a delivery.
        let owned = unsafe { &*context.cast::<Owned<R>>() };
        let env = Env::from_raw(env);
        let function = if owned.function.is_null() {
            Ok(ptr::null_mut())
        } else {
            // SAFETY: a reference of this environment, which `finalize` deletes.
            unsafe { Js::of(&env).value(owned.function) }
        };
        // It fails only while the environment is ending.
        if let Ok(function) = function {
            owned.receiver.deliver(&env, function, *message);
        }
    }));
}
