//! An encoded value on its way between threads.

use super::blocks;
use std::fmt;
use std::mem;
use std::ops::Range;

/// A message holds values of up to this many bytes in itself, which is a few numbers or a short
/// string.
const INLINE: usize = 48;

/// The bytes of an encoded value, and the large binary data it refers to by index.
///
/// A message is moved some ten times on its way. A load right after a store is fast only if one
/// store wrote all that it reads. So there is no enum in it, whose parts would be moved one by one,
/// and its bytes are copied by 16.
#[repr(C, align(16))]
pub(crate) struct Message {
    inline: [u8; INLINE],
    /// How many of the inline bytes count.
    length: usize,
    /// In place of the inline bytes, if there are more.
    boxed: Option<Box<[u8]>>,
    /// The box keeps a message without any small.
    beside: Option<Box<Beside>>,
}

/// What few messages have.
enum Beside {
    /// Large binary data.
    Attachments(Vec<Attachment>),
    /// There was not enough memory for the message.
    Lost,
}

impl Drop for Beside {
    fn drop(&mut self) {
        if let Self::Attachments(attachments) = self {
            let blocks = attachments.drain(..).filter_map(Attachment::into_block);
            blocks.for_each(blocks::put);
        }
    }
}

/// Large binary data beside a value.
pub(crate) enum Attachment {
    /// A copy. A block that nobody takes is returned.
    Block(Vec<u8>),
    /// The memory itself, which its program has given away.
    Moved(Box<dyn AsRef<[u8]> + Send + Sync>),
}

impl Attachment {
    /// The bytes.
    #[must_use]
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Block(block) => block,
            Self::Moved(memory) => (**memory).as_ref(),
        }
    }

    /// The block. None of moved memory, which is only read where it lies.
    fn into_block(self) -> Option<Vec<u8>> {
        match self {
            Self::Block(block) => Some(block),
            Self::Moved(_) => None,
        }
    }
}

impl From<Vec<u8>> for Attachment {
    fn from(block: Vec<u8>) -> Self {
        Self::Block(block)
    }
}

impl Message {
    /// A message with a copy of `bytes`. It is lost if there is not enough memory.
    #[must_use]
    pub(crate) fn new(bytes: &[u8]) -> Self {
        Self::within(bytes, 0..bytes.len())
    }

    /// A message with a copy of the bytes of `region` in `range`, which lies within it. It is lost
    /// if there is not enough memory.
    ///
    /// Where the region has them, all inline bytes are copied, whatever the range has: that is
    /// three stores.
    #[must_use]
    pub(crate) fn within(region: &[u8], range: Range<usize>) -> Self {
        let length = range.len();
        if length > INLINE {
            return Self::boxed(&region[range]);
        }
        let inline = region[range.start..].first_chunk().map_or_else(
            || {
                let mut inline = [0; INLINE];
                inline[..length].copy_from_slice(&region[range]);
                inline
            },
            |chunk| *chunk,
        );
        Self {
            inline,
            length,
            ..Self::empty()
        }
    }

    fn boxed(bytes: &[u8]) -> Self {
        let Some(mut copy) = blocks::with_capacity(bytes.len()) else {
            return Self::lost();
        };
        copy.extend_from_slice(bytes);
        Self {
            boxed: Some(copy.into_boxed_slice()),
            ..Self::empty()
        }
    }

    /// A message without bytes.
    #[must_use]
    pub(crate) const fn empty() -> Self {
        Self {
            inline: [0; INLINE],
            length: 0,
            boxed: None,
            beside: None,
        }
    }

    /// A message for which there was not enough memory. It travels like any other, so its receiver
    /// fails this task, and no other.
    #[must_use]
    pub(crate) fn lost() -> Self {
        Self {
            beside: Some(Box::new(Beside::Lost)),
            ..Self::empty()
        }
    }

    /// Whether there was not enough memory for it. It has no bytes then.
    #[must_use]
    pub(crate) fn is_lost(&self) -> bool {
        matches!(self.beside.as_deref(), Some(Beside::Lost))
    }

    /// The same message with large binary data beside it, in the order in which the payload counts
    /// it. Blocks that nobody takes return to [`blocks`]. A copy is None if there was not enough
    /// memory for it; then the message is lost.
    #[must_use]
    pub(crate) fn with_attachments(
        mut self,
        attachments: impl IntoIterator<Item = Option<impl Into<Attachment>>>,
    ) -> Self {
        if self.is_lost() {
            return self;
        }
        let mut all = Beside::Attachments(Vec::new());
        for attachment in attachments {
            match (&mut all, attachment) {
                (Beside::Attachments(all), Some(attachment)) => all.push(attachment.into()),
                _ => return Self::lost(),
            }
        }
        self.beside = match &all {
            Beside::Attachments(all) if all.is_empty() => None,
            _ => Some(Box::new(all)),
        };
        self
    }

    /// The encoded value.
    #[must_use]
    pub(crate) fn bytes(&self) -> &[u8] {
        match &self.boxed {
            None => &self.inline[..self.length],
            Some(bytes) => bytes,
        }
    }

    /// The large binary data beside the payload.
    #[must_use]
    pub(crate) fn attachments(&self) -> &[Attachment] {
        match self.beside.as_deref() {
            Some(Beside::Attachments(attachments)) => attachments,
            Some(Beside::Lost) | None => &[],
        }
    }

    /// How many bytes it has, with what is beside it.
    #[must_use]
    pub(crate) fn size(&self) -> usize {
        let beside = self.attachments().iter().map(Attachment::bytes);
        self.bytes().len() + beside.map(<[u8]>::len).sum::<usize>()
    }

    /// Takes the blocks of large binary data out; the message has no attachments afterwards.
    #[must_use]
    pub(crate) fn take_blocks(&mut self) -> Vec<Vec<u8>> {
        match self.beside.as_deref_mut() {
            Some(Beside::Attachments(attachments)) => mem::take(attachments)
                .into_iter()
                .filter_map(Attachment::into_block)
                .collect(),
            Some(Beside::Lost) | None => Vec::new(),
        }
    }

    /// Whether memory is freed when it is dropped.
    #[must_use]
    pub(crate) const fn holds_memory(&self) -> bool {
        self.boxed.is_some() || self.beside.is_some()
    }

    /// Frees the memory that it holds. The message is empty afterwards.
    pub(crate) fn clear(&mut self) {
        self.length = 0;
        // As in `discard`.
        if self.holds_memory() {
            self.boxed = None;
            self.beside = None;
        }
    }

    /// Drops it. The compiler looks for memory only within an outlined drop, which most messages
    /// need not enter.
    pub(crate) fn discard(self) {
        if !self.holds_memory() {
            mem::forget(self);
        }
    }

    /// Takes over what `from` holds. Frees nothing if this message holds no memory.
    pub(crate) fn take_over(&mut self, from: &mut Self) {
        self.inline = from.inline;
        self.length = from.length;
        if self.holds_memory() || from.holds_memory() {
            self.boxed = from.boxed.take();
            self.beside = from.beside.take();
        }
        from.length = 0;
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
    use super::{Attachment, Message, INLINE};
    use std::mem::size_of;
    use std::sync::Arc;

    #[test]
    fn a_message_is_small() {
        assert_eq!(size_of::<Message>(), 80);
    }

    #[test]
    fn bytes_come_back_at_every_length() {
        for length in [0, 1, INLINE - 1, INLINE, INLINE + 1, 10_000] {
            let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(length).collect();
            assert_eq!(Message::new(&bytes).bytes(), bytes);
            let region = [b"before", bytes.as_slice(), b"behind"].concat();
            assert_eq!(Message::within(&region, 6..6 + length).bytes(), bytes);
        }
    }

    #[test]
    fn blocks_can_be_taken_once() {
        let mut message = Message::new(b"x").with_attachments([Some(vec![1, 2]), Some(vec![])]);
        assert_eq!(message.attachments().len(), 2);
        let beside: usize = message.attachments().iter().map(|a| a.bytes().len()).sum();
        assert_eq!(message.size(), message.bytes().len() + beside);
        assert_eq!(message.take_blocks(), vec![vec![1, 2], vec![]]);
        assert!(message.take_blocks().is_empty());
        assert_eq!(message.bytes(), b"x");
    }

    #[test]
    fn moved_memory_is_read_where_it_lies_and_given_up_with_the_message() {
        struct Memory(Arc<[u8; 3]>);
        impl AsRef<[u8]> for Memory {
            fn as_ref(&self) -> &[u8] {
                &*self.0
            }
        }
        let memory = Arc::new([1, 2, 3]);
        let moved = Attachment::Moved(Box::new(Memory(Arc::clone(&memory))));
        let mut message = Message::empty().with_attachments([Some(vec![0].into()), Some(moved)]);
        let bytes = message.attachments().iter().map(Attachment::bytes);
        assert_eq!(bytes.collect::<Vec<_>>(), [&[0][..], &[1, 2, 3]]);
        assert!(std::ptr::eq(
            message.attachments()[1].bytes(),
            &raw const *memory
        ));
        message.clear();
        assert_eq!(Arc::strong_count(&memory), 1);
    }

    #[test]
    fn no_attachments_are_no_allocation() {
        let message = Message::empty().with_attachments([None::<Vec<u8>>; 0]);
        assert!(message.beside.is_none());
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
