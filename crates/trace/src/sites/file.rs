//! The functions of one transformed source, and where what stands in it stood before.

use std::sync::OnceLock;

use crate::source_map::Original;

/// A function of a transformed source: where it stands in the source before the transform.
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
    /// The function around it, by its index counted from 1; 0 if there is none.
    pub(crate) enclosing: u32,
}

/// What follows an insertion has moved, to the end of its line or the next insertion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shift {
    /// From 1 on, the same before and after.
    pub(crate) line: u32,
    /// The column of what follows the insertion, in the transformed code.
    pub(crate) column: u32,
    /// By how much it has moved, all insertions of the line taken together.
    pub(crate) by: u32,
}

/// The column, before the transform, of what is at a line and column of the transformed code. What
/// was inserted stands where it was inserted.
pub(crate) fn unshifted(shifts: &[Shift], line: u32, column: u32) -> u32 {
    let after = shifts.partition_point(|shift| (shift.line, shift.column) <= (line, column));
    let moved = |shift: &&Shift| shift.line == line;
    let by = shifts[..after]
        .last()
        .filter(moved)
        .map_or(0, |shift| shift.by);
    let next = shifts[after..].first().filter(moved);
    let end = next.map_or(u32::MAX, |shift| shift.column - shift.by);
    column.saturating_sub(by).min(end)
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
    /// What the transform has moved, in the order of the source.
    pub(crate) shifts: Vec<Shift>,
    /// Where the source says that its source map is.
    pub(crate) map_url: Option<String>,
    /// The source map, which is read when it is asked for.
    pub(crate) map: OnceLock<Option<Original>>,
}

impl FileSites {
    /// File, line and column as they were written, of a place in the source before the transform.
    pub(super) fn written(&self, line: u32, column: u32) -> (String, u32, u32) {
        let map = self.map.get_or_init(|| {
            let url = self.map_url.as_deref()?;
            Original::read(url, &self.file)
        });
        let written = map.as_ref().and_then(|map| map.place(line, column));
        written.map_or_else(
            || (self.file.clone(), line, column),
            |(file, line, column)| (file.to_owned(), line, column),
        )
    }

    /// A function by its index.
    pub(super) fn function(&self, index: u32) -> Option<(&FunctionSite, &str)> {
        let site = self.functions.get(index as usize)?;
        let start = site.name_start as usize;
        let name = self.names.get(start..start + site.name_length as usize)?;
        Some((site, name))
    }

    /// The index of the function that begins at a line and column of the transformed code. Where
    /// the value of a field is a function, that one, and not the one that evaluates the field.
    pub(super) fn index_at(&self, line: u32, column: u32) -> Option<u32> {
        let column = unshifted(&self.shifts, line, column);
        let is_it = |site: &FunctionSite| site.line == line && site.column == column;
        let index = self.functions.iter().rposition(is_it)?;
        u32::try_from(index).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{unshifted, Shift};

    /// `ab` and `cd` with three characters between them, and five behind `cd`: `ab___cd_____`.
    const SHIFTS: [Shift; 2] = [
        Shift {
            line: 2,
            column: 6,
            by: 3,
        },
        Shift {
            line: 2,
            column: 13,
            by: 8,
        },
    ];

    #[test]
    fn what_has_moved_is_found_again() {
        let columns = [1, 2, 6, 7].map(|column| unshifted(&SHIFTS, 2, column));
        assert_eq!(columns, [1, 2, 3, 4]);
        assert_eq!(unshifted(&SHIFTS, 1, 7), 7);
        assert_eq!(unshifted(&SHIFTS, 3, 7), 7);
    }

    #[test]
    fn what_was_inserted_stands_where_it_was_inserted() {
        let columns = [3, 4, 5, 8, 12].map(|column| unshifted(&SHIFTS, 2, column));
        assert_eq!(columns, [3, 3, 3, 5, 5]);
    }
}
