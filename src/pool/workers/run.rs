//! What workers run, until when, and of which key.

use super::{id_of, Attention, Phase, Worker, Workers};
use crate::pool::{Moment, TaskId, WorkerId};
use crate::wire::packet::NO_KEY;

/// The task a worker runs.
#[derive(Debug, Clone, Copy)]
pub(in crate::pool) struct Current {
    pub(in crate::pool) id: TaskId,
    pub(in crate::pool) key: u32,
    pub(in crate::pool) started_at: Moment,
    pub(in crate::pool) deadline: Option<Moment>,
    /// When it was submitted, if the submitter wants to hear its times.
    pub(in crate::pool) timed: Option<Moment>,
}

/// What a worker runs.
#[derive(Debug, Clone, Copy, Default)]
pub(super) enum Run {
    #[default]
    Nothing,
    /// A task that is not settled.
    Task(Current),
    /// A task that was aborted: it is settled, and may still end.
    Aborted,
}

impl Worker {
    pub(super) const fn current(&self) -> Option<Current> {
        match self.run {
            Run::Task(current) => Some(current),
            Run::Nothing | Run::Aborted => None,
        }
    }
}

impl Workers {
    /// How many still run a task that was aborted.
    pub(in crate::pool) fn aborted(&self) -> usize {
        let aborted = |worker: &&Worker| matches!(worker.run, Run::Aborted);
        self.slots.iter().filter(aborted).count()
    }

    /// Gives the worker a task, which answers a wake that was on its way to it. Returns how many
    /// tasks its thread has taken now.
    pub(in crate::pool) fn start(&mut self, id: WorkerId, current: Current) -> u64 {
        let first = self.lanes.first_of(id);
        let Some(worker) = self.get(id) else { return 0 };
        worker.run = Run::Task(current);
        let attention = std::mem::take(&mut worker.attention);
        self.running += 1;
        if matches!(attention, Attention::Listed(_)) {
            self.idle.remove(id);
        }
        self.get(first).map_or(0, |first| {
            first.taken += 1;
            first.taken
        })
    }

    pub(in crate::pool) fn current(&self, id: WorkerId) -> Option<Current> {
        self.slots.get(id as usize)?.current()
    }

    /// Task -> Nothing. The caller settles the task.
    pub(in crate::pool) fn take_current(&mut self, id: WorkerId) -> Option<Current> {
        let worker = self.get(id)?;
        let current = worker.current()?;
        worker.run = Run::Nothing;
        self.running -= 1;
        Some(current)
    }

    /// Takes the task from the worker, which has finished it. Says whether the worker leaves.
    pub(in crate::pool) fn finish(&mut self, id: WorkerId, now: Moment) -> Option<(Current, bool)> {
        let worker = self.get(id)?;
        let current = worker.current()?;
        worker.run = Run::Nothing;
        worker.busy += now.nanoseconds_since(current.started_at);
        let leaves = worker.phase == Phase::Leaving;
        self.running -= 1;
        Some((current, leaves))
    }

    /// Nothing -> Aborted: the worker goes on with the task that the caller has taken.
    pub(in crate::pool) fn spare(&mut self, id: WorkerId) {
        if let Some(worker) = self.get(id) {
            worker.run = Run::Aborted;
        }
    }

    /// Whether the worker still runs a task that was aborted.
    pub(in crate::pool) fn is_aborted(&self, id: WorkerId) -> bool {
        let worker = self.slots.get(id as usize);
        worker.is_some_and(|worker| matches!(worker.run, Run::Aborted))
    }

    /// Aborted -> Nothing, if the worker ran a task that was aborted. Says whether it did.
    pub(in crate::pool) fn end_aborted(&mut self, id: WorkerId) -> bool {
        match self.get(id) {
            Some(worker) if matches!(worker.run, Run::Aborted) => {
                worker.run = Run::Nothing;
                true
            }
            _ => false,
        }
    }

    /// The worker goes on with a task of this key that the caller settles.
    pub(in crate::pool) fn hold(&mut self, id: WorkerId, key: u32) {
        if let Some(worker) = self.get(id) {
            worker.held = key;
        }
    }

    /// The key of the task that was settled while the worker ran it.
    pub(in crate::pool) fn take_held(&mut self, id: WorkerId) -> u32 {
        self.get(id)
            .map_or(NO_KEY, |worker| std::mem::replace(&mut worker.held, NO_KEY))
    }

    /// Those whose deadline is at `now` or before, the earliest first, and the earliest deadline of
    /// the others.
    pub(in crate::pool) fn overdue(&self, now: Moment) -> (Vec<WorkerId>, Option<Moment>) {
        let mut overdue = Vec::new();
        let mut next: Option<Moment> = None;
        for (index, worker) in self.slots.iter().enumerate() {
            match worker.current().and_then(|current| current.deadline) {
                Some(deadline) if deadline <= now => overdue.push((deadline, id_of(index))),
                Some(deadline) => {
                    next = Some(next.map_or(deadline, |earliest| earliest.min(deadline)));
                }
                None => {}
            }
        }
        overdue.sort_unstable();
        (
            overdue.into_iter().map(|(_, worker)| worker).collect(),
            next,
        )
    }
}
