//! The end of a pool with the environment of its owner.

use crate::binding::backing_store;
use crate::binding::bell::Bell;
use crate::binding::entry::{clean_up, Cleanup};
use crate::binding::value::check;
use crate::error::Error;
use crate::pool::Pool;
use napi::sys;
use std::sync::Arc;

/// What has to end with the environment.
pub(super) struct Ending {
    pub(super) pool: Arc<Pool>,
    pub(super) bell: Arc<Bell>,
}

impl Cleanup for Ending {
    fn clean_up(self) {
        self.pool.close();
        self.bell.close();
        // What its tasks still have, another pool gives back, or the end of the process.
        // SAFETY: in a cleanup hook of the environment.
        unsafe { backing_store::give_back() };
    }
}

/// A hook at the end of the environment, until it is removed. It is made with Node-API's own calls,
/// because the napi crate never frees what a removed hook holds.
pub(super) struct Hook(*mut Ending);

impl Hook {
    /// # Safety
    /// `env` must be the environment of the callback that is running on this thread.
    pub(super) unsafe fn add(env: sys::napi_env, ending: Ending) -> Result<Self, Error> {
        let ending = Box::into_raw(Box::new(ending));
        // SAFETY: `env` by the caller's promise; `clean_up` takes the box of an `Ending` that it is
        // given.
        let status =
            unsafe { sys::napi_add_env_cleanup_hook(env, Some(clean_up::<Ending>), ending.cast()) };
        if status != sys::Status::napi_ok {
            // SAFETY: there is no hook that would take it.
            drop(unsafe { Box::from_raw(ending) });
        }
        check(status, "napi_add_env_cleanup_hook")?;
        Ok(Self(ending))
    }

    /// # Safety
    /// `env` must be the environment of the callback that is running on this thread, and the one of
    /// [`Hook::add`].
    pub(super) unsafe fn remove(self, env: sys::napi_env) {
        // It only fails for a hook that is not there.
        // SAFETY: `env` by the caller's promise; the arguments are those of `add`.
        let _ = unsafe {
            sys::napi_remove_env_cleanup_hook(env, Some(clean_up::<Ending>), self.0.cast())
        };
        // SAFETY: JavaScript is still running, so the hook has not, and it will not any more.
        drop(unsafe { Box::from_raw(self.0) });
    }
}
