//! The idle list, and how many workers of each thread are on it.

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

    /// How many workers of the thread of an idle one are not on the list: how much it has to do.
    pub(super) fn load(&self, id: WorkerId) -> u32 {
        if !self.lanes.are_several() {
            return 0;
        }
        let count = self.counts.get(self.lanes.thread_of(id) as usize);
        self.lanes.count() - count.copied().unwrap_or(0)
    }

    /// From the end: most often it is the one that was listed last.
    fn remove_last(&mut self, is_it: impl Fn(WorkerId) -> bool) -> Option<WorkerId> {
        let place = self.list.iter().rposition(|idle| is_it(*idle))?;
        let id = self.list.remove(place);
        self.removed(id);
        Some(id)
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
