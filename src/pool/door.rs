//! How the submitter waits for results without its event loop.

use super::spin::Spin;
use super::{Moment, Wake};
use crate::sync::{Arc, AtomicBool, Condvar, Mutex, Ordering};
use std::time::Duration;

/// The submitter's wake, in front of the one that leads to its event loop. It passes each call on,
/// except while the submitter waits here.
pub(crate) struct Door {
    beyond: Arc<dyn Wake>,
    spin: Spin,
    /// Whether the submitter waits. Both are written under the lock, and read without it: `awaited`
    /// by who has pushed a result under the lock of the pool, under which the submitter has looked
    /// after writing it; `called` as a guess.
    awaited: AtomicBool,
    /// Whether there was a call since then.
    called: AtomicBool,
    lock: Mutex<()>,
    came: Condvar,
}

impl Door {
    /// `spin` is how long the submitter looks before it sleeps.
    #[must_use]
    pub(crate) fn new(beyond: Arc<dyn Wake>, spin: Duration) -> Arc<Self> {
        Arc::new(Self {
            beyond,
            spin: Spin::new(spin),
            awaited: AtomicBool::new(false),
            called: AtomicBool::new(false),
            lock: Mutex::new(()),
            came: Condvar::new(),
        })
    }

    /// Blocks the submitter until it is called, or for `limit`. Not if `drain` says that there are
    /// results already, whose call may have gone beyond. Whoever waits drains again afterwards, and
    /// bears to find nothing.
    pub(crate) fn wait(&self, limit: Duration, drain: impl FnOnce() -> bool) {
        self.set_awaited(true);
        if !drain() {
            let called = || self.called.load(Ordering::Relaxed);
            let _ = self.spin.look(Moment::now(), called);
            let guard = self.lock.lock();
            if !called() {
                self.came.wait_for(guard, limit);
            }
        }
        self.set_awaited(false);
    }

    fn set_awaited(&self, awaited: bool) {
        let _guard = self.lock.lock();
        self.awaited.store(awaited, Ordering::Relaxed);
        self.called.store(false, Ordering::Relaxed);
    }

    /// Calls the submitter if it waits. Says whether it does.
    fn call(&self) -> bool {
        let _guard = self.lock.lock();
        let awaited = self.awaited.load(Ordering::Relaxed);
        if awaited {
            self.called.store(true, Ordering::Relaxed);
            self.came.notify_one();
        }
        awaited
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
        door.wait(Duration::ZERO, || true);
        door.wake();
        assert_eq!(bell.rung(), 2);
    }

    #[test]
    fn a_call_ends_the_wait() {
        let (door, bell) = door();
        let caller = Arc::clone(&door);
        let mut calling = None;
        door.wait(HOUR, || {
            calling = Some(thread::spawn(move || caller.wake()));
            false
        });
        calling.expect("it was started").join().expect("it called");
        assert_eq!(bell.rung(), 0);
    }

    #[test]
    fn what_is_there_is_not_waited_for() {
        let (door, _) = door();
        door.wait(HOUR, || true);
    }

    #[test]
    fn the_limit_ends_the_wait() {
        let (door, _) = door();
        let started = Instant::now();
        let limit = Duration::from_millis(5);
        door.wait(limit, || false);
        assert!(started.elapsed() >= limit);
    }
}
