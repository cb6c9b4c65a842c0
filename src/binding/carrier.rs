//! How native code reaches the current frame: directly in V8's slot, or by the engine's JavaScript
//! functions where the frame lives in JavaScript.

use super::value::{call, check, dereference, reference, type_of, undefined};
use crate::context::Carrier;
use crate::error::Error;
use crate::v8_slot::{Handle, Slot};
use napi::sys;
use std::ptr;

/// How the frame of an environment is reached. Owned by JavaScript, used on its thread only.
#[derive(Debug)]
pub(super) enum Access {
    /// V8's slot, through V8's C++ functions: works with an exception pending, calls no JavaScript.
    Slot(Slot),
    /// The engine's functions, as strong references.
    Functions {
        /// `() => frame`
        current: sys::napi_ref,
        /// `(frame) => void`, enters a frame
        open: sys::napi_ref,
        /// `() => void`, leaves the frame that was entered last
        close: sys::napi_ref,
    },
}

// SAFETY: the references are used on the JavaScript thread only; other threads, which hold an access
// while they pass a call on, do no more than drop it, which touches no reference.
unsafe impl Send for Access {}
// SAFETY: as above; there is no interior mutability.
unsafe impl Sync for Access {}

impl Access {
    /// Keeps the engine's functions.
    ///
    /// # Safety
    /// `env` must be the environment of the callback that is running on this thread, and all three
    /// values live function handles of it.
    pub(super) unsafe fn functions(
        env: sys::napi_env,
        current: sys::napi_value,
        open: sys::napi_value,
        close: sys::napi_value,
    ) -> Result<Self, Error> {
        Ok(Self::Functions {
            // SAFETY: the caller's promise is `reference`'s.
            current: unsafe { reference(env, current) }?,
            // SAFETY: as above.
            open: unsafe { reference(env, open) }?,
            // SAFETY: as above.
            close: unsafe { reference(env, close) }?,
        })
    }

    /// The frame that is current now.
    ///
    /// # Safety
    /// `env` must be the environment of the callback that is running on this thread, and the one
    /// this access was made in.
    unsafe fn current(&self, env: sys::napi_env) -> Result<sys::napi_value, Error> {
        match self {
            Self::Slot(slot) => {
                // SAFETY: the caller promised that a callback is running on this thread.
                let value = unsafe { slot.get() };
                value
                    .map(|handle| handle.as_ptr().cast())
                    .ok_or(Error::SelfTestFailed("empty handle"))
            }
            // SAFETY: the caller's promise is `invoke`'s; the reference lives as long as `self`.
            Self::Functions { current, .. } => unsafe { invoke(env, *current, &[]) },
        }
    }
}

/// Calls the function behind a reference.
///
/// # Safety
/// `env` must be the environment of the callback that is running on this thread, `function` a
/// strong reference and `arguments` live handles of it.
unsafe fn invoke(
    env: sys::napi_env,
    function: sys::napi_ref,
    arguments: &[sys::napi_value],
) -> Result<sys::napi_value, Error> {
    // SAFETY: the caller's promise is `dereference`'s.
    let function = unsafe { dereference(env, function) }?;
    // SAFETY: `function` was made in this callback's handle scope, the rest is the caller's promise.
    unsafe { call(env, function, arguments) }
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
    pub(super) const unsafe fn new(env: sys::napi_env, access: &'access Access) -> Self {
        Self { env, access }
    }

    fn set(slot: Slot, frame: sys::napi_value) {
        if let Some(handle) = Handle::new(frame.cast()) {
            // SAFETY: `new`'s caller promised that a callback is running on this thread, and every
            // frame of the carrier is of that callback's handle scope.
            unsafe { slot.set(handle) };
        }
    }

    fn close(&self, close: sys::napi_ref) -> Result<(), Error> {
        // SAFETY: `new`'s caller promised that `env` is the running callback's.
        let parked = unsafe { ParkedException::take(self.env) }?;
        // SAFETY: as above; the reference lives as long as the access.
        let outcome = unsafe { invoke(self.env, close, &[]) };
        parked.put_back()?;
        outcome.map(drop)
    }
}

impl Carrier for CallbackCarrier<'_> {
    /// A handle of the running callback's scope.
    type Frame = sys::napi_value;
    /// For the slot the frame that was in it; null where the engine remembers it itself.
    type Previous = sys::napi_value;
    type Error = Error;

    fn enter(&self, frame: sys::napi_value) -> Result<sys::napi_value, Error> {
        match self.access {
            Access::Slot(slot) => {
                // SAFETY: `new`'s caller promised that `env` is the running callback's.
                let previous = unsafe { self.access.current(self.env) }?;
                Self::set(*slot, frame);
                Ok(previous)
            }
            Access::Functions { open, .. } => {
                // SAFETY: as above; the reference lives as long as the access.
                unsafe { invoke(self.env, *open, &[frame]) }?;
                Ok(ptr::null_mut())
            }
        }
    }

    fn leave(&self, previous: sys::napi_value) {
        match self.access {
            Access::Slot(slot) => Self::set(*slot, previous),
            Access::Functions { close, .. } => {
                // If it threw, the exception is pending now, and reported by who runs the callback.
                let _ = self.close(*close);
            }
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
        let status = unsafe { sys::napi_is_exception_pending(env, &raw mut pending) };
        check(status, "napi_is_exception_pending")?;
        let mut exception = ptr::null_mut();
        if pending {
            // SAFETY: `env` is live by the caller's promise.
            let status = unsafe { sys::napi_get_and_clear_last_exception(env, &raw mut exception) };
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
        // SAFETY: the caller's promise is `current`'s.
        let frame = unsafe { access.current(env) }?;
        // SAFETY: `frame` is a live handle of `env`.
        let kind = unsafe { type_of(env, frame) }?;
        if kind != sys::ValueType::napi_object && kind != sys::ValueType::napi_function {
            return Ok(Self(ptr::null_mut()));
        }
        // SAFETY: `frame` is a live handle of `env` to something that can be referenced.
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
