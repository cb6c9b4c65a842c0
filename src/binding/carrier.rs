//! The current frame as native code reaches it: V8's slot directly, or the engine's two JavaScript
//! functions where the frame lives in JavaScript.

use super::value::{call, check, dereference, reference, type_of, undefined};
use crate::context::Carrier;
use crate::engine::{Handle, Slot};
use crate::error::Error;
use napi::sys;
use std::ptr;

/// How the frame of an environment is reached. Owned by JavaScript, used on its thread only.
#[derive(Debug)]
pub(super) enum Access {
    /// V8's slot, through V8's C++ functions: works with an exception pending, calls no JavaScript.
    Slot(Slot),
    /// The engine's `current()` and `swap(frame)`, as strong references.
    Functions {
        /// `() => frame`
        current: sys::napi_ref,
        /// `(frame) => void`
        swap: sys::napi_ref,
    },
}

impl Access {
    /// Keeps the engine's two functions.
    ///
    /// # Safety
    /// `env` must be the environment of the callback that is running on this thread, and both
    /// values live function handles of it.
    pub(super) unsafe fn functions(
        env: sys::napi_env,
        current: sys::napi_value,
        swap: sys::napi_value,
    ) -> Result<Self, Error> {
        Ok(Self::Functions {
            // SAFETY: the caller's promise is `reference`'s.
            current: unsafe { reference(env, current) }?,
            // SAFETY: as above.
            swap: unsafe { reference(env, swap) }?,
        })
    }
}

/// An [`Access`] together with the running callback's environment: what [`Carrier`] needs.
///
/// Made anew in each callback, never kept: its frames are handles of that callback's scope.
#[derive(Debug)]
pub(super) struct CallbackCarrier<'access> {
    env: sys::napi_env,
    access: &'access Access,
}

impl<'access> CallbackCarrier<'access> {
    /// Binds `access` to the running callback.
    ///
    /// # Safety
    /// `env` must be the environment of the callback that is running on this thread, and the one
    /// `access` was made in; the carrier and its frames must not outlive the callback.
    pub(super) unsafe fn new(env: sys::napi_env, access: &'access Access) -> Self {
        Self { env, access }
    }

    fn read(&self) -> Result<sys::napi_value, Error> {
        match self.access {
            Access::Slot(slot) => {
                // SAFETY: `new`'s caller promised that a callback is running on this thread.
                let value = unsafe { slot.get() };
                value
                    .map(|handle| handle.as_ptr().cast())
                    .ok_or(Error::SelfTestFailed("empty handle"))
            }
            Access::Functions { current, .. } => {
                // SAFETY: `env` is the running callback's; `current` lives as long as the access.
                let function = unsafe { dereference(self.env, *current) }?;
                // SAFETY: `function` was made in this callback's handle scope.
                unsafe { call(self.env, function, &[]) }
            }
        }
    }

    fn write(&self, frame: sys::napi_value) -> Result<(), Error> {
        match self.access {
            Access::Slot(slot) => {
                let handle =
                    Handle::new(frame.cast()).ok_or(Error::SelfTestFailed("empty handle"))?;
                // SAFETY: a callback is running on this thread, and `handle` is of its scope.
                unsafe { slot.set(handle) };
                Ok(())
            }
            Access::Functions { swap, .. } => {
                // SAFETY: `env` is the running callback's; `swap` lives as long as the access.
                let function = unsafe { dereference(self.env, *swap) }?;
                // SAFETY: `env` is the running callback's.
                let parked = unsafe { ParkedException::take(self.env) }?;
                // SAFETY: `function` and `frame` are live in this callback's handle scope.
                let outcome = unsafe { call(self.env, function, &[frame]) };
                parked.put_back()?;
                outcome.map(|_| ())
            }
        }
    }
}

impl Carrier for CallbackCarrier<'_> {
    /// A handle of the running callback's scope; null where reading failed.
    type Frame = sys::napi_value;

    fn current(&self) -> sys::napi_value {
        self.read().unwrap_or(ptr::null_mut())
    }

    fn set(&self, frame: &sys::napi_value) {
        if !frame.is_null() {
            // A failure means that the environment is going down: nothing runs in it any more.
            let _ = self.write(*frame);
        }
    }
}

/// A pending JavaScript exception, set aside because Node-API calls no function while one is
/// pending, and the previous frame has to be put back also when the callback threw.
struct ParkedException {
    env: sys::napi_env,
    /// Null where none was pending.
    exception: sys::napi_value,
}

impl ParkedException {
    /// # Safety
    /// `env` must be the environment of the callback that is running on this thread.
    unsafe fn take(env: sys::napi_env) -> Result<Self, Error> {
        let mut pending = false;
        // SAFETY: `env` is live by the caller's promise.
        let status = unsafe { sys::napi_is_exception_pending(env, &mut pending) };
        check(status, "napi_is_exception_pending")?;
        let mut exception = ptr::null_mut();
        if pending {
            // SAFETY: `env` is live by the caller's promise.
            let status = unsafe { sys::napi_get_and_clear_last_exception(env, &mut exception) };
            check(status, "napi_get_and_clear_last_exception")?;
        }
        Ok(Self { env, exception })
    }

    fn put_back(self) -> Result<(), Error> {
        if self.exception.is_null() {
            return Ok(());
        }
        // SAFETY: `take`'s caller promised a live `env`; the handle is of the same callback.
        check(
            unsafe { sys::napi_throw(self.env, self.exception) },
            "napi_throw",
        )
    }
}

/// The frame that was current when native work was handed over, kept until it is delivered.
///
/// Null stands for "no frame": Node-API before version 10 keeps references to objects only, and the
/// only frame that is no object is `undefined`.
#[derive(Debug)]
pub(super) struct CapturedFrame(sys::napi_ref);

impl CapturedFrame {
    /// Keeps the current frame.
    ///
    /// # Safety
    /// As for [`CallbackCarrier::new`].
    pub(super) unsafe fn capture(env: sys::napi_env, access: &Access) -> Result<Self, Error> {
        // SAFETY: the caller's promise is `new`'s.
        let frame = unsafe { CallbackCarrier::new(env, access) }.read()?;
        // SAFETY: `frame` is a live handle of `env`.
        if unsafe { type_of(env, frame) }? != sys::ValueType::napi_object {
            return Ok(Self(ptr::null_mut()));
        }
        // SAFETY: `frame` is a live object handle of `env`.
        Ok(Self(unsafe { reference(env, frame) }?))
    }

    /// The frame, as a handle of the running callback; the reference is given up.
    ///
    /// # Safety
    /// `env` must be the environment of the callback that is running on this thread, and the one
    /// the frame was captured in.
    pub(super) unsafe fn release(self, env: sys::napi_env) -> Result<sys::napi_value, Error> {
        if self.0.is_null() {
            // SAFETY: the caller's promise is `undefined`'s.
            return unsafe { undefined(env) };
        }
        // SAFETY: the reference is strong, of this `env`, and given up only below.
        let frame = unsafe { dereference(env, self.0) }?;
        // SAFETY: as above; `self` is consumed, so it is deleted once.
        let status = unsafe { sys::napi_delete_reference(env, self.0) };
        check(status, "napi_delete_reference")?;
        Ok(frame)
    }
}
