//! Values that C holds for a while.

use std::ffi::c_void;
use std::rc::Rc;

/// What can be handed to C as a pointer, and taken back.
pub(super) trait Foreign: Sized {
    /// The pointer owns the value.
    fn into_foreign(self) -> *mut c_void;

    /// Takes the value back.
    ///
    /// # Safety
    /// `pointer` must come from [`Foreign::into_foreign`] of this type, and be taken back once.
    unsafe fn from_foreign(pointer: *mut c_void) -> Self;
}

impl<T> Foreign for Box<T> {
    fn into_foreign(self) -> *mut c_void {
        Self::into_raw(self).cast()
    }

    unsafe fn from_foreign(pointer: *mut c_void) -> Self {
        // SAFETY: the caller promises that `into_raw` gave it, and that nobody else takes it.
        unsafe { Self::from_raw(pointer.cast()) }
    }
}

impl<T> Foreign for Rc<T> {
    fn into_foreign(self) -> *mut c_void {
        Self::into_raw(self).cast_mut().cast()
    }

    unsafe fn from_foreign(pointer: *mut c_void) -> Self {
        // SAFETY: the caller promises that `into_raw` gave it, and that nobody else takes it.
        unsafe { Self::from_raw(pointer.cast()) }
    }
}
