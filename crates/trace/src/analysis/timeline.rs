//! What ran when, in a ring of bounded size: the runs of callbacks, the resources that caused them,
//! and the reads in them.
//!
//! The rules of the possible kind walk it backwards, along creation and resolution.

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::events::Key;

/// Reads that a run remembers.
const READS: usize = 50;

/// How many runs a walk visits at most.
const STEPS: usize = 80;

/// A call of `getStore()`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Read {
    /// The storage.
    pub(crate) storage: Key,
    /// The context in which it was called.
    pub(crate) ctx: Key,
    /// The place.
    pub(crate) site: u32,
    /// What called the reader.
    pub(crate) via: u32,
}

/// Promises that one run resolved, and that were made at one place.
#[derive(Debug, Default)]
pub(crate) struct Group {
    /// Where they were made.
    pub(crate) site: u32,
    /// Whether one of them was made in the context of the run.
    pub(crate) own: bool,
    /// Those that were made in others.
    pub(crate) others: Vec<Key>,
}

/// One run of a callback.
#[derive(Debug, Default)]
pub(crate) struct Run {
    /// The thread.
    pub(crate) thread: u32,
    /// The resource whose callback it is; none for the main script.
    pub(crate) resource: Key,
    /// The run in which that resource was made.
    pub(crate) cause: u64,
    /// The context.
    pub(crate) ctx: Key,
    /// When it began, in microseconds.
    pub(crate) from: u64,
    /// When it ended.
    pub(crate) to: u64,
    /// The last reads in it.
    pub(crate) reads: VecDeque<Read>,
    /// What it resolved.
    pub(crate) resolved: Vec<Group>,
}

/// An asynchronous resource.
#[derive(Debug, Default)]
pub(crate) struct Resource {
    /// The number of its type.
    pub(crate) kind: Key,
    /// Whether it is a promise.
    pub(crate) promise: bool,
    /// Its trigger.
    pub(crate) trigger: Key,
    /// The context in which it was made.
    pub(crate) ctx: Key,
    /// The run in which it was made.
    pub(crate) run: u64,
    /// The place.
    pub(crate) site: u32,
    /// The run that resolved it; 0 while it is pending.
    pub(crate) resolved_in: u64,
    /// Whether it counts as pending.
    pub(crate) pending: bool,
    /// Promises of other contexts that wait for it.
    pub(crate) sharers: Vec<Key>,
    /// How many of them there were.
    pub(crate) shared: u32,
}

/// A stretch of the program's own `run()`, or a function in another context than its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// The synchronous part of a `run()`.
    Entered {
        /// The context.
        ctx: Key,
        /// When it began.
        from: u64,
        /// When it ended.
        to: u64,
    },
    /// A function ran in another context than the one in which it was made.
    Crossed {
        /// The thread.
        thread: u32,
        /// When.
        at: u64,
        /// The context in which it was made.
        from: Key,
        /// The context in which it ran.
        to: Key,
        /// The function's site.
        site: u32,
    },
}

/// The ring.
#[derive(Debug)]
pub(crate) struct Timeline {
    runs: VecDeque<Run>,
    /// The number of the first run that is still there.
    first: u64,
    resources: FxHashMap<Key, Resource>,
    order: VecDeque<Key>,
    marks: VecDeque<Mark>,
    bytes: usize,
    limit: usize,
    forgotten: u64,
}

impl Timeline {
    /// A ring of `limit` bytes.
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            runs: VecDeque::new(),
            first: 1,
            resources: FxHashMap::default(),
            order: VecDeque::new(),
            marks: VecDeque::new(),
            bytes: 0,
            limit,
            forgotten: 0,
        }
    }

    /// A run begins: its number.
    pub(crate) fn begin(&mut self, run: Run) -> u64 {
        self.bytes += size_of::<Run>();
        self.runs.push_back(run);
        self.forget_oldest();
        self.first + self.runs.len() as u64 - 1
    }

    /// The run `number`, if it is still there.
    pub(crate) fn run(&self, number: u64) -> Option<&Run> {
        let index = number.checked_sub(self.first)?;
        self.runs.get(usize::try_from(index).ok()?)
    }

    /// The run `number`, to change it.
    pub(crate) fn run_mut(&mut self, number: u64) -> Option<&mut Run> {
        let index = number.checked_sub(self.first)?;
        self.runs.get_mut(usize::try_from(index).ok()?)
    }

    /// A resource has been made.
    pub(crate) fn add(&mut self, key: Key, resource: Resource) {
        self.bytes += Self::RESOURCE;
        if self.resources.insert(key, resource).is_some() {
            self.bytes -= Self::RESOURCE;
        } else {
            self.order.push_back(key);
        }
        self.forget_oldest();
    }

    /// The resource `key`, if it is still there.
    pub(crate) fn resource(&self, key: Key) -> Option<&Resource> {
        self.resources.get(&key)
    }

    /// The resource `key`, to change it.
    pub(crate) fn resource_mut(&mut self, key: Key) -> Option<&mut Resource> {
        self.resources.get_mut(&key)
    }

    /// A read in the run `number`.
    pub(crate) fn read(&mut self, number: u64, read: Read) {
        let Some(run) = self.run_mut(number) else {
            return;
        };
        let full = run.reads.len() == READS;
        if full {
            run.reads.pop_front();
        }
        run.reads.push_back(read);
        if !full {
            self.bytes += size_of::<Read>();
        }
    }

    /// The run `number` resolves the promise `key`, which was made at `site`, in the context of the
    /// run or in another.
    pub(crate) fn resolve(&mut self, number: u64, key: Key, site: u32, own: bool) {
        let Some(run) = self.run_mut(number) else {
            return;
        };
        let index = run.resolved.iter().position(|group| group.site == site);
        let mut added = 0;
        let index = index.unwrap_or_else(|| {
            added += size_of::<Group>();
            run.resolved.push(Group {
                site,
                ..Group::default()
            });
            run.resolved.len() - 1
        });
        let group = &mut run.resolved[index];
        if own {
            group.own = true;
        } else {
            group.others.push(key);
            added += size_of::<Key>();
        }
        self.bytes += added;
    }

    /// The promises of other contexts that the run `number` resolved, if it resolved one of its own
    /// that was made at the same `site`. Each is given once.
    pub(crate) fn take_batch(&mut self, number: u64, site: u32) -> Vec<Key> {
        let group = self.run_mut(number).and_then(|run| {
            let mut groups = run.resolved.iter_mut();
            groups.find(|group| group.own && group.site == site)
        });
        let others = group.map(|group| std::mem::take(&mut group.others));
        let others = others.unwrap_or_default();
        self.bytes -= others.len() * size_of::<Key>();
        others
    }

    /// A mark in the picture.
    pub(crate) fn mark(&mut self, mark: Mark) {
        self.bytes += size_of::<Mark>();
        self.marks.push_back(mark);
        self.forget_oldest();
    }

    /// The runs, the oldest first.
    pub(crate) fn runs(&self) -> impl DoubleEndedIterator<Item = &Run> {
        self.runs.iter()
    }

    /// The marks, the oldest first.
    pub(crate) fn marks(&self) -> impl DoubleEndedIterator<Item = &Mark> {
        self.marks.iter()
    }

    /// How many runs and marks the ring has forgotten.
    pub(crate) const fn forgotten(&self) -> u64 {
        self.forgotten
    }

    /// The reads in the causal past of the run `from`, itself included, and after the run `since`;
    /// each with the number of its run.
    pub(crate) fn reads_before(&self, from: u64, since: u64) -> Vec<(u64, Read)> {
        let mut reads = Vec::new();
        let mut seen = FxHashSet::from_iter([from]);
        let mut open = VecDeque::from([from]);
        for _ in 0..STEPS {
            let Some((number, run)) = open.pop_front().map(|number| (number, self.run(number)))
            else {
                break;
            };
            let Some(run) = run else { continue };
            reads.extend(run.reads.iter().map(|read| (number, *read)));
            for cause in [run.cause, self.resolver(run)] {
                if cause > since && seen.insert(cause) {
                    open.push_back(cause);
                }
            }
        }
        reads
    }

    /// The run that resolved the promise for which `run` had waited; 0 if there is none.
    fn resolver(&self, run: &Run) -> u64 {
        self.resource(run.resource)
            .filter(|resource| resource.promise)
            .and_then(|resource| self.resource(resource.trigger))
            .map_or(0, |awaited| awaited.resolved_in)
    }

    /// What a resource takes: the table has a free slot for each taken one, at worst.
    const RESOURCE: usize = (size_of::<Resource>() + size_of::<Key>()) * 2 + size_of::<Key>();

    /// Forgets the oldest until the rest fits: of each kind one, so that none starves another.
    fn forget_oldest(&mut self) {
        while self.bytes > self.limit {
            let before = self.bytes;
            if let Some(run) = self.runs.pop_front() {
                self.first += 1;
                self.forgotten += 1;
                let others: usize = run.resolved.iter().map(|group| group.others.len()).sum();
                self.bytes -= size_of::<Run>()
                    + run.reads.len() * size_of::<Read>()
                    + run.resolved.len() * size_of::<Group>()
                    + others * size_of::<Key>();
            }
            if let Some(key) = self.order.pop_front() {
                if self.resources.remove(&key).is_some() {
                    self.bytes -= Self::RESOURCE;
                }
            }
            if self.marks.pop_front().is_some() {
                self.forgotten += 1;
                self.bytes -= size_of::<Mark>();
            }
            if self.bytes == before {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ring_is_bounded_by_bytes() {
        let mut timeline = Timeline::new(10_000);
        for id in 1..10_000 {
            let number = timeline.begin(Run::default());
            timeline.add(Key::new(0, id), Resource::default());
            for _ in 0..60 {
                timeline.read(
                    number,
                    Read {
                        storage: Key::NONE,
                        ctx: Key::NONE,
                        site: 1,
                        via: 0,
                    },
                );
            }
            assert!(timeline.bytes <= 12_000, "{}", timeline.bytes);
        }
        assert!(timeline.forgotten() > 9_000);
        assert!(timeline.run(1).is_none());
        assert!(timeline.run(9_999).is_some());
        assert!(timeline.resource(Key::new(0, 9_999)).is_some());
        assert!(timeline.runs().all(|run| run.reads.len() <= READS));
    }

    #[test]
    fn a_walk_ends() {
        let mut timeline = Timeline::new(1 << 20);
        for cause in 0..1000 {
            let number = timeline.begin(Run {
                cause,
                ..Run::default()
            });
            let read = Read {
                storage: Key::NONE,
                ctx: Key::NONE,
                site: 1,
                via: 0,
            };
            timeline.read(number, read);
        }
        assert_eq!(timeline.reads_before(1000, 0).len(), STEPS);
        assert_eq!(timeline.reads_before(1000, 990).len(), 10);
    }
}
