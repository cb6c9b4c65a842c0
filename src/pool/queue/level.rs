//! The tasks of one priority, in their order.

use super::{Entry, QueueOrder, Standing};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// An entry among those with ranks. No two have the same standing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ranked {
    standing: Standing,
    entry: Entry,
}

/// Entries of one priority.
#[derive(Debug)]
pub(super) enum Entries {
    Fifo(VecDeque<Entry>),
    Lifo(Vec<Entry>),
    Ranked(BinaryHeap<Reverse<Ranked>>),
}

impl Entries {
    pub(super) const fn new(order: QueueOrder) -> Self {
        match order {
            QueueOrder::Fifo => Self::Fifo(VecDeque::new()),
            QueueOrder::Lifo => Self::Lifo(Vec::new()),
            QueueOrder::Ranked => Self::Ranked(BinaryHeap::new()),
        }
    }

    /// Only entries with ranks need their standing.
    pub(super) fn push(&mut self, entry: Entry, standing: impl FnOnce() -> Standing) {
        match self {
            Self::Fifo(entries) => entries.push_back(entry),
            Self::Lifo(entries) => entries.push(entry),
            Self::Ranked(entries) => entries.push(Reverse(Ranked {
                standing: standing(),
                entry,
            })),
        }
    }

    /// The one that leaves next.
    pub(super) fn first(&self) -> Option<(Entry, Option<Standing>)> {
        match self {
            Self::Fifo(entries) => entries.front().map(|&entry| (entry, None)),
            Self::Lifo(entries) => entries.last().map(|&entry| (entry, None)),
            Self::Ranked(entries) => entries
                .peek()
                .map(|Reverse(ranked)| (ranked.entry, Some(ranked.standing))),
        }
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Option<Entry> {
        match self {
            Self::Fifo(entries) => entries.pop_front(),
            Self::Lifo(entries) => entries.pop(),
            Self::Ranked(entries) => entries.pop().map(|Reverse(ranked)| ranked.entry),
        }
    }

    pub(super) fn retain(&mut self, is_live: impl Fn(Entry) -> bool) {
        match self {
            Self::Fifo(entries) => entries.retain(|&entry| is_live(entry)),
            Self::Lifo(entries) => entries.retain(|&entry| is_live(entry)),
            Self::Ranked(entries) => entries.retain(|Reverse(ranked)| is_live(ranked.entry)),
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Fifo(entries) => entries.len(),
            Self::Lifo(entries) => entries.len(),
            Self::Ranked(entries) => entries.len(),
        }
    }

    /// How many are live. Looks at each.
    pub(super) fn count(&self, is_live: impl Fn(Entry) -> bool) -> usize {
        match self {
            Self::Fifo(entries) => entries.iter().filter(|&&entry| is_live(entry)).count(),
            Self::Lifo(entries) => entries.iter().filter(|&&entry| is_live(entry)).count(),
            Self::Ranked(entries) => entries
                .iter()
                .filter(|Reverse(ranked)| is_live(ranked.entry))
                .count(),
        }
    }
}
