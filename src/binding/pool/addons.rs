//! The processors of other addons, as their exports have them.

use crate::native::addon::{Addon, Unfit, Version, VERSION};
use async_hooks_rs_processor::abi::TYPE_TAG;
use napi::bindgen_prelude::Unknown;
use napi::{sys, Env, JsValue};
use napi_derive::napi;
use std::ptr::{self, NonNull};

/// What is known of the processors of another addon.
#[napi(object, object_from_js = false)]
pub(super) struct AddonProcessors {
    /// The version of the ABI that the addon was built for.
    pub version: String,
    /// The one of this addon.
    pub expected: String,
    /// The names of the processors, if the versions fit.
    pub names: Option<Vec<String>>,
}

/// Looks at what the exports of another addon have under the name of the ABI. `null` if that is not
/// what such an addon puts there.
#[napi(catch_unwind)]
pub(super) fn addon_processors(env: Env, addon: Unknown<'_>) -> Option<AddonProcessors> {
    // SAFETY: Node-API has just called this function with `env` and this value.
    let (version, names) = match unsafe { addon_of(env.raw(), addon.raw()) } {
        Ok(addon) => (VERSION, Some(addon.names())),
        Err(Unfit::Version(version)) => (version, None),
        Err(Unfit::Foreign) => return None,
    };
    Some(AddonProcessors {
        version: text_of(version),
        expected: text_of(VERSION),
        names,
    })
}

fn text_of(Version(major, minor): Version) -> String {
    format!("{major}.{minor}")
}

/// The processors of the addon whose exports have this value.
///
/// # Errors
/// The value is another one, or the addon is of another version.
///
/// # Safety
/// `env` must be the environment of the callback that is running on this thread, and `value` a live
/// handle of it.
pub(super) unsafe fn addon_of(env: sys::napi_env, value: sys::napi_value) -> Result<Addon, Unfit> {
    let [lower, upper] = TYPE_TAG;
    let tag = sys::napi_type_tag { lower, upper };
    let mut is_tagged = false;
    // Fails for what is no object.
    // SAFETY: `env` and `value` by the caller's promise; `is_tagged` is a place to write to.
    let status =
        unsafe { sys::napi_check_object_type_tag(env, value, &raw const tag, &raw mut is_tagged) };
    if status != sys::Status::napi_ok || !is_tagged {
        return Err(Unfit::Foreign);
    }
    let mut table = ptr::null_mut();
    // SAFETY: `env` and `value` by the caller's promise; `table` is a place to write to.
    let status = unsafe { sys::napi_unwrap(env, value, &raw mut table) };
    let table = NonNull::new(table).filter(|_| status == sys::Status::napi_ok);
    let table = table.ok_or(Unfit::Foreign)?;
    // SAFETY: JavaScript cannot tag an object, so an addon did, with the tag of the ABI. By its
    // rules the object wraps such a pointer.
    unsafe { Addon::new(table.cast()) }
}
