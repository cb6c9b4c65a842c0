//! The slot of the isolate that runs on this thread.

use super::symbols::Symbols;
use crate::error::Error;
use crate::v8::require_known;
use std::ffi::c_void;
use std::ptr::NonNull;
use std::sync::OnceLock;

/// A `v8::Local<v8::Value>`: one word, the same as a `napi_value`. It must not outlive the handle
/// scope in which it was made.
pub(crate) type Handle = NonNull<c_void>;

/// V8's continuation slot, with the functions that reach it.
///
/// The functions are the host's, so they serve the whole process. Each call looks the isolate up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slot {
    symbols: Symbols,
}

impl Slot {
    /// Finds the slot's functions in the host, whose V8 has this version. The look-up is made once
    /// per process.
    ///
    /// # Errors
    /// [`Error::V8Unknown`], [`Error::UnsupportedPlatform`] or [`Error::SymbolMissing`].
    ///
    /// # Safety
    /// `v8_version` must be what the host says in `process.versions.v8`.
    pub(crate) unsafe fn resolve(v8_version: &str) -> Result<Self, Error> {
        static SYMBOLS: OnceLock<Result<Symbols, Error>> = OnceLock::new();
        require_known(v8_version)?;
        // SAFETY: the host's V8 is one of the known ones.
        let symbols = (*SYMBOLS.get_or_init(|| unsafe { Symbols::resolve() }))?;
        Ok(Self { symbols })
    }

    /// The isolate that this thread has entered. `None` if it belongs to another V8 than the one
    /// that was found: a process may hold two.
    ///
    /// # Safety
    /// The calling thread must be inside a call from JavaScript or a Node-API callback.
    unsafe fn isolate(&self) -> Option<NonNull<c_void>> {
        // SAFETY: `GetCurrent` takes nothing and reads a thread-local variable of its V8, so it may
        // be called on any thread.
        NonNull::new(unsafe { (self.symbols.current_isolate)() })
    }

    /// The value in the slot. `None` if there is no slot to read.
    ///
    /// # Safety
    /// The calling thread must be inside a call from JavaScript or a Node-API callback (an isolate
    /// is entered, a handle scope is open), and the handle must not be used after it.
    #[must_use]
    pub(crate) unsafe fn get(&self) -> Option<Handle> {
        // SAFETY: the thread is inside a call from JavaScript or a Node-API callback.
        let isolate = unsafe { self.isolate() }?;
        // SAFETY: `isolate` is the one entered on this thread, and a handle scope is open, which
        // the returned handle becomes part of.
        Handle::new(unsafe { (self.symbols.get)(isolate.as_ptr()) })
    }

    /// Puts `value` into the slot, if there is one.
    ///
    /// # Safety
    /// As for [`Slot::get`], and `value` must be a live handle of the same isolate.
    pub(crate) unsafe fn set(&self, value: Handle) {
        // SAFETY: the thread is inside a call from JavaScript or a Node-API callback.
        if let Some(isolate) = unsafe { self.isolate() } {
            // SAFETY: `isolate` is the one entered on this thread, `value` is live in it.
            unsafe { (self.symbols.set)(isolate.as_ptr(), value.as_ptr()) }
        }
    }

    /// V8's extras object of the current context. It has JavaScript accessors of the slot, which
    /// the optimizing compiler inlines.
    ///
    /// # Safety
    /// As for [`Slot::get`]; a context must be entered, which Node-API guarantees.
    #[must_use]
    pub(crate) unsafe fn extras(&self) -> Option<Handle> {
        // SAFETY: the thread is inside a call from JavaScript or a Node-API callback.
        let isolate = unsafe { self.isolate() }?;
        // SAFETY: `isolate` is the one entered on this thread, and it has entered a context.
        let context = unsafe { (self.symbols.current_context)(isolate.as_ptr()) };
        if context.is_null() {
            return None;
        }
        // SAFETY: `context` is a handle that was made above, in the handle scope that is still
        // open.
        Handle::new(unsafe { (self.symbols.extras)(context) })
    }
}
