//! The order in which waiting tasks run: higher priority first, then as the pool's order says.

mod level;
mod order;

use super::statistics::Waiting;
use super::TaskId;
use level::Entries;
use order::Standings;

pub(crate) use order::QueueOrder;
pub(super) use order::Standing;

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
    entries: Entries,
}

/// The entry that leaves next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct First {
    pub(super) priority: i32,
    pub(super) entry: Entry,
    /// None in a queue without ranks.
    pub(super) standing: Option<Standing>,
}

/// The queue. It counts the live entries, and skips and purges the stale ones.
#[derive(Debug)]
pub(super) struct Queue {
    standings: Standings,
    /// Sorted, the highest priority first. Only the common one may be empty.
    levels: Vec<Level>,
    /// Entries that are not stale.
    live: usize,
    /// Entries that are.
    stale: usize,
}

impl Queue {
    pub(super) fn new(order: QueueOrder) -> Self {
        Self {
            standings: Standings::new(order),
            levels: vec![Level {
                priority: COMMON,
                entries: Entries::new(order),
            }],
            live: 0,
            stale: 0,
        }
    }

    /// Which of the tasks of one priority leaves first.
    pub(super) const fn order(&self) -> QueueOrder {
        self.standings.order
    }

    /// How many tasks wait.
    pub(super) const fn len(&self) -> usize {
        self.live
    }

    /// How many tasks wait at each priority, the highest first; those at which none waits are left
    /// out. Looks at each entry if some are stale.
    pub(super) fn lengths(&self, is_live: impl Fn(Entry) -> bool) -> Vec<Waiting> {
        let tasks = |entries: &Entries| match self.stale {
            0 => entries.len(),
            _ => entries.count(&is_live),
        };
        let lengths = self.levels.iter().map(|level| Waiting {
            priority: level.priority,
            tasks: tasks(&level.entries),
        });
        lengths.filter(|waiting| waiting.tasks > 0).collect()
    }

    /// Where a task stands that is submitted now, and is put into the queue later.
    pub(super) fn standing(&mut self, rank: f64) -> Standing {
        self.standings.next(rank)
    }

    /// A task that is submitted now.
    pub(super) fn push(&mut self, priority: i32, rank: f64, entry: Entry) {
        let level = self.level(priority);
        let Self {
            levels, standings, ..
        } = self;
        levels[level].entries.push(entry, || standings.next(rank));
        self.live += 1;
    }

    /// A task that was submitted before. Without ranks it counts as one that is submitted now.
    pub(super) fn put(&mut self, priority: i32, standing: Standing, entry: Entry) {
        let level = self.level(priority);
        self.levels[level].entries.push(entry, || standing);
        self.live += 1;
    }

    /// The place of the level with this priority.
    #[inline]
    fn level(&mut self, priority: i32) -> usize {
        let place = self
            .levels
            .binary_search_by(|level| priority.cmp(&level.priority));
        place.unwrap_or_else(|index| {
            let entries = Entries::new(self.order());
            self.levels.insert(index, Level { priority, entries });
            index
        })
    }

    /// The next entry for which `is_live` holds. It stays; stale ones before it are dropped.
    pub(super) fn first(&mut self, is_live: impl Fn(Entry) -> bool) -> Option<First> {
        for level in &mut self.levels {
            while let Some((entry, standing)) = level.entries.first() {
                if is_live(entry) {
                    return Some(First {
                        priority: level.priority,
                        entry,
                        standing,
                    });
                }
                level.entries.pop();
                self.stale -= 1;
            }
        }
        None
    }

    /// The next entry for which `is_live` holds.
    pub(super) fn pop(&mut self, is_live: impl Fn(Entry) -> bool) -> Option<Entry> {
        let mut index = 0;
        while let Some(level) = self.levels.get_mut(index) {
            match level.entries.pop() {
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
            level.entries.retain(&is_live);
        }
        self.levels
            .retain(|level| level.priority == COMMON || level.entries.len() > 0);
        self.stale = 0;
    }

    /// Takes every entry out. Standings begin anew.
    #[must_use = "it may be large, to be dropped where nobody waits"]
    pub(super) fn take(&mut self) -> Self {
        std::mem::replace(self, Self::new(self.order()))
    }
}

#[cfg(test)]
mod tests;
