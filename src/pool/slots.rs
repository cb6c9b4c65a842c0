//! The tasks that are not settled, by their id.

use super::queue::Entry;
use super::{Moment, Task, TaskId, WorkerId};

/// A task that waits.
#[derive(Debug)]
pub(super) struct Queued {
    pub(super) task: Task,
    pub(super) submitted_at: Moment,
}

/// Where a task is. The README has the transitions.
#[derive(Debug)]
pub(super) enum Place {
    /// Nowhere: it is settled, or unknown.
    Free,
    /// In the queue.
    Queued(Queued),
    /// With this worker, whose `current` is this task.
    Running(WorkerId),
}

#[derive(Debug)]
struct Slot {
    place: Place,
    /// Goes up with every task that is queued here: the queue's entry of a cancelled task is not
    /// the one of a later task.
    generation: u32,
}

/// All slots. The submitter hands out small ids and reuses them, so this is an array.
#[derive(Debug, Default)]
pub(super) struct Slots(Vec<Slot>);

/// How far an id may be beyond all ids before it. The submitter hands out the smallest free id. Ids
/// arrive in another order only where a getter submits tasks while its value is encoded.
const FARTHEST: usize = 1 << 16;

impl Slots {
    /// Makes a free slot for this id. False if the submitter broke its promise (the id is in use,
    /// or not a small one), or if memory is exhausted.
    #[inline]
    pub(super) fn make_room(&mut self, id: TaskId) -> bool {
        let index = id as usize;
        (index < self.0.len() || self.reach(index)) && matches!(self.0[index].place, Place::Free)
    }

    /// Puts a task into its slot, and returns its entry for the queue.
    ///
    /// # Errors
    /// The task itself, if there is no room for it.
    pub(super) fn enter(&mut self, task: Task, submitted_at: Moment) -> Result<Entry, Task> {
        let id = task.header.id;
        if !self.make_room(id) {
            return Err(task);
        }
        let slot = &mut self.0[id as usize];
        slot.generation = slot.generation.wrapping_add(1);
        slot.place = Place::Queued(Queued { task, submitted_at });
        Ok(Entry {
            id,
            generation: slot.generation,
        })
    }

    /// Makes the missing slots up to this index. False if it is too far, or if memory is exhausted.
    fn reach(&mut self, index: usize) -> bool {
        let missing = index - self.0.len() + 1;
        if missing > FARTHEST || self.0.try_reserve(missing).is_err() {
            return false;
        }
        self.0.resize_with(index + 1, || Slot {
            place: Place::Free,
            generation: 0,
        });
        true
    }

    /// Whether the task of this entry still waits.
    pub(super) fn is_waiting(&self, entry: Entry) -> bool {
        self.0.get(entry.id as usize).is_some_and(|slot| {
            slot.generation == entry.generation && matches!(slot.place, Place::Queued(_))
        })
    }

    /// Since when the task waits. None if it does not.
    pub(super) fn submitted_at(&self, id: TaskId) -> Option<Moment> {
        match &self.0.get(id as usize)?.place {
            Place::Queued(queued) => Some(queued.submitted_at),
            Place::Free | Place::Running(_) => None,
        }
    }

    /// The entry of the task that was queued here last.
    pub(super) fn entry(&self, id: TaskId) -> Entry {
        let slot = self.0.get(id as usize);
        Entry {
            id,
            generation: slot.map_or(0, |slot| slot.generation),
        }
    }

    /// Moves a waiting task to its worker, into `task`, and says when it was submitted. None if it
    /// does not wait.
    pub(super) fn start(
        &mut self,
        id: TaskId,
        worker: WorkerId,
        task: &mut Task,
    ) -> Option<Moment> {
        let place = &mut self.0.get_mut(id as usize)?.place;
        let Place::Queued(queued) = place else {
            return None;
        };
        let submitted_at = queued.submitted_at;
        task.header = queued.task.header;
        task.message.take_over(&mut queued.task.message);
        // What is left has nothing to free (see `Message::discard`).
        std::mem::forget(std::mem::replace(place, Place::Running(worker)));
        Some(submitted_at)
    }

    /// Frees the slot of a task that some worker runs.
    #[inline]
    pub(super) fn end(&mut self, id: TaskId) {
        let place = self.0.get_mut(id as usize).map(|slot| &mut slot.place);
        if let Some(place @ Place::Running(_)) = place {
            // As in `start`.
            std::mem::forget(std::mem::replace(place, Place::Free));
        }
    }

    /// Frees a slot, and returns what was there.
    pub(super) fn free(&mut self, id: TaskId) -> Place {
        match self.0.get_mut(id as usize) {
            Some(slot) => std::mem::replace(&mut slot.place, Place::Free),
            None => Place::Free,
        }
    }

    /// Frees the slot of a waiting task, and returns the task to be dropped. None if it does not
    /// wait.
    pub(super) fn free_waiting(&mut self, id: TaskId) -> Option<Queued> {
        let place = &mut self.0.get_mut(id as usize)?.place;
        match std::mem::replace(place, Place::Free) {
            Place::Queued(queued) => Some(queued),
            other => {
                *place = other;
                None
            }
        }
    }

    /// Frees everything, and returns what was there to be dropped.
    #[must_use = "payloads must not be dropped under the lock"]
    pub(super) fn clear(&mut self) -> Self {
        std::mem::take(self)
    }
}
