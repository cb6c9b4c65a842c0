//! The rule of statistics (R9): a line that usually sees a store, and here did not.

use rustc_hash::FxHashMap;

use super::evidence::{RanIn, Sighting};
use super::timeline::Read;
use crate::events::Key;

/// Lines that are counted.
const LINES: usize = 1 << 16;

/// What a line saw.
#[derive(Debug, Default)]
struct Line {
    with_store: u64,
    without: u64,
    /// The first read that saw none.
    first: Option<(Read, Option<RanIn>)>,
    told: bool,
}

/// What all lines saw.
#[derive(Debug, Default)]
pub(crate) struct Statistics {
    lines: FxHashMap<(Key, u32), Line>,
}

impl Statistics {
    /// A read, which gave undefined or not.
    pub(crate) fn read(&mut self, read: &Read, undefined: bool, ran_in: Option<RanIn>) {
        let key = (read.storage, read.site);
        let known = self.lines.len() < LINES || self.lines.contains_key(&key);
        if read.site == 0 || !known {
            return;
        }
        let line = self.lines.entry(key).or_default();
        if undefined {
            line.without += 1;
            line.first.get_or_insert((*read, ran_in));
        } else {
            line.with_store += 1;
        }
    }

    /// The lines that saw a store at least as often as none, each once: the thread, and the read.
    pub(crate) fn take(&mut self) -> Vec<(u32, Sighting)> {
        let mut found: Vec<_> = self
            .lines
            .values_mut()
            .filter(|line| !line.told && line.without > 0 && line.with_store >= line.without)
            .filter_map(|line| {
                line.told = true;
                let (read, ran_in) = line.first.clone()?;
                Some((read, ran_in, line.without))
            })
            .map(|(read, ran_in, times)| {
                let sighting = Sighting {
                    rule: "statistics".to_owned(),
                    storage: read.storage.id(),
                    read: read.site,
                    via: read.via,
                    actual: read.ctx.id(),
                    ran_in,
                    times,
                    ..Sighting::default()
                };
                (read.storage.thread(), sighting)
            })
            .collect();
        found.sort_by_key(|(thread, sighting)| (*thread, sighting.read));
        found
    }
}
