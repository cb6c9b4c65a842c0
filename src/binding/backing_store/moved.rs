//! The memory of `ArrayBuffer`s that a program has moved to the pool.
//!
//! Threads of the pool read it where V8 has allocated it. V8 gets it back on a JavaScript thread
//! ([`give_back`]): it is freed by the allocator of the environment that has made it, and that of
//! the main thread (`node::NodeMainInstance`) ends with its environment, while a thread of the pool
//! may still run a task.

use super::functions::Functions;
use super::shared_pointer::SharedPointer;
use crate::sync::process::Mutex;
use napi::sys;
use std::mem;
use std::slice;
use std::sync::atomic::{AtomicBool, Ordering};

/// The uses that have been given up since V8 last got some back.
static GIVEN_UP: Mutex<Vec<SharedPointer>> = Mutex::new(Vec::new());

/// Whether there is something. It is looked at for every batch of results.
static SOME_GIVEN_UP: AtomicBool = AtomicBool::new(false);

/// Memory that its `ArrayBuffer` has lost.
pub(super) struct Moved {
    start: *const u8,
    length: usize,
    store: SharedPointer,
}

// SAFETY: other threads read the memory, which nobody writes to by the promise of `Moved::of`, and
// drop it, which only enters it in a list.
unsafe impl Send for Moved {}
// SAFETY: as above.
unsafe impl Sync for Moved {}

impl Moved {
    /// This memory of the buffer, which stays where it is as long as this lives. None if another V8
    /// runs this thread.
    ///
    /// # Safety
    /// As for [`Functions::store_of`]. Nobody may write to the memory any more: the buffer must be
    /// detached before JavaScript runs, and nobody else may have it.
    pub(super) unsafe fn of(
        functions: &Functions,
        buffer: sys::napi_value,
        (start, length): (*const u8, usize),
    ) -> Option<Self> {
        // SAFETY: the caller's promise is `store_of`'s.
        unsafe { functions.store_of(buffer) }.map(|store| Self {
            start,
            length,
            store,
        })
    }
}

impl AsRef<[u8]> for Moved {
    fn as_ref(&self) -> &[u8] {
        // SAFETY: the bytes are the store's, which lives as long as it has a use, and `self` has
        // one. By the promise of `of` nobody writes to them.
        unsafe { slice::from_raw_parts(self.start, self.length) }
    }
}

impl Drop for Moved {
    fn drop(&mut self) {
        let SharedPointer { object, control } = self.store;
        GIVEN_UP.lock().push(SharedPointer { object, control });
        SOME_GIVEN_UP.store(true, Ordering::Release);
    }
}

/// Gives V8 what has been given up.
///
/// # Safety
/// The calling thread must be inside a call from JavaScript, a Node-API callback or a cleanup hook
/// of an environment: then that of the main thread, which ends last, has its allocator.
pub(in crate::binding) unsafe fn give_back() {
    if !SOME_GIVEN_UP.load(Ordering::Relaxed) {
        return;
    }
    SOME_GIVEN_UP.store(false, Ordering::Release);
    let given_up = mem::take(&mut *GIVEN_UP.lock());
    for store in given_up {
        // SAFETY: the use is that of a `Moved`, which has ended. A store may end on any thread as
        // long as its allocator lives, by the caller's promise.
        unsafe { store.release() };
    }
}
