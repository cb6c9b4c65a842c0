//! Keys: tasks of one key run one after the other, on the same thread as long as that takes tasks.
//!
//! The tasks of a key form a line, in the order of their submission whatever the order of the queue is.
//! Only the first one is ready to run. While the key has a home, only that thread may take it;
//! otherwise it is in the queue of the pool.

use super::queue::{Entry, Standing};
use super::{Moment, ThreadId, Waiting};
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, VecDeque};

/// A purge is not worth its time for fewer stale entries than this.
const STALE_BEFORE_PURGE: usize = 64;

/// A task that is ready, in the order in which tasks run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ready {
    pub(super) priority: Reverse<i32>,
    pub(super) standing: Standing,
    pub(super) submitted_at: Moment,
    pub(super) entry: Entry,
}

/// How far the first task of a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Head {
    /// There is none.
    None,
    /// It is in the queue, or in the line of the home.
    Ready(Ready),
    /// A worker runs it, though it may be settled.
    Running,
}

#[derive(Debug)]
struct Line {
    home: Option<ThreadId>,
    head: Head,
    /// Those behind the first one, stale ones among them.
    rest: VecDeque<Ready>,
    /// How many of the rest are stale.
    stale: usize,
}

/// Where a task goes that is ready now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "nobody takes a task that is in no queue"]
pub(super) enum Place {
    /// Into the queue of the pool.
    Anywhere(Ready),
    /// It is in the line of this thread, of which a worker may have to be woken.
    Home(ThreadId),
}

/// What a thread has to do with keys.
#[derive(Debug, Default)]
struct Home {
    /// How many keys have their home here.
    keys: usize,
    /// What only this thread may take.
    ready: BTreeSet<Ready>,
}

/// All keys that are known.
#[derive(Debug, Default)]
pub(super) struct Keys {
    lines: HashMap<u32, Line>,
    /// By the number of the thread.
    homes: Vec<Home>,
    /// How many tasks wait in all homes.
    ready: usize,
    /// How many tasks wait behind others.
    behind: usize,
}

impl Keys {
    /// How many tasks wait that are not in the queue of the pool.
    pub(super) const fn waiting(&self) -> usize {
        self.ready + self.behind
    }

    /// How many of them may run.
    pub(super) const fn ready(&self) -> usize {
        self.ready
    }

    /// A task of the key was submitted. Where it goes, if it is the first one of its line.
    pub(super) fn enter(&mut self, key: u32, ready: Ready) -> Option<Place> {
        let line = self.lines.entry(key).or_insert_with(|| Line {
            home: None,
            head: Head::None,
            rest: VecDeque::new(),
            stale: 0,
        });
        if line.head != Head::None {
            line.rest.push_back(ready);
            self.behind += 1;
            return None;
        }
        line.head = Head::Ready(ready);
        let home = line.home;
        Some(self.place(home, ready))
    }

    /// What the thread may take first of the tasks for it alone.
    pub(super) fn first_of(&self, thread: ThreadId) -> Option<Ready> {
        self.homes.get(thread as usize)?.ready.first().copied()
    }

    /// Takes what [`Keys::first_of`] has found.
    pub(super) fn take_first_of(&mut self, thread: ThreadId) -> Option<Entry> {
        let ready = self.first_of(thread)?;
        self.remove_ready(thread, ready);
        Some(ready.entry)
    }

    /// Whether some thread is or was a home.
    pub(super) const fn have_homes(&self) -> bool {
        !self.homes.is_empty()
    }

    /// The home of the key, if it has one.
    pub(super) fn home_of(&self, key: u32) -> Option<ThreadId> {
        self.lines.get(&key)?.home
    }

    /// How many keys have their home with this thread.
    pub(super) fn kept_by(&self, thread: ThreadId) -> usize {
        self.homes.get(thread as usize).map_or(0, |home| home.keys)
    }

    /// The thread has taken the first task of the line, and is its home from now on.
    pub(super) fn start(&mut self, key: u32, thread: ThreadId) {
        let Some(line) = self.lines.get_mut(&key) else {
            return;
        };
        line.head = Head::Running;
        // Else it was this thread's: nobody else may take what has a home.
        if line.home.is_none() {
            line.home = Some(thread);
            self.home(thread).keys += 1;
        }
    }

    /// The first task of the line runs no more. Where the next one goes, if there is one.
    pub(super) fn end(&mut self, key: u32, is_live: impl Fn(Entry) -> bool) -> Option<Place> {
        let line = self.lines.get_mut(&key)?;
        line.head = Head::None;
        while let Some(next) = line.rest.pop_front() {
            if !is_live(next.entry) {
                line.stale -= 1;
                continue;
            }
            line.head = Head::Ready(next);
            let home = line.home;
            self.behind -= 1;
            return Some(self.place(home, next));
        }
        None
    }

    /// A waiting task of the key was cancelled. What follows from it.
    pub(super) fn cancel(
        &mut self,
        key: u32,
        entry: Entry,
        is_live: impl Fn(Entry) -> bool,
    ) -> Cancelled {
        let Some(line) = self.lines.get_mut(&key) else {
            return Cancelled::Forgotten(None);
        };
        match line.head {
            Head::Ready(ready) if ready.entry == entry => {
                let home = line.home;
                if let Some(home) = home {
                    self.remove_ready(home, ready);
                }
                let next = self.end(key, is_live);
                match home {
                    Some(_) => Cancelled::Forgotten(next),
                    None => Cancelled::InQueue(next),
                }
            }
            _ => {
                self.behind -= 1;
                line.stale += 1;
                if line.stale > STALE_BEFORE_PURGE.max(line.rest.len() / 2) {
                    line.rest.retain(|ready| is_live(ready.entry));
                    line.stale = 0;
                }
                Cancelled::Forgotten(None)
            }
        }
    }

    /// The thread takes nothing any more, or not for now: it is no home. What waited for it goes
    /// into the queue of the pool.
    pub(super) fn leave_home(&mut self, thread: ThreadId) -> BTreeSet<Ready> {
        if self.kept_by(thread) == 0 {
            return BTreeSet::new();
        }
        for line in self.lines.values_mut() {
            if line.home == Some(thread) {
                line.home = None;
            }
        }
        let Home { ready, .. } = std::mem::take(self.home(thread));
        self.ready -= ready.len();
        ready
    }

    /// The threads for which tasks wait, and how many.
    pub(super) fn awaited(&self) -> impl Iterator<Item = (ThreadId, usize)> + '_ {
        let waiting = |(thread, home): (ThreadId, &Home)| (thread, home.ready.len());
        let homes = (0..).zip(&self.homes).map(waiting);
        homes.filter(|(_, waiting)| *waiting > 0)
    }

    /// Adds how many tasks wait in lines at each priority, the highest first.
    pub(super) fn add_lengths(&self, lengths: &mut Vec<Waiting>, is_live: impl Fn(Entry) -> bool) {
        let heads = self.homes.iter().flat_map(|home| &home.ready);
        let behind = self.lines.values().flat_map(|line| &line.rest);
        for ready in heads.chain(behind) {
            if !is_live(ready.entry) {
                continue;
            }
            let Reverse(priority) = ready.priority;
            match lengths.binary_search_by(|length| priority.cmp(&length.priority)) {
                Ok(place) => lengths[place].tasks += 1,
                Err(place) => lengths.insert(place, Waiting { priority, tasks: 1 }),
            }
        }
    }

    /// No task has the key any more, whose number may be another one's now. Nothing happens while
    /// one waits.
    pub(super) fn forget(&mut self, key: u32) {
        let Some(line) = self.lines.get_mut(&key) else {
            return;
        };
        let home = match line.head {
            Head::Ready(_) => None,
            // A worker still runs a task that was cancelled: until then those to come wait.
            Head::Running => line.home.take(),
            Head::None => self.lines.remove(&key).and_then(|line| line.home),
        };
        if let Some(home) = home {
            self.home(home).keys -= 1;
        }
    }

    /// Drops what is stale. No task waits.
    pub(super) fn trim(&mut self) {
        for line in self.lines.values_mut() {
            line.rest = VecDeque::new();
            line.stale = 0;
        }
    }

    /// Drops everything.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    fn place(&mut self, home: Option<ThreadId>, ready: Ready) -> Place {
        let Some(home) = home else {
            return Place::Anywhere(ready);
        };
        self.home(home).ready.insert(ready);
        self.ready += 1;
        Place::Home(home)
    }

    fn remove_ready(&mut self, thread: ThreadId, ready: Ready) {
        if self.home(thread).ready.remove(&ready) {
            self.ready -= 1;
        }
    }

    fn home(&mut self, thread: ThreadId) -> &mut Home {
        let index = thread as usize;
        if index >= self.homes.len() {
            self.homes.resize_with(index + 1, Home::default);
        }
        &mut self.homes[index]
    }
}

/// What follows from the cancel of a waiting task.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub(super) enum Cancelled {
    /// Its entry in the queue of the pool is stale. Where the next one goes.
    InQueue(Option<Place>),
    /// It was in no queue. Where the next one goes.
    Forgotten(Option<Place>),
}
