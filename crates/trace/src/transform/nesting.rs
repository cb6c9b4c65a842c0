//! How much stack the parser may take for a source, and the stack that it gets.
//!
//! The parser calls itself for each level of nesting, and a stack that overflows ends the process.
//! Each level takes at least one character of a kind that can begin one, so their number, wherever
//! they stand, is an upper bound of the depth. A stack of that size is only reserved: what is not
//! used takes no memory.

/// The units of what a level takes at most, in bytes of stack; measured, with a third to spare.
const UNIT: usize = 256;
/// A level that begins with a bracket.
const BRACKET: u8 = 16;
/// A level that begins with an operator.
const OPERATOR: u8 = 3;
/// A level that begins with a word.
const WORD: u8 = 6;
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

/// What each byte may take.
const WEIGHTS: [u8; 256] = weights();

const fn weights() -> [u8; 256] {
    let mut weights = [0; 256];
    let brackets = b"([{<`";
    let mut index = 0;
    while index < brackets.len() {
        weights[brackets[index] as usize] = BRACKET;
        index += 1;
    }
    let operators = b"!%&*+-./:=>?^|~,@";
    let mut index = 0;
    while index < operators.len() {
        weights[operators[index] as usize] = OPERATOR;
        index += 1;
    }
    weights
}

/// The stack that a source takes at most.
fn bound(source: &[u8]) -> usize {
    let characters: usize = source
        .iter()
        .map(|&byte| usize::from(WEIGHTS[usize::from(byte)]))
        .sum();
    // `typeof typeof x`, `do do do`: the ends of words.
    let words: usize = source
        .windows(2)
        .map(|pair| usize::from(is_letter(pair[0]) & !is_letter(pair[1])))
        .sum();
    RESERVE + (characters + words * usize::from(WORD)) * UNIT
}

const fn is_letter(byte: u8) -> bool {
    (byte | 0x20).wrapping_sub(b'a') < 26
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
