//! Freed large blocks of bytes, kept warm for the next ones.
//!
//! From 64 KB on, page faults of fresh memory are most of the cost of a copy: a copy into a block
//! that was used before takes about half the time. All pools of the process share the blocks,
//! because one thread fills a block and another one frees it.

use crate::sync::process::Mutex;

/// The allocator itself keeps smaller blocks warm.
const SMALLEST: usize = 64 * 1024;

/// The kept blocks never exceed this many bytes together. A block larger than that is never kept.
const KEPT_BYTES: usize = 64 * 1024 * 1024;

/// At most this many blocks of one size are kept: one in each direction per worker.
const KEPT_OF_A_SIZE: usize = 64;

/// The sizes from a power of two up to the next: a block is at most a quarter too large.
const SIZES_PER_DOUBLING: usize = 4;

const SIZES: usize = (KEPT_BYTES / SMALLEST).ilog2() as usize * SIZES_PER_DOUBLING + 1;

struct Kept {
    /// By size. The block that was freed last is used first.
    blocks: [Vec<Vec<u8>>; SIZES],
    bytes: usize,
}

static KEPT: Mutex<Kept> = Mutex::new(Kept {
    blocks: [const { Vec::new() }; SIZES],
    bytes: 0,
});

/// The least bytes that a block of this size holds.
const fn bytes_of(size: usize) -> usize {
    let base = SMALLEST << (size / SIZES_PER_DOUBLING);
    base + base / SIZES_PER_DOUBLING * (size % SIZES_PER_DOUBLING)
}

/// The largest size that is at most `bytes`.
fn size_within(bytes: usize) -> Option<usize> {
    if !(SMALLEST..=KEPT_BYTES).contains(&bytes) {
        return None;
    }
    let doubling = (bytes / SMALLEST).ilog2() as usize;
    let base = SMALLEST << doubling;
    Some(doubling * SIZES_PER_DOUBLING + (bytes - base) / (base / SIZES_PER_DOUBLING))
}

/// The smallest size that is at least `bytes`.
fn size_around(bytes: usize) -> Option<usize> {
    let size = size_within(bytes)?;
    Some(size + usize::from(bytes_of(size) < bytes))
}

/// A copy of `bytes`, in a kept block if there is one. None if there is not enough memory.
#[must_use]
pub(crate) fn take(bytes: &[u8]) -> Option<Vec<u8>> {
    let size = size_around(bytes.len());
    let mut block = match size.and_then(reuse) {
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

/// Returns a block, whoever made it. It is freed if enough blocks are kept.
pub(crate) fn put(block: Vec<u8>) {
    // Freed after the lock is released: megabytes take a while to return to the system.
    drop(keep(block));
}

fn reuse(size: usize) -> Option<Vec<u8>> {
    let mut kept = KEPT.lock();
    let block = kept.blocks[size].pop()?;
    kept.bytes -= block.capacity();
    drop(kept);
    Some(block)
}

/// Keeps a block, or returns it if there is no room.
fn keep(mut block: Vec<u8>) -> Option<Vec<u8>> {
    let Some(size) = size_within(block.capacity()) else {
        return Some(block);
    };
    let mut kept = KEPT.lock();
    let bytes = kept.bytes + block.capacity();
    if bytes > KEPT_BYTES || kept.blocks[size].len() == KEPT_OF_A_SIZE {
        return Some(block);
    }
    block.clear();
    kept.bytes = bytes;
    kept.blocks[size].push(block);
    None
}

#[cfg(test)]
mod tests {
    use super::{
        bytes_of, is_room_for, put, size_around, size_within, take, with_capacity, KEPT,
        KEPT_BYTES, KEPT_OF_A_SIZE, SIZES, SMALLEST,
    };
    use crate::sync::process::Mutex;

    /// The blocks belong to the process, and tests run at the same time.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

    #[test]
    fn sizes_cover_the_range_without_much_waste() {
        assert_eq!(bytes_of(0), SMALLEST);
        assert_eq!(bytes_of(SIZES - 1), KEPT_BYTES);
        for bytes in [
            SMALLEST,
            SMALLEST + 1,
            100_000,
            1 << 20,
            10_000_000,
            KEPT_BYTES,
        ] {
            let around = bytes_of(size_around(bytes).expect("in range"));
            assert!(
                around >= bytes && around - bytes <= bytes / 4,
                "{bytes} {around}"
            );
            assert!(bytes_of(size_within(bytes).expect("in range")) <= bytes);
        }
        for size in 0..SIZES {
            assert_eq!(size_within(bytes_of(size)), Some(size));
            assert_eq!(size_around(bytes_of(size)), Some(size));
        }
        for bytes in [0, SMALLEST - 1, KEPT_BYTES + 1] {
            assert_eq!(size_around(bytes), None);
        }
    }

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
    fn memory_that_is_not_there_is_refused() {
        assert_eq!(with_capacity(isize::MAX as usize), None);
        assert!(!is_room_for(isize::MAX as usize));
        assert!(is_room_for(1));
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let _alone = ONE_AT_A_TIME.lock();
        for length in [SMALLEST, 3 << 20, 9 << 20, KEPT_BYTES, KEPT_BYTES + 1, 10] {
            let blocks = [(); KEPT_OF_A_SIZE + 2].map(|()| Vec::with_capacity(length));
            blocks.into_iter().for_each(put);
        }
        let kept = KEPT.lock();
        let bytes = kept.blocks.iter().flatten().map(Vec::capacity);
        let (counted, summed) = (kept.bytes, bytes.sum::<usize>());
        let most = kept.blocks.iter().map(Vec::len).max();
        drop(kept);
        assert_eq!(counted, summed);
        assert!(summed <= KEPT_BYTES);
        assert!(most <= Some(KEPT_OF_A_SIZE));
    }
}
