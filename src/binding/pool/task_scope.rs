//! The scope that each task of a worker runs in.

use crate::binding::value::{check, object};
use crate::error::Error;
use napi::sys;
use std::ffi::CStr;
use std::ptr;

/// The type of the async resource, as `createHook()` in the worker sees it.
const RESOURCE_NAME: &CStr = c"WorkerPoolTask";

/// Ends with the task: its handles, and where it is asked for, its async resource.
///
/// Where Node keeps context on async resources, `enterWith()` writes to the one that is current. At
/// the top of a task that would be the one of the threadsafe function, the same for all tasks. It is
/// written to even if the task itself runs in a resource of its own: by continuations of promises that
/// are older than the first hook, which Node does not track. So there the whole step gets a resource
/// of its own, ticks and microtasks included, for about 300 ns.
pub(super) struct TaskScope {
    env: sys::napi_env,
    handles: sys::napi_handle_scope,
    isolation: Option<Isolation>,
}

struct Isolation {
    context: sys::napi_async_context,
    scope: sys::napi_callback_scope,
}

impl TaskScope {
    /// # Safety
    /// `env` must be the environment of the callback that is running on this thread; the scope must
    /// be dropped in that callback, the one opened last first, and no exception be pending then.
    pub(super) unsafe fn open(env: sys::napi_env, isolated: bool) -> Result<Self, Error> {
        let mut handles = ptr::null_mut();
        // SAFETY: `env` is live by the caller's promise.
        let status = unsafe { sys::napi_open_handle_scope(env, &mut handles) };
        check(status, "napi_open_handle_scope")?;
        let mut scope = Self {
            env,
            handles,
            isolation: None,
        };
        if isolated {
            // SAFETY: the caller's promise.
            scope.isolation = Some(unsafe { Isolation::open(env) }?);
        }
        Ok(scope)
    }
}

impl Drop for TaskScope {
    fn drop(&mut self) {
        if let Some(Isolation { context, scope }) = self.isolation.take() {
            // Only a wrong scope would be refused.
            // SAFETY: `open`'s caller promised that the callback is still running.
            let _ = unsafe { sys::napi_close_callback_scope(self.env, scope) };
            // SAFETY: as above; nothing uses the context any more.
            let _ = unsafe { sys::napi_async_destroy(self.env, context) };
        }
        // SAFETY: as above.
        let _ = unsafe { sys::napi_close_handle_scope(self.env, self.handles) };
    }
}

impl Isolation {
    /// # Safety
    /// As for [`TaskScope::open`].
    unsafe fn open(env: sys::napi_env) -> Result<Self, Error> {
        // SAFETY: the caller's promise.
        let resource = unsafe { object(env) }?;
        let length = RESOURCE_NAME.count_bytes() as isize;
        let mut name = ptr::null_mut();
        // SAFETY: `env` is live by the caller's promise; the length is the name's own.
        let status =
            unsafe { sys::napi_create_string_utf8(env, RESOURCE_NAME.as_ptr(), length, &mut name) };
        check(status, "napi_create_string_utf8")?;
        let mut context = ptr::null_mut();
        // SAFETY: all handles were made in this callback.
        let status = unsafe { sys::napi_async_init(env, resource, name, &mut context) };
        check(status, "napi_async_init")?;
        let mut scope = ptr::null_mut();
        // SAFETY: as above.
        let status = unsafe { sys::napi_open_callback_scope(env, resource, context, &mut scope) };
        if status != sys::Status::napi_ok {
            // SAFETY: nothing uses the context.
            let _ = unsafe { sys::napi_async_destroy(env, context) };
        }
        check(status, "napi_open_callback_scope")?;
        Ok(Self { context, scope })
    }
}
