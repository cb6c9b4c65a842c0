//! What is inserted into a source, and where.

use super::position::Positions;
use crate::sites::Shift;

/// The key of a class's field, by which its value gets its name; a range of the source.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Key {
    /// The value gets no name from it.
    None,
    /// An identifier, with `#` if it is a private one.
    Identifier(u32, u32),
    /// A literal.
    Literal(u32, u32),
}

/// A text to insert. Activations are numbers, 0 if there is none; sites count from the first of the
/// source.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Text {
    /// Nothing: the place was kept for a text that turned out not to be needed.
    Nothing,
    /// As it is.
    Plain(&'static str),
    /// `const __ahrC1=__ahrAT(__ahrC0,7);`
    Declaration { own: u32, parent: u32, site: u32 },
    /// The same behind a directive that only a newline ends.
    SeparatedDeclaration { own: u32, parent: u32, site: u32 },
    /// `let __ahrC2=__ahrC1;`
    Copy { own: u32, from: u32 },
    /// Behind a call: `,__ahrC2=__ahrAT(void 0,0)`
    Entered { own: u32 },
    /// Behind a declaration: `;__ahrC2=__ahrAT(void 0,0);`
    EnteredBehind { own: u32 },
    /// `__ahrAT(__ahrC0,7);`
    Call { parent: u32, site: u32 },
    /// The same behind a directive that only a newline ends.
    SeparatedCall { parent: u32, site: u32 },
    /// Behind a `yield`: `,__ahrC0,7)`
    Resumed { parent: u32, site: u32 },
    /// Before the expression of an arrow function: `{const __ahrC1=__ahrAT(__ahrC0,7);return(`
    Block { own: u32, parent: u32, site: u32 },
    /// Before the expression of an arrow function: `(__ahrAT(__ahrC0,7),`
    Comma { parent: u32, site: u32 },
    /// Before the value of a field: `((__ahrC1)=>({["key"]:`
    Field { own: u32, key: Key },
    /// Behind the value of a field: `})["key"])(__ahrAT(__ahrC0,7))`
    FieldEnd { parent: u32, site: u32, key: Key },
}

#[derive(Clone, Copy, Debug)]
struct Edit {
    offset: u32,
    text: Text,
}

/// The insertions into one source.
#[derive(Debug, Default)]
pub(crate) struct Edits {
    list: Vec<Edit>,
}

impl Edits {
    /// Inserts a text; of two at one offset, the first that came stands first. Returns by what
    /// `fill()` knows it.
    pub(crate) fn insert(&mut self, offset: u32, text: Text) -> usize {
        self.list.push(Edit { offset, text });
        self.list.len() - 1
    }

    /// Keeps the place for a text, which `fill()` gives it.
    pub(crate) fn reserve(&mut self, offset: u32) -> usize {
        self.insert(offset, Text::Nothing)
    }

    /// The text for a place that was kept.
    pub(crate) fn fill(&mut self, reserved: usize, text: Text) {
        self.list[reserved].text = text;
    }

    /// The source with the insertions; `first` is the number of its first site, and `starts` are
    /// the offsets of its sites.
    pub(crate) fn apply(mut self, source: &str, first: u32, starts: &[u32]) -> Applied {
        self.list.retain(|edit| !matches!(edit.text, Text::Nothing));
        // Almost sorted: functions are found in the order in which they stand.
        self.list.sort_by_key(|edit| edit.offset);
        let mut writer = Writer {
            source,
            first,
            code: String::with_capacity(source.len() + self.list.len() * 40),
        };
        let mut walk = Walk::new(source, starts);
        let mut shifts: Vec<Shift> = Vec::with_capacity(self.list.len());
        let mut at = 0;
        for edit in &self.list {
            let offset = edit.offset as usize;
            writer.code.push_str(&source[at..offset]);
            at = offset;
            let start = writer.code.len();
            writer.text(edit.text);
            let inserted = utf16_length(&writer.code[start..]);
            let (line, column) = walk.to(edit.offset);
            let before = shifts
                .last()
                .filter(|shift| shift.line == line)
                .map_or(0, |shift| shift.by);
            let by = before + inserted;
            shifts.push(Shift {
                line,
                column: column + by,
                by,
            });
        }
        writer.code.push_str(&source[at..]);
        Applied {
            code: writer.code,
            shifts,
            positions: walk.finish(),
        }
    }
}

/// A source with what was inserted.
#[derive(Debug)]
pub(crate) struct Applied {
    /// The transformed code.
    pub(crate) code: String,
    /// By how much the insertions move what stands behind them.
    pub(crate) shifts: Vec<Shift>,
    /// The lines and columns of the sites, in the source.
    pub(crate) positions: Vec<(u32, u32)>,
}

/// The one walk through the source that both insertions and sites need.
struct Walk<'s> {
    positions: Positions<'s>,
    /// The sites by their offsets, with their indices.
    sites: Vec<(u32, usize)>,
    passed: usize,
    found: Vec<(u32, u32)>,
}

impl<'s> Walk<'s> {
    fn new(source: &'s str, starts: &[u32]) -> Self {
        let mut sites: Vec<(u32, usize)> = starts.iter().copied().zip(0..).collect();
        // Almost sorted: functions in parameters are found before the function.
        sites.sort_by_key(|(start, _)| *start);
        Self {
            positions: Positions::new(source),
            found: vec![(0, 0); sites.len()],
            sites,
            passed: 0,
        }
    }

    /// Passes the sites up to an offset, and says where that is.
    fn to(&mut self, offset: u32) -> (u32, u32) {
        while let Some(&(start, index)) = self.sites.get(self.passed) {
            if start > offset {
                break;
            }
            self.found[index] = self.positions.at(start);
            self.passed += 1;
        }
        self.positions.at(offset)
    }

    fn finish(mut self) -> Vec<(u32, u32)> {
        for &(start, index) in &self.sites[self.passed..] {
            self.found[index] = self.positions.at(start);
        }
        self.found
    }
}

fn utf16_length(text: &str) -> u32 {
    let length = if text.is_ascii() {
        text.len()
    } else {
        text.encode_utf16().count()
    };
    u32::try_from(length).unwrap_or(u32::MAX)
}

struct Writer<'s> {
    source: &'s str,
    first: u32,
    code: String,
}

impl Writer<'_> {
    fn text(&mut self, text: Text) {
        match text {
            Text::Nothing => {}
            Text::Plain(text) => self.code.push_str(text),
            Text::Declaration { own, parent, site } => self.declaration(own, parent, site),
            Text::SeparatedDeclaration { own, parent, site } => {
                self.code.push(';');
                self.declaration(own, parent, site);
            }
            Text::Copy { own, from } => {
                self.code.push_str("let ");
                self.variable(own);
                self.code.push('=');
                self.variable(from);
                self.code.push(';');
            }
            Text::Entered { own } => {
                self.code.push(',');
                self.entered(own);
            }
            Text::EnteredBehind { own } => {
                self.code.push(';');
                self.entered(own);
                self.code.push(';');
            }
            Text::Call { parent, site } => self.statement(parent, site),
            Text::SeparatedCall { parent, site } => {
                self.code.push(';');
                self.statement(parent, site);
            }
            Text::Resumed { parent, site } => {
                self.code.push(',');
                self.arguments(parent, site);
            }
            Text::Block { own, parent, site } => {
                self.code.push('{');
                self.declaration(own, parent, site);
                self.code.push_str("return(");
            }
            Text::Comma { parent, site } => {
                self.code.push('(');
                self.call(parent, site);
                self.code.push(',');
            }
            Text::Field { own, key } => {
                self.code.push_str("((");
                self.variable(own);
                self.code.push_str(")=>(");
                if !matches!(key, Key::None) {
                    self.code.push('{');
                    self.key(key);
                    self.code.push(':');
                }
            }
            Text::FieldEnd { parent, site, key } => {
                if !matches!(key, Key::None) {
                    self.code.push('}');
                }
                self.code.push(')');
                self.key(key);
                self.code.push_str(")(");
                self.call(parent, site);
                self.code.push(')');
            }
        }
    }

    /// In brackets, which make even `__proto__` a name like others.
    fn key(&mut self, key: Key) {
        let (quote, start, end) = match key {
            Key::None => return,
            Key::Identifier(start, end) => ("\"", start, end),
            Key::Literal(start, end) => ("", start, end),
        };
        self.code.push('[');
        self.code.push_str(quote);
        self.code
            .push_str(&self.source[start as usize..end as usize]);
        self.code.push_str(quote);
        self.code.push(']');
    }

    fn declaration(&mut self, own: u32, parent: u32, site: u32) {
        self.code.push_str("const ");
        self.variable(own);
        self.code.push('=');
        self.statement(parent, site);
    }

    fn entered(&mut self, own: u32) {
        self.variable(own);
        self.code.push_str("=__ahrAT(void 0,0)");
    }

    fn statement(&mut self, parent: u32, site: u32) {
        self.call(parent, site);
        self.code.push(';');
    }

    fn call(&mut self, parent: u32, site: u32) {
        self.code.push_str("__ahrAT(");
        self.arguments(parent, site);
    }

    /// The last ones of a call, and its end.
    fn arguments(&mut self, parent: u32, site: u32) {
        if parent == 0 {
            self.code.push_str("void 0");
        } else {
            self.variable(parent);
        }
        self.code.push(',');
        self.number(self.first.wrapping_add(site));
        self.code.push(')');
    }

    fn variable(&mut self, activation: u32) {
        self.code.push_str("__ahrC");
        self.number(activation);
    }

    /// A fifth of the time that formatting takes.
    fn number(&mut self, number: u32) {
        let mut power = 1;
        while number / power >= 10 {
            power *= 10;
        }
        while power > 0 {
            let digit = u8::try_from(number / power % 10).unwrap_or(0);
            self.code.push(char::from(b'0' + digit));
            power /= 10;
        }
    }
}
