//! Indices that were given up on any thread, until the JavaScript thread takes them.

use crate::sync::Mutex;
use std::mem;

/// See the module's documentation.
pub(crate) struct Releases(Mutex<State>);

enum State {
    /// No wake is under way: no index waits.
    Quiet,
    /// A wake is under way to the JavaScript thread. These wait for it; none, if they were taken
    /// before it arrived.
    Woken(Vec<u32>),
    /// The environment has ended and has freed every slot.
    Ended,
}

/// What the thread that gave up an index has to do.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Release {
    /// Wake the JavaScript thread.
    Wake,
    /// Nothing: a wake is under way, or the environment has ended.
    Done,
}

impl Releases {
    #[cfg(not(napi_async_context_loom))]
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(State::Quiet))
    }

    #[cfg(napi_async_context_loom)]
    pub(crate) fn new() -> Self {
        Self(Mutex::new(State::Quiet))
    }

    /// Gives up an index. On any thread, once for each index.
    pub(crate) fn release(&self, index: u32) -> Release {
        self.0.lock().release(index)
    }

    /// Takes what waits before its wake has arrived, in exchange for an empty list, whose memory is
    /// used for the next ones. On the JavaScript thread.
    pub(crate) fn take(&self, empty: Vec<u32>) -> Vec<u32> {
        self.0.lock().take(empty)
    }

    /// Takes what waits because its wake has arrived. On the JavaScript thread.
    pub(crate) fn arrive(&self) -> Vec<u32> {
        self.0.lock().arrive()
    }

    /// The environment ends, and frees every slot. On the JavaScript thread.
    pub(crate) fn end(&self) {
        *self.0.lock() = State::Ended;
    }
}

impl State {
    fn release(&mut self, index: u32) -> Release {
        match self {
            Self::Quiet => {
                *self = Self::Woken(vec![index]);
                Release::Wake
            }
            Self::Woken(waiting) => {
                waiting.push(index);
                Release::Done
            }
            Self::Ended => Release::Done,
        }
    }

    const fn take(&mut self, empty: Vec<u32>) -> Vec<u32> {
        match self {
            Self::Woken(waiting) => mem::replace(waiting, empty),
            Self::Quiet | Self::Ended => empty,
        }
    }

    fn arrive(&mut self) -> Vec<u32> {
        match self {
            Self::Woken(waiting) => {
                let waiting = mem::take(waiting);
                *self = Self::Quiet;
                waiting
            }
            Self::Quiet | Self::Ended => Vec::new(),
        }
    }
}

#[cfg(all(test, not(napi_async_context_loom)))]
mod tests {
    use super::{Release, Releases};

    #[test]
    fn the_first_index_wakes_and_the_next_ones_wait_with_it() {
        let releases = Releases::new();
        assert_eq!(releases.release(3), Release::Wake);
        assert_eq!(releases.release(1), Release::Done);
        assert_eq!(releases.arrive(), [3, 1]);
        assert_eq!(releases.arrive(), []);
        assert_eq!(releases.release(2), Release::Wake);
    }

    #[test]
    fn what_is_taken_early_leaves_the_wake_under_way() {
        let releases = Releases::new();
        assert_eq!(releases.take(Vec::new()), []);
        assert_eq!(releases.release(0), Release::Wake);
        assert_eq!(releases.take(Vec::new()), [0]);
        assert_eq!(releases.release(0), Release::Done);
        assert_eq!(releases.arrive(), [0]);
    }

    #[test]
    fn after_the_end_nothing_waits() {
        let releases = Releases::new();
        assert_eq!(releases.release(0), Release::Wake);
        releases.end();
        assert_eq!(releases.arrive(), []);
        assert_eq!(releases.release(1), Release::Done);
        assert_eq!(releases.take(Vec::new()), []);
    }
}
