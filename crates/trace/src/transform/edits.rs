//! What is inserted into a source, and where.

use std::fmt::Write as _;

/// A text to insert; numbers of sites count from the first of the source.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Text {
    /// Nothing: the place was kept for a head that turned out not to be needed.
    Nothing,
    /// As it is.
    Plain(&'static str),
    /// `const __ahrC1=__ahrAT(__ahrC0,7);`
    Declaration {
        /// The activation's own number.
        own: u32,
        /// That of the enclosing one; 0: none.
        parent: u32,
        /// The function.
        site: u32,
    },
    /// `__ahrAT(__ahrC0,7)`
    Call {
        /// The number of the enclosing activation.
        parent: u32,
        /// The function.
        site: u32,
    },
}

#[derive(Clone, Copy, Debug)]
struct Edit {
    offset: u32,
    before: &'static str,
    text: Text,
    after: &'static str,
}

/// The insertions into one source.
#[derive(Debug, Default)]
pub(crate) struct Edits {
    list: Vec<Edit>,
}

impl Edits {
    /// Inserts a text; of two at one offset, the first that came stands first.
    pub(crate) fn insert(&mut self, offset: u32, text: &'static str) {
        self.list.push(Edit {
            offset,
            before: "",
            text: Text::Plain(text),
            after: "",
        });
    }

    /// Keeps the place for a text, which `fill()` gives it.
    pub(crate) fn reserve(&mut self, offset: u32) -> usize {
        self.list.push(Edit {
            offset,
            before: "",
            text: Text::Nothing,
            after: "",
        });
        self.list.len() - 1
    }

    /// The text for a place that was kept.
    pub(crate) fn fill(
        &mut self,
        reserved: usize,
        before: &'static str,
        text: Text,
        after: &'static str,
    ) {
        let edit = &mut self.list[reserved];
        (edit.before, edit.text, edit.after) = (before, text, after);
    }

    /// The source with the insertions; `first` is the number of its first site.
    pub(crate) fn apply(mut self, source: &str, first: u32) -> String {
        // Almost sorted: functions are found in the order in which they stand.
        self.list.sort_by_key(|edit| edit.offset);
        let mut code = String::with_capacity(source.len() + self.list.len() * 40);
        let mut at = 0;
        for edit in &self.list {
            let offset = edit.offset as usize;
            code.push_str(&source[at..offset]);
            at = offset;
            code.push_str(edit.before);
            // Writing to a string does not fail.
            let _ = edit.text.write(&mut code, first);
            code.push_str(edit.after);
        }
        code.push_str(&source[at..]);
        code
    }
}

impl Text {
    fn write(self, code: &mut String, first: u32) -> std::fmt::Result {
        match self {
            Self::Nothing => Ok(()),
            Self::Plain(text) => code.write_str(text),
            Self::Declaration {
                own,
                parent: 0,
                site,
            } => write!(code, "const __ahrC{own}=__ahrAT(void 0,{});", first + site),
            Self::Declaration { own, parent, site } => {
                write!(
                    code,
                    "const __ahrC{own}=__ahrAT(__ahrC{parent},{});",
                    first + site
                )
            }
            Self::Call { parent, site } => write!(code, "__ahrAT(__ahrC{parent},{})", first + site),
        }
    }
}
