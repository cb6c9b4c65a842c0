//! What Rust and JavaScript both know: how tasks and results lie in shared memory, and the numbers
//! that stand for things.
//!
//! The other half is `lib/wire/`: the same files with the same names. `wire()` of the addon shows
//! JavaScript the constants of this half, and `__test__/native/wire.test.js` compares them.
//!
//! All numbers in memory are little endian and unaligned.

#![forbid(unsafe_code)]

pub(crate) mod answer;
pub(crate) mod context;
pub(crate) mod packet;
pub(crate) mod status;
pub(crate) mod step;
pub(crate) mod tag;

/// Constants by their names, in a type that has room for every other.
pub(crate) type Constants = &'static [(&'static str, i128)];

/// Declares the constants of a file, and a list of them: none can be left out of the comparison
/// with JavaScript.
macro_rules! constants {
    ($($(#[$doc:meta])* $name:ident: $type:ty = $value:expr;)*) => {
        $($(#[$doc])* pub(crate) const $name: $type = $value;)*

        /// Every constant of this file.
        pub(crate) const CONSTANTS: crate::wire::Constants =
            &[$((stringify!($name), $name as i128)),*];
    };
}
use constants;

/// The constants of each file, by its name.
pub(crate) const FILES: [(&str, Constants); 6] = [
    ("answer", answer::CONSTANTS),
    ("context", context::CONSTANTS),
    ("packet", packet::CONSTANTS),
    ("status", status::CONSTANTS),
    ("step", step::CONSTANTS),
    ("tag", tag::CONSTANTS),
];

/// The number at this place.
fn read(bytes: &[u8], at: usize) -> u32 {
    let mut number = [0; 4];
    number.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(number)
}

/// Puts a number to this place.
fn write(bytes: &mut [u8], at: usize, number: u32) {
    bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
}
