//! Calls of `enterWith()`, and of functions that call it: what a function makes after one is made in
//! the context that was entered.

use oxc_ast::ast::{ExpressionStatement, VariableDeclaration};
use oxc_span::GetSpan as _;

use super::super::edits::Text;
use super::Instrument;

/// A statement in which an activation enters a context.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    /// The number of the activation from there on.
    own: u32,
    /// The place that is kept behind the call.
    place: usize,
    /// What stands there if it is needed.
    text: Text,
}

impl Instrument<'_, '_> {
    /// Behind a statement; what stands further down has the activation that has entered.
    pub(super) fn entry(&mut self, it: &ExpressionStatement<'_>) {
        if self.around.has_head && self.helpers.has_call(&it.expression) {
            let end = it.expression.span().end;
            self.enter(end, |own| Text::Entered { own });
        }
    }

    /// The same for a declaration of what such a call gives.
    pub(super) fn entry_of_declaration(&mut self, it: &VariableDeclaration<'_>) {
        let mut values = it.declarations.iter().filter_map(|one| one.init.as_ref());
        if self.around.has_head && values.any(|value| self.helpers.has_call(value)) {
            self.enter(it.span.end, |own| Text::EnteredBehind { own });
        }
    }

    fn enter(&mut self, end: u32, text: impl FnOnce(u32) -> Text) {
        if self.around.entered == 0 {
            self.activations += 1;
            self.around.entered = self.activations;
        }
        let own = self.around.entered;
        let place = self.edits.reserve(end);
        let text = text(own);
        self.entries.push(Entry { own, place, text });
        self.around.activation = own;
    }

    /// At the end of a function; only one that makes others needs to know.
    pub(super) fn fill_entries(&mut self, entered: u32, is_needed: bool) {
        while let Some(entry) = self.entries.pop_if(|last| last.own == entered) {
            if is_needed {
                self.edits.fill(entry.place, entry.text);
            }
        }
    }
}
