//! The bounded channel between JavaScript threads and the analysis thread.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};

use crossbeam_channel::{bounded, Receiver, Sender, TrySendError};
use parking_lot::Mutex;

use super::Batch;

/// What the analysis thread is told.
#[derive(Debug)]
pub(crate) enum Message {
    /// Events of a thread.
    Events(Batch),
    /// What a thread found out itself, as JSON.
    Evidence {
        /// The thread.
        thread: u32,
        /// The evidence.
        json: String,
    },
    /// A thread has begun, or ended.
    Thread {
        /// The thread.
        thread: u32,
        /// Whether it has begun.
        begun: bool,
    },
    /// A thread asks, and waits for the answer.
    Question {
        /// The thread.
        thread: u32,
        /// What it wants to know.
        wanted: Wanted,
        /// Where it waits.
        reply: Sender<String>,
    },
}

/// What tells a finding of a thread from others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sought {
    /// The rule that saw it.
    pub(crate) rule: String,
    /// The storage, as the thread numbers it.
    pub(crate) storage: u32,
    /// The place of the read.
    pub(crate) read: u32,
    /// Where what ran was made.
    pub(crate) made: u32,
}

/// What a thread can ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// The report so far.
    Report,
    /// The last report, which the file of the process gets, too.
    LastReport,
    /// The findings that the thread has not been told of yet.
    News,
    /// One finding.
    Finding(Sought),
}

/// Messages that outlived their place in the channel, at most.
const SPARED: usize = 1 << 16;

/// A channel of bounded length that drops the oldest picture when it is full.
///
/// Evidence, questions, and which contexts there are do not get lost by that: they are put aside
/// for the reader.
#[derive(Debug)]
pub(crate) struct Queue {
    sender: Sender<Message>,
    receiver: Receiver<Message>,
    spared: Mutex<VecDeque<Message>>,
    dropped: AtomicU64,
    evidence_dropped: AtomicU64,
}

impl Queue {
    /// A queue for `length` messages.
    pub(crate) fn new(length: usize) -> Self {
        let (sender, receiver) = bounded(length.max(1));
        Self {
            sender,
            receiver,
            spared: Mutex::default(),
            dropped: AtomicU64::new(0),
            evidence_dropped: AtomicU64::new(0),
        }
    }

    /// Hands `message` over; never waits.
    pub(crate) fn push(&self, message: Message) {
        let mut message = message;
        while let Err(TrySendError::Full(back)) = self.sender.try_send(message) {
            message = back;
            if let Ok(oldest) = self.receiver.try_recv() {
                self.spare(oldest);
            }
        }
    }

    /// Waits for messages, and gives all of them to `handle` until there is none left.
    pub(crate) fn take(&self, handle: &mut impl FnMut(Message)) {
        let Ok(message) = self.receiver.recv() else {
            return;
        };
        self.take_spared(handle);
        handle(message);
    }

    /// How many events were dropped.
    pub(crate) fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// How many pieces of evidence were dropped.
    pub(crate) fn evidence_dropped(&self) -> u64 {
        self.evidence_dropped.load(Ordering::Relaxed)
    }

    /// Gives what was put aside, the oldest first.
    fn take_spared(&self, handle: &mut impl FnMut(Message)) {
        loop {
            // The lock is not held while the message is handled: a sender may need it.
            let Some(message) = self.spared.lock().pop_front() else {
                return;
            };
            handle(message);
        }
    }

    /// Puts aside what of the oldest message must not get lost.
    fn spare(&self, oldest: Message) {
        let mut spared = self.spared.lock();
        let full = spared.len() >= SPARED;
        match oldest {
            Message::Events(batch) => {
                let before = batch.count();
                let batch = batch.essence();
                let kept = if full { 0 } else { batch.count() };
                self.dropped.fetch_add(before - kept, Ordering::Relaxed);
                if !full {
                    spared.push_back(Message::Events(batch));
                }
            }
            Message::Evidence { .. } if full => {
                self.evidence_dropped.fetch_add(1, Ordering::Relaxed);
            }
            other => spared.push_back(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::kinds;

    fn batch(thread: u32, kinds: &[u32]) -> Message {
        let words = kinds
            .iter()
            .flat_map(|kind| [*kind, 1, 0, 0, 0, 0, 0, 0])
            .collect();
        Message::Events(Batch {
            thread,
            words,
            ..Batch::default()
        })
    }

    fn taken(queue: &Queue, times: usize) -> Vec<Message> {
        let mut all = Vec::new();
        for _ in 0..times {
            queue.take(&mut |message| all.push(message));
        }
        all
    }

    #[test]
    fn messages_come_in_order() {
        let queue = Queue::new(4);
        queue.push(batch(1, &[kinds::READ]));
        queue.push(batch(2, &[kinds::READ]));
        let threads: Vec<u32> = taken(&queue, 2)
            .iter()
            .map(|message| match message {
                Message::Events(batch) => batch.thread,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(threads, [1, 2]);
        assert_eq!(queue.dropped(), 0);
    }

    #[test]
    fn a_full_queue_drops_the_oldest_picture_and_counts_it() {
        let queue = Queue::new(2);
        queue.push(batch(1, &[kinds::ENTER, kinds::READ, kinds::BEFORE]));
        queue.push(batch(2, &[kinds::READ]));
        queue.push(batch(3, &[kinds::READ]));
        assert_eq!(queue.dropped(), 2);
        let messages = taken(&queue, 2);
        let Message::Events(first) = &messages[0] else {
            panic!("{messages:?}");
        };
        assert!(first.torn);
        assert_eq!(first.thread, 1);
        let left: Vec<u32> = first.events().map(|event| event.kind).collect();
        assert_eq!(left, [kinds::ENTER]);
        assert_eq!(messages.len(), 3);
    }

    #[test]
    fn evidence_and_questions_are_never_dropped_with_the_picture() {
        let queue = Queue::new(1);
        let (reply, answer) = bounded(1);
        queue.push(Message::Evidence {
            thread: 0,
            json: "{}".to_owned(),
        });
        queue.push(Message::Question {
            thread: 0,
            wanted: Wanted::Report,
            reply,
        });
        queue.push(batch(1, &[kinds::READ]));
        let mut kinds = Vec::new();
        queue.take(&mut |message| {
            kinds.push(match message {
                Message::Evidence { .. } => "evidence",
                Message::Question { reply, .. } => {
                    reply.send("yes".to_owned()).unwrap();
                    "question"
                }
                _ => "picture",
            });
        });
        assert_eq!(kinds, ["evidence", "question", "picture"]);
        assert_eq!(answer.recv().unwrap(), "yes");
        assert_eq!(queue.evidence_dropped(), 0);
    }

    #[test]
    fn many_senders_lose_nothing_but_what_is_counted() {
        let queue = Queue::new(8);
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let queue = &queue;
                scope.spawn(move || {
                    for _ in 0..200 {
                        queue.push(batch(thread, &[kinds::READ; 4]));
                    }
                });
            }
        });
        let mut arrived = 0;
        for _ in 0..8 {
            queue.take(&mut |message| {
                if let Message::Events(batch) = message {
                    arrived += batch.count();
                }
            });
        }
        assert_eq!(arrived + queue.dropped(), 4 * 200 * 4);
    }
}
