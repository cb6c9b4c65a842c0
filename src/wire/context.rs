//! How the contexts of a task lie in memory: one object with a value for each name, and what is
//! attached to it.
//!
//! | offset 0 | 4 | 8 | |
//! |---|---|---|---|
//! | length of the object | how many attachments | length of each | the object, the attachments |

use super::{constants, read};

constants! {
    /// The length of the object.
    LENGTH: usize = 0;
    /// How many attachments there are.
    ATTACHMENTS: usize = 4;
    /// Bytes before the lengths of the attachments.
    HEADER: usize = 8;
    /// Bytes of each of those lengths.
    PER_ATTACHMENT: usize = 4;
}

/// The encoded object. None if the bytes are broken.
#[must_use]
pub(crate) fn object(bytes: &[u8]) -> Option<&[u8]> {
    let (header, _) = bytes.split_at_checked(HEADER)?;
    let lengths = PER_ATTACHMENT.checked_mul(read(header, ATTACHMENTS) as usize)?;
    let start = HEADER.checked_add(lengths)?;
    bytes.get(start..)?.get(..read(header, LENGTH) as usize)
}

#[cfg(test)]
mod tests {
    use super::object;

    #[test]
    fn the_object_stands_behind_the_lengths() {
        let without = [2, 0, 0, 0, 0, 0, 0, 0, b'a', b'b'];
        assert_eq!(object(&without), Some(&b"ab"[..]));
        let with = [1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, b'a', b'x', b'y'];
        assert_eq!(object(&with), Some(&b"a"[..]));
    }

    #[test]
    fn broken_bytes_have_no_object() {
        assert_eq!(object(&[1, 0, 0, 0, 0, 0, 0]), None);
        assert_eq!(object(&[1, 0, 0, 0, 0, 0, 0, 0]), None);
        assert_eq!(object(&[0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0]), None);
    }
}
