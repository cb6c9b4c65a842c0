//! V8's own accessors of the slot, handed to JavaScript once they have proved themselves.

use super::host::v8_version;
use super::throwable;
use super::value::{call, object, property, same, type_of, undefined};
use crate::error::Error;
use crate::v8_slot::{Handle, Slot};
use napi::bindgen_prelude::{FromNapiValue, Object};
use napi::{sys, Env};
use napi_derive::napi;
use std::ffi::CStr;

const GET: &CStr = c"getContinuationPreservedEmbedderData";
const SET: &CStr = c"setContinuationPreservedEmbedderData";

/// V8's extras object, which holds `getContinuationPreservedEmbedderData()` and
/// `setContinuationPreservedEmbedderData(value)`.
///
/// Before they are handed out, both are tried against V8's C++ functions: what one side writes, the
/// other must read. The slot's value is the same before and after the call.
///
/// # Errors
/// `ERR_NATIVE_V8_UNKNOWN`, `ERR_NATIVE_PLATFORM`, `ERR_NATIVE_SYMBOL_MISSING`,
/// `ERR_NATIVE_ACCESSOR_MISSING` or `ERR_NATIVE_SELF_TEST`; the caller then takes an engine that
/// needs no slot.
#[napi(
    catch_unwind,
    ts_return_type = "{ getContinuationPreservedEmbedderData(): unknown, setContinuationPreservedEmbedderData(value: unknown): void }"
)]
pub(crate) fn slot_accessors(env: &Env) -> napi::Result<Object<'_>, Error> {
    // SAFETY: Node-API has just called this function with `env`, on this thread.
    let extras = unsafe { proven_extras(env.raw()) }.map_err(|error| throwable(env, error))?;
    // SAFETY: `extras` is of the handle scope of this call, which `env` is borrowed for.
    unsafe { Object::from_napi_value(env.raw(), extras) }
        .map_err(|_| throwable(env, Error::NodeApi("napi_typeof")))
}

/// The slot of the host, whose V8 is known.
///
/// # Errors
/// Those of [`Slot::resolve`].
///
/// # Safety
/// `env` must be the environment of the callback that is running on this thread.
unsafe fn host_slot(env: sys::napi_env) -> Result<Slot, Error> {
    // SAFETY: `env` is that of the running callback, as the caller must ensure.
    let version = unsafe { v8_version(env) }?;
    // SAFETY: that is what the host says in `process.versions.v8`.
    unsafe { Slot::resolve(&version) }
}

/// The extras object, after the self-test.
///
/// # Safety
/// `env` must be the environment of the callback that is running on this thread.
unsafe fn proven_extras(env: sys::napi_env) -> Result<sys::napi_value, Error> {
    // SAFETY: `env` is that of the running callback, as the caller must ensure.
    let slot = unsafe { host_slot(env) }?;
    // SAFETY: a Node-API callback is running on this thread, and the handle is used within it.
    let extras = unsafe { slot.extras() }.ok_or(Error::SelfTestFailed("no extras object"))?;
    let extras: sys::napi_value = extras.as_ptr().cast();
    // SAFETY: `extras` was made in this callback's handle scope.
    let get = unsafe { function(env, extras, GET, "getContinuationPreservedEmbedderData") }?;
    // SAFETY: `extras` was made in this callback's handle scope.
    let set = unsafe { function(env, extras, SET, "setContinuationPreservedEmbedderData") }?;
    // SAFETY: a Node-API callback is running on this thread, and the handle is used within it.
    let before = unsafe { slot.get() }.ok_or(Error::SelfTestFailed("empty handle"))?;
    // SAFETY: `get` and `set` are functions of `env`, live in this callback's handle scope.
    let outcome = unsafe { round_trip(env, slot, get, set) };
    // SAFETY: `before` was read in this callback's handle scope, from the same isolate.
    unsafe { slot.set(before) };
    outcome.map(|()| extras)
}

/// `extras[name]`, which must be a function.
///
/// # Safety
/// As for [`proven_extras`], and `extras` must be a live handle of `env`.
unsafe fn function(
    env: sys::napi_env,
    extras: sys::napi_value,
    key: &CStr,
    name: &'static str,
) -> Result<sys::napi_value, Error> {
    // SAFETY: `env` is that of the running callback and `extras` live in it, as the caller must
    // ensure.
    let value = unsafe { property(env, extras, key) }?;
    // SAFETY: `value` was made in this callback's handle scope.
    if unsafe { type_of(env, value) }? == sys::ValueType::napi_function {
        Ok(value)
    } else {
        Err(Error::AccessorMissing(name))
    }
}

/// Writes with each side, reads with the other.
///
/// # Safety
/// As for [`proven_extras`], and `get` and `set` must be live function handles of `env`.
unsafe fn round_trip(
    env: sys::napi_env,
    slot: Slot,
    get: sys::napi_value,
    set: sys::napi_value,
) -> Result<(), Error> {
    // SAFETY: `env` is that of the running callback, as the caller must ensure.
    let written_by_js = unsafe { object(env) }?;
    // SAFETY: `env` is that of the running callback, as the caller must ensure.
    let written_by_rust = unsafe { object(env) }?;
    // SAFETY: `env` is that of the running callback, as the caller must ensure.
    let nothing = unsafe { undefined(env) }?;
    // SAFETY: `set` and the marker are live handles of `env`.
    unsafe { call(env, set, &[written_by_js]) }?;
    // SAFETY: a Node-API callback is running on this thread.
    let read = unsafe { slot.get() }.ok_or(Error::SelfTestFailed("empty handle"))?;
    // SAFETY: both are live handles of `env`.
    if !unsafe { same(env, read.as_ptr().cast(), written_by_js) }? {
        return Err(Error::SelfTestFailed(
            "V8 did not read what JavaScript wrote",
        ));
    }
    for value in [written_by_rust, nothing] {
        let handle = Handle::new(value.cast()).ok_or(Error::SelfTestFailed("empty handle"))?;
        // SAFETY: `handle` is live and of the isolate that runs on this thread.
        unsafe { slot.set(handle) };
        // SAFETY: `get` is a live function handle of `env`.
        let read = unsafe { call(env, get, &[]) }?;
        // SAFETY: both are live handles of `env`.
        if !unsafe { same(env, read, value) }? {
            return Err(Error::SelfTestFailed(
                "JavaScript did not read what V8 wrote",
            ));
        }
    }
    Ok(())
}
