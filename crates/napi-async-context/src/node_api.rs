//! The functions of Node-API that the crate calls, with their status as a `Result`. All of them are
//! documented by Node and stable since Node-API 5.

use napi::bindgen_prelude::Unknown;
use napi::{sys, Env, Error, Status};
use std::ffi::{c_void, CStr};
use std::marker::PhantomData;
use std::ptr;

/// A result, or the status that says why there is none. With `napi_pending_exception` the exception
/// is still pending.
pub(crate) type Attempt<T> = Result<T, sys::napi_status>;

/// Calls a function of Node-API with the environment, the arguments, and a place for its result.
macro_rules! call {
    ($js:expr, $function:ident($($argument:expr),*)) => {{
        let mut result = ptr::null_mut();
        match sys::$function($js.env, $($argument,)* &raw mut result) {
            sys::Status::napi_ok => Ok(result),
            status => Err(status),
        }
    }};
}

/// A proof that this is the JavaScript thread of an environment that has not ended.
///
/// The unsafe methods have one contract: every handle, reference, context or deferred that is
/// passed was made in this environment and is alive. The safe ones take none.
#[derive(Clone, Copy)]
pub(crate) struct Js<'env> {
    env: sys::napi_env,
    _env: PhantomData<&'env Env>,
}

impl<'env> Js<'env> {
    /// napi-rs hands out an `Env` on its thread only, it cannot be sent, and every safe method of
    /// it relies on both; so does this one.
    pub(crate) fn of(env: &'env Env) -> Self {
        Self {
            env: env.raw(),
            _env: PhantomData,
        }
    }

    pub(crate) const fn raw(self) -> sys::napi_env {
        self.env
    }

    /// The error for a failed attempt, with the exception if one is pending, which it is no more.
    /// JavaScript may throw anything: no code of it runs here, and nothing else is pending.
    pub(crate) fn error(self, status: sys::napi_status, call: &str) -> Error {
        if status == sys::Status::napi_pending_exception {
            if let Some(exception) = self.take_exception() {
                // SAFETY: the handle was made in this environment, just now.
                let thrown = unsafe { Unknown::from_raw_unchecked(self.env, exception) };
                return Error::from_unknown_without_coercion(thrown);
            }
        }
        Error::new(Status::from(status), format!("{call} failed"))
    }

    /// The exception that is pending, which is then pending no more.
    pub(crate) fn take_exception(self) -> Option<sys::napi_value> {
        let mut pending = false;
        // SAFETY: `env` is alive, and this is its thread: what `Js` stands for.
        let status = unsafe { sys::napi_is_exception_pending(self.env, &raw mut pending) };
        if status != sys::Status::napi_ok || !pending {
            return None;
        }
        // SAFETY: as above.
        unsafe { call!(self, napi_get_and_clear_last_exception()) }.ok()
    }

    pub(crate) fn global(self) -> Attempt<sys::napi_value> {
        // SAFETY: `env` is alive, and this is its thread: what `Js` stands for.
        unsafe { call!(self, napi_get_global()) }
    }

    pub(crate) fn object(self) -> Attempt<sys::napi_value> {
        // SAFETY: `env` is alive, and this is its thread: what `Js` stands for.
        unsafe { call!(self, napi_create_object()) }
    }

    /// `text` is ASCII.
    pub(crate) fn string(self, text: &CStr) -> Attempt<sys::napi_value> {
        let length = text.count_bytes().cast_signed();
        // SAFETY: as above; the pointer and the length are those of `text`.
        unsafe { call!(self, napi_create_string_latin1(text.as_ptr(), length)) }
    }

    /// A function that calls `callback`, with no data.
    pub(crate) fn function(
        self,
        name: &CStr,
        callback: unsafe extern "C" fn(sys::napi_env, sys::napi_callback_info) -> sys::napi_value,
    ) -> Attempt<sys::napi_value> {
        let length = name.count_bytes().cast_signed();
        let data = ptr::null_mut();
        // SAFETY: as above; `callback` has the type that Node-API asks for.
        unsafe {
            call!(
                self,
                napi_create_function(name.as_ptr(), length, Some(callback), data)
            )
        }
    }

    /// A deferred, and its promise.
    pub(crate) fn promise(self) -> Attempt<(sys::napi_deferred, sys::napi_value)> {
        let mut deferred = ptr::null_mut();
        // SAFETY: `env` is alive, and this is its thread: what `Js` stands for.
        let promise = unsafe { call!(self, napi_create_promise(&raw mut deferred)) }?;
        Ok((deferred, promise))
    }

    /// # Safety
    /// See [`Js`].
    pub(crate) unsafe fn is_function(self, value: sys::napi_value) -> bool {
        let mut kind = sys::ValueType::napi_undefined;
        // SAFETY: the caller's.
        let status = unsafe { sys::napi_typeof(self.env, value, &raw mut kind) };
        status == sys::Status::napi_ok && kind == sys::ValueType::napi_function
    }

    /// # Safety
    /// See [`Js`].
    pub(crate) unsafe fn same(self, a: sys::napi_value, b: sys::napi_value) -> bool {
        let mut same = false;
        // SAFETY: the caller's.
        let status = unsafe { sys::napi_strict_equals(self.env, a, b, &raw mut same) };
        status == sys::Status::napi_ok && same
    }

    /// # Safety
    /// See [`Js`].
    pub(crate) unsafe fn get(
        self,
        object: sys::napi_value,
        key: &CStr,
    ) -> Attempt<sys::napi_value> {
        // SAFETY: the caller's.
        unsafe { call!(self, napi_get_named_property(object, key.as_ptr())) }
    }

    /// # Safety
    /// See [`Js`].
    pub(crate) unsafe fn construct(self, class: sys::napi_value) -> Attempt<sys::napi_value> {
        // SAFETY: the caller's; no argument is read.
        unsafe { call!(self, napi_new_instance(class, 0, ptr::null())) }
    }

    /// # Safety
    /// See [`Js`].
    pub(crate) unsafe fn call(
        self,
        receiver: sys::napi_value,
        function: sys::napi_value,
        arguments: &[sys::napi_value],
    ) -> Attempt<sys::napi_value> {
        let (count, first) = (arguments.len(), arguments.as_ptr());
        // SAFETY: the caller's.
        unsafe { call!(self, napi_call_function(receiver, function, count, first)) }
    }

    /// A strong reference.
    ///
    /// # Safety
    /// See [`Js`].
    pub(crate) unsafe fn reference(self, value: sys::napi_value) -> Attempt<sys::napi_ref> {
        // SAFETY: the caller's.
        unsafe { call!(self, napi_create_reference(value, 1)) }
    }

    /// # Safety
    /// See [`Js`].
    pub(crate) unsafe fn value(self, reference: sys::napi_ref) -> Attempt<sys::napi_value> {
        // SAFETY: the caller's.
        unsafe { call!(self, napi_get_reference_value(reference)) }
    }

    /// # Safety
    /// See [`Js`]. The reference is not used afterwards.
    pub(crate) unsafe fn delete(self, reference: sys::napi_ref) {
        // SAFETY: the caller's. It only fails for an argument that is null.
        unsafe { sys::napi_delete_reference(self.env, reference) };
    }

    /// A context whose resource Node makes and holds. Only weakly would it hold one of ours, and on
    /// Node 20 and 22 the stores are properties of the resource.
    ///
    /// # Safety
    /// See [`Js`].
    pub(crate) unsafe fn async_init(
        self,
        name: sys::napi_value,
    ) -> Attempt<sys::napi_async_context> {
        let resource = ptr::null_mut();
        // SAFETY: the caller's.
        unsafe { call!(self, napi_async_init(resource, name)) }
    }

    /// # Safety
    /// See [`Js`]. The context is not used afterwards.
    pub(crate) unsafe fn async_destroy(self, context: sys::napi_async_context) {
        // SAFETY: the caller's. It only fails for an argument that is null.
        unsafe { sys::napi_async_destroy(self.env, context) };
    }

    /// # Safety
    /// See [`Js`].
    pub(crate) unsafe fn make_callback(
        self,
        context: sys::napi_async_context,
        receiver: sys::napi_value,
        function: sys::napi_value,
        arguments: &[sys::napi_value],
    ) -> Attempt<sys::napi_value> {
        let (count, first) = (arguments.len(), arguments.as_ptr());
        // SAFETY: the caller's.
        unsafe {
            call!(
                self,
                napi_make_callback(context, receiver, function, count, first)
            )
        }
    }

    /// Gives the error to 'uncaughtException', and ends the process if nobody listens.
    ///
    /// # Safety
    /// See [`Js`].
    pub(crate) unsafe fn fatal_exception(self, error: sys::napi_value) {
        // SAFETY: the caller's. If it fails, the environment is ending, and nobody listens.
        unsafe { sys::napi_fatal_exception(self.env, error) };
    }

    /// # Safety
    /// See [`Js`]. The deferred is not used afterwards.
    pub(crate) unsafe fn resolve(self, deferred: sys::napi_deferred, value: sys::napi_value) {
        // SAFETY: the caller's. If it fails, the environment is ending, and nobody waits.
        unsafe { sys::napi_resolve_deferred(self.env, deferred, value) };
    }

    /// # Safety
    /// See [`Js`]. The deferred is not used afterwards.
    pub(crate) unsafe fn reject(self, deferred: sys::napi_deferred, error: sys::napi_value) {
        // SAFETY: the caller's. If it fails, the environment is ending, and nobody waits.
        unsafe { sys::napi_reject_deferred(self.env, deferred, error) };
    }

    /// Calls `hook` with the environment when it ends, on this thread, unless it fails.
    pub(crate) fn at_end(self, hook: unsafe extern "C" fn(*mut c_void)) -> Attempt<()> {
        // SAFETY: `env` is alive, and this is its thread: what `Js` stands for.
        match unsafe { sys::napi_add_env_cleanup_hook(self.env, Some(hook), self.env.cast()) } {
            sys::Status::napi_ok => Ok(()),
            status => Err(status),
        }
    }
}
