//! V8's exported functions, looked up by their mangled names in the running process.
//!
//! The names follow the Itanium C++ ABI. `build.rs` names the platforms for which this is compiled:
//! there, `v8::Local<T>` is one pointer that travels in a register, as the function types below
//! say. Other platforms (MSVC, s390x, i386) may return it through a hidden pointer, so nothing is
//! looked up there.
//!
//! A mangled name tells a function's parameters, but neither its result nor whether it is static.
//! Both were read in `v8-isolate.h` and `v8-context.h` of Node 20 to 26, so the functions are
//! looked up only where `version.rs` knows the V8.

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
    ///
    /// # Safety
    /// The host must be known to `version.rs`, or export none of the functions.
    #[cfg(v8_abi_proven)]
    pub(super) unsafe fn resolve() -> Result<Self, Error> {
        let process = libloading::os::unix::Library::this();
        Ok(Self {
            // SAFETY: the host's V8 is known, and its header declares this function `static
            // Isolate* GetCurrent()`.
            current_isolate: unsafe { find(&process, "_ZN2v87Isolate10GetCurrentEv") }?,
            // SAFETY: the known headers declare it `Local<Context> GetCurrentContext()`, a method
            // of Isolate: `this` is the first argument, and the Local comes back in a register.
            current_context: unsafe { find(&process, "_ZN2v87Isolate17GetCurrentContextEv") }?,
            // SAFETY: the known headers declare it `Local<Object> GetExtrasBindingObject()`, a
            // method of Context, whose `this` is what a `Local<Context>` holds.
            extras: unsafe { find(&process, "_ZN2v87Context22GetExtrasBindingObjectEv") }?,
            // SAFETY: the known headers declare it `Local<Value>
            // GetContinuationPreservedEmbedderData()`, a method of Isolate.
            get: unsafe {
                find(
                    &process,
                    "_ZN2v87Isolate36GetContinuationPreservedEmbedderDataEv",
                )
            }?,
            // SAFETY: the known headers declare it `void
            // SetContinuationPreservedEmbedderData(Local<Value>)`, a method of Isolate.
            set: unsafe {
                find(
                    &process,
                    "_ZN2v87Isolate36SetContinuationPreservedEmbedderDataENS_5LocalINS_5ValueEEE",
                )
            }?,
        })
    }

    /// Refuses: the signatures above are not proven for this platform's C++ ABI.
    ///
    /// # Safety
    /// Any host will do.
    #[cfg(not(v8_abi_proven))]
    pub(super) unsafe fn resolve() -> Result<Self, Error> {
        Err(Error::UnsupportedPlatform)
    }
}

/// Looks one function up in everything the process has loaded for all to see: the executable, the
/// libraries it is linked with (libnode may be one), and those that were preloaded.
///
/// # Safety
/// `F` must be a function pointer type with the signature of the function called `name`.
#[cfg(v8_abi_proven)]
unsafe fn find<F: Copy>(
    process: &libloading::os::unix::Library,
    name: &'static str,
) -> Result<F, Error> {
    // SAFETY: `F` has the function's signature, which the caller must ensure. The pointer stays
    // valid without `process`: the executable, what it is linked with and what was preloaded stay
    // mapped until the process ends. A library that was loaded later is searched only if it was
    // loaded with RTLD_GLOBAL, which Node does not do with addons.
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
        // SAFETY: for the same reason none of the functions is exported.
        let error = unsafe { Symbols::resolve() }.expect_err("no V8 in a test binary");
        assert!(matches!(
            error,
            Error::SymbolMissing(_) | Error::UnsupportedPlatform
        ));
    }
}
