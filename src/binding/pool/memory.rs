//! A byte region of a JavaScript `SharedArrayBuffer` that both sides use in turn.

use crate::binding::value::{bytes, reference, Bytes};
use crate::error::Error;
use crate::wire::packet;
use napi::bindgen_prelude::Uint8ArraySlice;
use napi::sys;
use napi::JsValue;

/// The memory of a `Uint8Array` over a `SharedArrayBuffer`, kept alive by a reference.
///
/// No program can detach, transfer or shrink a `SharedArrayBuffer`, whatever it does with it. So
/// the address, which is looked up once, is right for as long as the reference holds the buffer. To
/// look it up for every task would take as long as the rest of the call.
#[derive(Debug)]
pub(super) struct Memory {
    start: *mut u8,
    length: usize,
    reference: sys::napi_ref,
}

impl Memory {
    /// Keeps the array's buffer until [`Memory::release`], or until the environment ends. It has
    /// room for the header of a packet.
    ///
    /// # Errors
    /// [`Error::RegionNotShared`], [`Error::RegionTooSmall`] or [`Error::NodeApi`].
    ///
    /// # Safety
    /// `env` must be the environment of the callback that is running on this thread. No other
    /// thread may get the buffer: `lib/codec/region.js` sees to that.
    pub(super) unsafe fn keep(
        env: sys::napi_env,
        array: &Uint8ArraySlice<'_>,
    ) -> Result<Self, Error> {
        let array = array.value().value;
        // SAFETY: `env` is that of the running callback, as the caller must ensure, and `array` a
        // live handle of it.
        let bytes = unsafe { bytes(env, array) }?.filter(|bytes| bytes.is_shared);
        let Bytes { start, length, .. } = bytes.ok_or(Error::RegionNotShared)?;
        if length < packet::HEADER {
            return Err(Error::RegionTooSmall);
        }
        Ok(Self {
            start,
            length,
            // SAFETY: `env` is that of the running callback, and `array` a live handle of it.
            reference: unsafe { reference(env, array) }?,
        })
    }

    /// The bytes, while no JavaScript runs.
    ///
    /// # Safety
    /// On the thread and in the lifetime of the environment; the slice must be gone before any
    /// JavaScript runs, and there must be no other.
    #[expect(
        clippy::mut_from_ref,
        reason = "the caller promises that there is no other"
    )]
    pub(super) const unsafe fn bytes(&self) -> &mut [u8] {
        // SAFETY: the reference keeps the buffer, which is shared and so stays at its address with
        // at least its length. No other thread has it, as `keep`'s caller ensures; no JavaScript of
        // this thread runs and no other slice exists, as this caller ensures.
        unsafe { std::slice::from_raw_parts_mut(self.start, self.length) }
    }

    /// Gives the buffer up.
    ///
    /// # Safety
    /// `env` must be the environment of the callback that is running on this thread, and the one of
    /// [`Memory::keep`].
    pub(super) unsafe fn release(self, env: sys::napi_env) {
        // SAFETY: the reference is of `env`, as the caller must ensure; `self` is consumed, so it
        // is deleted once.
        let _ = unsafe { sys::napi_delete_reference(env, self.reference) };
    }
}
