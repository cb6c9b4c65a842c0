//! Tasks that have a key: one after the other, on one thread.

use super::State;
use crate::pool::keys::{Cancelled, Place, Ready};
use crate::pool::outcome::Pending;
use crate::pool::queue::{Entry, First, QueueOrder};
use crate::pool::{Moment, ThreadId, Waiting, WorkerId};
use crate::wire::packet::{Order, NO_KEY};
use std::cmp::{Ordering, Reverse};

impl State {
    /// A task was put into its slot: into the queue, or into the line of its key.
    pub(super) fn line_up(&mut self, order: Order, rank: f64, entry: Entry, submitted_at: Moment) {
        let ready = Ready {
            priority: Reverse(order.priority()),
            standing: self.queue.standing(rank),
            submitted_at,
            entry,
        };
        let place = self.keys.enter(order.key(), ready);
        self.put(place);
    }

    /// The next task that this worker may take: among those for its thread alone and those for all,
    /// the one of the higher priority, and then the one that comes first in the order of the queue,
    /// unless that is for all and an idle worker is there to take it.
    pub(super) fn next_for(&mut self, worker: WorkerId) -> Option<Entry> {
        let slots = &self.slots;
        let waits = |entry: Entry| slots.is_waiting(entry);
        let thread = self.workers.thread_of(worker);
        let Some(own) = self.keys.first_of(thread) else {
            return self.queue.pop(waits);
        };
        let first = self.queue.first(waits);
        if first.is_some_and(|first| self.is_before(first, own)) {
            let slots = &self.slots;
            self.queue.pop(|entry| slots.is_waiting(entry))
        } else {
            self.keys.take_first_of(thread)
        }
    }

    /// Whether a worker takes the first task of the queue before this one, which is for its thread
    /// alone.
    fn is_before(&self, first: First, own: Ready) -> bool {
        match Reverse(first.priority).cmp(&own.priority) {
            Ordering::Less => return true,
            Ordering::Greater => return false,
            Ordering::Equal => {}
        }
        let submitted_at = self.slots.submitted_at(first.entry.id);
        let comes_first = match self.queue.order() {
            QueueOrder::Fifo => submitted_at < Some(own.submitted_at),
            QueueOrder::Lifo => submitted_at > Some(own.submitted_at),
            QueueOrder::Ranked => first.standing < Some(own.standing),
        };
        comes_first && !self.workers.have_idle()
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
        if self.queue.order() == QueueOrder::Lifo {
            // What is put last leaves first.
            for ready in ready.into_iter().rev() {
                self.enqueue(ready);
            }
        } else {
            for ready in ready {
                self.enqueue(ready);
            }
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
        let keys = &self.keys;
        self.workers.wake_least(|thread| keys.kept_by(thread))
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

    /// The thread that alone takes the tasks of this key, if there is one.
    pub(in crate::pool) fn key_home(&self, key: u32) -> Option<ThreadId> {
        self.keys.home_of(key)
    }

    fn put(&mut self, place: Option<Place>) -> bool {
        if let Some(Place::Anywhere(ready)) = place {
            self.enqueue(ready);
        }
        place.is_some()
    }

    fn enqueue(&mut self, ready: Ready) {
        let Reverse(priority) = ready.priority;
        self.queue.put(priority, ready.standing, ready.entry);
    }
}
