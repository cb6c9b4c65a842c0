//! A byte region of a JavaScript `ArrayBuffer` that both sides use in turn.

use crate::binding::value::{check, reference};
use crate::error::Error;
use crate::wire::packet;
use napi::bindgen_prelude::Uint8ArraySlice;
use napi::sys;
use napi::JsValue;
use std::ptr;

/// The memory of a `Uint8Array`, kept alive by a reference.
///
/// Looking it up anew for every task would take as long as the rest of the call.
#[derive(Debug)]
pub(super) struct Memory {
    start: *mut u8,
    length: usize,
    reference: sys::napi_ref,
}

impl Memory {
    /// Keeps the array's buffer until [`Memory::release`], or until the environment ends. It has room for
    /// the header of a packet.
    ///
    /// # Safety
    /// `env` must be the environment of the callback that is running on this thread. The buffer
    /// must never be detached or resized: nobody but the pool's own JavaScript may see it.
    pub(super) unsafe fn keep(
        env: sys::napi_env,
        array: &Uint8ArraySlice<'_>,
    ) -> Result<Self, Error> {
        let array = array.value().value;
        let mut start = ptr::null_mut();
        let mut length = 0;
        // SAFETY: `env` by the caller's promise, the array is a live handle of the same callback;
        // what is not asked for is null.
        let status = unsafe {
            sys::napi_get_typedarray_info(
                env,
                array,
                ptr::null_mut(),
                &raw mut length,
                &raw mut start,
                ptr::null_mut(),
                ptr::null_mut(),
            )
        };
        check(status, "napi_get_typedarray_info")?;
        if length < packet::HEADER {
            return Err(Error::RegionTooSmall);
        }
        Ok(Self {
            start: start.cast(),
            length,
            // SAFETY: as above.
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
        // SAFETY: the reference keeps the memory, which by the promise of `keep`'s caller is neither
        // detached nor resized; exclusive by this caller's promise.
        unsafe { std::slice::from_raw_parts_mut(self.start, self.length) }
    }

    /// Gives the buffer up.
    ///
    /// # Safety
    /// `env` must be the environment of the callback that is running on this thread, and the one of
    /// [`Memory::keep`].
    pub(super) unsafe fn release(self, env: sys::napi_env) {
        // SAFETY: by the caller's promise; `self` is consumed, so it is deleted once.
        let _ = unsafe { sys::napi_delete_reference(env, self.reference) };
    }
}
