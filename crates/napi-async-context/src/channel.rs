//! A threadsafe function of Node-API, with an owner who may close it on any thread.
//!
//! Its **handle** is in one of two states: open, with the function, or gone. It is gone when the
//! owner has closed it, when Node has said that the environment ends, or when Node has finalized the
//! function. It is taken out under the lock, and used under the lock, so nobody uses it after it is
//! freed.

use crate::exception::contain;
use crate::node_api::{Attempt, Js};
use crate::parcel::Parcel;
use napi::{sys, Env};
use std::ffi::c_void;
use std::ptr;
use std::sync::{Arc, Mutex, PoisonError};

/// Carries parcels from any thread to the JavaScript thread, in order, each in a callback scope of
/// its own: microtasks and ticks run after each. The queue has no limit.
pub(crate) struct Channel(Arc<Handle>);

/// Locked for a few instructions: no JavaScript runs meanwhile, and nothing panics.
struct Handle(Mutex<Option<Function>>);

struct Function(sys::napi_threadsafe_function);

// SAFETY: Node-API allows every thread to call and to release a threadsafe function, and `Handle`
// lets nobody do so after it was freed.
unsafe impl Send for Function {}

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

impl Channel {
    /// Opens a channel that keeps the event loop alive.
    pub(crate) fn open(js: Js<'_>) -> Attempt<Self> {
        let name = js.string(c"AsyncContext")?;
        let handle = Arc::new(Handle(Mutex::new(None)));
        let owned = Arc::into_raw(Arc::clone(&handle));
        let mut created = ptr::null_mut();
        // SAFETY: the handle was made in this environment, just now. `deliver` takes what `send`
        // gives it, and `finalize` what is given here.
        let status = unsafe {
            sys::napi_create_threadsafe_function(
                js.raw(),
                ptr::null_mut(), // no function
                ptr::null_mut(), // Node makes the resource
                name,
                0, // no limit
                1, // we are its only user
                owned.cast_mut().cast(),
                Some(finalize),
                ptr::null_mut(), // no context
                Some(deliver),
                &raw mut created,
            )
        };
        if status != sys::Status::napi_ok {
            // SAFETY: Node has not taken it, and calls no finalizer.
            drop(unsafe { Arc::from_raw(owned) });
            return Err(status);
        }
        handle.with(|slot| *slot = Some(Function(created)));
        Ok(Self(handle))
    }

    /// Sends a parcel, on any thread. False if the channel is closed, or the environment ends: it is
    /// dropped then.
    pub(crate) fn send(&self, parcel: Parcel) -> bool {
        let data = parcel.into_raw();
        let sent = self.0.with(|slot| {
            let Some(Function(function)) = slot else {
                return false;
            };
            let mode = sys::ThreadsafeFunctionCallMode::nonblocking;
            // SAFETY: its finalizer takes it out of the locked handle before it is freed.
            let status = unsafe { sys::napi_call_threadsafe_function(*function, data, mode) };
            if status == sys::Status::napi_closing {
                // By this Node has released it for us, and may have freed it.
                *slot = None;
            }
            status == sys::Status::napi_ok
        });
        if !sent {
            // SAFETY: nobody has taken it. Without the lock: what is dropped may send.
            drop(unsafe { Parcel::from_raw(data) });
        }
        sent
    }

    /// Whether an open channel keeps the event loop alive.
    pub(crate) fn keep_alive(&self, js: Js<'_>, alive: bool) {
        self.0.with(|slot| {
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

    /// Closes the channel, on any thread. What was sent is delivered, unless the environment ends.
    pub(crate) fn close(&self) {
        self.0.release();
    }
}

/// Node calls it once, on the JavaScript thread, before it frees the function.
unsafe extern "C" fn finalize(_env: sys::napi_env, data: *mut c_void, _hint: *mut c_void) {
    // SAFETY: `open` made it, and Node gives it to nobody else any more.
    let handle = unsafe { Arc::from_raw(data.cast::<Handle>()) };
    handle.release();
}

/// Node calls it for each parcel, on the JavaScript thread; without an environment, when that has
/// ended.
unsafe extern "C" fn deliver(
    env: sys::napi_env,
    _function: sys::napi_value,
    _context: *mut c_void,
    data: *mut c_void,
) {
    // SAFETY: `send` made it, and Node delivers it once.
    let parcel = unsafe { Parcel::from_raw(data) };
    // What is in it is the author's, and may panic, also when it is dropped.
    contain(|| {
        if env.is_null() {
            drop(parcel);
        } else {
            parcel.open(&Env::from_raw(env));
        }
    });
}
