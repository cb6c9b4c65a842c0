//! The workers: which there are, which are idle, and which task each one runs.

use super::state::Reported;
use super::statistics::{in_milliseconds, nanoseconds, WorkerStatistics};
use super::{TaskId, Wake, WorkerId};
use crate::sync::Arc;
use crate::transport::Message;
use std::time::Instant;

/// A worker's state. The README has the transitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Phase {
    /// No worker has this id.
    #[default]
    Gone,
    /// It has an id, and its thread is starting.
    Reserved,
    /// It takes tasks.
    Active,
    /// It takes nothing any more, but goes on with what it runs.
    Leaving,
    /// It takes nothing any more; its thread is ending, or has to be stopped.
    Condemned,
}

/// Whether a worker knows that it should look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Attention {
    /// It looks by itself (it is in `take`, or will be after its task), or it wants no work.
    #[default]
    Elsewhere,
    /// On the idle list, since then.
    Listed(Instant),
    /// Off the list: a wake is on its way, and `take` has not answered it yet.
    Woken,
}

/// The task a worker runs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Current {
    pub(super) id: TaskId,
    pub(super) started_at: Instant,
    pub(super) deadline: Option<Instant>,
    /// When it was submitted, if the submitter wants to hear its times.
    pub(super) timed: Option<Instant>,
}

/// What a worker runs.
#[derive(Debug, Clone, Copy, Default)]
enum Run {
    #[default]
    Nothing,
    /// A task that is not settled.
    Task(Current),
    /// A task that was aborted: it is settled, and may still end.
    Aborted,
}

/// What a thread said it would end by, and during which task.
pub(super) struct LastWords {
    pub(super) id: TaskId,
    pub(super) started_at: Instant,
    pub(super) message: Message,
}

impl LastWords {
    pub(super) fn belong_to(&self, task: Current) -> bool {
        self.id == task.id && self.started_at == task.started_at
    }
}

#[derive(Default)]
pub(super) struct Worker {
    phase: Phase,
    /// Set by `attach`, kept until the worker is removed.
    wake: Option<Arc<dyn Wake>>,
    /// A task from `take` until somebody settles it.
    run: Run,
    attention: Attention,
    /// How many tasks it has taken.
    taken: u64,
    /// For how long it has run those that it has finished, in nanoseconds.
    busy: u64,
    /// With the task during which they were said, which may have ended since.
    last_words: Option<LastWords>,
    /// Written by `progress`.
    reported: Reported,
}

impl Worker {
    const fn current(&self) -> Option<Current> {
        match self.run {
            Run::Task(current) => Some(current),
            Run::Nothing | Run::Aborted => None,
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "memory ends long before there are 2^32 workers"
)]
const fn id_of(index: usize) -> WorkerId {
    index as WorkerId
}

/// All workers.
#[derive(Default)]
pub(super) struct Workers {
    slots: Vec<Worker>,
    /// Those that are `Listed`, the one idle for longest first. `wake_one` takes from the end: the
    /// worker that was busy last has the warmest caches, and the others can be retired.
    idle: Vec<WorkerId>,
    /// How many run a task that is not settled.
    running: usize,
}

impl Workers {
    fn get(&mut self, id: WorkerId) -> Option<&mut Worker> {
        self.slots.get_mut(id as usize)
    }

    pub(super) fn phase(&self, id: WorkerId) -> Phase {
        self.slots
            .get(id as usize)
            .map_or(Phase::Gone, |worker| worker.phase)
    }

    pub(super) const fn running(&self) -> usize {
        self.running
    }

    /// How many still run a task that was aborted.
    pub(super) fn aborted(&self) -> usize {
        let aborted = |worker: &&Worker| matches!(worker.run, Run::Aborted);
        self.slots.iter().filter(aborted).count()
    }

    /// Reserves a worker.
    pub(super) fn reserve(&mut self) -> WorkerId {
        let free = |worker: &Worker| worker.phase == Phase::Gone;
        let index = self.slots.iter().position(free).unwrap_or_else(|| {
            self.slots.push(Worker::default());
            self.slots.len() - 1
        });
        self.slots[index].phase = Phase::Reserved;
        id_of(index)
    }

    /// Makes a reserved worker active. Returns the wake if the worker is not reserved.
    pub(super) fn attach(
        &mut self,
        id: WorkerId,
        wake: Arc<dyn Wake>,
    ) -> Result<(), Arc<dyn Wake>> {
        match self.get(id) {
            Some(worker) if worker.phase == Phase::Reserved => {
                worker.phase = Phase::Active;
                worker.wake = Some(wake);
                Ok(())
            }
            _ => Err(wake),
        }
    }

    /// Takes the worker off the idle list. True if a wake was on its way to it: then the caller
    /// wakes another worker for the tasks that wait.
    #[must_use = "a wake that was consumed has to be passed on"]
    pub(super) fn unlist(&mut self, id: WorkerId) -> bool {
        let Some(worker) = self.get(id) else {
            return false;
        };
        match std::mem::take(&mut worker.attention) {
            Attention::Elsewhere => false,
            Attention::Woken => true,
            Attention::Listed(_) => {
                // From the end: most often it is the one that was listed last.
                if let Some(place) = self.idle.iter().rposition(|idle| *idle == id) {
                    self.idle.remove(place);
                }
                false
            }
        }
    }

    /// Puts an active worker on the idle list, unless it is there.
    pub(super) fn list(&mut self, id: WorkerId, now: Instant) {
        let Some(worker) = self.get(id) else { return };
        if !matches!(worker.attention, Attention::Listed(_)) {
            worker.attention = Attention::Listed(now);
            self.idle.push(id);
        }
    }

    /// Takes the worker that went idle last off the list. The caller calls the wake after releasing
    /// the lock.
    #[must_use = "a worker that is not woken sleeps on"]
    pub(super) fn wake_one(&mut self) -> Option<Arc<dyn Wake>> {
        let id = self.idle.pop()?;
        let worker = self.get(id)?;
        worker.attention = Attention::Woken;
        worker.wake.clone()
    }

    /// The worker that has been idle for longest, and since when.
    pub(super) fn longest_idle(&self) -> Option<(WorkerId, Instant)> {
        let id = *self.idle.first()?;
        match self.slots[id as usize].attention {
            Attention::Listed(since) => Some((id, since)),
            Attention::Elsewhere | Attention::Woken => None,
        }
    }

    /// Gives the worker a task. Returns how many it has taken now.
    pub(super) fn start(&mut self, id: WorkerId, current: Current) -> u64 {
        let Some(worker) = self.get(id) else { return 0 };
        worker.run = Run::Task(current);
        worker.taken += 1;
        let taken = worker.taken;
        self.running += 1;
        taken
    }

    /// Active -> Leaving, if the worker runs something. Says whether it did.
    pub(super) fn leave(&mut self, id: WorkerId) -> bool {
        match self.get(id) {
            Some(worker)
                if worker.phase == Phase::Active && !matches!(worker.run, Run::Nothing) =>
            {
                worker.phase = Phase::Leaving;
                true
            }
            _ => false,
        }
    }

    pub(super) fn has_served(&self, id: WorkerId) -> bool {
        self.slots
            .get(id as usize)
            .is_some_and(|worker| worker.taken > 0)
    }

    /// Keeps what the thread says it ends by. Returns what has to be dropped: what it said before,
    /// or the message itself, if it runs no task.
    #[must_use = "a payload must not be dropped under the lock"]
    pub(super) fn keep_last_words(&mut self, id: WorkerId, message: Message) -> Option<Message> {
        let Some((worker, current)) = self
            .get(id)
            .and_then(|worker| worker.current().map(|current| (worker, current)))
        else {
            return Some(message);
        };
        let words = LastWords {
            id: current.id,
            started_at: current.started_at,
            message,
        };
        worker.last_words.replace(words).map(|words| words.message)
    }

    /// What the thread said it would end by.
    #[must_use = "a payload must not be dropped under the lock"]
    pub(super) fn take_last_words(&mut self, id: WorkerId) -> Option<LastWords> {
        self.get(id)?.last_words.take()
    }

    /// The progress that the worker has reported last.
    pub(super) fn reported(&self, id: WorkerId) -> Reported {
        self.slots
            .get(id as usize)
            .map(|worker| worker.reported)
            .unwrap_or_default()
    }

    pub(super) fn set_reported(&mut self, id: WorkerId, reported: Reported) {
        if let Some(worker) = self.get(id) {
            worker.reported = reported;
        }
    }

    pub(super) fn current(&self, id: WorkerId) -> Option<Current> {
        self.slots.get(id as usize)?.current()
    }

    /// Task -> Nothing. The caller settles the task.
    pub(super) fn take_current(&mut self, id: WorkerId) -> Option<Current> {
        let worker = self.get(id)?;
        let current = worker.current()?;
        worker.run = Run::Nothing;
        self.running -= 1;
        Some(current)
    }

    /// Takes the task from the worker, which has finished it. Returns how long it ran, too.
    pub(super) fn finish(&mut self, id: WorkerId, now: Instant) -> Option<(Current, u64)> {
        let worker = self.get(id)?;
        let current = worker.current()?;
        worker.run = Run::Nothing;
        let ran = nanoseconds(now, current.started_at);
        worker.busy += ran;
        self.running -= 1;
        Some((current, ran))
    }

    /// What each worker does and has done.
    pub(super) fn statistics(&self, now: Instant) -> Vec<WorkerStatistics> {
        let existing = |(_, worker): &(usize, &Worker)| worker.phase != Phase::Gone;
        let statistics = |(index, worker): (usize, &Worker)| {
            let is_running = !matches!(worker.run, Run::Nothing);
            let present = worker.current().map(|current| current.started_at);
            let running = present.map_or(0, |started_at| nanoseconds(now, started_at));
            WorkerStatistics {
                worker: id_of(index),
                is_running,
                tasks: worker.taken - u64::from(is_running),
                busy: in_milliseconds(worker.busy + running),
            }
        };
        let workers = self.slots.iter().enumerate();
        workers.filter(existing).map(statistics).collect()
    }

    /// Nothing -> Aborted: the worker goes on with the task that the caller has taken.
    pub(super) fn spare(&mut self, id: WorkerId) {
        if let Some(worker) = self.get(id) {
            worker.run = Run::Aborted;
        }
    }

    /// Whether the worker still runs a task that was aborted.
    pub(super) fn is_aborted(&self, id: WorkerId) -> bool {
        let worker = self.slots.get(id as usize);
        worker.is_some_and(|worker| matches!(worker.run, Run::Aborted))
    }

    /// Aborted -> Nothing, if the worker ran a task that was aborted. Says whether it did.
    pub(super) fn end_aborted(&mut self, id: WorkerId) -> bool {
        match self.get(id) {
            Some(worker) if matches!(worker.run, Run::Aborted) => {
                worker.run = Run::Nothing;
                true
            }
            _ => false,
        }
    }

    /// The worker takes nothing any more, and nobody cares for how it ends what was aborted. The
    /// caller has unlisted it and taken its task.
    pub(super) fn condemn(&mut self, id: WorkerId) -> Option<Arc<dyn Wake>> {
        let worker = self.get(id)?;
        if worker.phase == Phase::Gone {
            return None;
        }
        worker.phase = Phase::Condemned;
        worker.run = Run::Nothing;
        worker.wake.clone()
    }

    /// Frees the slot. The caller has unlisted the worker and taken its task.
    #[must_use = "a wake must not be dropped under the lock"]
    pub(super) fn remove(&mut self, id: WorkerId) -> Worker {
        self.get(id).map(std::mem::take).unwrap_or_default()
    }

    /// Condemns everyone, forgets what they run, and returns their wakes.
    pub(super) fn condemn_all(&mut self) -> Vec<Arc<dyn Wake>> {
        self.idle.clear();
        self.running = 0;
        let existing = |worker: &&mut Worker| worker.phase != Phase::Gone;
        let condemn = |worker: &mut Worker| {
            worker.phase = Phase::Condemned;
            worker.attention = Attention::Elsewhere;
            worker.run = Run::Nothing;
            worker.wake.clone()
        };
        let workers = self.slots.iter_mut().filter(existing);
        workers.filter_map(condemn).collect()
    }

    /// Those whose deadline is at `now` or before, the earliest first, and the earliest deadline of
    /// the others.
    pub(super) fn overdue(&self, now: Instant) -> (Vec<WorkerId>, Option<Instant>) {
        let mut overdue = Vec::new();
        let mut next: Option<Instant> = None;
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
