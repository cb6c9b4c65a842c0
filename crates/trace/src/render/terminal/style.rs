//! Text for a terminal: colours where they are wanted, and lines of its width.

/// How text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// A certain finding.
    Error,
    /// A possible one.
    Warning,
    /// What stands out.
    Strong,
    /// What stands back.
    Dim,
    /// A line that goes.
    Removed,
    /// A line that comes.
    Added,
}

/// The output so far.
#[derive(Debug)]
pub(super) struct Page {
    text: String,
    color: bool,
    width: usize,
}

/// What is the narrowest: a terminal that says less says nothing of use.
const NARROWEST: usize = 40;

impl Page {
    /// An empty one; `width` is 0 for no limit.
    pub(super) const fn new(color: bool, width: usize) -> Self {
        let width = if width == 0 {
            usize::MAX
        } else if width < NARROWEST {
            NARROWEST
        } else {
            width
        };
        Self {
            text: String::new(),
            color,
            width,
        }
    }

    /// `text`, which looks like `look`.
    pub(super) fn styled(&self, look: Look, text: &str) -> String {
        if !self.color {
            return text.to_owned();
        }
        let code = match look {
            Look::Error => "1;31",
            Look::Warning => "1;33",
            Look::Strong => "1",
            Look::Dim => "2",
            Look::Removed => "31",
            Look::Added => "32",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }

    /// An empty line.
    pub(super) fn gap(&mut self) {
        self.text.push('\n');
    }

    /// A line of code after `lead`, cut at the width: the part of it with the character at `focus`.
    pub(super) fn code(&mut self, look: Option<Look>, lead: &str, line: &str, focus: usize) {
        let line = clean(line.trim_end());
        let room = self.width.saturating_sub(lead.chars().count());
        let length = line.chars().count();
        let is_far = length > room && focus < length && focus.saturating_add(NEAR) > room;
        let shown = if is_far {
            let before = focus.saturating_sub(NEAR);
            let rest: String = line.chars().skip(before + 1).collect();
            format!("{lead}\u{2026}{rest}")
        } else {
            format!("{lead}{line}")
        };
        let cut: String = shown.trim_end().chars().take(self.width).collect();
        let line = look.map_or_else(|| cut.clone(), |look| self.styled(look, &cut));
        self.text.push_str(&line);
        self.text.push('\n');
    }

    /// Words, broken between them: `lead` stands before the first line, with its look, and as
    /// much space before the others.
    pub(super) fn words(&mut self, lead: &str, look: Look, words: &str) {
        let indent = lead.chars().count();
        self.words_with_indent((lead, look), indent, words);
    }

    /// Words after a lead, with the other lines at `indent`.
    pub(super) fn words_with_indent(
        &mut self,
        (lead, look): (&str, Look),
        indent: usize,
        words: &str,
    ) {
        let lead_width = lead.chars().count();
        let mut line = self.styled(look, lead);
        let mut used = lead_width;
        let mut first = true;
        for word in clean(words).split(' ') {
            let length = word.chars().count();
            let space = usize::from(!first);
            if !first && used + space + length > self.width {
                self.text.push_str(line.trim_end());
                self.text.push('\n');
                line = " ".repeat(indent);
                used = indent;
            } else if !first {
                line.push(' ');
                used += 1;
            }
            line.push_str(&word.replace(FIRM, " "));
            used += length;
            first = false;
        }
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    /// All of it.
    pub(super) fn finish(self) -> String {
        self.text
    }
}

/// So much of a line of code is shown before what matters, and at least after it.
const NEAR: usize = 20;

/// A space at which words are not broken, while a page is made.
const FIRM: char = '\u{a0}';

/// The longest text that is kept on one line.
const KEPT: usize = 40;

/// `text` as one word, if it is short.
pub(super) fn unbroken(text: &str) -> String {
    if text.chars().count() > KEPT {
        text.to_owned()
    } else {
        text.replace(' ', &FIRM.to_string())
    }
}

/// `text` without what would move the cursor: sources and stores are not to be trusted.
fn clean(text: &str) -> String {
    text.chars()
        .flat_map(|character| match character {
            '\t' => "  ".chars().collect::<Vec<_>>(),
            '\n' => vec![' '],
            other if other.is_control() => vec!['\u{fffd}'],
            other => vec![other],
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_broken_at_the_width() {
        let mut page = Page::new(false, 40);
        page.words("lost: ", Look::Error, &"word ".repeat(12));
        for line in page.finish().lines() {
            assert!(line.len() <= 40, "{line}");
            assert!(line.starts_with("lost: word") || line.starts_with("      word"));
        }
    }

    #[test]
    fn a_word_longer_than_the_width_stays_whole() {
        let mut page = Page::new(false, 40);
        let long = "x".repeat(60);
        page.words("a: ", Look::Error, &format!("b {long} c"));
        assert_eq!(page.finish(), format!("a: b\n   {long}\n   c\n"));
    }

    #[test]
    fn what_is_unbroken_stays_on_a_line() {
        let mut page = Page::new(false, 40);
        let words = format!("{} {}", "x".repeat(30), unbroken("{ id: 'a' }"));
        page.words("", Look::Error, &words);
        assert_eq!(
            page.finish(),
            format!("{}\n{{ id: 'a' }}\n", "x".repeat(30))
        );
        let long = "a b ".repeat(20);
        assert_eq!(unbroken(&long), long);
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        let mut page = Page::new(false, 0);
        page.code(None, "", "\ta\u{1b}[2Jb\rc", 0);
        assert_eq!(page.finish(), "  a\u{fffd}[2Jb\u{fffd}c\n");
    }

    #[test]
    fn of_a_long_line_of_code_what_matters_is_shown() {
        let line = format!("{}here{}", "a".repeat(100), "b".repeat(100));
        let mut page = Page::new(false, 60);
        page.code(None, "  + ", &line, 100);
        page.code(None, "  + ", &line, 10);
        page.code(None, "  + ", &line, 1000);
        page.code(None, "  + ", line.get(..56).unwrap(), 50);
        let start = format!("  + {}\n", "a".repeat(56));
        assert_eq!(
            page.finish(),
            format!(
                "  + \u{2026}{}here{}\n{start}{start}{start}",
                "a".repeat(19),
                "b".repeat(32)
            )
        );
    }

    #[test]
    fn there_are_colours_only_if_they_are_wanted() {
        assert_eq!(Page::new(false, 0).styled(Look::Added, "x"), "x");
        assert_eq!(
            Page::new(true, 0).styled(Look::Added, "x"),
            "\u{1b}[32mx\u{1b}[0m"
        );
    }
}
