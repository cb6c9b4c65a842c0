//! V8's exported functions, looked up by their mangled names in the running process.
//!
//! The names follow the Itanium C++ ABI. `build.rs` names the platforms for which this is compiled:
//! there, `v8::Local<T>` is one pointer that travels in a register, as the function types below say.
//! Other platforms (MSVC, s390x, i386) may return it through a hidden pointer, so nothing is looked
//! up there.
//!
//! A mangled name tells a function's parameters, but neither its result nor whether it is static.
//! Both are taken from `v8-isolate.h` and `v8-context.h` of Node 20 to 26.

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
    #[cfg(v8_abi_proven)]
    pub(super) fn resolve() -> Result<Self, Error> {
        let process = libloading::os::unix::Library::this();
        Ok(Self {
            // SAFETY: the signature is V8's for this name (see the module's head).
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
    #[cfg(not(v8_abi_proven))]
    pub(super) fn resolve() -> Result<Self, Error> {
        Err(Error::UnsupportedPlatform)
    }
}

/// Looks one function up in everything the process has loaded.
///
/// # Safety
/// `F` must be a function pointer type with the signature of the function called `name`.
#[cfg(v8_abi_proven)]
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
