//! Finds the functions of a source, and what to insert into them.

use std::borrow::Cow;

use oxc_ast::ast::{
    ArrowFunctionExpression, AssignmentExpression, Expression, Function, FunctionBody,
    MethodDefinition, ObjectProperty, PropertyDefinition, VariableDeclarator,
};
use oxc_ast_visit::Visit;
use oxc_span::GetSpan;
use oxc_syntax::scope::ScopeFlags;

use super::edits::{Edits, Text};

/// A function that has a site.
#[derive(Debug)]
pub(crate) struct Found<'a> {
    /// Its offset in bytes.
    pub(crate) start: u32,
    /// Its name, or `<anonymous>`.
    pub(crate) name: Cow<'a, str>,
}

/// The functions around the place where the visitor is.
#[derive(Clone, Copy, Debug, Default)]
struct Around {
    /// The number of the nearest activation; 0 outside of all functions.
    activation: u32,
    /// Whether a function was found inside of it.
    has_inner: bool,
}

/// The visitor.
pub(crate) struct Instrument<'a> {
    source: &'a str,
    around: Around,
    activations: u32,
    /// The name that the next function gets from where it stands.
    name: Option<Cow<'a, str>>,
    /// What to insert.
    pub(crate) edits: Edits,
    /// The functions that have a site.
    pub(crate) functions: Vec<Found<'a>>,
    /// How many functions there are.
    pub(crate) count: u32,
}

impl<'a> Instrument<'a> {
    /// At the start of a source.
    pub(crate) fn new(source: &'a str) -> Self {
        Self {
            source,
            around: Around::default(),
            activations: 0,
            name: None,
            edits: Edits::default(),
            functions: Vec::new(),
            count: 0,
        }
    }

    /// The body of a function, whose parameters have been visited.
    fn body(&mut self, start: u32, name: Cow<'a, str>, body: &FunctionBody<'a>, arrow: bool) {
        self.count += 1;
        let head = self.edits.reserve(Self::head_of(body, arrow));
        let site = u32::try_from(self.functions.len()).unwrap_or(u32::MAX);
        self.functions.push(Found { start, name });
        self.activations += 1;
        let own = self.activations;
        let outer = self.around;
        self.around = Around {
            activation: own,
            has_inner: false,
        };
        self.visit_function_body(body);
        let Around { has_inner, .. } = self.around;
        self.around = Around {
            has_inner: true,
            ..outer
        };
        let parent = outer.activation;
        if !has_inner && parent == 0 {
            return;
        }
        let (declaration, call) = (
            Text::Declaration { own, parent, site },
            Text::Call { parent, site },
        );
        match (arrow, has_inner) {
            (true, true) => {
                self.edits.fill(head, "{", declaration, "return(");
                self.edits.insert(body.span.end, ")}");
            }
            (true, false) => {
                self.edits.fill(head, "(", call, ",");
                self.edits.insert(body.span.end, ")");
            }
            (false, _) => {
                let text = if has_inner { declaration } else { call };
                let after = if has_inner { "" } else { ";" };
                self.edits.fill(head, self.before(body), text, after);
            }
        }
    }

    /// Where the head of a function goes.
    fn head_of(body: &FunctionBody<'a>, arrow: bool) -> u32 {
        if arrow {
            return body.span.start;
        }
        body.directives
            .last()
            .map_or(body.span.start + 1, |directive| directive.span.end)
    }

    /// A directive may end without a semicolon, which only a newline does for it.
    fn before(&self, body: &FunctionBody<'a>) -> &'static str {
        match body.directives.last() {
            Some(last) if !last.span.source_text(self.source).ends_with(';') => ";",
            _ => "",
        }
    }

    /// The function in an expression, if it is nothing else, gets its name from where it stands.
    fn named(&mut self, value: &Expression<'a>, name: impl FnOnce() -> Option<Cow<'a, str>>) {
        let inner = value.without_parentheses();
        self.name = match inner {
            Expression::FunctionExpression(_) | Expression::ArrowFunctionExpression(_) => name(),
            _ => None,
        };
    }

    fn take_name(&mut self) -> Cow<'a, str> {
        self.name.take().unwrap_or(Cow::Borrowed("<anonymous>"))
    }
}

impl<'a> Visit<'a> for Instrument<'a> {
    fn visit_function(&mut self, it: &Function<'a>, _: ScopeFlags) {
        let given = self.take_name();
        let Some(body) = &it.body else { return };
        self.visit_formal_parameters(&it.params);
        let name = it
            .id
            .as_ref()
            .map_or(given, |id| Cow::Borrowed(id.name.as_str()));
        self.body(it.span.start, name, body, false);
    }

    fn visit_arrow_function_expression(&mut self, it: &ArrowFunctionExpression<'a>) {
        let name = self.take_name();
        self.visit_formal_parameters(&it.params);
        self.body(it.span.start, name, &it.body, it.expression);
    }

    fn visit_variable_declarator(&mut self, it: &VariableDeclarator<'a>) {
        self.visit_binding_pattern(&it.id);
        if let Some(init) = &it.init {
            self.named(init, || {
                let name = it.id.get_identifier_name()?;
                Some(Cow::Borrowed(name.as_str()))
            });
            self.visit_expression(init);
        }
    }

    fn visit_assignment_expression(&mut self, it: &AssignmentExpression<'a>) {
        self.visit_assignment_target(&it.left);
        self.named(&it.right, || {
            let text = it.left.span().source_text(self.source);
            Some(Cow::Borrowed(text))
        });
        self.visit_expression(&it.right);
    }

    fn visit_object_property(&mut self, it: &ObjectProperty<'a>) {
        self.visit_property_key(&it.key);
        self.named(&it.value, || it.key.static_name());
        self.visit_expression(&it.value);
    }

    fn visit_property_definition(&mut self, it: &PropertyDefinition<'a>) {
        self.visit_decorators(&it.decorators);
        self.visit_property_key(&it.key);
        if let Some(value) = &it.value {
            self.named(value, || it.key.name());
            self.visit_expression(value);
        }
    }

    fn visit_method_definition(&mut self, it: &MethodDefinition<'a>) {
        self.visit_decorators(&it.decorators);
        self.visit_property_key(&it.key);
        self.name = it.key.name();
        self.visit_function(&it.value, ScopeFlags::Function);
    }
}
