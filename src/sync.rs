//! The types with which the pool's threads share its state. In the models of `pool`, those of the
//! model checker loom take their place.
//!
//! `Arc` and `Weak` are the standard ones in both builds: loom's cannot hold a trait object or be
//! made cyclic, and the models check the order of operations, not who frees what.
//!
//! Some shared data uses other types, because no model reaches it:
//! - statics use the locks of [`process`], or a `OnceLock` or `LazyLock` that is written once;
//! - the timer's `Notify` is tokio's: a model calls `expire_due` itself and starts no timer;
//! - `binding` calls Node-API, and tests wait for real threads: neither runs in a model.

pub(crate) use std::sync::{Arc, Weak};

#[cfg(not(async_hooks_rs_loom))]
pub(crate) use real::*;

#[cfg(async_hooks_rs_loom)]
pub(crate) use model::*;

/// Locks of what belongs to the whole process. Each guards one table or flag, and no protocol that
/// a model could check; loom's locks cannot be statics.
pub(crate) mod process {
    pub(crate) use parking_lot::{Mutex, RwLock};
}

#[cfg(not(async_hooks_rs_loom))]
mod real {
    pub(crate) use parking_lot::{Mutex, MutexGuard};
    pub(crate) use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    pub(crate) use std::thread::yield_now;
    use std::time::Duration;

    /// `parking_lot`'s, which gives up the lock at the end of a wait.
    #[derive(Debug)]
    pub(crate) struct Condvar(parking_lot::Condvar);

    impl Condvar {
        pub(crate) const fn new() -> Self {
            Self(parking_lot::Condvar::new())
        }

        pub(crate) fn notify_one(&self) {
            self.0.notify_one();
        }

        pub(crate) fn wait_for<T>(&self, mut guard: MutexGuard<'_, T>, limit: Duration) {
            self.0.wait_for(&mut guard, limit);
        }
    }
}

#[cfg(async_hooks_rs_loom)]
mod model {
    pub(crate) use loom::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    pub(crate) use loom::sync::MutexGuard;
    pub(crate) use loom::thread::yield_now;
    use std::time::Duration;

    /// loom's condition, with the signature of ours. No time passes in a model.
    #[derive(Debug)]
    pub(crate) struct Condvar(loom::sync::Condvar);

    impl Condvar {
        pub(crate) fn new() -> Self {
            Self(loom::sync::Condvar::new())
        }

        pub(crate) fn notify_one(&self) {
            self.0.notify_one();
        }

        pub(crate) fn wait_for<T>(&self, guard: MutexGuard<'_, T>, _limit: Duration) {
            let guard = self.0.wait(guard);
            drop(guard.expect("no model panics while it holds the lock"));
        }
    }

    /// loom's mutex with `parking_lot`'s signature: no poisoning.
    #[derive(Debug)]
    pub(crate) struct Mutex<T>(loom::sync::Mutex<T>);

    impl<T> Mutex<T> {
        pub(crate) fn new(value: T) -> Self {
            Self(loom::sync::Mutex::new(value))
        }

        pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
            self.0
                .lock()
                .expect("no model panics while it holds the lock")
        }
    }
}
