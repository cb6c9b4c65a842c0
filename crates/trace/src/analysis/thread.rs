//! Where a JavaScript thread is, as far as its events say.

use super::timeline::{Run, Timeline};
use crate::events::Key;

/// Runs within runs; a deeper stack is a program that lost its ends.
const DEPTH: usize = 1024;

/// The state of one thread.
#[derive(Debug, Default)]
pub(crate) struct Thread {
    /// The runs that have begun and not ended, with their resources.
    stack: Vec<(Key, u64)>,
    /// The contexts whose `run()` has not ended, with their beginnings.
    entered: Vec<(Key, u64)>,
    /// The run outside of any callback.
    root: Option<u64>,
    last: u32,
    turns: u64,
}

impl Thread {
    /// The time `low` without its wrap: 32 bits of microseconds last for 71 minutes.
    pub(crate) const fn time(&mut self, low: u32) -> u64 {
        // Events of one thread are in order, except for a few that were noted late.
        if low < self.last && self.last - low > u32::MAX / 2 {
            self.turns += 1;
        }
        self.last = low;
        self.now()
    }

    /// The time of the last event.
    pub(crate) const fn now(&self) -> u64 {
        self.turns << 32 | self.last as u64
    }

    /// The number of the run that goes on.
    pub(crate) fn current(&mut self, thread: u32, timeline: &mut Timeline, now: u64) -> u64 {
        if let Some((_, run)) = self.stack.last() {
            return *run;
        }
        let alive = self.root.filter(|root| timeline.run(*root).is_some());
        let root = alive.unwrap_or_else(|| {
            timeline.begin(Run {
                thread,
                from: now,
                to: now,
                ..Run::default()
            })
        });
        self.root = Some(root);
        root
    }

    /// The run of the resource `id` has ended: its number. Runs above it have lost their ends.
    pub(crate) fn ended(&mut self, id: Key) -> Option<u64> {
        let at = self.stack.iter().rposition(|(other, _)| *other == id)?;
        let (_, run) = self.stack[at];
        self.stack.truncate(at);
        Some(run)
    }

    /// The `run()` of the context `id` has ended: when it began.
    pub(crate) fn left(&mut self, id: Key) -> Option<u64> {
        let at = self.entered.iter().rposition(|(other, _)| *other == id)?;
        let (_, from) = self.entered[at];
        self.entered.truncate(at);
        Some(from)
    }

    /// Events have been dropped: what was open may have ended.
    pub(crate) fn tear(&mut self) {
        self.stack.clear();
        self.entered.clear();
    }

    /// The run `run` of the resource `id` begins.
    pub(crate) fn began(&mut self, id: Key, run: u64) {
        push(&mut self.stack, (id, run));
    }

    /// The `run()` of the context `id` begins.
    pub(crate) fn entered(&mut self, id: Key, now: u64) {
        push(&mut self.entered, (id, now));
    }
}

/// Puts `item` on `stack`; forgets the lower half where the ends never came.
fn push(stack: &mut Vec<(Key, u64)>, item: (Key, u64)) {
    if stack.len() == DEPTH {
        stack.drain(..DEPTH / 2);
    }
    stack.push(item);
}
