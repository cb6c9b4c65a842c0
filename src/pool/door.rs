//! Where the submitter waits for results without its event loop.

use super::spin::Spin;
use super::{Moment, Wake};
use crate::sync::{Arc, AtomicBool, Condvar, Mutex, Ordering};
use std::time::Duration;

/// Where the submitter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Submitter {
    /// At its event loop.
    Away,
    /// At the door, and nobody has called yet.
    Waits,
    /// At the door, and called.
    Called,
}

/// The submitter's wake, in front of the one that leads to its event loop. It passes each call on,
/// except while the submitter waits here.
pub(crate) struct Door {
    beyond: Arc<dyn Wake>,
    spin: Spin,
    submitter: Mutex<Submitter>,
    /// Whether the submitter waits. Written under the lock, and read without it by who has pushed a
    /// result under the lock of the pool, under which the submitter has looked after writing it.
    awaited: AtomicBool,
    came: Condvar,
}

impl Door {
    /// `spin` is how long the submitter looks before it sleeps.
    #[must_use]
    pub(crate) fn new(beyond: Arc<dyn Wake>, spin: Duration) -> Arc<Self> {
        Arc::new(Self {
            beyond,
            spin: Spin::new(spin),
            submitter: Mutex::new(Submitter::Away),
            awaited: AtomicBool::new(false),
            came: Condvar::new(),
        })
    }

    /// Blocks the submitter until there are results, or for `limit`. `hint` says whether there seem
    /// to be some: that ends the wait before anybody has to call, so the submitter must have polled.
    /// `drain` says whether there are some, whose call may have gone beyond. Whoever waits drains
    /// again afterwards, and bears to find nothing.
    pub(crate) fn wait(
        &self,
        limit: Duration,
        hint: impl Fn() -> bool,
        drain: impl FnOnce() -> bool,
    ) {
        let _ = self.spin.look(Moment::now(), &hint);
        if hint() {
            return;
        }
        self.go_to(Submitter::Waits);
        if !drain() {
            let submitter = self.submitter.lock();
            if *submitter == Submitter::Waits {
                self.came.wait_for(submitter, limit);
            }
        }
        self.go_to(Submitter::Away);
    }

    fn go_to(&self, place: Submitter) {
        let mut submitter = self.submitter.lock();
        *submitter = place;
        let waits = place == Submitter::Waits;
        self.awaited.store(waits, Ordering::Relaxed);
        drop(submitter);
    }

    /// Calls the submitter if it waits. Says whether it does.
    fn call(&self) -> bool {
        let mut submitter = self.submitter.lock();
        if *submitter == Submitter::Away {
            return false;
        }
        *submitter = Submitter::Called;
        drop(submitter);
        self.came.notify_one();
        true
    }
}

impl Wake for Door {
    fn wake(&self) {
        if !self.awaited.load(Ordering::Relaxed) || !self.call() {
            self.beyond.wake();
        }
    }
}

#[cfg(all(test, not(async_hooks_rs_loom)))]
mod tests {
    use super::{Door, Wake};
    use crate::pool::testing::Bell;
    use crate::sync::Arc;
    use std::thread;
    use std::time::{Duration, Instant};

    const HOUR: Duration = Duration::from_secs(3600);

    fn door() -> (Arc<Door>, Arc<Bell>) {
        let bell = Bell::new();
        let beyond: Arc<dyn Wake> = bell.clone();
        (Door::new(beyond, Duration::ZERO), bell)
    }

    #[test]
    fn a_call_goes_beyond_while_nobody_waits() {
        let (door, bell) = door();
        door.wake();
        door.wait(Duration::ZERO, || false, || true);
        door.wake();
        assert_eq!(bell.rung(), 2);
    }

    #[test]
    fn a_call_ends_the_wait() {
        let (door, bell) = door();
        let caller = Arc::clone(&door);
        let mut calling = None;
        door.wait(
            HOUR,
            || false,
            || {
                calling = Some(thread::spawn(move || caller.wake()));
                false
            },
        );
        calling.expect("it was started").join().expect("it called");
        assert_eq!(bell.rung(), 0);
    }

    #[test]
    fn what_is_there_is_not_waited_for() {
        let (door, _) = door();
        door.wait(HOUR, || false, || true);
        door.wait(HOUR, || true, || unreachable!("nobody goes to the door"));
    }

    #[test]
    fn the_limit_ends_the_wait() {
        let (door, _) = door();
        let started = Instant::now();
        let limit = Duration::from_millis(5);
        door.wait(limit, || false, || false);
        assert!(started.elapsed() >= limit);
    }
}
