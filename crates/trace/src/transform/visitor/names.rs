//! The names that functions get from where they stand, and where V8 says that methods begin.

use std::borrow::Cow;

use oxc_ast::ast::{AssignmentTarget, Expression, PropertyKey};
use oxc_span::GetSpan;

use super::Instrument;

/// The name of a function that has none.
pub(super) const ANONYMOUS: &str = "<anonymous>";

/// What may stand before a method without being part of it for V8: it does not count `static`, and
/// the others are types, which are gone before V8 sees the method.
const MODIFIERS: [&str; 9] = [
    "static",
    "public",
    "private",
    "protected",
    "override",
    "readonly",
    "abstract",
    "declare",
    "accessor",
];

impl<'a> Instrument<'a, '_> {
    /// If the value is a function or a class and nothing else, it gets its name from where it
    /// stands.
    pub(super) fn named(
        &mut self,
        value: &Expression<'a>,
        name: impl FnOnce() -> Option<Cow<'a, str>>,
    ) {
        self.name = if is_nameable(value) { name() } else { None };
    }

    /// The name of a function that is assigned to something, as V8 has it in stacks.
    pub(super) fn assigned(&self, target: &AssignmentTarget<'a>) -> Option<Cow<'a, str>> {
        match target {
            AssignmentTarget::AssignmentTargetIdentifier(id) => {
                Some(Cow::Borrowed(id.name.as_str()))
            }
            AssignmentTarget::StaticMemberExpression(member) => {
                let property = member.property.name.as_str();
                let object = self.qualifier(&member.object);
                Some(object.map_or(Cow::Borrowed(property), |object| {
                    Cow::Owned(format!("{object}.{property}"))
                }))
            }
            AssignmentTarget::PrivateFieldExpression(member) => {
                Some(Cow::Owned(format!("#{}", member.field.name)))
            }
            _ => None,
        }
    }

    fn qualifier(&self, object: &Expression<'a>) -> Option<Cow<'a, str>> {
        match object {
            Expression::Identifier(id) => Some(Cow::Borrowed(id.name.as_str())),
            Expression::ThisExpression(_) => self.class_name.clone(),
            Expression::StaticMemberExpression(member) => {
                let property = member.property.name.as_str();
                Some(match &member.object {
                    Expression::Identifier(id) => Cow::Owned(format!("{}.{property}", id.name)),
                    _ => Cow::Borrowed(property),
                })
            }
            _ => None,
        }
    }

    /// The name for a function that has none of its own.
    pub(super) fn take_name(&mut self) -> Cow<'a, str> {
        self.name.take().unwrap_or(Cow::Borrowed(ANONYMOUS))
    }

    /// The offset of what follows white space.
    pub(super) fn behind_space(&self, start: u32) -> u32 {
        let rest = &self.source[start as usize..];
        let skipped = rest.len() - rest.trim_start().len();
        start + u32::try_from(skipped).unwrap_or(0)
    }

    /// Where V8 says that a method begins, of which `start` is the first offset and `key` its key.
    pub(super) fn method_start(&self, start: u32, key: &PropertyKey<'a>) -> u32 {
        let mut start = start as usize;
        let end = key.span().start as usize;
        loop {
            let rest = &self.source[start..end.max(start)];
            let word = MODIFIERS.iter().find(|word| {
                rest.strip_prefix(**word)
                    .is_some_and(|rest| rest.starts_with(|next: char| next.is_whitespace()))
            });
            let Some(word) = word else { break };
            let rest = &rest[word.len()..];
            start += word.len() + rest.len() - rest.trim_start().len();
        }
        u32::try_from(start).unwrap_or(u32::MAX)
    }
}

/// Whether a value gets a name from where it stands.
pub(super) fn is_nameable(value: &Expression<'_>) -> bool {
    match value.without_parentheses() {
        Expression::FunctionExpression(function) => function.id.is_none(),
        Expression::ClassExpression(class) => class.id.is_none(),
        Expression::ArrowFunctionExpression(_) => true,
        _ => false,
    }
}

/// The name of a method, or of a function that is the value of a property.
pub(super) fn keyed<'a>(key: &PropertyKey<'a>, is_computed: bool) -> Option<Cow<'a, str>> {
    if let PropertyKey::PrivateIdentifier(id) = key {
        return Some(Cow::Owned(format!("#{}", id.name)));
    }
    if let (true, PropertyKey::StaticMemberExpression(member)) = (is_computed, key) {
        // [Symbol.iterator]
        let Expression::Identifier(object) = &member.object else {
            return None;
        };
        return Some(Cow::Owned(format!(
            "[{}.{}]",
            object.name, member.property.name
        )));
    }
    key.static_name()
}
