//! Which of the tasks of one priority leaves the queue first.

use crate::wire::answer::{LIFO, RANKED};
use std::cmp::Ordering;

/// Of the tasks of one priority, which one leaves the queue first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum QueueOrder {
    /// The one that was submitted first.
    Fifo,
    /// The one that was submitted last.
    Lifo,
    /// The one of the lowest rank; among equals, the one that was submitted first.
    Ranked,
}

impl QueueOrder {
    /// The one of this number in [`crate::wire::answer`].
    #[must_use]
    pub(crate) const fn of(number: u32) -> Self {
        match number {
            LIFO => Self::Lifo,
            RANKED => Self::Ranked,
            _ => Self::Fifo,
        }
    }
}

/// A rank, of which the lowest comes first.
#[derive(Debug, Clone, Copy)]
struct Rank(f64);

impl Rank {
    /// Both zeros are the same rank.
    fn new(rank: f64) -> Self {
        Self(rank + 0.0)
    }
}

impl Ord for Rank {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Rank {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Rank {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Rank {}

/// Where a task stands among those of its priority: the lowest comes first. No two are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::pool) struct Standing {
    rank: Rank,
    /// That of its submission, with a minus where the last one comes first.
    number: i64,
}

/// Gives tasks their standings, in the order of their submission.
#[derive(Debug)]
pub(super) struct Standings {
    pub(super) order: QueueOrder,
    given: i64,
}

impl Standings {
    pub(super) const fn new(order: QueueOrder) -> Self {
        Self { order, given: 0 }
    }

    /// That of the next task. Only some orders look at the rank.
    pub(super) fn next(&mut self, rank: f64) -> Standing {
        self.given += 1;
        let (rank, number) = match self.order {
            QueueOrder::Fifo => (0.0, self.given),
            QueueOrder::Lifo => (0.0, -self.given),
            QueueOrder::Ranked => (rank, self.given),
        };
        Standing {
            rank: Rank::new(rank),
            number,
        }
    }
}
