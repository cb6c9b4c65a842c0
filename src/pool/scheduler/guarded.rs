//! The state behind its lock, and the two numbers of it that are read without.

use super::{Options, State};
use crate::sync::{AtomicUsize, Mutex, MutexGuard, Ordering};
use std::ops::{Deref, DerefMut};

pub(super) struct Guarded {
    state: Mutex<State>,
    published: Published,
}

/// Hints, for threads that spin. What counts is looked up again under the lock.
struct Published {
    /// How many tasks wait, for workers.
    waiting: Line<AtomicUsize>,
    /// How many completions lie in the stream, for the submitter.
    completions: Line<AtomicUsize>,
}

/// A value in cache lines of its own: who looks at it again and again does not slow down who writes
/// beside it. Two lines, because processors fetch them in pairs.
#[repr(align(128))]
struct Line<T>(T);

/// What the state says that is published.
#[derive(Clone, Copy)]
struct Counts {
    waiting: usize,
    completions: usize,
}

impl Counts {
    const fn of(state: &State) -> Self {
        Self {
            waiting: state.ready(),
            completions: state.completions(),
        }
    }
}

impl Guarded {
    pub(super) fn new(options: Options) -> Self {
        Self {
            state: Mutex::new(State::new(options)),
            published: Published {
                waiting: Line(AtomicUsize::new(0)),
                completions: Line(AtomicUsize::new(0)),
            },
        }
    }

    /// The lock, for transitions: no wake, no drop of a payload and no caller's code under it.
    pub(super) fn lock(&self) -> Locked<'_> {
        let state = self.state.lock();
        let before = Counts::of(&state);
        Locked {
            state,
            before,
            published: &self.published,
        }
    }

    /// How many tasks wait: a hint.
    pub(super) fn waiting(&self) -> usize {
        self.published.waiting.0.load(Ordering::Relaxed)
    }

    /// How many completions lie in the stream: a hint.
    pub(super) fn completions(&self) -> usize {
        self.published.completions.0.load(Ordering::Relaxed)
    }
}

/// The locked state. What is published is written before the lock is released.
pub(super) struct Locked<'pool> {
    state: MutexGuard<'pool, State>,
    before: Counts,
    published: &'pool Published,
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
        let after = Counts::of(&self.state);
        let Published {
            waiting,
            completions,
        } = self.published;
        if after.waiting != self.before.waiting {
            waiting.0.store(after.waiting, Ordering::Relaxed);
        }
        if after.completions != self.before.completions {
            completions.0.store(after.completions, Ordering::Relaxed);
        }
    }
}
