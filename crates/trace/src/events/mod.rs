//! Events on their way from JavaScript threads to the analysis thread.
//!
//! A thread fills a buffer of its own and hands it over when it is full; that is all it does. The
//! [`queue`] never makes it wait: when the analysis is behind, the oldest picture goes.

pub(crate) mod kinds;
pub(crate) mod queue;

use kinds::WORDS;

/// The number of something in one JavaScript thread: threads count on their own.
///
/// Zero is nothing: no context, no storage, no resource.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Debug, PartialOrd, Ord)]
pub(crate) struct Key(u64);

impl Key {
    /// Nothing.
    pub(crate) const NONE: Self = Self(0);

    /// The number `id` of the thread `thread`; of no thread where `id` is zero.
    pub(crate) const fn new(thread: u32, id: u32) -> Self {
        if id == 0 {
            Self::NONE
        } else {
            Self((thread as u64) << 32 | id as u64)
        }
    }

    /// Whether it stands for nothing.
    pub(crate) const fn is_none(self) -> bool {
        self.0 == 0
    }

    /// The number within its thread.
    pub(crate) const fn id(self) -> u32 {
        (self.0 & 0xffff_ffff) as u32
    }

    /// The thread that counts it.
    pub(crate) const fn thread(self) -> u32 {
        (self.0 >> 32) as u32
    }
}

/// One event, as a thread wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Event {
    /// One of [`kinds`].
    pub(crate) kind: u32,
    /// What it is about.
    pub(crate) id: u32,
    /// First word of the kind.
    pub(crate) a: u32,
    /// Second word of the kind.
    pub(crate) b: u32,
    /// The context in which it happened.
    pub(crate) ctx: u32,
    /// The place at which it happened.
    pub(crate) site: u32,
    /// Microseconds since the thread began, modulo 2^32.
    pub(crate) time: u32,
    /// Third word of the kind.
    pub(crate) c: u32,
}

impl Event {
    /// The event in `words`.
    const fn read(words: [u32; WORDS]) -> Self {
        let [kind, id, a, b, ctx, site, time, c] = words;
        Self {
            kind,
            id,
            a,
            b,
            ctx,
            site,
            time,
            c,
        }
    }
}

/// What one thread handed over at once.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// The thread.
    pub(crate) thread: u32,
    /// Its events, [`WORDS`] words each.
    pub(crate) words: Vec<u32>,
    /// Previews of stores: the number of the context, a space, the text.
    pub(crate) previews: Vec<String>,
    /// Whether events between this batch and the one before have been dropped.
    pub(crate) torn: bool,
}

impl Batch {
    /// The events; words that make no whole event are none.
    pub(crate) fn events(&self) -> impl Iterator<Item = Event> + '_ {
        self.words
            .chunks_exact(WORDS)
            .filter_map(|words| words.try_into().ok().map(Event::read))
    }

    /// How many events it has.
    pub(crate) const fn count(&self) -> u64 {
        (self.words.len() / WORDS) as u64
    }

    /// What must outlive the picture: which contexts and storages there are.
    fn essence(self) -> Self {
        let lasting = |kind| matches!(kind, kinds::ENTER | kinds::COLLECTED | kinds::STORAGE);
        let words = self
            .words
            .chunks_exact(WORDS)
            .filter(|words| lasting(words[0]))
            .flatten()
            .copied()
            .collect();
        Self {
            words,
            torn: true,
            ..self
        }
    }
}
