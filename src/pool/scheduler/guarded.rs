//! The state behind its lock, and the one number of it that is read without.

use super::{Options, State};
use crate::sync::{AtomicUsize, Mutex, MutexGuard, Ordering};
use std::ops::{Deref, DerefMut};

pub(super) struct Guarded {
    state: Mutex<State>,
    waiting: AtomicUsize,
}

impl Guarded {
    pub(super) fn new(options: Options) -> Self {
        Self {
            state: Mutex::new(State::new(options)),
            waiting: AtomicUsize::new(0),
        }
    }

    /// The lock, for transitions: no wake, no drop of a payload and no caller's code under it.
    pub(super) fn lock(&self) -> Locked<'_> {
        let state = self.state.lock();
        let before = state.ready();
        Locked {
            state,
            before,
            waiting: &self.waiting,
        }
    }

    /// How many tasks wait: a hint, for workers that spin. What counts is looked up again under the
    /// lock.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }
}

/// The locked state. How many tasks wait is published before the lock is released.
pub(super) struct Locked<'pool> {
    state: MutexGuard<'pool, State>,
    /// How many tasks waited before.
    before: usize,
    waiting: &'pool AtomicUsize,
}

impl Deref for Locked<'_> {
    type Target = State;

    fn deref(&self) -> &State {
        &self.state
    }
}

impl DerefMut for Locked<'_> {
    fn deref_mut(&mut self) -> &mut State {
        &mut self.state
    }
}

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        let after = self.state.ready();
        if after != self.before {
            self.waiting.store(after, Ordering::Relaxed);
        }
    }
}
