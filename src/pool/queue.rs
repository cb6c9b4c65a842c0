//! The order in which waiting tasks run: higher priority first, then the order of submission.

use super::statistics::Waiting;
use super::TaskId;
use std::collections::VecDeque;

/// A purge is not worth its time for fewer stale entries than this.
const STALE_BEFORE_PURGE: usize = 64;

/// The priority of a task that names none. Its level is never dropped.
const COMMON: i32 = 0;

/// A task in the queue. It is stale if the slot `id` is no longer in this `generation`: the task
/// was cancelled, and another one may wait under the same id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) id: TaskId,
    pub(super) generation: u32,
}

#[derive(Debug)]
struct Level {
    priority: i32,
    entries: VecDeque<Entry>,
}

/// The queue. It counts the live entries, and skips and purges the stale ones.
#[derive(Debug)]
pub(super) struct Queue {
    /// Sorted, the highest priority first. Only the common one may be empty.
    levels: Vec<Level>,
    /// Entries that are not stale.
    live: usize,
    /// Entries that are.
    stale: usize,
}

impl Queue {
    pub(super) fn new() -> Self {
        Self {
            levels: vec![Level {
                priority: COMMON,
                entries: VecDeque::new(),
            }],
            live: 0,
            stale: 0,
        }
    }

    /// How many tasks wait.
    pub(super) const fn len(&self) -> usize {
        self.live
    }

    /// How many tasks wait at each priority, the highest first; those at which none waits are left
    /// out. Looks at each entry if some are stale.
    pub(super) fn lengths(&self, is_live: impl Fn(Entry) -> bool) -> Vec<Waiting> {
        let tasks = |entries: &VecDeque<Entry>| match self.stale {
            0 => entries.len(),
            _ => entries.iter().filter(|&&entry| is_live(entry)).count(),
        };
        let lengths = self.levels.iter().map(|level| Waiting {
            priority: level.priority,
            tasks: tasks(&level.entries),
        });
        lengths.filter(|waiting| waiting.tasks > 0).collect()
    }

    pub(super) fn push(&mut self, priority: i32, entry: Entry) {
        let place = self
            .levels
            .binary_search_by(|level| priority.cmp(&level.priority));
        let index = place.unwrap_or_else(|index| {
            let entries = VecDeque::new();
            self.levels.insert(index, Level { priority, entries });
            index
        });
        self.levels[index].entries.push_back(entry);
        self.live += 1;
    }

    /// The next entry for which `is_live` holds, and its priority. It stays; stale ones before it
    /// are dropped.
    pub(super) fn first(&mut self, is_live: impl Fn(Entry) -> bool) -> Option<(i32, Entry)> {
        for level in &mut self.levels {
            while let Some(&entry) = level.entries.front() {
                if is_live(entry) {
                    return Some((level.priority, entry));
                }
                level.entries.pop_front();
                self.stale -= 1;
            }
        }
        None
    }

    /// The next entry for which `is_live` holds.
    pub(super) fn pop(&mut self, is_live: impl Fn(Entry) -> bool) -> Option<Entry> {
        let mut index = 0;
        while let Some(level) = self.levels.get_mut(index) {
            match level.entries.pop_front() {
                Some(entry) if is_live(entry) => {
                    self.live -= 1;
                    return Some(entry);
                }
                Some(_) => self.stale -= 1,
                None if level.priority == COMMON => index += 1,
                None => {
                    self.levels.remove(index);
                }
            }
        }
        None
    }

    /// An entry has become stale. It is dropped when it comes to the front, or when stale entries
    /// outnumber the others: cancelling needs no search, and memory stays in proportion.
    pub(super) fn forget_one(&mut self, is_live: impl Fn(Entry) -> bool) {
        self.live -= 1;
        self.stale += 1;
        if self.stale <= STALE_BEFORE_PURGE.max(self.live) {
            return;
        }
        for level in &mut self.levels {
            level.entries.retain(|entry| is_live(*entry));
        }
        self.levels
            .retain(|level| level.priority == COMMON || !level.entries.is_empty());
        self.stale = 0;
    }

    /// Drops every entry.
    pub(super) fn clear(&mut self) {
        *self = Self::new();
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, Queue, Waiting, STALE_BEFORE_PURGE};
    use crate::pool::TaskId;

    fn entry(id: TaskId) -> Entry {
        Entry { id, generation: 0 }
    }

    fn push(queue: &mut Queue, priority: i32, ids: impl IntoIterator<Item = TaskId>) {
        for id in ids {
            queue.push(priority, entry(id));
        }
    }

    fn pop_all(queue: &mut Queue, is_live: impl Fn(Entry) -> bool) -> Vec<TaskId> {
        std::iter::from_fn(|| queue.pop(&is_live))
            .map(|entry| entry.id)
            .collect()
    }

    #[test]
    fn equals_leave_in_the_order_they_came() {
        let mut queue = Queue::new();
        push(&mut queue, 0, 0..5);
        assert_eq!(queue.len(), 5);
        assert_eq!(pop_all(&mut queue, |_| true), [0, 1, 2, 3, 4]);
        assert_eq!(queue.len(), 0);
    }

    #[test]
    fn higher_priority_leaves_first() {
        let mut queue = Queue::new();
        push(&mut queue, 0, [1, 2]);
        push(&mut queue, -100, [3]);
        push(&mut queue, 100, [4, 5]);
        push(&mut queue, 7, [6]);
        push(&mut queue, 0, [7]);
        assert_eq!(pop_all(&mut queue, |_| true), [4, 5, 6, 1, 2, 7, 3]);
    }

    #[test]
    fn lengths_count_what_is_live_at_each_priority() {
        let mut queue = Queue::new();
        let waiting = |priority, tasks| Waiting { priority, tasks };
        assert_eq!(queue.lengths(|_| true), []);
        push(&mut queue, -5, [1]);
        push(&mut queue, 5, [2, 3, 4]);
        assert_eq!(queue.lengths(|_| true), [waiting(5, 3), waiting(-5, 1)]);
        let is_live = |entry: Entry| entry.id > 2;
        queue.forget_one(is_live);
        queue.forget_one(is_live);
        assert_eq!(queue.lengths(is_live), [waiting(5, 2)]);
    }

    #[test]
    fn an_emptied_level_is_dropped_and_may_return() {
        let mut queue = Queue::new();
        push(&mut queue, 5, [1]);
        push(&mut queue, -5, [2]);
        assert_eq!(pop_all(&mut queue, |_| true), [1, 2]);
        assert_eq!(queue.levels.len(), 1);
        push(&mut queue, 5, [3]);
        assert_eq!(pop_all(&mut queue, |_| true), [3]);
    }

    #[test]
    fn stale_entries_are_skipped() {
        let mut queue = Queue::new();
        push(&mut queue, 0, 0..6);
        let odd = |entry: Entry| entry.id % 2 == 1;
        for _ in 0..3 {
            queue.forget_one(odd);
        }
        assert_eq!(queue.len(), 3);
        assert_eq!(pop_all(&mut queue, odd), [1, 3, 5]);
        assert_eq!((queue.live, queue.stale), (0, 0));
    }

    #[test]
    fn stale_entries_are_purged_when_they_outnumber_the_others() {
        let mut queue = Queue::new();
        let kept = 10;
        let forgotten = TaskId::try_from(STALE_BEFORE_PURGE).expect("it is small") + 1;
        push(&mut queue, 0, 0..kept);
        push(&mut queue, 3, kept..kept + forgotten);
        for _ in 0..forgotten {
            queue.forget_one(|entry| entry.id < kept);
        }
        assert_eq!((queue.live, queue.stale), (10, 0));
        assert_eq!(queue.levels.len(), 1);
        assert_eq!(queue.levels[0].entries.len(), 10);
    }
}
