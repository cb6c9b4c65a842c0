//! An encoded value on its way between threads.

use super::blocks;
use std::fmt;

/// A message holds payloads of up to this many bytes in itself. A task or result of a few numbers
/// needs less, and a message fills one cache line of 64 bytes with it.
///
/// A message is moved some ten times on its way, 16 bytes at a time. A load right after a store is
/// fast only if one store wrote all that it reads. So the bytes are a multiple of 16, and begin at
/// one.
const INLINE: usize = 48;

#[repr(align(8))]
struct InlineBytes([u8; INLINE]);

enum Payload {
    Inline {
        length: u8,
        bytes: InlineBytes,
    },
    Boxed(Vec<u8>),
    /// There was not enough memory for it.
    Lost,
}

/// Large binary data beside the payload. Its `Drop` returns blocks that nobody takes, and its box
/// keeps a message without any small.
struct Attachments(Vec<Vec<u8>>);

impl Drop for Attachments {
    fn drop(&mut self) {
        self.0.drain(..).for_each(blocks::put);
    }
}

/// The bytes of an encoded value, and the large binary data it refers to by index.
#[repr(C)] // the inline bytes at 16
pub(crate) struct Message {
    attachments: Option<Box<Attachments>>,
    payload: Payload,
}

impl Message {
    /// A message with a copy of `bytes`. It is lost if there is not enough memory.
    #[must_use]
    pub(crate) fn new(bytes: &[u8]) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "an inline payload has at most INLINE bytes"
        )]
        let payload = match bytes.len() {
            length @ 0..=INLINE => {
                let mut inline = InlineBytes([0; INLINE]);
                inline.0[..length].copy_from_slice(bytes);
                Payload::Inline {
                    length: length as u8,
                    bytes: inline,
                }
            }
            length => blocks::with_capacity(length).map_or(Payload::Lost, |mut copy| {
                copy.extend_from_slice(bytes);
                Payload::Boxed(copy)
            }),
        };
        Self {
            payload,
            attachments: None,
        }
    }

    /// A message without bytes.
    #[must_use]
    pub(crate) fn empty() -> Self {
        Self::new(&[])
    }

    /// A message for which there was not enough memory. It travels like any other, so its receiver
    /// fails this task, and no other.
    #[must_use]
    pub(crate) const fn lost() -> Self {
        Self {
            payload: Payload::Lost,
            attachments: None,
        }
    }

    /// Whether there was not enough memory for it. It has no bytes then.
    #[must_use]
    pub(crate) const fn is_lost(&self) -> bool {
        matches!(self.payload, Payload::Lost)
    }

    /// The same message with copies of large binary data beside it, in the order in which the
    /// payload counts them. Those that nobody takes return to [`blocks`]. A copy is None if there
    /// was not enough memory for it; then the message is lost.
    #[must_use]
    pub(crate) fn with_attachments(
        mut self,
        attachments: impl IntoIterator<Item = Option<Vec<u8>>>,
    ) -> Self {
        if self.is_lost() {
            return self;
        }
        let mut all = Attachments(Vec::new());
        for attachment in attachments {
            match attachment {
                Some(block) => all.0.push(block),
                None => return Self::lost(),
            }
        }
        self.attachments = (!all.0.is_empty()).then(|| Box::new(all));
        self
    }

    /// The encoded value.
    #[must_use]
    pub(crate) fn bytes(&self) -> &[u8] {
        match &self.payload {
            Payload::Inline { length, bytes } => &bytes.0[..usize::from(*length)],
            Payload::Boxed(bytes) => bytes,
            Payload::Lost => &[],
        }
    }

    /// The large binary data beside the payload.
    #[must_use]
    pub(crate) fn attachments(&self) -> &[Vec<u8>] {
        match &self.attachments {
            Some(attachments) => &attachments.0,
            None => &[],
        }
    }

    /// Moves the large binary data out; the message has none afterwards.
    #[must_use]
    pub(crate) fn take_attachments(&mut self) -> Vec<Vec<u8>> {
        self.attachments
            .take()
            .map(|mut attachments| std::mem::take(&mut attachments.0))
            .unwrap_or_default()
    }
}

impl Default for Message {
    fn default() -> Self {
        Self::empty()
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The user's data does not belong in a log. Its size says enough.
        f.debug_struct("Message")
            .field("bytes", &self.bytes().len())
            .field("attachments", &self.attachments().len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::{Message, INLINE};
    use std::mem::size_of;

    #[test]
    fn a_message_fills_one_cache_line() {
        assert_eq!(size_of::<Message>(), 64);
    }

    #[test]
    fn bytes_come_back_at_every_length() {
        for length in [0, 1, INLINE - 1, INLINE, INLINE + 1, 10_000] {
            let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(length).collect();
            assert_eq!(Message::new(&bytes).bytes(), bytes);
        }
    }

    #[test]
    fn attachments_can_be_taken_once() {
        let mut message = Message::new(b"x").with_attachments([Some(vec![1, 2]), Some(vec![])]);
        assert_eq!(message.attachments().len(), 2);
        assert_eq!(message.take_attachments(), vec![vec![1, 2], vec![]]);
        assert!(message.take_attachments().is_empty());
        assert_eq!(message.bytes(), b"x");
    }

    #[test]
    fn no_attachments_are_no_allocation() {
        let message = Message::empty().with_attachments([]);
        assert!(message.attachments.is_none());
    }

    #[test]
    fn without_memory_for_an_attachment_a_message_is_lost() {
        let message = Message::new(b"x").with_attachments([Some(vec![1]), None]);
        assert!(message.is_lost());
        assert!(message.bytes().is_empty());
        assert!(message.attachments().is_empty());
        assert!(!Message::empty().is_lost());
    }
}
