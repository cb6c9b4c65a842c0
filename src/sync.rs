//! What threads share is made of these types only, so that the model checker loom can stand in.
//!
//! `Arc` and `Weak` are the standard ones in both builds: loom's cannot hold a trait object or be made cyclic, and
//! the models are about the order of operations, not about who frees what.

pub(crate) use std::sync::{Arc, Weak};

#[cfg(not(async_hooks_rs_loom))]
pub(crate) use real::*;

#[cfg(async_hooks_rs_loom)]
pub(crate) use model::*;

/// Locks of what belongs to the whole process. They guard no protocol that a model could check, and
/// loom's types cannot stand in a static.
pub(crate) mod process {
    pub(crate) use parking_lot::{Mutex, RwLock};
}

#[cfg(not(async_hooks_rs_loom))]
mod real {
    pub(crate) use parking_lot::Mutex;
    pub(crate) use std::sync::atomic::{AtomicUsize, Ordering};
    pub(crate) use std::thread::yield_now;
}

#[cfg(async_hooks_rs_loom)]
mod model {
    pub(crate) use loom::sync::atomic::{AtomicUsize, Ordering};
    use loom::sync::MutexGuard;
    pub(crate) use loom::thread::yield_now;

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
