//! Generators: who resumes one runs what follows the `yield`.
//!
//! The call around it, `__ahrResumed(yield x,__ahrC0,7)`, is made once the generator goes on. It is to
//! go on in the context in which its function was made; that of a module's function, which is made in
//! none, in the context in which it has begun.

use oxc_ast::ast::{Statement, YieldExpression};
use oxc_ast_visit::walk;
use oxc_span::GetSpan as _;

use super::super::edits::Text;
use super::{Around, Instrument};

impl<'a> Instrument<'a, '_> {
    /// A `yield`, with what is inside of it.
    pub(super) fn resumed(&mut self, it: &YieldExpression<'a>) {
        let parent = self.home();
        if parent == 0 {
            walk::walk_yield_expression(self, it);
            return;
        }
        self.edits
            .insert(it.span.start, Text::Plain("__ahrResumed("));
        walk::walk_yield_expression(self, it);
        let site = self.around.site - 1;
        self.edits
            .insert(it.span.end, Text::Resumed { parent, site });
        self.yield_end = it.span.end;
    }

    /// The activation whose context is that of the generator.
    const fn home(&mut self) -> u32 {
        let Around {
            maker, activation, ..
        } = self.around;
        if maker != 0 {
            return maker;
        }
        self.around.is_needed = true;
        activation
    }

    /// Behind a statement. One that only a newline ends would go on behind the call: `yield` and
    /// `(x)` on two lines are two statements, `f()` and `(x)` are one.
    pub(super) fn end_statement(&mut self, it: &Statement<'a>) {
        let end = self.yield_end;
        if end != 0 && it.span().end == end {
            self.edits.insert(end, Text::Plain(";"));
            self.yield_end = 0;
        }
    }
}
