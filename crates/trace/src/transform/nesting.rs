//! How much stack the parser may take for a source, and the stack that it gets.
//!
//! The parser calls itself for each level of nesting, and a stack that overflows ends the process.
//! Each level takes at least one character of a kind that can begin one, so their number, wherever
//! they stand, is an upper bound of the depth. A stack of that size is only reserved: what is not
//! used takes no memory.

/// What a level takes at most that begins with a bracket, in bytes of stack; measured by the tests,
/// with a third to spare.
const BRACKET: usize = 6 * 1024;
/// What a level takes at most that begins with an operator or a word.
const OPERATOR: usize = 2 * 1024;
/// What the rest of the transform takes.
const RESERVE: usize = 64 * 1024;
/// Above this, the depth is looked at more closely.
const LARGE: usize = 64 * 1024 * 1024;
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
    let mut brackets = 0;
    let mut operators = 0;
    let mut was_letter = false;
    for &byte in source {
        let (is_bracket, is_operator, is_letter) = (
            matches!(byte, b'(' | b'[' | b'{' | b'<' | b'`'),
            matches!(
                byte,
                b'!' | b'%'
                    | b'&'
                    | b'*'
                    | b'+'
                    | b'-'
                    | b'.'
                    | b'/'
                    | b':'
                    | b'='
                    | b'>'
                    | b'?'
                    | b'^'
                    | b'|'
                    | b'~'
                    | b','
            ),
            byte.is_ascii_alphabetic(),
        );
        brackets += usize::from(is_bracket);
        operators += usize::from(is_operator);
        // `typeof typeof x`, `do do do`: the end of a word.
        operators += usize::from(was_letter && !is_letter);
        was_letter = is_letter;
    }
    RESERVE + brackets * BRACKET + operators * OPERATOR
}

/// About how deeply brackets are nested. Those in strings, comments and regular expressions count,
/// too: they are balanced, as good as always.
fn depth(source: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for &byte in source {
        match byte {
            b'(' | b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}
