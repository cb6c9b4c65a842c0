//! Threads: workers that come and go together.

use super::{id_of, Attention, Phase, Run, Worker, Workers};
use crate::pool::statistics::{in_milliseconds, ThreadStatistics};
use crate::pool::{Moment, ThreadId, WorkerId};
use std::ops::Range;

impl Workers {
    /// Reserves the workers of a thread. Gives the first one.
    pub(in crate::pool) fn reserve(&mut self) -> WorkerId {
        let count = self.lanes.count() as usize;
        let gone = |worker: &Worker| worker.phase == Phase::Gone;
        let mut threads = self.slots.chunks(count);
        let index = match threads.position(|thread| thread.iter().all(gone)) {
            Some(thread) => thread * count,
            None => self.slots.len(),
        };
        if index == self.slots.len() {
            self.slots.resize_with(index + count, Worker::default);
        }
        for worker in &mut self.slots[index..index + count] {
            worker.phase = Phase::Reserved;
        }
        id_of(index)
    }

    pub(in crate::pool) const fn thread_of(&self, id: WorkerId) -> ThreadId {
        self.lanes.thread_of(id)
    }

    /// All workers of the thread of this one.
    pub(in crate::pool) const fn with(&self, id: WorkerId) -> Range<WorkerId> {
        self.lanes.of(id)
    }

    fn thread(&self, id: WorkerId) -> &[Worker] {
        let Range { start, end } = self.with(id);
        self.slots.get(start as usize..end as usize).unwrap_or(&[])
    }

    /// A worker of the thread that has been idle for longest, with all of its workers, and since
    /// when.
    pub(in crate::pool) fn longest_idle(&self) -> Option<(WorkerId, Moment)> {
        let since = |worker: &Worker| match worker.attention {
            Attention::Listed(since) => Some(since),
            Attention::Elsewhere | Attention::Woken => None,
        };
        let all_since = |id| {
            let each = self.thread(id).iter().map(since);
            let all = each.reduce(|one, other| Some(one?.max(other?)));
            all.flatten().map(|since| (id, since))
        };
        let threads = self.idle.iter().filter_map(all_since);
        threads.min_by_key(|(_, since)| *since)
    }

    /// Active -> Leaving for those of the thread of this worker that run something, and the others
    /// of it are condemned. Nothing happens if none runs anything. Says whether one did.
    pub(in crate::pool) fn leave(&mut self, id: WorkerId) -> bool {
        let leaves = self.thread(id).iter().any(Worker::is_at_work);
        if leaves {
            self.withhold(id);
        }
        leaves
    }

    /// The workers of this thread take nothing any more, and go on with what they run. True if a
    /// wake was on its way to one of them.
    pub(in crate::pool) fn withhold(&mut self, id: WorkerId) -> bool {
        let mut woken = false;
        for id in self.with(id) {
            let Some(worker) = self.get(id) else { break };
            if worker.is_at_work() {
                worker.phase = Phase::Leaving;
            } else if matches!(worker.phase, Phase::Reserved | Phase::Active) {
                worker.phase = Phase::Condemned;
                woken |= self.unlist(id);
            }
        }
        woken
    }

    /// Whether some of the thread of this worker go on with what they run, for the last time.
    pub(in crate::pool) fn is_leaving(&self, id: WorkerId) -> bool {
        let leaving = |worker: &Worker| worker.phase == Phase::Leaving;
        self.thread(id).iter().any(leaving)
    }

    /// How many of the thread of this worker run a task that is not settled.
    pub(in crate::pool) fn running_with(&self, id: WorkerId) -> usize {
        let running = |worker: &&Worker| worker.current().is_some();
        self.thread(id).iter().filter(running).count()
    }

    /// Whether several of the thread of this worker run something, tasks that were settled included.
    pub(in crate::pool) fn are_several_at_work(&self, id: WorkerId) -> bool {
        let at_work = |worker: &&Worker| !matches!(worker.run, Run::Nothing);
        self.thread(id).iter().filter(at_work).nth(1).is_some()
    }

    /// Whether the thread of this worker has ever taken a task.
    pub(in crate::pool) fn has_served(&self, id: WorkerId) -> bool {
        self.thread(id).first().is_some_and(|first| first.taken > 0)
    }

    /// How many of this thread run nothing, not even what was aborted.
    pub(in crate::pool) fn free_of(&self, thread: ThreadId) -> usize {
        let free = |worker: &&Worker| matches!(worker.run, Run::Nothing);
        let first = thread * self.lanes.count();
        self.thread(first).iter().filter(free).count()
    }

    /// How many run something on threads that leave.
    pub(in crate::pool) fn leaving(&self) -> usize {
        let leaving = |worker: &&Worker| worker.phase == Phase::Leaving;
        self.slots.iter().filter(leaving).count()
    }

    /// What each thread does and has done.
    pub(in crate::pool) fn statistics(&self, now: Moment) -> Vec<ThreadStatistics> {
        let count = self.lanes.count() as usize;
        let statistics = |(index, thread): (usize, &[Worker])| {
            if thread.iter().all(|worker| worker.phase == Phase::Gone) {
                return None;
            }
            let at_work = |worker: &&Worker| !matches!(worker.run, Run::Nothing);
            let running = thread.iter().filter(at_work).count();
            let busy: u64 = thread.iter().map(|worker| worker.busy_until(now)).sum();
            Some(ThreadStatistics {
                worker: id_of(index * count),
                running,
                tasks: thread[0].taken.saturating_sub(running as u64),
                busy: in_milliseconds(busy),
            })
        };
        let threads = self.slots.chunks(count).enumerate();
        threads.filter_map(statistics).collect()
    }
}

impl Worker {
    /// Whether it runs something, and would take more.
    const fn is_at_work(&self) -> bool {
        matches!(self.phase, Phase::Active) && !matches!(self.run, Run::Nothing)
    }

    /// For how long it has run tasks, with the present one, in nanoseconds.
    fn busy_until(&self, now: Moment) -> u64 {
        let present = self.current().map(|current| current.started_at);
        self.busy + present.map_or(0, |started_at| now.nanoseconds_since(started_at))
    }
}
