//! How tasks come into the queue, and leave it without having run.

use super::State;
use crate::pool::outcome::Pending;
use crate::pool::slots::Queued;
use crate::pool::{Moment, Task, TaskId};
use crate::wire::packet::NO_KEY;

impl State {
    /// Free -> Queued, for each, if there is room for all. What stays in `tasks` was not taken:
    /// all of them, or those with the id of another one among them. If all were, the vector keeps
    /// its memory. `ranks` has one for each task, or none: only one order of the queue looks at
    /// them.
    pub(in crate::pool) fn submit(
        &mut self,
        tasks: &mut Vec<Task>,
        ranks: &[f64],
        now: Moment,
    ) -> Pending {
        if self.closed
            || !tasks
                .iter()
                .all(|task| self.slots.make_room(task.header.id))
        {
            return None;
        }
        let mut ranks = ranks.iter();
        let mut refused = Vec::new();
        for task in tasks.drain(..) {
            let order = task.header.order;
            let rank = ranks.next().copied().unwrap_or_default();
            match self.slots.enter(task, now) {
                Ok(entry) if order.key() == NO_KEY => {
                    self.queue.push(order.priority(), rank, entry);
                }
                Ok(entry) => self.line_up(order, rank, entry, now),
                Err(task) => refused.push(task),
            }
        }
        if !refused.is_empty() {
            *tasks = refused;
        }
        self.wake_next()
    }

    /// Queued -> Free, without a result.
    #[must_use = "a payload must not be dropped under the lock"]
    pub(in crate::pool) fn cancel_waiting(&mut self, id: TaskId) -> Option<(Queued, Pending)> {
        let queued = self.slots.free_waiting(id)?;
        let next = self.leave_queue(id, &queued);
        Some((queued, next))
    }

    /// The task has left its slot, and waited. Whom to wake for what is ready now.
    pub(super) fn leave_queue(&mut self, id: TaskId, queued: &Queued) -> Pending {
        let key = queued.task.header.order.key();
        if key != NO_KEY {
            let more = self.cancel_in_line(key, self.slots.entry(id));
            return if more { self.wake_next() } else { None };
        }
        let slots = &self.slots;
        self.queue.forget_one(|entry| slots.is_waiting(entry));
        None
    }
}
