//! What the host says of itself.

use super::value::{global, property, short_text, type_of};
use crate::error::Error;
use napi::sys;
use std::ffi::CStr;

/// `process.versions.v8`
///
/// # Safety
/// `env` must be the environment of the callback that is running on this thread.
pub(super) unsafe fn v8_version(env: sys::napi_env) -> Result<String, Error> {
    // SAFETY: the caller's promise is `version_of`'s.
    let version = unsafe { version_of(env, c"v8") }?;
    // SAFETY: the value was made in this callback's handle scope.
    unsafe { short_text(env, version) }
}

/// Whether the host is Electron.
///
/// # Safety
/// As for [`v8_version`].
pub(super) unsafe fn is_electron(env: sys::napi_env) -> Result<bool, Error> {
    // SAFETY: the caller's promise is `version_of`'s.
    let version = unsafe { version_of(env, c"electron") }?;
    // SAFETY: the value was made in this callback's handle scope.
    Ok(unsafe { type_of(env, version) }? != sys::ValueType::napi_undefined)
}

/// `process.versions[name]`
///
/// # Safety
/// As for [`v8_version`].
unsafe fn version_of(env: sys::napi_env, name: &CStr) -> Result<sys::napi_value, Error> {
    // SAFETY: `env` is that of the running callback, as the caller must ensure.
    let mut value = unsafe { global(env) }?;
    for key in [c"process", c"versions", name] {
        // SAFETY: `value` was made in this callback's handle scope.
        value = unsafe { property(env, value, key) }?;
    }
    Ok(value)
}
