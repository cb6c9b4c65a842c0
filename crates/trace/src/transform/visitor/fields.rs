//! The values of a class's fields, which each instance evaluates anew: functions inside were made
//! in the context of the `new`.
//!
//! There is no statement that could declare the activation, so the value stands in a function that
//! has it as its parameter: `f=((__ahrC1)=>({["f"]:() => this.a})["f"])(__ahrAT(void 0,7))`. The
//! key is there because a function gets its name from it, which it would not from a parameter.

use oxc_ast::ast::{Expression, PropertyKey};
use oxc_ast_visit::Visit;
use oxc_span::GetSpan;

use super::super::edits::{Key, Text};
use super::names::{is_nameable, keyed};
use super::{Around, Instrument};

/// What V8 calls the function that evaluates them.
const INITIALIZER: &str = "<instance_members_initializer>";

/// What is around a field, and inside of it.
struct Field {
    place: usize,
    own: u32,
    site: u32,
    outer: Around,
}

impl<'a> Instrument<'a, '_> {
    /// The value of a field that each instance has.
    pub(super) fn field(&mut self, key: &PropertyKey<'a>, computed: bool, value: &Expression<'a>) {
        let name = if is_nameable(value) {
            self.key_text(key, computed)
        } else {
            Some(Key::None)
        };
        self.named(value, || keyed(key, computed));
        let span = value.span();
        let field = self.enter_field(span.start);
        if name.is_none() {
            // It would lose its name.
            self.around.activation = 0;
        }
        self.visit_expression(value);
        self.leave_field(&field, name, span.end);
    }

    fn enter_field(&mut self, start: u32) -> Field {
        let place = self.edits.reserve(start);
        let (own, site) = self.activate(start, "", INITIALIZER.into());
        let outer = self.around;
        self.around = Around {
            activation: own,
            site: site + 1,
            is_needed: false,
            in_function: true,
            ..Around::default()
        };
        Field {
            place,
            own,
            site,
            outer,
        }
    }

    fn leave_field(&mut self, field: &Field, name: Option<Key>, end: u32) {
        let is_needed = self.around.is_needed;
        self.around = field.outer;
        let Some(key) = name.filter(|_| is_needed) else {
            return;
        };
        self.around.is_needed = true;
        let own = field.own;
        self.edits.fill(field.place, Text::Field { own, key });
        let parent = self.around.activation;
        let site = field.site;
        self.edits.insert(end, Text::FieldEnd { parent, site, key });
    }

    /// A key that can be written once more; one that is computed cannot.
    fn key_text(&self, key: &PropertyKey<'a>, computed: bool) -> Option<Key> {
        let span = key.span();
        match key {
            PropertyKey::StaticIdentifier(_) | PropertyKey::PrivateIdentifier(_) => {
                Some(Key::Identifier(span.start, span.end))
            }
            PropertyKey::StringLiteral(_) | PropertyKey::NumericLiteral(_) if !computed => {
                let is_one_line = !span.source_text(self.source).contains(['\n', '\r']);
                is_one_line.then_some(Key::Literal(span.start, span.end))
            }
            _ => None,
        }
    }
}
