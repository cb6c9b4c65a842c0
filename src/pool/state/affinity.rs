//! Tasks that have a key: one after the other, on one thread.

use super::State;
use crate::pool::keys::{Cancelled, Place, Ready};
use crate::pool::outcome::Pending;
use crate::pool::queue::Entry;
use crate::pool::{ThreadId, Waiting, WorkerId};
use crate::wire::packet::{Order, NO_KEY};
use std::cmp::{Ordering, Reverse};
use std::time::Instant;

impl State {
    /// A task was put into its slot: into the queue, or into the line of its key.
    pub(super) fn line_up(&mut self, order: Order, entry: Entry, submitted_at: Instant) {
        let place = self
            .keys
            .enter(order.key(), order.priority(), submitted_at, entry);
        self.put(place);
    }

    /// The next task that this worker may take: among those for its thread alone and those for all,
    /// the one of the higher priority, and then the older one, unless an idle worker is there to take
    /// it.
    pub(super) fn next_for(&mut self, worker: WorkerId) -> Option<Entry> {
        let slots = &self.slots;
        let waits = |entry: Entry| slots.is_waiting(entry);
        let thread = self.workers.thread_of(worker);
        let Some(own) = self.keys.first_of(thread) else {
            return self.queue.pop(waits);
        };
        let is_next = self.queue.first(waits).is_some_and(|(priority, entry)| {
            match Reverse(priority).cmp(&own.priority) {
                Ordering::Less => true,
                Ordering::Greater => false,
                Ordering::Equal => {
                    let is_older = slots.submitted_at(entry.id) < Some(own.submitted_at);
                    is_older && !self.workers.have_idle()
                }
            }
        });
        if is_next {
            self.queue.pop(waits)
        } else {
            self.keys.take_first_of(thread)
        }
    }

    /// A waiting task with a key has left its slot. Says whether somebody may have to be woken.
    pub(super) fn cancel_in_line(&mut self, key: u32, entry: Entry) -> bool {
        let slots = &self.slots;
        let waits = |entry: Entry| slots.is_waiting(entry);
        let place = match self.keys.cancel(key, entry, waits) {
            Cancelled::InQueue(place) => {
                self.queue.forget_one(waits);
                place
            }
            Cancelled::Forgotten(place) => place,
        };
        self.put(place)
    }

    /// The task at the head of the line runs no more. Says whether somebody may have to be woken.
    pub(super) fn end_head(&mut self, key: u32) -> bool {
        if key == NO_KEY {
            return false;
        }
        let slots = &self.slots;
        let place = self.keys.end(key, |entry| slots.is_waiting(entry));
        self.put(place)
    }

    /// The worker has ended a task that was settled before. Says whether somebody may have to be
    /// woken.
    pub(super) fn release_key(&mut self, worker: WorkerId) -> bool {
        let key = self.workers.take_held(worker);
        self.end_head(key)
    }

    /// No key has its home with the thread of this worker any more. Says whether somebody may have to
    /// be woken.
    pub(super) fn leave_home(&mut self, worker: WorkerId) -> bool {
        let ready = self.keys.leave_home(self.workers.thread_of(worker));
        let moved = !ready.is_empty();
        for Ready {
            priority, entry, ..
        } in ready
        {
            self.queue.push(priority.0, entry);
        }
        moved
    }

    /// The worker takes nothing any more, or not for now. Says whether somebody may have to be
    /// woken: for what waited for it, or by the wake that was on its way to it.
    #[must_use = "a wake that was consumed has to be passed on"]
    pub(super) fn withdraw(&mut self, worker: WorkerId) -> bool {
        let woken = self.workers.unlist(worker);
        self.leave_home(worker) || woken
    }

    /// [`State::withdraw`], for a worker that may come back. Returns the wake that has to be passed
    /// on.
    pub(in crate::pool) fn pause(&mut self, worker: WorkerId) -> Pending {
        let wakes = self.withdraw(worker);
        self.wake_if(wakes)
    }

    /// Whether a task waits that the worker may take.
    pub(super) fn waits_for(&self, worker: WorkerId) -> bool {
        let thread = self.workers.thread_of(worker);
        self.queue.len() > 0 || self.keys.first_of(thread).is_some()
    }

    /// Wakes a worker in a pool with keys: first those that nobody else can help, then the idle
    /// one with the fewest keys, which may get another one.
    pub(super) fn wake_with_keys(&mut self) -> Pending {
        if self.keys.ready() > 0 {
            let mut awaited = self.keys.awaited();
            let own = awaited.find_map(|(thread, _)| self.workers.wake_one_of(thread));
            if own.is_some() {
                return own;
            }
        }
        if self.queue.len() == 0 {
            return None;
        }
        let (keys, lanes) = (&self.keys, self.workers.lanes());
        self.workers
            .wake_least(|id| keys.kept_by(lanes.thread_of(id)))
    }

    /// How many workers the tasks that wait could use: those behind others of their key need none,
    /// and those that wait for their home only the free ones of that.
    pub(super) fn wanted(&self) -> usize {
        let at_home =
            |(thread, waiting): (ThreadId, usize)| waiting.min(self.workers.free_of(thread));
        self.queue.len() + self.keys.awaited().map(at_home).sum::<usize>()
    }

    /// How many tasks wait at each priority, the highest first.
    pub(super) fn lengths(&self) -> Vec<Waiting> {
        let slots = &self.slots;
        let waits = |entry: Entry| slots.is_waiting(entry);
        let mut lengths = self.queue.lengths(waits);
        self.keys.add_lengths(&mut lengths, waits);
        lengths
    }

    /// No task has this key any more, and its number may be another one's.
    pub(in crate::pool) fn forget_key(&mut self, key: u32) {
        self.keys.forget(key);
    }

    fn put(&mut self, place: Option<Place>) -> bool {
        if let Some(Place::Anywhere(ready)) = place {
            self.queue.push(ready.priority.0, ready.entry);
        }
        place.is_some()
    }
}
