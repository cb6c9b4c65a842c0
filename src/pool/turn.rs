//! How long a worker runs one task after the other before its event loop turns.

use std::time::{Duration, Instant};

/// Timers and sockets of the worker wait for this long at most, tasks apart that take longer.
const BUDGET: Duration = Duration::from_millis(4);

/// How many tasks pass between two looks at the clock.
const TASKS_PER_LOOK: u32 = 8;

/// The present turn of the event loop.
#[derive(Debug, Default)]
pub(super) struct Turn {
    /// When the first of its tasks was finished.
    started: Option<Instant>,
    tasks: u32,
}

impl Turn {
    /// Counts a task and says whether the event loop has waited for long enough. `now` is asked
    /// only now and then.
    pub(super) fn is_over(&mut self, now: impl FnOnce() -> Instant) -> bool {
        self.tasks = self.tasks.wrapping_add(1);
        if self.started.is_some() && !self.tasks.is_multiple_of(TASKS_PER_LOOK) {
            return false;
        }
        let now = now();
        now - *self.started.get_or_insert(now) >= BUDGET
    }

    /// The event loop turns.
    pub(super) const fn end(&mut self) {
        self.started = None;
    }
}

#[cfg(test)]
mod tests {
    use super::{Turn, BUDGET, TASKS_PER_LOOK};
    use std::time::Instant;

    #[test]
    fn the_first_task_starts_the_turn() {
        let start = Instant::now();
        let mut turn = Turn::default();
        assert!(!turn.is_over(|| start));
        for _ in 2..TASKS_PER_LOOK {
            assert!(!turn.is_over(|| unreachable!("the clock is asked now and then only")));
        }
        assert!(turn.is_over(|| start + BUDGET));
    }

    #[test]
    fn a_turn_within_the_budget_goes_on() {
        let start = Instant::now();
        let mut turn = Turn::default();
        for _ in 0..10 * TASKS_PER_LOOK {
            assert!(!turn.is_over(|| start));
        }
    }

    #[test]
    fn the_next_turn_has_a_budget_of_its_own() {
        let start = Instant::now();
        let mut turn = Turn::default();
        assert!(!turn.is_over(|| start));
        turn.end();
        assert!(!turn.is_over(|| start + BUDGET));
    }
}
