//! Whether the thread of a worker is there, for an owner that cannot hear of it in its event loop.

use crate::binding::entry::{clean_up, Cleanup};
use crate::binding::value::check;
use crate::error::Error;
use crate::pool::WorkerId;
use crate::wire::answer::{ARRIVED, AWAITED, GONE};
use napi::sys;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::Arc;

/// How far a thread has come: [`AWAITED`], [`ARRIVED`], [`GONE`]. It orders nothing: what a thread
/// has left in the pool is found under the lock of that.
#[derive(Debug)]
pub(super) struct Presence(AtomicU32);

impl Presence {
    /// The thread has arrived, and is gone with its environment.
    ///
    /// # Safety
    /// `env` must be the environment of the callback that is running on this thread.
    pub(super) unsafe fn arrive(self: &Arc<Self>, env: sys::napi_env) -> Result<(), Error> {
        let departure = Box::into_raw(Box::new(Departure(Arc::clone(self))));
        // SAFETY: `env` by the caller's promise; `clean_up` takes the box of a `Departure` that it is
        // given.
        let status = unsafe {
            sys::napi_add_env_cleanup_hook(env, Some(clean_up::<Departure>), departure.cast())
        };
        if status != sys::Status::napi_ok {
            // SAFETY: there is no hook that would take it.
            drop(unsafe { Box::from_raw(departure) });
        }
        check(status, "napi_add_env_cleanup_hook")?;
        self.0.store(ARRIVED, Ordering::Relaxed);
        Ok(())
    }
}

/// Those of the workers of a pool that are JavaScript threads.
#[derive(Debug, Default)]
pub(super) struct Presences(RefCell<HashMap<WorkerId, Arc<Presence>>>);

impl Presences {
    /// For a thread that is about to start.
    pub(super) fn expect(&self, worker: WorkerId) -> Arc<Presence> {
        let presence = Arc::new(Presence(AtomicU32::new(AWAITED)));
        self.0.borrow_mut().insert(worker, Arc::clone(&presence));
        presence
    }

    pub(super) fn get(&self, worker: WorkerId) -> u32 {
        let presences = self.0.borrow();
        let presence = presences.get(&worker);
        presence.map_or(AWAITED, |presence| presence.0.load(Ordering::Relaxed))
    }

    pub(super) fn forget(&self, worker: WorkerId) {
        self.0.borrow_mut().remove(&worker);
    }
}

struct Departure(Arc<Presence>);

impl Cleanup for Departure {
    fn clean_up(self) {
        self.0 .0.store(GONE, Ordering::Relaxed);
    }
}
