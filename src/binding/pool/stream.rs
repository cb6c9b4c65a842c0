//! What the pool tells its owner, on the way to JavaScript.

use crate::pool::{Completion, Pool};
use std::collections::VecDeque;

/// Completions on their way from the pool to JavaScript.
#[derive(Default)]
pub(super) struct Stream {
    /// Drained from the pool; the first `read` have been read by JavaScript.
    drained: Vec<Completion>,
    read: usize,
    /// Of the completions that JavaScript has read, until it asks for them: in their order.
    pub(super) attachments: VecDeque<Vec<Vec<u8>>>,
}

impl Stream {
    /// Gives back the memory of a peak, unless something has yet to be read.
    pub(super) fn trim(&mut self) {
        if self.is_read() {
            self.drained = Vec::new();
            self.read = 0;
        }
        if self.attachments.is_empty() {
            self.attachments = VecDeque::new();
        }
    }

    /// Whether JavaScript has read all that was drained.
    pub(super) const fn is_read(&self) -> bool {
        self.read == self.drained.len()
    }

    /// Drains the pool if everything was read. Says whether there is something to read.
    pub(super) fn look(&mut self, pool: &Pool) -> bool {
        if self.is_read() {
            self.drained.clear();
            self.read = 0;
            pool.drain(&mut self.drained);
        }
        !self.drained.is_empty()
    }

    /// Writes completions to `region` and returns how many bytes.
    pub(super) fn fill(&mut self, pool: &Pool, region: &mut [u8], looks_again: bool) -> usize {
        if self.is_read() {
            self.drained.clear();
            self.read = 0;
            if looks_again {
                pool.poll(&mut self.drained);
            } else {
                pool.drain(&mut self.drained);
            }
        }
        let mut written = 0;
        while let Some(completion) = self.drained.get_mut(self.read) {
            // One always fits into an empty region: `wire::packet` asserts it.
            let Some(length) = completion.write(&mut region[written..]) else {
                break;
            };
            written += length;
            self.read += 1;
            let blocks = completion.message.take_blocks();
            if !blocks.is_empty() {
                self.attachments.push_back(blocks);
            }
        }
        written
    }
}
