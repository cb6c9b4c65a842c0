//! JavaScript functions that call straight into Rust.
//!
//! What is called for every task or batch of tasks is made here: a method that the derive macro
//! generates takes 270 to 390 ns per call, such a function 20 to 50 ns.

use crate::binding::value::check;
use crate::error::Error;
use napi::sys;
use std::ffi::{c_void, CStr};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::ptr;
use std::rc::Rc;

/// A function of Rust as Node-API calls it.
type Callback = unsafe extern "C" fn(sys::napi_env, sys::napi_callback_info) -> sys::napi_value;

/// Sets `object[name]` to a function that gets at `data` with [`call_of`].
///
/// # Safety
/// `env` must be the environment of the callback that is running on this thread, `object` a live
/// handle of it, and `callback` must ask for data of type `T`.
pub(super) unsafe fn define<T>(
    env: sys::napi_env,
    object: sys::napi_value,
    name: &CStr,
    data: &Rc<T>,
    callback: Callback,
) -> Result<(), Error> {
    let length = name.count_bytes().cast_signed();
    let owned = Rc::into_raw(Rc::clone(data)).cast_mut();
    let mut function = ptr::null_mut();
    // SAFETY: `env` is live by the caller's promise; the length is the name's own.
    let status = unsafe {
        sys::napi_create_function(
            env,
            name.as_ptr(),
            length,
            Some(callback),
            owned.cast(),
            &raw mut function,
        )
    };
    let status = if status == sys::Status::napi_ok {
        // SAFETY: `function` was made in this callback's scope; `drop_data` gets what it expects.
        unsafe {
            sys::napi_add_finalizer(
                env,
                function,
                owned.cast(),
                Some(drop_data::<T>),
                ptr::null_mut(),
                ptr::null_mut(),
            )
        }
    } else {
        status
    };
    if status != sys::Status::napi_ok {
        // SAFETY: nobody else took it: there is no finalizer, and no function that is reachable.
        drop(unsafe { Rc::from_raw(owned) });
    }
    check(status, "napi_create_function")?;
    // SAFETY: all handles are live.
    let status = unsafe { sys::napi_set_named_property(env, object, name.as_ptr(), function) };
    check(status, "napi_set_named_property")
}

/// # Safety
/// Called by Node-API only, once, with the pointer given to `napi_add_finalizer`.
unsafe extern "C" fn drop_data<T>(_env: sys::napi_env, data: *mut c_void, _hint: *mut c_void) {
    // SAFETY: `data` comes from `Rc::into_raw` in `define`, with the same `T`.
    drop(unsafe { Rc::from_raw(data.cast::<T>()) });
}

/// The data and the arguments of a running call. Missing arguments are `undefined`.
///
/// # Safety
/// `env` and `info` must be those of the running call, to a function [`define`]d with data of type
/// `T`.
pub(super) unsafe fn call_of<'call, T, const N: usize>(
    env: sys::napi_env,
    info: sys::napi_callback_info,
) -> Option<(&'call T, [sys::napi_value; N])> {
    let mut arguments = [ptr::null_mut(); N];
    let mut count = N;
    let mut data = ptr::null_mut();
    // SAFETY: `env` and `info` are live by the caller's promise; `arguments` has room for `count`.
    let status = unsafe {
        sys::napi_get_cb_info(
            env,
            info,
            &raw mut count,
            arguments.as_mut_ptr(),
            ptr::null_mut(),
            &raw mut data,
        )
    };
    if status != sys::Status::napi_ok {
        return None;
    }
    // SAFETY: `data` was made in `define` with this `T`, and the function, which is running, owns it.
    let data = unsafe { data.cast::<T>().as_ref() }?;
    Some((data, arguments))
}

/// A number among the arguments; 0 if it is none.
///
/// # Safety
/// `env` must be the environment of the callback that is running on this thread, `value` a live
/// handle of it.
pub(super) unsafe fn number(env: sys::napi_env, value: sys::napi_value) -> u32 {
    let mut number = 0;
    // SAFETY: by the caller's promise. What is no number leaves it at 0.
    let _ = unsafe { sys::napi_get_value_uint32(env, value, &raw mut number) };
    number
}

/// A number as a result; null, which is `undefined`, if it cannot be made.
///
/// # Safety
/// `env` must be the environment of the callback that is running on this thread.
pub(super) unsafe fn result(env: sys::napi_env, number: u32) -> sys::napi_value {
    let mut value = ptr::null_mut();
    // SAFETY: by the caller's promise.
    let _ = unsafe { sys::napi_create_uint32(env, number, &raw mut value) };
    value
}

/// Runs the body of a callback. A panic, which must not reach C, is a bug of this crate and becomes
/// `undefined`.
pub(super) fn guarded(body: impl FnOnce() -> Option<sys::napi_value>) -> sys::napi_value {
    // Whatever state it left is used no further than by calls that bear any state.
    catch_unwind(AssertUnwindSafe(body))
        .ok()
        .flatten()
        .unwrap_or(ptr::null_mut())
}
