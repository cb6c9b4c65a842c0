//! Calls of `enterWith()`: what a function makes after one is made in the context that it entered.

use oxc_ast::ast::{Expression, ExpressionStatement};
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
}

impl Instrument<'_, '_> {
    /// Behind a statement; what stands further down has the activation that has entered.
    pub(super) fn entry(&mut self, it: &ExpressionStatement<'_>) {
        if !self.around.has_head || !enters(&it.expression) {
            return;
        }
        if self.around.entered == 0 {
            self.activations += 1;
            self.around.entered = self.activations;
        }
        let own = self.around.entered;
        let place = self.edits.reserve(it.expression.span().end);
        self.entries.push(Entry { own, place });
        self.around.activation = own;
    }

    /// At the end of a function; only one that makes others needs to know.
    pub(super) fn fill_entries(&mut self, entered: u32, is_needed: bool) {
        while let Some(entry) = self.entries.pop_if(|last| last.own == entered) {
            if is_needed {
                self.edits.fill(entry.place, Text::Entered { own: entered });
            }
        }
    }
}

/// Whether an expression is a call of `enterWith()`.
fn enters(expression: &Expression<'_>) -> bool {
    let Expression::CallExpression(call) = expression else {
        return false;
    };
    let Expression::StaticMemberExpression(callee) = &call.callee else {
        return false;
    };
    callee.property.name == "enterWith"
}
