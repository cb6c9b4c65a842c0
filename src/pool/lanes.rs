//! The lanes of a thread: workers that run a task each, at once.
//!
//! The workers of a thread have numbers one after the other, and each thread of a pool has as many.
//! So a number says to which thread its worker belongs, and nothing is noted of it.

use super::{ThreadId, WorkerId};
use std::ops::Range;

/// How many workers each thread of a pool has: at least one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lanes(u32);

impl Lanes {
    /// So many, but at least one.
    #[must_use]
    pub(crate) const fn new(count: u32) -> Self {
        Self(if count == 0 { 1 } else { count })
    }

    /// How many.
    pub(super) const fn count(self) -> u32 {
        self.0
    }

    /// Whether a thread runs more than one task at once.
    pub(super) const fn are_several(self) -> bool {
        self.0 > 1
    }

    /// The thread of a worker. Most threads have one, which saves the division.
    pub(super) const fn thread_of(self, worker: WorkerId) -> ThreadId {
        if self.are_several() {
            worker / self.0
        } else {
            worker
        }
    }

    /// The first worker of the thread of this one.
    pub(super) const fn first_of(self, worker: WorkerId) -> WorkerId {
        if self.are_several() {
            worker - worker % self.0
        } else {
            worker
        }
    }

    /// The first worker of a thread.
    pub(super) const fn first_in(self, thread: ThreadId) -> WorkerId {
        thread.saturating_mul(self.0)
    }

    /// All workers of the thread of this one.
    pub(crate) const fn of(self, worker: WorkerId) -> Range<WorkerId> {
        let first = self.first_of(worker);
        first..first.saturating_add(self.0)
    }
}
