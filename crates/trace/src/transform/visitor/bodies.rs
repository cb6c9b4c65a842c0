//! The heads of functions.

use std::borrow::Cow;

use oxc_ast::ast::FunctionBody;
use oxc_ast_visit::Visit;

use super::super::edits::Text;
use super::{Around, Instrument};

/// What a function is, beside its body.
pub(super) struct Head<'a> {
    /// Its offset, as V8 has it.
    pub(super) start: u32,
    /// What V8 puts before its name.
    pub(super) prefix: &'static str,
    /// Its name.
    pub(super) name: Cow<'a, str>,
    /// Whether the body is an expression: that of an arrow function.
    pub(super) is_expression: bool,
}

impl<'a> Instrument<'a, '_> {
    /// The body of a function, whose parameters have been visited.
    pub(super) fn body(&mut self, head: Head<'a>, body: &FunctionBody<'a>) {
        if is_asm(body) {
            return;
        }
        let place = self.edits.reserve(place_of(body, head.is_expression));
        let copy = self.edits.reserve(place_of(body, head.is_expression));
        let (own, site) = self.activate(head.start, head.prefix, head.name);
        let outer = self.around;
        self.around = Around {
            activation: own,
            site: site + 1,
            maker: outer.activation,
            is_needed: false,
            in_function: true,
            has_head: true,
            entered: 0,
        };
        self.visit_function_body(body);
        let Around {
            is_needed, entered, ..
        } = self.around;
        self.around = Around {
            is_needed: true,
            ..outer
        };
        self.fill_entries(entered, is_needed);
        if is_needed && entered != 0 {
            let from = own;
            self.edits.fill(copy, Text::Copy { own: entered, from });
        }
        let parent = outer.activation;
        if !is_needed && parent == 0 {
            return;
        }
        let text = match (head.is_expression, is_needed, self.is_open(body)) {
            (true, true, _) => Text::Block { own, parent, site },
            (true, false, _) => Text::Comma { parent, site },
            (false, true, false) => Text::Declaration { own, parent, site },
            (false, true, true) => Text::SeparatedDeclaration { own, parent, site },
            (false, false, false) => Text::Call { parent, site },
            (false, false, true) => Text::SeparatedCall { parent, site },
        };
        self.edits.fill(place, text);
        if head.is_expression {
            let end = if is_needed { ")}" } else { ")" };
            self.edits.insert(body.span.end, Text::Plain(end));
        }
    }

    /// Whether the last directive ends without a semicolon, which only a newline does for it.
    fn is_open(&self, body: &FunctionBody<'a>) -> bool {
        body.directives
            .last()
            .is_some_and(|last| !last.span.source_text(self.source).ends_with(';'))
    }
}

/// Where the head of a function goes: before an expression, behind the directives of a block.
fn place_of(body: &FunctionBody<'_>, is_expression: bool) -> u32 {
    if is_expression {
        return body.span.start;
    }
    body.directives
        .last()
        .map_or(body.span.start + 1, |directive| directive.span.end)
}

/// V8 warns of asm.js that is none, which it is with anything else inside.
fn is_asm(body: &FunctionBody<'_>) -> bool {
    body.directives
        .iter()
        .any(|directive| directive.directive == "use asm")
}
