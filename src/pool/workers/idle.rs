//! The idle list, and how many workers of each thread are on it.

use std::cmp::Reverse;

use crate::pool::lanes::Lanes;
use crate::pool::{ThreadId, WorkerId};

pub(super) struct Idle {
    /// The one idle for longest first.
    list: Vec<WorkerId>,
    lanes: Lanes,
    /// How many of each thread are on the list, if threads have several workers.
    counts: Vec<u32>,
}

impl Idle {
    pub(super) const fn new(lanes: Lanes) -> Self {
        Self {
            list: Vec::new(),
            lanes,
            counts: Vec::new(),
        }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Takes the one off that went idle last, of those whose threads have least to do and, of these,
    /// the lowest `rank`.
    ///
    /// The thread is looked for first: each has up to 256 workers on the list.
    pub(super) fn pop_least(&mut self, rank: impl Fn(ThreadId) -> usize) -> Option<WorkerId> {
        let lanes = self.lanes;
        if !lanes.are_several() {
            let of = |id: &WorkerId| rank(lanes.thread_of(*id));
            let id = self.list.iter().copied().rev().min_by_key(of)?;
            return self.remove_last(|idle| idle == id);
        }
        let most = |(thread, &count): (ThreadId, &u32)| (Reverse(count), rank(thread));
        let listed = || (0..).zip(&self.counts).filter(|(_, count)| **count > 0);
        let least = listed().map(most).min()?;
        let counts = &self.counts;
        let is_least = |idle: WorkerId| {
            let thread = lanes.thread_of(idle);
            most((thread, &counts[thread as usize])) == least
        };
        let place = self.list.iter().rposition(|idle| is_least(*idle))?;
        Some(self.remove_at(place))
    }

    /// From the one that is idle for longest on.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = WorkerId> + '_ {
        self.list.iter().copied()
    }

    pub(super) fn push(&mut self, id: WorkerId) {
        self.list.push(id);
        if self.lanes.are_several() {
            *self.count(id) += 1;
        }
    }

    /// Takes the one off that went idle last.
    pub(super) fn pop(&mut self) -> Option<WorkerId> {
        let id = self.list.pop()?;
        self.removed(id);
        Some(id)
    }

    /// Takes this one off, if it is there.
    pub(super) fn remove(&mut self, id: WorkerId) {
        self.remove_last(|idle| idle == id);
    }

    /// Takes the one of this thread off that went idle last.
    pub(super) fn pop_of(&mut self, thread: ThreadId) -> Option<WorkerId> {
        let lanes = self.lanes;
        self.remove_last(|idle| lanes.thread_of(idle) == thread)
    }

    pub(super) fn clear(&mut self) {
        self.list.clear();
        self.counts.clear();
    }

    /// From the end: most often it is the one that was listed last.
    fn remove_last(&mut self, is_it: impl Fn(WorkerId) -> bool) -> Option<WorkerId> {
        let place = self.list.iter().rposition(|idle| is_it(*idle))?;
        Some(self.remove_at(place))
    }

    fn remove_at(&mut self, place: usize) -> WorkerId {
        let id = self.list.remove(place);
        self.removed(id);
        id
    }

    fn removed(&mut self, id: WorkerId) {
        if self.lanes.are_several() {
            *self.count(id) -= 1;
        }
    }

    fn count(&mut self, id: WorkerId) -> &mut u32 {
        let thread = self.lanes.thread_of(id) as usize;
        if thread >= self.counts.len() {
            self.counts.resize(thread + 1, 0);
        }
        &mut self.counts[thread]
    }
}

#[cfg(test)]
mod tests {
    use super::Idle;
    use crate::pool::lanes::Lanes;
    use crate::pool::WorkerId;

    const THREADS: u32 = 5;

    /// The next number of a row that repeats itself only after 2^32 of them.
    fn next(seed: &mut u32) -> u32 {
        *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *seed >> 16
    }

    #[test]
    fn the_last_one_comes_off_of_the_thread_with_most_and_the_lowest_rank() {
        for lanes in [1, 2, 7] {
            let mut idle = Idle::new(Lanes::new(lanes));
            let mut listed: Vec<WorkerId> = Vec::new();
            let mut seed = lanes;
            for _ in 0..2000 {
                let rank = next(&mut seed);
                let rank = |thread| ((rank >> thread) & 1) as usize;
                let id = next(&mut seed) % (THREADS * lanes);
                if next(&mut seed) & 1 == 0 {
                    if !listed.contains(&id) {
                        idle.push(id);
                        listed.push(id);
                    }
                    continue;
                }
                let least = listed.iter().copied().rev().min_by_key(|id| {
                    let of_thread = |other: &&WorkerId| *other / lanes == id / lanes;
                    let absent = lanes as usize - listed.iter().filter(of_thread).count();
                    (absent, rank(id / lanes))
                });
                listed.retain(|id| Some(*id) != least);
                assert_eq!(idle.pop_least(rank), least);
            }
        }
    }
}
