//! Lines and columns as V8 counts them: from 1 on, columns in UTF-16 code units.

/// A walk through a source, forwards.
#[derive(Clone)]
pub(crate) struct Positions<'s> {
    source: &'s str,
    /// ASCII, with no line that ends otherwise than with a newline.
    is_plain: bool,
    offset: usize,
    line: u32,
    column: u32,
}

impl<'s> Positions<'s> {
    /// At the start of a source.
    pub(crate) fn new(source: &'s str) -> Self {
        Self {
            source,
            is_plain: source.is_ascii() && memchr::memchr(b'\r', source.as_bytes()).is_none(),
            offset: 0,
            line: 1,
            column: 1,
        }
    }

    /// Line and column of an offset in bytes; an earlier one than the last takes a walk from the
    /// start.
    pub(crate) fn at(&mut self, offset: u32) -> (u32, u32) {
        let offset = offset as usize;
        if offset < self.offset {
            (self.offset, self.line, self.column) = (0, 1, 1);
        }
        let passed = &self.source[self.offset..offset];
        self.offset = offset;
        if self.is_plain {
            self.pass_plain(passed.as_bytes());
        } else {
            self.pass(passed, offset);
        }
        (self.line, self.column)
    }

    fn pass_plain(&mut self, passed: &[u8]) {
        let mut length = passed.len();
        if let Some(last) = memchr::memrchr(b'\n', passed) {
            let lines = memchr::memchr_iter(b'\n', passed).count();
            self.line += u32::try_from(lines).unwrap_or(u32::MAX);
            self.column = 1;
            length -= last + 1;
        }
        self.column += u32::try_from(length).unwrap_or(u32::MAX);
    }

    fn pass(&mut self, passed: &str, end: usize) {
        for (index, character) in passed.char_indices() {
            let ends_line = match character {
                '\n' | '\u{2028}' | '\u{2029}' => true,
                // A carriage return before a newline is part of its line.
                '\r' => !self.is_newline(end - passed.len() + index + 1),
                _ => false,
            };
            if ends_line {
                self.line += 1;
                self.column = 1;
            } else {
                self.column += u32::try_from(character.len_utf16()).unwrap_or(1);
            }
        }
    }

    fn is_newline(&self, offset: usize) -> bool {
        self.source.as_bytes().get(offset) == Some(&b'\n')
    }
}

#[cfg(test)]
mod tests {
    use super::Positions;

    fn at(source: &str, needle: &str) -> (u32, u32) {
        let offset = source.find(needle).expect("it is there");
        Positions::new(source).at(u32::try_from(offset).expect("it is short"))
    }

    #[test]
    fn lines_end_as_they_do_for_v8() {
        assert_eq!(at("a\nb\rc\r\nd x", "x"), (4, 3));
        assert_eq!(at("é\nb\rc\r\nd\u{2028}e\u{2029}f x", "x"), (6, 3));
        assert_eq!(at("a\u{b}b\u{c}c x", "x"), (1, 7));
    }

    #[test]
    fn a_pair_of_surrogates_is_two_columns() {
        assert_eq!(at("'😀é' x", "x"), (1, 7));
    }

    #[test]
    fn a_walk_can_start_between_the_two_ends_of_a_line() {
        let mut positions = Positions::new("a\r\nb");
        assert_eq!(positions.at(2), (1, 3));
        assert_eq!(positions.at(3), (2, 1));
        assert_eq!(positions.at(0), (1, 1));
    }
}
