//! The functions to bind to the context in which they are made.

use super::super::position::Positions;
use crate::source_map::Original;

/// Where a function is to be bound.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mend {
    /// From 1 on, of the source as it was written.
    pub(crate) line: u32,
    /// From 1 on, in UTF-16 code units; 0 for any.
    pub(crate) column: u32,
}

/// The mends that a source is asked for.
pub(crate) struct Mends<'s, 'm> {
    list: &'m [Mend],
    positions: Positions<'s>,
    map: Option<&'m Original>,
    done: Vec<bool>,
}

impl<'s, 'm> Mends<'s, 'm> {
    /// Where the source itself was made from another one, places may be those of that one.
    pub(crate) fn new(source: &'s str, list: &'m [Mend], map: Option<&'m Original>) -> Self {
        Self {
            list,
            positions: Positions::new(source),
            map,
            done: vec![false; list.len()],
        }
    }

    /// Whether the function that begins at an offset, and can be bound there, is to be bound.
    pub(crate) fn take(&mut self, start: u32) -> bool {
        self.take_if(start, true)
    }

    /// Whether an argument that is no function itself is to be bound: only where a mend says so to
    /// the column, as nothing here tells whether its value is a function.
    pub(crate) fn take_argument(&mut self, start: u32) -> bool {
        self.take_if(start, false)
    }

    fn take_if(&mut self, start: u32, is_function: bool) -> bool {
        if self.list.is_empty() {
            return false;
        }
        let (line, column) = self.positions.at(start);
        let original = self.map.and_then(|map| map.position(line, column));
        let mut is_one = false;
        for (mend, done) in self.list.iter().zip(&mut self.done) {
            let is_any = is_function && mend.column == 0;
            let is_here = |(line, column)| mend.line == line && (is_any || mend.column == column);
            if is_here((line, column)) || original.is_some_and(is_here) {
                is_one = true;
                *done = true;
            }
        }
        is_one
    }

    /// The mends that found no function, by their index.
    pub(crate) fn unmended(&self) -> Vec<u32> {
        let is_left = |(index, done): (u32, &bool)| (!done).then_some(index);
        (0..).zip(&self.done).filter_map(is_left).collect()
    }
}
