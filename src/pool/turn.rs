//! How long a worker runs one task after the other before its event loop turns.

use super::Moment;
use std::time::Duration;

/// Timers and sockets of the worker wait for this long at most, and for the task that goes beyond.
/// The model checker needs runs that do not depend on a clock.
const BUDGET: Duration = if cfg!(async_hooks_rs_loom) {
    Duration::from_secs(3600)
} else {
    Duration::from_millis(4)
};

/// The present turn of the event loop.
#[derive(Debug, Default)]
pub(super) struct Turn {
    /// When it is over. None before the first of its tasks.
    ends: Option<Moment>,
}

impl Turn {
    /// A task is taken. When the event loop turns at the latest, since the first one was.
    pub(super) fn start(&mut self, now: Moment) -> Moment {
        *self.ends.get_or_insert_with(|| now + BUDGET)
    }

    /// A task was finished: says whether the event loop has waited for long enough.
    pub(super) fn is_over(&mut self, now: Moment) -> bool {
        now >= self.start(now)
    }

    /// The event loop turns.
    pub(super) const fn end(&mut self) {
        self.ends = None;
    }
}

#[cfg(test)]
mod tests {
    use super::{Moment, Turn, BUDGET};

    #[test]
    fn the_first_task_starts_the_turn() {
        let start = Moment::now();
        let mut turn = Turn::default();
        turn.start(start);
        turn.start(start + BUDGET / 2);
        assert!(!turn.is_over(start + BUDGET / 2));
        assert!(turn.is_over(start + BUDGET));
    }

    #[test]
    fn the_next_turn_has_a_budget_of_its_own() {
        let start = Moment::now();
        let mut turn = Turn::default();
        assert!(!turn.is_over(start));
        turn.end();
        assert!(!turn.is_over(start + BUDGET));
        assert!(turn.is_over(start + BUDGET + BUDGET));
    }
}
