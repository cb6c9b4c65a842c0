//! V8's exported functions, looked up by their mangled names in the running process.
//!
//! The names follow the Itanium C++ ABI, used by every compiler Node is built with on Unix. There
//! `v8::Local<T>` is one pointer, passed and returned in a register, which is what the function
//! types in this file say. MSVC mangles otherwise and returns `v8::Local` through a hidden pointer,
//! so on Windows nothing is looked up.

use crate::error::Error;
use std::ffi::c_void;

/// A `v8::Isolate*`, `v8::Local<v8::Context>` or `v8::Local<v8::Value>` as the ABI passes it.
pub(super) type RawPointer = *mut c_void;

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
    #[cfg(all(unix, not(target_family = "wasm")))]
    pub(super) fn resolve() -> Result<Self, Error> {
        let process = libloading::os::unix::Library::this();
        Ok(Self {
            // SAFETY: the mangled name encodes exactly this signature (see the module's head).
            current_isolate: unsafe { find(&process, "_ZN2v87Isolate10GetCurrentEv") }?,
            // SAFETY: as above.
            current_context: unsafe { find(&process, "_ZN2v87Isolate17GetCurrentContextEv") }?,
            // SAFETY: as above.
            extras: unsafe { find(&process, "_ZN2v87Context22GetExtrasBindingObjectEv") }?,
            // SAFETY: as above.
            get: unsafe {
                find(
                    &process,
                    "_ZN2v87Isolate36GetContinuationPreservedEmbedderDataEv",
                )
            }?,
            // SAFETY: as above.
            set: unsafe {
                find(
                    &process,
                    "_ZN2v87Isolate36SetContinuationPreservedEmbedderDataENS_5LocalINS_5ValueEEE",
                )
            }?,
        })
    }

    /// Refuses: the signatures above are not proven for this platform's C++ ABI.
    #[cfg(not(all(unix, not(target_family = "wasm"))))]
    pub(super) fn resolve() -> Result<Self, Error> {
        Err(Error::UnsupportedPlatform)
    }
}

/// Looks one function up in everything the process has loaded.
///
/// # Safety
/// `F` must be a function pointer type whose signature is the one encoded in `name`.
#[cfg(all(unix, not(target_family = "wasm")))]
unsafe fn find<F: Copy>(
    process: &libloading::os::unix::Library,
    name: &'static str,
) -> Result<F, Error> {
    // SAFETY: the caller vouches for `F`; the pointer outlives `process` because it points into the
    // host executable, which is never unloaded.
    let symbol = unsafe { process.get::<F>(name) }.map_err(|_| Error::SymbolMissing(name))?;
    Ok(*symbol)
}

#[cfg(test)]
mod tests {
    use super::Symbols;
    use crate::error::Error;

    #[test]
    fn a_host_without_v8_is_refused() {
        // The test binary is no JavaScript host, so the very first symbol is missing.
        let error = Symbols::resolve().expect_err("no V8 in a test binary");
        assert!(matches!(
            error,
            Error::SymbolMissing(_) | Error::UnsupportedPlatform
        ));
    }
}
