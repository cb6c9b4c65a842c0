//! How long a worker runs one task after the other before its event loop turns.

use std::time::{Duration, Instant};

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
    /// When the first of its tasks was taken.
    started: Option<Instant>,
}

impl Turn {
    /// A task is taken. When the first one was.
    pub(super) fn start(&mut self, now: Instant) -> Instant {
        *self.started.get_or_insert(now)
    }

    /// A task was finished: says whether the event loop has waited for long enough.
    pub(super) fn is_over(&mut self, now: Instant) -> bool {
        now - self.start(now) >= BUDGET
    }

    /// The event loop turns.
    pub(super) const fn end(&mut self) {
        self.started = None;
    }
}

#[cfg(test)]
mod tests {
    use super::{Turn, BUDGET};
    use std::time::Instant;

    #[test]
    fn the_first_task_starts_the_turn() {
        let start = Instant::now();
        let mut turn = Turn::default();
        turn.start(start);
        turn.start(start + BUDGET / 2);
        assert!(!turn.is_over(start + BUDGET / 2));
        assert!(turn.is_over(start + BUDGET));
    }

    #[test]
    fn the_next_turn_has_a_budget_of_its_own() {
        let start = Instant::now();
        let mut turn = Turn::default();
        assert!(!turn.is_over(start));
        turn.end();
        assert!(!turn.is_over(start + BUDGET));
        assert!(turn.is_over(start + BUDGET + BUDGET));
    }
}
