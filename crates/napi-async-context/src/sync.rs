//! The lock with which threads share state. In the models of `table`, that of the model checker
//! loom takes its place.

#[cfg(not(napi_async_context_loom))]
use std::sync::{Mutex as Inner, MutexGuard, PoisonError};

#[cfg(napi_async_context_loom)]
use loom::sync::{Mutex as Inner, MutexGuard};

/// A mutex that is never poisoned: nothing panics while it is held but a failed allocation.
pub(crate) struct Mutex<T>(Inner<T>);

impl<T> Mutex<T> {
    #[cfg(not(napi_async_context_loom))]
    pub(crate) const fn new(value: T) -> Self {
        Self(Inner::new(value))
    }

    #[cfg(napi_async_context_loom)]
    pub(crate) fn new(value: T) -> Self {
        Self(Inner::new(value))
    }

    #[cfg(not(napi_async_context_loom))]
    pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(napi_async_context_loom)]
    pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
        self.0.lock().expect("no model panics with the lock")
    }
}
