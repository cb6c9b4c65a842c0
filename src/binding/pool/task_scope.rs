//! The scopes that the tasks of a worker run in.

use crate::binding::value::{call, check, dereference};
use crate::error::Error;
use napi::sys;
use std::cell::Cell;
use std::ffi::CStr;
use std::ptr;

/// The type of the async resource, as `createHook()` in the worker sees it.
const RESOURCE_NAME: &CStr = c"WorkerPoolTasks";

/// Ends with a task: its handles.
pub(super) struct HandleScope {
    env: sys::napi_env,
    scope: sys::napi_handle_scope,
}

impl HandleScope {
    /// # Safety
    /// `env` must be the environment of the callback that is running on this thread; the scope must
    /// be dropped in that callback, the one opened last first.
    pub(super) unsafe fn open(env: sys::napi_env) -> Result<Self, Error> {
        let mut scope = ptr::null_mut();
        // SAFETY: `env` is live by the caller's promise.
        let status = unsafe { sys::napi_open_handle_scope(env, &raw mut scope) };
        check(status, "napi_open_handle_scope")?;
        Ok(Self { env, scope })
    }
}

impl Drop for HandleScope {
    fn drop(&mut self) {
        // SAFETY: `open`'s caller promised that the callback is still running.
        let _ = unsafe { sys::napi_close_handle_scope(self.env, self.scope) };
    }
}

/// An async resource below the tasks, for as long as nothing was entered in it: see
/// `lib/worker/ambient.js`. One for each task would be simpler, and cost as much as the rest of a
/// small task.
pub(super) struct Ambient {
    env: sys::napi_env,
    context: sys::napi_async_context,
    scope: sys::napi_callback_scope,
}

impl Ambient {
    /// # Safety
    /// `env` must be the environment of the callback that is running on this thread and `resource`
    /// a live handle to an object of it; the scope must be dropped in that callback, the one opened
    /// last first, and no exception be pending then.
    pub(super) unsafe fn open(
        env: sys::napi_env,
        resource: sys::napi_value,
    ) -> Result<Self, Error> {
        let length = RESOURCE_NAME.count_bytes().cast_signed();
        let mut name = ptr::null_mut();
        // SAFETY: `env` is live by the caller's promise; the length is the name's own.
        let status = unsafe {
            sys::napi_create_string_utf8(env, RESOURCE_NAME.as_ptr(), length, &raw mut name)
        };
        check(status, "napi_create_string_utf8")?;
        let mut context = ptr::null_mut();
        // SAFETY: all handles are live.
        let status = unsafe { sys::napi_async_init(env, resource, name, &raw mut context) };
        check(status, "napi_async_init")?;
        let mut scope = ptr::null_mut();
        // SAFETY: all handles are live, the context was made in this callback.
        let status =
            unsafe { sys::napi_open_callback_scope(env, resource, context, &raw mut scope) };
        if status != sys::Status::napi_ok {
            // SAFETY: nothing uses the context.
            let _ = unsafe { sys::napi_async_destroy(env, context) };
        }
        check(status, "napi_open_callback_scope")?;
        Ok(Self {
            env,
            context,
            scope,
        })
    }
}

impl Drop for Ambient {
    fn drop(&mut self) {
        // Only a wrong scope would be refused.
        // SAFETY: `open`'s caller promised that the callback is still running.
        let _ = unsafe { sys::napi_close_callback_scope(self.env, self.scope) };
        // SAFETY: the callback is still running, and nothing uses the context any more.
        let _ = unsafe { sys::napi_async_destroy(self.env, self.context) };
    }
}

/// Makes the resources below the tasks.
pub(super) struct Ambients {
    /// `() => object`, a strong reference; null where none is needed.
    make: sys::napi_ref,
    /// Whether something may have been entered in the one that is open.
    entered: Cell<bool>,
}

impl Ambients {
    /// `make` must be null or a strong reference to a function.
    pub(super) const fn new(make: sys::napi_ref) -> Self {
        Self {
            make,
            entered: Cell::new(false),
        }
    }

    /// Another resource lies below the tasks to come.
    pub(super) fn renew(&self) {
        self.entered.set(true);
    }

    /// Whether that is so, and the other one does not lie there yet.
    pub(super) const fn is_renewed(&self) -> bool {
        self.entered.get()
    }

    /// Puts a resource below the next task in which nothing was entered yet, if one is needed.
    ///
    /// # Safety
    /// `env` must be the environment of the callback that is running on this thread, and the one of
    /// the reference. What is in `ambient` then must be dropped in that callback, when no exception
    /// is pending.
    pub(super) unsafe fn lay(
        &self,
        env: sys::napi_env,
        ambient: &mut Option<Ambient>,
    ) -> Result<(), Error> {
        if self.make.is_null() || (ambient.is_some() && !self.entered.get()) {
            return Ok(());
        }
        drop(ambient.take()); // the one opened last is closed first
        self.entered.set(false);
        // SAFETY: the reference is strong, and of `env` by the caller's promise.
        let make = unsafe { dereference(env, self.make) }?;
        // SAFETY: the function is a handle of the running callback.
        let resource = unsafe { call(env, make, &[]) }?;
        // SAFETY: `resource` was made in this callback; the rest is the caller's promise.
        *ambient = Some(unsafe { Ambient::open(env, resource) }?);
        Ok(())
    }
}
