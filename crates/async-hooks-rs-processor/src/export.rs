//! How the exports of an addon get its processors.

use crate::{abi, Processors};
use napi::bindgen_prelude::{retain_current_module_for_unload_safety, Object};
use napi::{sys, Env, Error, JsValue, Result, Status};
use std::ptr;

impl Processors {
    /// Puts the processors into the exports of the addon, where a `WorkerPool` finds them. To be
    /// called when the addon is loaded.
    ///
    /// # Errors
    /// A call of Node-API failed: the environment is ending.
    pub fn export(&'static self, env: &Env, exports: &Object<'_>) -> Result<()> {
        // SAFETY: napi-rs hands out both on the thread of the environment, while a callback of it
        // runs.
        let outcome = unsafe { self.export_raw(env.raw(), exports.value().value) };
        outcome.map_err(|status| {
            let reason = "the processors cannot be put into the exports".to_owned();
            Error::new(Status::from(status), reason)
        })
    }

    /// The same for an addon that uses Node-API without napi-rs.
    ///
    /// # Errors
    /// The status of the call that failed.
    ///
    /// # Safety
    /// `env` must be the environment of the callback that is running on this thread, and `exports` a
    /// live handle of an object of it.
    pub unsafe fn export_raw(
        &'static self,
        env: sys::napi_env,
        exports: sys::napi_value,
    ) -> std::result::Result<(), sys::napi_status> {
        // Threads of a pool may run this code when the environment that loaded it has ended.
        retain_current_module_for_unload_safety();
        let mut object = ptr::null_mut();
        // SAFETY: `env` by the caller's promise; `object` is a place to write to.
        check(unsafe { sys::napi_create_object(env, &raw mut object) })?;
        let table = ptr::from_ref(self.table()).cast_mut().cast();
        // SAFETY: `env` by the caller's promise, `object` was made in it just now. Nothing is freed
        // with it: the table is a static, and only read.
        check(unsafe {
            sys::napi_wrap(env, object, table, None, ptr::null_mut(), ptr::null_mut())
        })?;
        let [lower, upper] = abi::TYPE_TAG;
        let tag = sys::napi_type_tag { lower, upper };
        // SAFETY: as above; the tag is copied.
        check(unsafe { sys::napi_type_tag_object(env, object, &raw const tag) })?;
        let name = abi::EXPORT.as_ptr();
        // SAFETY: `env` and `exports` by the caller's promise; the name ends with a zero byte.
        check(unsafe { sys::napi_set_named_property(env, exports, name, object) })
    }
}

const fn check(status: sys::napi_status) -> std::result::Result<(), sys::napi_status> {
    if status == sys::Status::napi_ok {
        Ok(())
    } else {
        Err(status)
    }
}
