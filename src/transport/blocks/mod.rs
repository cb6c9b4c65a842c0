//! Freed large blocks of bytes, kept warm for the next ones.
//!
//! From 64 KB on, page faults of fresh memory are most of the cost of a copy: a copy into a block
//! that was used before takes a tenth to a quarter of the time. All pools of the process share the
//! blocks, because one thread fills a block and another one frees it.
//!
//! What was kept for a peak is given back to the system once it was not needed for a while, by a
//! thread that lives as long as there is something to give back.

mod kept;

use crate::sync::process::Mutex;
use kept::{bytes_of, size_around, Kept};
use std::thread;
use std::time::Duration;

/// Blocks that were not used for one to two periods are given back.
const PERIOD: Duration = Duration::from_secs(1);

static KEPT: Mutex<Kept> = Mutex::new(Kept::new());

/// A copy of `bytes`, in a kept block if there is one. None if there is not enough memory.
#[must_use]
pub(crate) fn take(bytes: &[u8]) -> Option<Vec<u8>> {
    let size = size_around(bytes.len());
    let mut block = match size.and_then(|size| KEPT.lock().reuse(size)) {
        Some(block) => block,
        None => with_capacity(size.map_or(bytes.len(), bytes_of))?,
    };
    block.extend_from_slice(bytes);
    Some(block)
}

/// Whether there is memory for `bytes` more at this moment.
#[must_use]
pub(crate) fn is_room_for(bytes: usize) -> bool {
    with_capacity(bytes).is_some()
}

/// An empty block with room for `bytes`. None if there is not enough memory.
pub(super) fn with_capacity(bytes: usize) -> Option<Vec<u8>> {
    let mut block = Vec::new();
    block.try_reserve_exact(bytes).ok()?;
    Some(block)
}

/// Returns a block, whoever made it, on any thread. It is freed if enough blocks are kept.
pub(crate) fn put(block: Vec<u8>) {
    let mut kept = KEPT.lock();
    let refused = kept.keep(block);
    let needs_trimmer = kept.needs_trimmer();
    drop(kept);
    // Freed without the lock: megabytes take a while to return to the system.
    drop(refused);
    if needs_trimmer {
        start_trimmer();
    }
}

/// If the system refuses the thread, the next block that is kept tries again.
fn start_trimmer() {
    let trimmer = thread::Builder::new().name("async-hooks-rs-blocks".into());
    if trimmer.spawn(trim).is_err() {
        KEPT.lock().trimmer_ended();
    }
}

fn trim() {
    loop {
        thread::sleep(PERIOD);
        let mut kept = KEPT.lock();
        let unused = kept.trim();
        let ends = kept.is_empty();
        if ends {
            kept.trimmer_ended();
        }
        drop(kept);
        drop(unused);
        if ends {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{is_room_for, put, take, with_capacity, KEPT, PERIOD};
    use crate::sync::process::Mutex;
    use std::thread;

    /// The blocks belong to the process, and tests run at the same time.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

    #[test]
    fn a_block_is_used_again() {
        let _alone = ONE_AT_A_TIME.lock();
        let first = take(&vec![7; 3 << 20]).expect("memory");
        let address = first.as_ptr();
        put(first);
        let bytes = vec![8; (3 << 20) - 5];
        let second = take(&bytes).expect("memory");
        assert_eq!(second.as_ptr(), address);
        assert_eq!(second, bytes);
        put(second);
    }

    #[test]
    fn everything_is_given_back_in_the_end() {
        let _alone = ONE_AT_A_TIME.lock();
        put(Vec::with_capacity(5 << 20));
        assert!(!KEPT.lock().is_empty());
        while !KEPT.lock().is_empty() {
            thread::sleep(PERIOD / 10);
        }
    }

    #[test]
    fn memory_that_is_not_there_is_refused() {
        assert_eq!(with_capacity(isize::MAX as usize), None);
        assert!(!is_room_for(isize::MAX as usize));
        assert!(is_room_for(1));
    }
}
