//! The workers: which there are, which are idle, and which task each one runs.

mod idle;
mod run;
mod threads;

pub(super) use run::Current;

use super::lanes::Lanes;
use super::state::Reported;
use super::{Moment, TaskId, ThreadId, Wake, WorkerId};
use crate::sync::Arc;
use crate::transport::Message;
use crate::wire::packet::NO_KEY;
use idle::Idle;
use run::Run;

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

/// Whether a worker may take a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Readiness {
    /// It may.
    Free,
    /// Not before it has finished the one that it runs.
    Busy,
    /// Never again, or not yet: it is not active.
    Out,
}

/// Whether a worker knows that it should look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Attention {
    /// It looks by itself (it is in `take`, or will be after its task), or it wants no work.
    #[default]
    Elsewhere,
    /// On the idle list, since then.
    Listed(Moment),
    /// Off the list: a wake is on its way, and `take` has not answered it yet.
    Woken,
}

/// What a thread said it would end by, and during which task.
pub(super) struct LastWords {
    /// The task and its start. None if they were said while the worker ran none.
    during: Option<(TaskId, Moment)>,
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
    /// How many tasks its thread has taken, if it is the first one of that.
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
pub(super) struct Workers {
    /// Those of one thread after those of the other.
    slots: Vec<Worker>,
    /// Those that are `Listed`. `wake_one` takes from the end: the worker that was busy last has the
    /// warmest caches, and the others can be retired.
    idle: Idle,
    /// How many run a task that is not settled.
    running: usize,
    lanes: Lanes,
}

impl Workers {
    pub(super) const fn new(lanes: Lanes) -> Self {
        Self {
            slots: Vec::new(),
            idle: Idle::new(lanes),
            running: 0,
            lanes,
        }
    }

    fn get(&mut self, id: WorkerId) -> Option<&mut Worker> {
        self.slots.get_mut(id as usize)
    }

    pub(super) fn phase(&self, id: WorkerId) -> Phase {
        self.slots
            .get(id as usize)
            .map_or(Phase::Gone, |worker| worker.phase)
    }

    pub(super) fn readiness(&self, id: WorkerId) -> Readiness {
        match self.slots.get(id as usize) {
            Some(worker) if worker.phase == Phase::Active => match worker.run {
                Run::Task(_) => Readiness::Busy,
                Run::Nothing | Run::Aborted => Readiness::Free,
            },
            _ => Readiness::Out,
        }
    }

    pub(super) const fn running(&self) -> usize {
        self.running
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
                self.idle.remove(id);
                false
            }
        }
    }

    /// Puts an active worker on the idle list, unless it is there.
    pub(super) fn list(&mut self, id: WorkerId, now: Moment) {
        let Some(worker) = self.get(id) else { return };
        if !matches!(worker.attention, Attention::Listed(_)) {
            worker.attention = Attention::Listed(now);
            self.idle.push(id);
        }
    }

    /// Takes the worker that went idle last off the list, of those whose threads have least to do.
    /// The caller calls the wake after releasing the lock.
    #[must_use = "a worker that is not woken sleeps on"]
    pub(super) fn wake_one(&mut self) -> Option<Arc<dyn Wake>> {
        if self.lanes.are_several() {
            return self.wake_least(|_| 0);
        }
        let id = self.idle.pop()?;
        self.woken(id)
    }

    /// [`Workers::wake_one`], and of those threads it is one of which `rank` is least.
    #[must_use = "a worker that is not woken sleeps on"]
    pub(super) fn wake_least(&mut self, rank: impl Fn(ThreadId) -> usize) -> Option<Arc<dyn Wake>> {
        let id = self.idle.pop_least(rank)?;
        self.woken(id)
    }

    /// Wakes one of this thread, if one is on the list.
    #[must_use = "a worker that is not woken sleeps on"]
    pub(super) fn wake_one_of(&mut self, thread: ThreadId) -> Option<Arc<dyn Wake>> {
        let id = self.idle.pop_of(thread)?;
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
