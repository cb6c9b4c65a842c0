//! Functions that enter a context for their callers, by their names.
//!
//! What only has the name of one is taken for one, too: after a call of it the activation asks for
//! its context, which is right in any case.

use std::borrow::Cow;

use memchr::memmem;
use oxc_ast::ast::{
    ArrowFunctionExpression, AssignmentExpression, CallExpression, Expression, Function,
    MethodDefinition, ObjectProperty, Program, VariableDeclarator,
};
use oxc_ast_visit::{walk, Visit};
use oxc_syntax::scope::ScopeFlags;
use rustc_hash::FxHashSet;

use super::names::{is_nameable, keyed};

/// The method that enters a context.
const ENTER_WITH: &str = "enterWith";

/// The names of the functions of a source that call `enterWith()`, or one another that does, and
/// its own; none where the source does not have it.
#[derive(Debug, Default)]
pub(crate) struct Helpers<'a>(FxHashSet<Cow<'a, str>>);

impl<'a> Helpers<'a> {
    /// Those of a source.
    pub(crate) fn of(source: &str, program: &Program<'a>) -> Self {
        if memmem::find(source.as_bytes(), ENTER_WITH.as_bytes()).is_none() {
            return Self::default();
        }
        let mut survey = Survey::default();
        survey.visit_program(program);
        let mut names = FxHashSet::from_iter([Cow::Borrowed(ENTER_WITH)]);
        loop {
            let is_one = |call: &Cow<'_, str>| names.contains(call);
            let more: Vec<_> = survey
                .functions
                .extract_if(.., |function| function.calls.iter().any(is_one))
                .collect();
            if more.is_empty() {
                return Self(names);
            }
            names.extend(more.into_iter().map(|function| function.name));
        }
    }

    /// Whether an expression is a call of one, which may be awaited.
    pub(super) fn has_call(&self, expression: &Expression<'_>) -> bool {
        if self.0.is_empty() {
            return false;
        }
        match expression {
            Expression::CallExpression(call) => {
                callee(call).is_some_and(|name| self.0.contains(name))
            }
            Expression::AwaitExpression(awaited) => self.has_call(&awaited.argument),
            _ => false,
        }
    }
}

/// A function that has a name.
struct Named<'a> {
    name: Cow<'a, str>,
    /// The names of what it calls itself.
    calls: Vec<Cow<'a, str>>,
}

/// A walk that finds the functions and what they call.
#[derive(Default)]
struct Survey<'a> {
    /// The name that the next function gets from where it stands.
    name: Option<Cow<'a, str>>,
    /// What the function around calls.
    calls: Vec<Cow<'a, str>>,
    functions: Vec<Named<'a>>,
}

impl<'a> Survey<'a> {
    fn function(&mut self, own: Option<Cow<'a, str>>, walk: impl FnOnce(&mut Self)) {
        let given = self.name.take();
        let outer = std::mem::take(&mut self.calls);
        walk(self);
        let calls = std::mem::replace(&mut self.calls, outer);
        if let Some(name) = own.or(given) {
            self.functions.push(Named { name, calls });
        }
    }
}

impl<'a> Visit<'a> for Survey<'a> {
    fn visit_function(&mut self, it: &Function<'a>, flags: ScopeFlags) {
        let own = it.id.as_ref().map(|id| Cow::Borrowed(id.name.as_str()));
        self.function(own, |survey| walk::walk_function(survey, it, flags));
    }

    fn visit_arrow_function_expression(&mut self, it: &ArrowFunctionExpression<'a>) {
        self.function(None, |survey| {
            walk::walk_arrow_function_expression(survey, it);
        });
    }

    fn visit_method_definition(&mut self, it: &MethodDefinition<'a>) {
        self.name = keyed(&it.key, it.computed);
        walk::walk_method_definition(self, it);
    }

    fn visit_object_property(&mut self, it: &ObjectProperty<'a>) {
        self.name = keyed(&it.key, it.computed).filter(|_| is_nameable(&it.value));
        walk::walk_object_property(self, it);
    }

    fn visit_variable_declarator(&mut self, it: &VariableDeclarator<'a>) {
        let name = it.id.get_identifier_name();
        let is_function = it.init.as_ref().is_some_and(is_nameable);
        self.name = name
            .filter(|_| is_function)
            .map(|name| Cow::Borrowed(name.as_str()));
        walk::walk_variable_declarator(self, it);
    }

    fn visit_assignment_expression(&mut self, it: &AssignmentExpression<'a>) {
        let name = it.left.get_identifier_name();
        self.name = name.filter(|_| is_nameable(&it.right)).map(Cow::Borrowed);
        walk::walk_assignment_expression(self, it);
    }

    fn visit_call_expression(&mut self, it: &CallExpression<'a>) {
        if let Some(name) = callee(it) {
            self.calls.push(Cow::Borrowed(name));
        }
        walk::walk_call_expression(self, it);
    }
}

/// The name of what is called: the last one of `a.b.c()`.
fn callee<'a>(call: &CallExpression<'a>) -> Option<&'a str> {
    match &call.callee {
        Expression::Identifier(id) => Some(id.name.as_str()),
        Expression::StaticMemberExpression(member) => Some(member.property.name.as_str()),
        _ => None,
    }
}
