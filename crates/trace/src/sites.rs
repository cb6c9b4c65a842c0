//! The table of places: what the numbers stand for that functions and events carry.
//!
//! One table for all threads of the process, since an event may have crossed between them. A
//! transformed source has a run of numbers, one for each of its functions; a place on a stack gets
//! its number when it is first seen. Numbers are never given back; 0 stands for no place.

use std::sync::LazyLock;

use parking_lot::RwLock;
use rustc_hash::FxHashMap;

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

/// A function of a transformed source.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FunctionSite {
    /// From 1 on.
    pub(crate) line: u32,
    /// From 1 on, in UTF-16 code units.
    pub(crate) column: u32,
    /// Where its name begins in the names of its source.
    pub(crate) name_start: u32,
    /// The length of its name.
    pub(crate) name_length: u32,
}

/// The functions of a transformed source.
#[derive(Debug)]
pub(crate) struct FileSites {
    /// The path, or what V8 calls the source.
    pub(crate) file: String,
    /// All names, one behind the other.
    pub(crate) names: String,
    /// The functions, in the order of their numbers.
    pub(crate) functions: Vec<FunctionSite>,
}

#[derive(Default)]
struct Table {
    next: u32,
    /// Sorted by the first number.
    files: Vec<(u32, FileSites)>,
    places: FxHashMap<u32, Place>,
    numbers: FxHashMap<Place, u32>,
}

static TABLE: LazyLock<RwLock<Table>> = LazyLock::new(|| {
    RwLock::new(Table {
        next: 1,
        ..Table::default()
    })
});

/// Adds the functions of a source, and returns the number of the first of them.
pub(crate) fn add_file(sites: FileSites) -> u32 {
    let mut table = TABLE.write();
    let first = table.next;
    table.next = first.saturating_add(u32::try_from(sites.functions.len()).unwrap_or(u32::MAX));
    table.files.push((first, sites));
    drop(table);
    first
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

/// The place that a number stands for.
pub(crate) fn resolve(number: u32) -> Option<Place> {
    let table = TABLE.read();
    if let Some(place) = table.places.get(&number) {
        return Some(place.clone());
    }
    let after = table.files.partition_point(|(first, _)| *first <= number);
    let (first, sites) = table.files.get(after.checked_sub(1)?)?;
    let site = sites.functions.get((number - first) as usize)?;
    let start = site.name_start as usize;
    let name = sites.names.get(start..start + site.name_length as usize)?;
    Some(Place {
        file: sites.file.clone(),
        line: site.line,
        column: site.column,
        function: name.to_owned(),
    })
}
