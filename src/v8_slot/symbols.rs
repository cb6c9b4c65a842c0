//! V8's functions for its slot, as the headers of Node 20 to 26 declare them.

use crate::error::Error;
use crate::v8::{find, RawPointer};

/// The functions of one V8, all of them present.
#[derive(Debug, Clone, Copy)]
pub(super) struct Symbols {
    /// `static v8::Isolate* v8::Isolate::GetCurrent()`
    pub(super) current_isolate: unsafe extern "C" fn() -> RawPointer,
    /// `v8::Local<v8::Context> v8::Isolate::GetCurrentContext()`
    pub(super) current_context: unsafe extern "C" fn(RawPointer) -> RawPointer,
    /// `v8::Local<v8::Object> v8::Context::GetExtrasBindingObject()`
    pub(super) extras: unsafe extern "C" fn(RawPointer) -> RawPointer,
    /// `v8::Local<v8::Value> v8::Isolate::GetContinuationPreservedEmbedderData()`
    pub(super) get: unsafe extern "C" fn(RawPointer) -> RawPointer,
    /// `void v8::Isolate::SetContinuationPreservedEmbedderData(v8::Local<v8::Value>)`
    pub(super) set: unsafe extern "C" fn(RawPointer, RawPointer),
}

impl Symbols {
    /// Looks all functions up; the first one missing is the error.
    ///
    /// # Safety
    /// The host's V8 must be a known one, or export none of the functions.
    pub(super) unsafe fn resolve() -> Result<Self, Error> {
        Ok(Self {
            // SAFETY: the host's V8 is known, and its header declares this function `static
            // Isolate* GetCurrent()`.
            current_isolate: unsafe { find("_ZN2v87Isolate10GetCurrentEv") }?,
            // SAFETY: the known headers declare it `Local<Context> GetCurrentContext()`, a method
            // of Isolate: `this` is the first argument, and the Local comes back in a register.
            current_context: unsafe { find("_ZN2v87Isolate17GetCurrentContextEv") }?,
            // SAFETY: the known headers declare it `Local<Object> GetExtrasBindingObject()`, a
            // method of Context, whose `this` is what a `Local<Context>` holds.
            extras: unsafe { find("_ZN2v87Context22GetExtrasBindingObjectEv") }?,
            // SAFETY: the known headers declare it `Local<Value>
            // GetContinuationPreservedEmbedderData()`, a method of Isolate.
            get: unsafe { find("_ZN2v87Isolate36GetContinuationPreservedEmbedderDataEv") }?,
            // SAFETY: the known headers declare it `void
            // SetContinuationPreservedEmbedderData(Local<Value>)`, a method of Isolate.
            set: unsafe {
                find("_ZN2v87Isolate36SetContinuationPreservedEmbedderDataENS_5LocalINS_5ValueEEE")
            }?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Symbols;
    use crate::error::Error;

    #[test]
    fn a_host_without_v8_is_refused() {
        // The test binary is no JavaScript host, so the very first symbol is missing.
        // SAFETY: for the same reason none of the functions is exported.
        let error = unsafe { Symbols::resolve() }.expect_err("no V8 in a test binary");
        assert!(matches!(
            error,
            Error::SymbolMissing(_) | Error::UnsupportedPlatform
        ));
    }
}
