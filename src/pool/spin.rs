//! How a worker without a task looks for work before it goes to sleep, and a submitter that blocks
//! for results.
//!
//! A wake-up takes 5 to 40 us, so looking for about that long is cheaper than sleeping, as long as
//! the core is free meanwhile. Yielding does not free it: Linux does not always hand the core to
//! the thread that was just woken onto it, and that is the very thread the work comes from. A
//! worker that is displaced whenever it yields shares its core, and sleeping is cheaper there.

use super::Moment;
use crate::sync::{yield_now, AtomicUsize, Ordering};
use std::hint;
use std::time::Duration;

/// A longer yield ran another thread. The model checker replays an order of threads up to the step
/// at which it departs from it, so nothing may depend on the clock there.
const DISPLACED: Duration = if cfg!(async_hooks_rs_loom) {
    Duration::MAX
} else {
    Duration::from_micros(4)
};

/// A call into the system takes a while, in which nothing is found. So many looks take 1 to 3 us,
/// within which a tiny task that another thread has begun comes to its end.
const LOOKS_BETWEEN_YIELDS: usize = if cfg!(async_hooks_rs_loom) { 0 } else { 64 };

/// This many displacements in a row mean that the core is shared. One alone is a tick of the
/// system.
const DISPLACEMENTS_BEFORE_REST: usize = 3;

/// A worker spins again after this many looks without.
const LOOKS_AT_REST: usize = 64;

/// What those who look know of their cores: all workers of a pool, or its submitter. All orderings
/// are relaxed: it is only a guess.
pub(super) struct Spin {
    longest: Duration,
    displacements: AtomicUsize,
    rest: AtomicUsize,
}

impl Spin {
    #[cfg_attr(
        not(async_hooks_rs_loom),
        expect(clippy::missing_const_for_fn, reason = "loom's atomics are not const")
    )]
    pub(super) fn new(longest: Duration) -> Self {
        Self {
            longest,
            displacements: AtomicUsize::new(0),
            rest: AtomicUsize::new(0),
        }
    }

    /// Looks until `found`, or until looking no longer pays. Returns the time.
    pub(super) fn look(&self, started: Moment, found: impl Fn() -> bool) -> Moment {
        let mut now = started;
        if found() {
            return now;
        }
        let rest = self.rest.load(Ordering::Relaxed);
        if rest > 0 {
            self.rest.store(rest - 1, Ordering::Relaxed);
            return now;
        }
        let mut displaced = false;
        while !found() && !displaced && now < started + self.longest {
            if found_soon(&found) {
                break;
            }
            let before = Moment::now();
            yield_now();
            now = Moment::now();
            displaced = now.since(before) > DISPLACED;
        }
        self.learn(displaced);
        now
    }

    fn learn(&self, displaced: bool) {
        let displacements = if displaced {
            self.displacements.load(Ordering::Relaxed) + 1
        } else {
            0
        };
        if displacements < DISPLACEMENTS_BEFORE_REST {
            self.displacements.store(displacements, Ordering::Relaxed);
        } else {
            self.rest.store(LOOKS_AT_REST, Ordering::Relaxed);
        }
    }
}

/// Looks often, for less time than a yield takes.
fn found_soon(found: impl Fn() -> bool) -> bool {
    (0..LOOKS_BETWEEN_YIELDS).any(|_| {
        hint::spin_loop();
        found()
    })
}

#[cfg(all(test, not(async_hooks_rs_loom)))]
mod tests {
    use super::{Moment, Spin, DISPLACEMENTS_BEFORE_REST, LOOKS_AT_REST};
    use std::cell::Cell;
    use std::time::Duration;

    fn looks(spin: &Spin) -> usize {
        let count = Cell::new(0);
        spin.look(Moment::now(), || {
            count.set(count.get() + 1);
            false
        });
        count.get()
    }

    #[test]
    fn what_is_there_is_found_without_a_look_at_the_clock() {
        let spin = Spin::new(Duration::from_secs(3600));
        let now = Moment::now();
        assert_eq!(spin.look(now, || true), now);
    }

    #[test]
    fn looking_ends() {
        let spin = Spin::new(Duration::from_millis(1));
        assert!(looks(&spin) >= 2);
        assert_eq!(looks(&Spin::new(Duration::ZERO)), 2);
    }

    #[test]
    fn a_shared_core_is_given_up_for_a_while() {
        let spin = Spin::new(Duration::from_millis(1));
        (0..DISPLACEMENTS_BEFORE_REST).for_each(|_| spin.learn(true));
        for _ in 0..LOOKS_AT_REST {
            assert_eq!(looks(&spin), 1);
        }
        assert!(looks(&spin) >= 2);
    }

    #[test]
    fn a_displacement_now_and_then_changes_nothing() {
        let spin = Spin::new(Duration::from_millis(1));
        for _ in 0..DISPLACEMENTS_BEFORE_REST * 2 {
            spin.learn(true);
            spin.learn(false);
        }
        assert!(looks(&spin) >= 2);
    }
}
