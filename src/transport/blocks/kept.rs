//! The kept blocks by their sizes, and which of them have not been needed lately.

/// The allocator itself keeps smaller blocks warm.
const SMALLEST: usize = 64 * 1024;

/// The kept blocks never exceed this many bytes together. A block larger than that is never kept.
const KEPT_BYTES: usize = 64 * 1024 * 1024;

/// The sizes from a power of two up to the next: a block is at most a quarter too large.
const SIZES_PER_DOUBLING: usize = 4;

const SIZES: usize = (KEPT_BYTES / SMALLEST).ilog2() as usize * SIZES_PER_DOUBLING + 1;

/// The least bytes that a block of this size holds.
pub(super) const fn bytes_of(size: usize) -> usize {
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
pub(super) fn size_around(bytes: usize) -> Option<usize> {
    let size = size_within(bytes)?;
    Some(size + usize::from(bytes_of(size) < bytes))
}

/// The blocks of one size.
struct Shelf {
    /// The block that was freed last is used first.
    blocks: Vec<Vec<u8>>,
    /// How many have been here all the time since the last trim: those at the start.
    unused: usize,
}

/// Who gives back what is not needed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trimmer {
    None,
    Runs,
}

/// The kept blocks.
pub(super) struct Kept {
    shelves: [Shelf; SIZES],
    bytes: usize,
    trimmer: Trimmer,
}

impl Kept {
    pub(super) const fn new() -> Self {
        Self {
            shelves: [const {
                Shelf {
                    blocks: Vec::new(),
                    unused: 0,
                }
            }; SIZES],
            bytes: 0,
            trimmer: Trimmer::None,
        }
    }

    /// An empty block of this size, if there is one.
    pub(super) fn reuse(&mut self, size: usize) -> Option<Vec<u8>> {
        let kept = &mut self.shelves[size];
        let block = kept.blocks.pop()?;
        kept.unused = kept.unused.min(kept.blocks.len());
        self.bytes -= block.capacity();
        Some(block)
    }

    /// Keeps a block, or returns it if there is no room.
    pub(super) fn keep(&mut self, mut block: Vec<u8>) -> Option<Vec<u8>> {
        let Some(size) = size_within(block.capacity()) else {
            return Some(block);
        };
        let bytes = self.bytes + block.capacity();
        if bytes > KEPT_BYTES {
            return Some(block);
        }
        block.clear();
        self.bytes = bytes;
        self.shelves[size].blocks.push(block);
        None
    }

    /// Whether the caller has to start a trimmer.
    pub(super) fn needs_trimmer(&mut self) -> bool {
        let needs = self.trimmer == Trimmer::None && !self.is_empty();
        if needs {
            self.trimmer = Trimmer::Runs;
        }
        needs
    }

    /// The trimmer has ended, or could not be started.
    pub(super) const fn trimmer_ended(&mut self) {
        self.trimmer = Trimmer::None;
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.bytes == 0
    }

    /// Takes out the blocks that nobody needed since the last trim, for the caller to free.
    pub(super) fn trim(&mut self) -> Vec<Vec<u8>> {
        let mut unused = Vec::new();
        for shelf in &mut self.shelves {
            unused.extend(shelf.blocks.drain(..shelf.unused));
            shelf.unused = shelf.blocks.len();
        }
        self.bytes -= unused.iter().map(Vec::capacity).sum::<usize>();
        unused
    }
}

#[cfg(test)]
mod tests {
    use super::{bytes_of, size_around, size_within, Kept, KEPT_BYTES, SIZES, SMALLEST};

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

    fn block(bytes: usize) -> Vec<u8> {
        Vec::with_capacity(bytes)
    }

    fn counted(kept: &Kept) -> usize {
        let blocks = kept.shelves.iter().flat_map(|shelf| &shelf.blocks);
        blocks.map(Vec::capacity).sum()
    }

    #[test]
    fn what_is_kept_is_bounded_by_bytes() {
        for length in [SMALLEST, 3 << 20, 9 << 20, KEPT_BYTES] {
            let mut kept = Kept::new();
            let most = KEPT_BYTES / length;
            for i in 0..most + 2 {
                assert_eq!(kept.keep(block(length)).is_some(), i >= most, "{length}");
            }
            assert_eq!((kept.bytes, counted(&kept)), (most * length, most * length));
        }
        let mut kept = Kept::new();
        for length in [0, 10, SMALLEST - 1, KEPT_BYTES + 1] {
            assert!(kept.keep(block(length)).is_some());
        }
        assert!(kept.is_empty());
    }

    #[test]
    fn what_was_not_needed_since_the_last_trim_is_taken_out() {
        let mut kept = Kept::new();
        for _ in 0..5 {
            assert_eq!(kept.keep(block(SMALLEST)), None);
        }
        assert_eq!(kept.keep(block(1 << 20)), None);
        assert!(kept.trim().is_empty()); // they came since then
        let used = [(); 2].map(|()| kept.reuse(0).expect("a block"));
        for block in used {
            assert_eq!(kept.keep(block), None);
        }
        assert_eq!(kept.trim().len(), 4);
        assert_eq!((kept.bytes, counted(&kept)), (2 * SMALLEST, 2 * SMALLEST));
        assert_eq!(kept.trim().len(), 2);
        assert!(kept.is_empty());
    }

    #[test]
    fn one_trimmer_runs_while_there_is_something_to_trim() {
        let mut kept = Kept::new();
        assert!(!kept.needs_trimmer());
        assert_eq!(kept.keep(block(SMALLEST)), None);
        assert!(kept.needs_trimmer());
        assert!(!kept.needs_trimmer());
        kept.trimmer_ended();
        assert!(kept.needs_trimmer());
    }
}
