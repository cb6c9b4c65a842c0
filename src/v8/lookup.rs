//! V8's exported functions, by their mangled names.
//!
//! The names follow the Itanium C++ ABI. `build.rs` names the platforms for which this is compiled:
//! there, `v8::Local<T>` is one pointer that travels in a register. Other platforms (MSVC, s390x,
//! i386) may return it through a hidden pointer, so nothing is looked up there.
//!
//! A mangled name tells a function's parameters, but neither its result nor whether it is static.
//! Whoever looks one up has read both in the headers of Node 20 to 26, so functions are called only
//! where `version.rs` knows the V8.

use crate::error::Error;
use std::ffi::c_void;

/// A `v8::Isolate*`, `v8::Local<v8::Context>` or `v8::Local<v8::Value>` as the ABI passes it.
pub(crate) type RawPointer = *mut c_void;

/// Looks one function up in everything the process has loaded for all to see: the executable, the
/// libraries it is linked with (libnode may be one), and those that were preloaded.
///
/// # Errors
/// [`Error::SymbolMissing`], or [`Error::UnsupportedPlatform`] where the signatures are not proven
/// for the C++ ABI.
///
/// # Safety
/// `F` must be a function pointer type with the signature of the function called `name`, if the
/// process has it.
pub(crate) unsafe fn find<F: Copy>(name: &'static str) -> Result<F, Error> {
    #[cfg(v8_abi_proven)]
    {
        let process = libloading::os::unix::Library::this();
        // SAFETY: `F` has the function's signature, which the caller must ensure. The pointer stays
        // valid without `process`: the executable, what it is linked with and what was preloaded
        // stay mapped until the process ends. A library that was loaded later is searched only if
        // it was loaded with RTLD_GLOBAL, which Node does not do with addons.
        let symbol = unsafe { process.get::<F>(name) }.map_err(|_| Error::SymbolMissing(name))?;
        Ok(*symbol)
    }
    #[cfg(not(v8_abi_proven))]
    {
        let _ = name;
        Err(Error::UnsupportedPlatform)
    }
}

#[cfg(test)]
mod tests {
    use super::find;
    use crate::error::Error;

    #[test]
    fn what_the_host_does_not_export_is_refused() {
        // SAFETY: there is no function of this name.
        let found = unsafe { find::<unsafe extern "C" fn()>("_ZN2v87NothingEv") };
        assert!(matches!(
            found,
            Err(Error::SymbolMissing(_) | Error::UnsupportedPlatform)
        ));
    }
}
