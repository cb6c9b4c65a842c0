//! How native code reaches the current frame: directly in V8's slot, or by the engine's JavaScript
//! functions where the frame lives in JavaScript.

use super::value::{call, check, dereference, reference, take_reference, type_of, undefined};
use crate::context::Carrier;
use crate::error::Error;
use crate::v8_slot::{Handle, Slot};
use napi::sys;
use std::marker::PhantomData;
use std::ptr;

/// How the frame of an environment is reached. Used on the JavaScript thread only.
///
/// The references are never deleted: an access may be dropped on another thread, or when there is
/// no environment any more. They end with the environment.
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
            // SAFETY: `env` is that of the running callback and `current` a function of it, as the
            // caller must ensure.
            current: unsafe { reference(env, current) }?,
            // SAFETY: `env` is that of the running callback and `open` a function of it, as the
            // caller must ensure.
            open: unsafe { reference(env, open) }?,
            // SAFETY: `env` is that of the running callback and `close` a function of it, as the
            // caller must ensure.
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
                // SAFETY: `env` is that of the callback that runs on this thread, as the caller
                // must ensure.
                let value = unsafe { slot.get() };
                value
                    .map(|handle| handle.as_ptr().cast())
                    .ok_or(Error::SelfTestFailed("empty handle"))
            }
            // SAFETY: `env` is that of the running callback and of this access, as the caller must
            // ensure; the reference is never deleted.
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
    // SAFETY: `function` is a strong reference of `env`, as the caller must ensure.
    let function = unsafe { dereference(env, function) }?;
    // SAFETY: `function` was made in this callback's handle scope; the arguments are live handles
    // of `env`, as the caller must ensure.
    unsafe { call(env, function, arguments) }
}

/// A frame, as a handle of the scope of a running callback.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame<'callback> {
    handle: sys::napi_value,
    callback: PhantomData<&'callback ()>,
}

impl Frame<'_> {
    /// # Safety
    /// `handle` must be null or live for as long as the frame is used.
    const unsafe fn new(handle: sys::napi_value) -> Self {
        Self {
            handle,
            callback: PhantomData,
        }
    }
}

/// An [`Access`] together with the running callback's environment: what [`Carrier`] needs.
///
/// Made anew in each callback. It borrows the access for no longer than the callback runs, and
/// takes no frame of another length.
#[derive(Debug)]
pub(super) struct CallbackCarrier<'callback> {
    env: sys::napi_env,
    access: &'callback Access,
}

impl<'callback> CallbackCarrier<'callback> {
    /// Binds `access` to the running callback.
    ///
    /// # Safety
    /// `env` must be the environment of the callback that is running on this thread, and the one
    /// `access` was made in; `'callback` must end before the callback does.
    pub(super) const unsafe fn new(env: sys::napi_env, access: &'callback Access) -> Self {
        Self { env, access }
    }

    /// Writes a frame to the slot.
    ///
    /// # Safety
    /// A callback must be running on this thread, for as long as the frame is live.
    unsafe fn set(slot: Slot, frame: Frame<'_>) {
        if let Some(handle) = Handle::new(frame.handle.cast()) {
            // SAFETY: a callback is running on this thread, as the caller must ensure, and the
            // frame is a live handle of it.
            unsafe { slot.set(handle) };
        }
    }

    fn close(&self, close: sys::napi_ref) -> Result<(), Error> {
        // SAFETY: `env` is that of the running callback: see `new`.
        let parked = unsafe { ParkedException::take(self.env) }?;
        // SAFETY: `env` is that of the running callback, and `close` a reference of it, which is
        // never deleted.
        let outcome = unsafe { invoke(self.env, close, &[]) };
        parked.put_back()?;
        outcome.map(drop)
    }
}

impl<'callback> Carrier for CallbackCarrier<'callback> {
    type Frame = Frame<'callback>;
    /// For the slot the frame that was in it; `None` where the engine remembers it itself.
    type Previous = Option<Frame<'callback>>;
    type Error = Error;

    fn enter(&self, frame: Frame<'callback>) -> Result<Self::Previous, Error> {
        match self.access {
            Access::Slot(slot) => {
                // SAFETY: `env` is that of the running callback: see `new`.
                let previous = unsafe { self.access.current(self.env) }?;
                // SAFETY: `'callback`, for which the frame is live, is part of the running
                // callback.
                unsafe { Self::set(*slot, frame) };
                // SAFETY: `previous` was made in the running callback, which outlasts `'callback`.
                Ok(Some(unsafe { Frame::new(previous) }))
            }
            Access::Functions { open, .. } => {
                // SAFETY: `env` is that of the running callback, `open` a reference of it, which is
                // never deleted, and the frame is live for `'callback`.
                unsafe { invoke(self.env, *open, &[frame.handle]) }?;
                Ok(None)
            }
        }
    }

    fn leave(&self, previous: Self::Previous) {
        match self.access {
            Access::Slot(slot) => {
                if let Some(frame) = previous {
                    // SAFETY: `'callback`, for which the frame is live, is part of the running
                    // callback.
                    unsafe { Self::set(*slot, frame) };
                }
            }
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
        // SAFETY: `env` is that of the running callback, as the caller must ensure, and `pending`
        // is a place to write to.
        let status = unsafe { sys::napi_is_exception_pending(env, &raw mut pending) };
        check(status, "napi_is_exception_pending")?;
        let mut exception = ptr::null_mut();
        if pending {
            // SAFETY: `env` is that of the running callback, as the caller must ensure, and
            // `exception` is a place to write to.
            let status = unsafe { sys::napi_get_and_clear_last_exception(env, &raw mut exception) };
            check(status, "napi_get_and_clear_last_exception")?;
        }
        Ok(Self { env, exception })
    }

    fn put_back(self) -> Result<(), Error> {
        if self.exception.is_null() {
            return Ok(());
        }
        // SAFETY: the callback for which `take` was called still runs, because `close` calls both,
        // so `env` and the handle are live.
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
        // SAFETY: `env` is that of the running callback and of `access`, as the caller must ensure.
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
    /// the frame was captured in; `'callback` must end before the callback does.
    pub(super) unsafe fn release<'callback>(
        self,
        env: sys::napi_env,
    ) -> Result<Frame<'callback>, Error> {
        let handle = if self.0.is_null() {
            // SAFETY: `env` is that of the running callback, as the caller must ensure.
            unsafe { undefined(env) }?
        } else {
            // SAFETY: the reference is strong and of `env`, in which the frame was captured; `self`
            // is consumed, so nobody uses it again.
            unsafe { take_reference(env, self.0) }?
        };
        // SAFETY: the handle was made in the running callback, which outlasts `'callback`.
        Ok(unsafe { Frame::new(handle) })
    }
}
