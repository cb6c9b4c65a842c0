//! The table of places: what the numbers stand for that functions and events carry.
//!
//! One table for all threads of the process, since an event may have crossed between them. A
//! transformed source has a run of numbers, one for each of its functions, which it keeps when it
//! is transformed once more, in another thread. A place on a stack gets its number when it is first
//! seen. Numbers are never given back; 0 stands for no place.
//!
//! Places of stacks are kept as V8 has them, which is in the transformed code; they are told as
//! they were written, in the source before the transform, or in what that was made from.

#![expect(
    clippy::significant_drop_tightening,
    reason = "what is found in the table is read or changed to the end of each function"
)]

mod file;

use std::sync::LazyLock;

use parking_lot::RwLock;
use rustc_hash::FxHashMap;

use crate::file_name::path_of;
pub(crate) use file::{FileSites, FunctionSite, Shift};

/// A place in a program.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    /// The path, or what V8 calls the source.
    pub(crate) file: String,
    /// From 1 on; 0 if unknown.
    pub(crate) line: u32,
    /// From 1 on, in UTF-16 code units; 0 if unknown.
    pub(crate) column: u32,
    /// The function's name; empty at the top level.
    pub(crate) function: String,
}

/// The numbers of a source's functions.
struct Run {
    first: u32,
    fingerprint: u64,
    /// Missing while the source is being transformed.
    sites: Option<FileSites>,
}

struct Table {
    next: u32,
    /// Sorted by their first numbers.
    runs: Vec<Run>,
    /// The runs of a file, by its path.
    files: FxHashMap<String, Vec<usize>>,
    places: FxHashMap<u32, Place>,
    numbers: FxHashMap<Place, u32>,
}

static TABLE: LazyLock<RwLock<Table>> = LazyLock::new(|| {
    RwLock::new(Table {
        next: 1,
        runs: Vec::new(),
        files: FxHashMap::default(),
        places: FxHashMap::default(),
        numbers: FxHashMap::default(),
    })
});

/// The first of `count` numbers for the functions of a source: the same for the same fingerprint.
pub(crate) fn reserve(file: &str, fingerprint: u64, count: u32) -> u32 {
    let path = path_of(file);
    let mut guard = TABLE.write();
    let table = &mut *guard;
    let known = table.files.get(path.as_ref()).and_then(|runs| {
        let mut runs = runs.iter().map(|&index| &table.runs[index]);
        runs.find(|run| run.fingerprint == fingerprint)
    });
    if let Some(run) = known {
        return run.first;
    }
    let first = table.next;
    table.next = first.saturating_add(count);
    let runs = table.files.entry(path.into_owned()).or_default();
    runs.push(table.runs.len());
    table.runs.push(Run {
        first,
        fingerprint,
        sites: None,
    });
    first
}

/// What the numbers stand for that were reserved from `first` on.
pub(crate) fn fill(first: u32, sites: FileSites) {
    let mut table = TABLE.write();
    let found = table.runs.binary_search_by_key(&first, |run| run.first);
    if let Ok(index) = found {
        table.runs[index].sites.get_or_insert(sites);
    }
}

/// The number of a place on a stack.
pub(crate) fn intern(file: &str, line: u32, column: u32, function: &str) -> u32 {
    let place = Place {
        file: file.to_owned(),
        line,
        column,
        function: function.to_owned(),
    };
    if let Some(&number) = TABLE.read().numbers.get(&place) {
        return number;
    }
    let mut guard = TABLE.write();
    let table = &mut *guard;
    let next = &mut table.next;
    let places = &mut table.places;
    *table.numbers.entry(place).or_insert_with_key(|place| {
        let number = *next;
        *next = next.saturating_add(1);
        places.insert(number, place.clone());
        number
    })
}

/// The place that a number stands for, as it was written.
pub(crate) fn resolve(number: u32) -> Option<Place> {
    let table = TABLE.read();
    if let Some(place) = table.places.get(&number) {
        return Some(table.written(place));
    }
    let (first, sites) = table.run_of(number)?;
    let (site, name) = sites.function(number - first)?;
    let (file, line, column) = sites.written(site.line, site.column);
    Some(Place {
        file,
        line,
        column,
        function: name.to_owned(),
    })
}

/// The number of the function around the function `number`; 0 if there is none.
pub(crate) fn enclosing(number: u32) -> u32 {
    let table = TABLE.read();
    let found = table.run_of(number).and_then(|(first, sites)| {
        let (site, _) = sites.function(number - first)?;
        Some(first + site.enclosing.checked_sub(1)?)
    });
    found.unwrap_or(0)
}

/// The number of the function that begins at a line and column of a file's transformed code; 0 if
/// there is none.
pub(crate) fn function_at(file: &str, line: u32, column: u32) -> u32 {
    let table = TABLE.read();
    let found = table.latest(file).and_then(|(first, sites)| {
        let index = sites.index_at(line, column)?;
        Some(first + index)
    });
    found.unwrap_or(0)
}

impl Table {
    /// The source of the function `number`: the number of its first, and all of them.
    fn run_of(&self, number: u32) -> Option<(u32, &FileSites)> {
        let after = self.runs.partition_point(|run| run.first <= number);
        let run = self.runs.get(after.checked_sub(1)?)?;
        Some((run.first, run.sites.as_ref()?))
    }

    /// What a file was last transformed to.
    fn latest(&self, file: &str) -> Option<(u32, &FileSites)> {
        let runs = self.files.get(path_of(file).as_ref())?;
        let mut runs = runs.iter().rev().map(|&index| &self.runs[index]);
        runs.find_map(|run| Some((run.first, run.sites.as_ref()?)))
    }

    /// A place on a stack, as it was written.
    fn written(&self, place: &Place) -> Place {
        let path = path_of(&place.file);
        let (file, line, column) = match self.latest(&place.file) {
            Some((_, sites)) if place.line > 0 && place.column > 0 => {
                let column = file::unshifted(&sites.shifts, place.line, place.column);
                sites.written(place.line, column)
            }
            _ => (path.into_owned(), place.line, place.column),
        };
        Place {
            file,
            line,
            column,
            function: place.function.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
