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

/// What is attached to the object, in its order. Nothing of it if the bytes are broken.
pub(crate) fn attachments(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let lengths = object(bytes).map_or(0, |_| read(bytes, ATTACHMENTS) as usize);
    let lengths = (0..lengths).map(|index| read(bytes, HEADER + PER_ATTACHMENT * index) as usize);
    let start = HEADER + PER_ATTACHMENT * lengths.len();
    let start = start + object(bytes).map_or(0, <[u8]>::len);
    lengths.scan(bytes.get(start..).unwrap_or_default(), |rest, length| {
        let (attachment, behind) = rest.split_at_checked(length)?;
        *rest = behind;
        Some(attachment)
    })
}

#[cfg(test)]
mod tests {
    use super::{attachments, object};

    #[test]
    fn the_object_stands_behind_the_lengths() {
        let without = [2, 0, 0, 0, 0, 0, 0, 0, b'a', b'b'];
        assert_eq!(object(&without), Some(&b"ab"[..]));
        let with = [1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, b'a', b'x', b'y'];
        assert_eq!(object(&with), Some(&b"a"[..]));
        assert_eq!(attachments(&without).count(), 0);
        assert_eq!(attachments(&with).collect::<Vec<_>>(), [b"xy"]);
    }

    #[test]
    fn broken_bytes_have_no_object() {
        assert_eq!(object(&[1, 0, 0, 0, 0, 0, 0]), None);
        assert_eq!(attachments(&[1, 0, 0, 0, 0, 0, 0]).count(), 0);
        assert_eq!(object(&[1, 0, 0, 0, 0, 0, 0, 0]), None);
        assert_eq!(object(&[0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0]), None);
    }
}
