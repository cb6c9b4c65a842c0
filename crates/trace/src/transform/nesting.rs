//! How much stack the parser may take for a source, and the stack that it gets.
//!
//! The parser calls itself for each level of nesting, and a stack that overflows ends the process.
//! Each level takes at least one character of a kind that can begin one, so their number, wherever
//! they stand, is an upper bound of the depth. A stack of that size is only reserved: what is not
//! used takes no memory.

/// What a level takes at most that begins with a bracket, in bytes of stack; measured, with a third
/// to spare.
const BRACKET: usize = 4096;
/// What a level takes at most that begins with an operator.
const OPERATOR: usize = 768;
/// What a level takes at most that begins with a word.
const WORD: usize = 1536;
/// What the rest of the transform takes.
const RESERVE: usize = 64 * 1024;
/// Above this, the depth is looked at more closely.
const LARGE: usize = 512 * 1024 * 1024;
/// The largest stack.
const LIMIT: usize = if size_of::<usize>() > 4 {
    8 * 1024 * 1024 * 1024
} else {
    256 * 1024 * 1024
};
/// Sources that are nested deeper are left alone: V8 itself gives up earlier.
const DEPTH: usize = 16 * 1024;

/// Runs `transform` on a stack that is large enough for the source; `None` if it is nested too
/// deeply.
pub(super) fn on_large_stack<R>(source: &str, transform: impl FnOnce() -> R) -> Option<R> {
    let size = bound(source.as_bytes());
    if size > LIMIT || size > LARGE && depth(source.as_bytes()) > DEPTH {
        return None;
    }
    Some(stacker::maybe_grow(size, size, transform))
}

/// The stack that a source takes at most.
fn bound(source: &[u8]) -> usize {
    let brackets = count(source, |byte| {
        matches!(byte, b'(' | b'[' | b'{' | b'<' | b'`')
    });
    // Some of these begin no level. In ranges, they are found faster.
    let operators = count(
        source,
        |byte| matches!(byte, b'!'..=b'/' | b':'..=b'@' | b'|'..=b'~' | b'^'),
    );
    // `typeof typeof x`, `do do do`: the ends of words.
    let words = count_pairs(source, |byte, next| {
        byte.is_ascii_alphabetic() & !next.is_ascii_alphabetic()
    });
    RESERVE + brackets * BRACKET + operators * OPERATOR + words * WORD
}

/// How many bytes are of a kind.
fn count(source: &[u8], is_one: impl Fn(u8) -> bool) -> usize {
    count_pairs(source, |byte, _| is_one(byte))
}

/// How many bytes, each with the next one, are of a kind. In blocks whose counts fit into a byte,
/// so that the compiler has many counted at once.
fn count_pairs(source: &[u8], is_one: impl Fn(u8, u8) -> bool) -> usize {
    let next = source.get(1..).unwrap_or_default();
    let size = usize::from(u8::MAX);
    let blocks = source.chunks(size).zip(next.chunks(size));
    let counts = blocks.map(|(block, next)| {
        let pairs = block.iter().zip(next);
        let count: u8 = pairs
            .map(|(&byte, &next)| u8::from(is_one(byte, next)))
            .sum();
        usize::from(count)
    });
    // The last byte has no next one.
    counts.sum::<usize>() + 1
}

/// About how deeply brackets are nested: up to two blocks more. Those in strings, comments and
/// regular expressions count, too: they are balanced, as good as always. In blocks, as above: within
/// one, all brackets may open before one closes.
fn depth(source: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for block in source.chunks(usize::from(u8::MAX)) {
        let opened = count_in(block, |byte| matches!(byte, b'(' | b'[' | b'{'));
        let closed = count_in(block, |byte| matches!(byte, b')' | b']' | b'}'));
        deepest = deepest.max(depth + opened);
        depth = (depth + opened).saturating_sub(closed).max(opened);
    }
    deepest
}

/// How many bytes of one block are of a kind.
fn count_in(block: &[u8], is_one: impl Fn(u8) -> bool) -> usize {
    let count: u8 = block.iter().map(|&byte| u8::from(is_one(byte))).sum();
    usize::from(count)
}

#[cfg(test)]
mod tests {
    use super::{bound, depth, BRACKET, OPERATOR, RESERVE, WORD};

    #[test]
    fn the_bound_counts_what_can_begin_a_level() {
        // One more of each kind, for the last byte.
        let spare = RESERVE + BRACKET + OPERATOR + WORD;
        assert_eq!(bound(b""), spare);
        let many = "([{<`".repeat(1000);
        let bracketed = bound(many.as_bytes());
        assert!(bracketed >= spare + 4999 * BRACKET);
        assert!(bound("- ".repeat(1000).as_bytes()) >= spare + 1000 * OPERATOR);
        assert!(bound("do ".repeat(1000).as_bytes()) >= spare + 1000 * WORD);
        assert_eq!(bound("0 ".repeat(1000).as_bytes()), spare);
    }

    #[test]
    fn the_depth_is_about_that_of_brackets() {
        let spare = 2 * usize::from(u8::MAX);
        let nested = "([{".repeat(1000) + &"}])".repeat(1000);
        assert!((3000..3000 + spare).contains(&depth(nested.as_bytes())));
        assert!(depth("()[]{}".repeat(1000).as_bytes()) < spare);
        // What closes nothing makes nothing flatter.
        let after = ")".repeat(1000) + &"(".repeat(1000);
        assert!((1000..1000 + spare).contains(&depth(after.as_bytes())));
    }
}
