//! The few Node-API calls on values that the other files share, as checked functions.

use crate::error::Error;
use napi::sys::{self, Status};
use std::ffi::CStr;
use std::ptr;

/// Turns the status of a call into a `Result`. The error names the call.
pub(super) const fn check(status: sys::napi_status, function: &'static str) -> Result<(), Error> {
    if status == Status::napi_ok {
        Ok(())
    } else {
        Err(Error::NodeApi(function))
    }
}

/// JavaScript's `undefined`.
///
/// # Safety
/// `env` must be the environment of the callback that is running on this thread: it is live then,
/// and a handle scope is open.
pub(super) unsafe fn undefined(env: sys::napi_env) -> Result<sys::napi_value, Error> {
    let mut value = ptr::null_mut();
    // SAFETY: `env` is live as the caller must ensure, `value` is a place to write to.
    let status = unsafe { sys::napi_get_undefined(env, &raw mut value) };
    check(status, "napi_get_undefined")?;
    Ok(value)
}

/// A fresh empty object.
///
/// # Safety
/// As for [`undefined`].
pub(super) unsafe fn object(env: sys::napi_env) -> Result<sys::napi_value, Error> {
    let mut value = ptr::null_mut();
    // SAFETY: `env` is live as the caller must ensure, `value` is a place to write to.
    let status = unsafe { sys::napi_create_object(env, &raw mut value) };
    check(status, "napi_create_object")?;
    Ok(value)
}

/// `object[name]`.
///
/// # Safety
/// As for [`undefined`], and `object` must be a live handle of `env`.
pub(super) unsafe fn property(
    env: sys::napi_env,
    object: sys::napi_value,
    name: &CStr,
) -> Result<sys::napi_value, Error> {
    let mut value = ptr::null_mut();
    // SAFETY: `env` and `object` are live as the caller must ensure, `name` ends with a zero byte.
    let status =
        unsafe { sys::napi_get_named_property(env, object, name.as_ptr(), &raw mut value) };
    check(status, "napi_get_named_property")?;
    Ok(value)
}

/// The text of a short string: what is behind the first hundred characters is left out.
///
/// # Safety
/// As for [`undefined`], and `value` must be a live handle of `env`.
pub(super) unsafe fn short_text(
    env: sys::napi_env,
    value: sys::napi_value,
) -> Result<String, Error> {
    let mut bytes = [0_u8; 101];
    let mut length = 0;
    // SAFETY: `env` and `value` are live, as the caller must ensure. The buffer is as long as is
    // said, and `length` is a place to write to.
    let status = unsafe {
        sys::napi_get_value_string_latin1(
            env,
            value,
            bytes.as_mut_ptr().cast(),
            bytes.len(),
            &raw mut length,
        )
    };
    check(status, "napi_get_value_string_latin1")?;
    Ok(bytes[..length]
        .iter()
        .map(|&byte| char::from(byte))
        .collect())
}

/// The global object.
///
/// # Safety
/// As for [`undefined`].
pub(super) unsafe fn global(env: sys::napi_env) -> Result<sys::napi_value, Error> {
    let mut value = ptr::null_mut();
    // SAFETY: `env` is live, as the caller must ensure, and `value` is a place to write to.
    let status = unsafe { sys::napi_get_global(env, &raw mut value) };
    check(status, "napi_get_global")?;
    Ok(value)
}

/// The type of `value`.
///
/// # Safety
/// As for [`undefined`], and `value` must be a live handle of `env`.
pub(super) unsafe fn type_of(
    env: sys::napi_env,
    value: sys::napi_value,
) -> Result<sys::napi_valuetype, Error> {
    let mut kind = sys::ValueType::napi_undefined;
    // SAFETY: `env` and `value` are live as the caller must ensure.
    let status = unsafe { sys::napi_typeof(env, value, &raw mut kind) };
    check(status, "napi_typeof")?;
    Ok(kind)
}

/// `first === second`.
///
/// # Safety
/// As for [`undefined`], and both must be live handles of `env`.
pub(super) unsafe fn same(
    env: sys::napi_env,
    first: sys::napi_value,
    second: sys::napi_value,
) -> Result<bool, Error> {
    let mut result = false;
    // SAFETY: `env` and both values are live as the caller must ensure.
    let status = unsafe { sys::napi_strict_equals(env, first, second, &raw mut result) };
    check(status, "napi_strict_equals")?;
    Ok(result)
}

/// `function.call(undefined, ...arguments)`.
///
/// # Safety
/// As for [`undefined`], and `function` and `arguments` must be live handles of `env`.
pub(super) unsafe fn call(
    env: sys::napi_env,
    function: sys::napi_value,
    arguments: &[sys::napi_value],
) -> Result<sys::napi_value, Error> {
    // SAFETY: `env` is that of the running callback, as the caller must ensure.
    let receiver = unsafe { undefined(env) }?;
    let mut result = ptr::null_mut();
    // SAFETY: every handle is live as the caller must ensure; length and pointer are one slice's.
    let status = unsafe {
        sys::napi_call_function(
            env,
            receiver,
            function,
            arguments.len(),
            arguments.as_ptr(),
            &raw mut result,
        )
    };
    check(status, "napi_call_function")?;
    Ok(result)
}

/// A strong reference, so that `value` outlives the current handle scope.
///
/// # Safety
/// As for [`undefined`], and `value` must be a live handle to an object or function of `env`.
pub(super) unsafe fn reference(
    env: sys::napi_env,
    value: sys::napi_value,
) -> Result<sys::napi_ref, Error> {
    let mut reference = ptr::null_mut();
    // SAFETY: `env` and `value` are live as the caller must ensure.
    let status = unsafe { sys::napi_create_reference(env, value, 1, &raw mut reference) };
    check(status, "napi_create_reference")?;
    Ok(reference)
}

/// The value to which a strong reference refers.
///
/// # Safety
/// As for [`undefined`], and `reference` must be a strong reference of `env`, not yet deleted.
pub(super) unsafe fn dereference(
    env: sys::napi_env,
    reference: sys::napi_ref,
) -> Result<sys::napi_value, Error> {
    let mut value = ptr::null_mut();
    // SAFETY: `env` and `reference` are live as the caller must ensure.
    let status = unsafe { sys::napi_get_reference_value(env, reference, &raw mut value) };
    check(status, "napi_get_reference_value")?;
    Ok(value)
}

/// The memory that a view looks at.
pub(super) struct Bytes {
    pub(super) start: *mut u8,
    pub(super) length: usize,
    /// Its `ArrayBuffer` or `SharedArrayBuffer`, a handle of the running callback.
    pub(super) buffer: sys::napi_value,
    /// Whether that is a `SharedArrayBuffer`, which nobody can detach and other threads may have.
    pub(super) is_shared: bool,
}

/// The memory of `array`. None if it is no `Uint8Array`.
///
/// # Safety
/// As for [`undefined`], and `array` must be a live handle of `env`.
pub(super) unsafe fn bytes(
    env: sys::napi_env,
    array: sys::napi_value,
) -> Result<Option<Bytes>, Error> {
    let mut kind = 0;
    let mut length = 0;
    let mut start = ptr::null_mut();
    let mut buffer = ptr::null_mut();
    // SAFETY: `env` and `array` are live as the caller must ensure; what is not asked for is null.
    let status = unsafe {
        sys::napi_get_typedarray_info(
            env,
            array,
            &raw mut kind,
            &raw mut length,
            &raw mut start,
            &raw mut buffer,
            ptr::null_mut(),
        )
    };
    if status != Status::napi_ok || kind != sys::TypedarrayType::uint8_array {
        return Ok(None);
    }
    // SAFETY: `buffer` was made in the handle scope of the running callback.
    let is_shared = unsafe { is_shared(env, buffer) }?;
    Ok(Some(Bytes {
        start: start.cast(),
        length,
        buffer,
        is_shared,
    }))
}

/// The memory of `view`. None if it is no `DataView` of an `ArrayBuffer`.
///
/// # Safety
/// As for [`undefined`], and `view` must be a live handle of `env`.
pub(super) unsafe fn data(
    env: sys::napi_env,
    view: sys::napi_value,
) -> Result<Option<Bytes>, Error> {
    // Bun's napi_get_dataview_info takes any view.
    // SAFETY: `env` and `view` are live as the caller must ensure.
    if !unsafe { is_data_view(env, view) } {
        return Ok(None);
    }
    let mut length = 0;
    let mut start = ptr::null_mut();
    let mut buffer = ptr::null_mut();
    // SAFETY: `env` and `view` are live as the caller must ensure; what is not asked for is null.
    let status = unsafe {
        sys::napi_get_dataview_info(
            env,
            view,
            &raw mut length,
            &raw mut start,
            &raw mut buffer,
            ptr::null_mut(),
        )
    };
    check(status, "napi_get_dataview_info")?;
    // SAFETY: `buffer` was made in the handle scope of the running callback.
    let is_shared = unsafe { is_shared(env, buffer) }?;
    let memory = Bytes {
        start: start.cast(),
        length,
        buffer,
        is_shared,
    };
    Ok(Some(memory).filter(|memory| !memory.is_shared))
}

/// Whether the value is a typed array or a `DataView`.
///
/// # Safety
/// As for [`undefined`], and `value` must be a live handle of `env`.
pub(super) unsafe fn is_view(env: sys::napi_env, value: sys::napi_value) -> bool {
    let mut is_array = false;
    // SAFETY: `env` and `value` are live as the caller must ensure. Refused, it leaves false.
    let _ = unsafe { sys::napi_is_typedarray(env, value, &raw mut is_array) };
    // SAFETY: as above.
    is_array || unsafe { is_data_view(env, value) }
}

/// Whether the value is a `DataView`.
///
/// # Safety
/// As for [`is_view`].
unsafe fn is_data_view(env: sys::napi_env, value: sys::napi_value) -> bool {
    let mut is_view = false;
    // SAFETY: `env` and `value` are live as the caller must ensure. Refused, it leaves false.
    let _ = unsafe { sys::napi_is_dataview(env, value, &raw mut is_view) };
    is_view
}

/// Whether the buffer is a `SharedArrayBuffer`.
///
/// # Safety
/// As for [`undefined`], and `buffer` must be a live handle of `env` to a buffer of either kind.
unsafe fn is_shared(env: sys::napi_env, buffer: sys::napi_value) -> Result<bool, Error> {
    let mut is_array_buffer = false;
    // SAFETY: `env` and `buffer` are live as the caller must ensure.
    let status = unsafe { sys::napi_is_arraybuffer(env, buffer, &raw mut is_array_buffer) };
    check(status, "napi_is_arraybuffer")?;
    Ok(!is_array_buffer)
}
