//! Freed large blocks of bytes, kept warm for the next ones.
//!
//! From 64 KB on, most of the cost of a copy is the page faults of fresh memory: a copy into a block
//! that was used before takes about half the time. Shared by all pools of the process, because a
//! block is filled on one thread and freed on another.

use crate::sync::process::Mutex;

/// Smaller ones come warm from the allocator, which keeps them itself.
const SMALLEST: usize = 64 * 1024;

/// All blocks kept together never exceed this many bytes. Larger ones are not kept at all.
const KEPT_BYTES: usize = 64 * 1024 * 1024;

/// As many of one size are kept: enough for a block in each direction per worker.
const KEPT_OF_A_SIZE: usize = 64;

/// Sizes between a power of two and the next, so that a block is at most a quarter too large.
const SIZES_PER_DOUBLING: usize = 4;

const SIZES: usize = (KEPT_BYTES / SMALLEST).ilog2() as usize * SIZES_PER_DOUBLING + 1;

struct Kept {
    /// By size; the one freed last is used first.
    blocks: [Vec<Vec<u8>>; SIZES],
    bytes: usize,
}

static KEPT: Mutex<Kept> = Mutex::new(Kept {
    blocks: [const { Vec::new() }; SIZES],
    bytes: 0,
});

/// How many bytes a block of this size holds at least.
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

/// A copy of `bytes`, in a block that was used before if there is one. None if there is not enough
/// memory.
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

/// Whether there is memory for so many bytes more, at this moment.
#[must_use]
pub(crate) fn is_room_for(bytes: usize) -> bool {
    with_capacity(bytes).is_some()
}

/// An empty block with room for so many bytes. None if there is not enough memory.
pub(super) fn with_capacity(bytes: usize) -> Option<Vec<u8>> {
    let mut block = Vec::new();
    block.try_reserve_exact(bytes).ok()?;
    Some(block)
}

/// Gives a block back, whoever made it. It is freed if enough are kept.
pub(crate) fn put(block: Vec<u8>) {
    // Freed after the lock is released: returning megabytes to the system takes a while.
    drop(keep(block));
}

fn reuse(size: usize) -> Option<Vec<u8>> {
    let mut kept = KEPT.lock();
    let block = kept.blocks[size].pop()?;
    kept.bytes -= block.capacity();
    Some(block)
}

/// The block comes back if it is not kept.
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

    /// The blocks belong to the process, and tests run side by side.
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
        let first = take(&[7; 3 << 20]).expect("memory");
        let address = first.as_ptr();
        put(first);
        let second = take(&[8; (3 << 20) - 5]).expect("memory");
        assert_eq!(second.as_ptr(), address);
        assert_eq!(second, [8; (3 << 20) - 5]);
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
            let blocks = (0..KEPT_OF_A_SIZE + 2).map(|_| Vec::with_capacity(length));
            let blocks: Vec<Vec<u8>> = blocks.collect();
            blocks.into_iter().for_each(put);
        }
        let kept = KEPT.lock();
        let bytes = kept
            .blocks
            .iter()
            .flatten()
            .map(Vec::capacity)
            .sum::<usize>();
        assert_eq!(kept.bytes, bytes);
        assert!(bytes <= KEPT_BYTES);
        assert!(kept
            .blocks
            .iter()
            .all(|of_a_size| of_a_size.len() <= KEPT_OF_A_SIZE));
    }
}
