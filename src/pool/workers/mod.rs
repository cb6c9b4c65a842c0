//! The workers: which there are, which are idle, and which task each one runs.

mod run;

pub(super) use run::Current;

use super::state::Reported;
use super::statistics::{in_milliseconds, nanoseconds, WorkerStatistics};
use super::{TaskId, Wake, WorkerId};
use crate::sync::Arc;
use crate::transport::Message;
use crate::wire::packet::NO_KEY;
use run::Run;
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

/// What a thread said it would end by, and during which task.
pub(super) struct LastWords {
    /// The task and its start. None if they were said while the worker ran none.
    during: Option<(TaskId, Instant)>,
    pub(super) message: Message,
}

impl LastWords {
    pub(super) fn belong_to(&self, task: Option<Current>) -> bool {
        self.during == task.map(|task| (task.id, task.started_at))
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
    /// The key of a task that is settled, and that it still runs.
    held: u32,
    /// How many tasks it has taken.
    taken: u64,
    /// For how long it has run those that it has finished, in nanoseconds.
    busy: u64,
    /// With the task during which they were said, which may have ended since.
    last_words: Option<LastWords>,
    /// Written by `progress`.
    reported: Reported,
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
        self.woken(id)
    }

    /// [`Workers::wake_one`], for the one of which `rank` is least, and the last one of those.
    #[must_use = "a worker that is not woken sleeps on"]
    pub(super) fn wake_least(&mut self, rank: impl Fn(WorkerId) -> usize) -> Option<Arc<dyn Wake>> {
        let ranks = self.idle.iter().rev().map(|&id| (rank(id), id));
        let (_, id) = ranks.min_by_key(|(rank, _)| *rank)?;
        self.wake_listed(id)
    }

    /// Wakes this one if it is on the list.
    #[must_use = "a worker that is not woken sleeps on"]
    pub(super) fn wake_listed(&mut self, id: WorkerId) -> Option<Arc<dyn Wake>> {
        let place = self.idle.iter().rposition(|idle| *idle == id)?;
        self.idle.remove(place);
        self.woken(id)
    }

    fn woken(&mut self, id: WorkerId) -> Option<Arc<dyn Wake>> {
        let worker = self.get(id)?;
        worker.attention = Attention::Woken;
        worker.wake.clone()
    }

    /// Whether some are on the idle list.
    pub(super) const fn have_idle(&self) -> bool {
        !self.idle.is_empty()
    }

    /// The worker that has been idle for longest, and since when.
    pub(super) fn longest_idle(&self) -> Option<(WorkerId, Instant)> {
        let id = *self.idle.first()?;
        match self.slots[id as usize].attention {
            Attention::Listed(since) => Some((id, since)),
            Attention::Elsewhere | Attention::Woken => None,
        }
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
        let Some(worker) = self.get(id) else {
            return Some(message);
        };
        let during = worker.current().map(|task| (task.id, task.started_at));
        let words = LastWords { during, message };
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
            worker.held = NO_KEY;
            worker.wake.clone()
        };
        let workers = self.slots.iter_mut().filter(existing);
        workers.filter_map(condemn).collect()
    }
}
