//! Lines and columns as V8 counts them: from 1 on, columns in UTF-16 code units.

/// A walk through a source, forwards.
pub(crate) struct Positions<'s> {
    source: &'s str,
    is_ascii: bool,
    offset: usize,
    line: u32,
    column: u32,
}

impl<'s> Positions<'s> {
    /// At the start of a source.
    pub(crate) fn new(source: &'s str) -> Self {
        Self {
            source,
            is_ascii: source.is_ascii(),
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
        if self.is_ascii {
            self.pass_ascii(passed.as_bytes());
        } else {
            self.pass(passed);
        }
        (self.line, self.column)
    }

    fn pass_ascii(&mut self, passed: &[u8]) {
        let mut start = 0;
        for (index, &byte) in passed.iter().enumerate() {
            let ends_line = match byte {
                b'\n' => true,
                // A carriage return before a newline is part of its line.
                b'\r' => passed.get(index + 1) != Some(&b'\n'),
                _ => false,
            };
            if ends_line {
                self.line += 1;
                self.column = 1;
                start = index + 1;
            }
        }
        self.column += u32::try_from(passed.len() - start).unwrap_or(u32::MAX);
    }

    fn pass(&mut self, passed: &str) {
        let mut characters = passed.chars().peekable();
        while let Some(character) = characters.next() {
            let ends_line = match character {
                '\n' | '\u{2028}' | '\u{2029}' => true,
                '\r' => characters.peek() != Some(&'\n'),
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
}
