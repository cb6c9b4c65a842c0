//! The walk through the syntax tree, which stops where functions differ from their surroundings.

use std::borrow::Cow;
use std::mem;

use oxc_allocator::ArenaVec;
use oxc_ast::ast::{
    AccessorProperty, Argument, ArrowFunctionExpression, AssignmentExpression, AssignmentPattern,
    AssignmentTargetPropertyIdentifier, AssignmentTargetWithDefault, Class, Decorator,
    ExportDefaultDeclaration, ExportDefaultDeclarationKind, Expression, ExpressionStatement,
    FormalParameter, Function, FunctionType, MethodDefinition, MethodDefinitionKind, NewExpression,
    ObjectExpression, ObjectProperty, PropertyDefinition, PropertyKey, PropertyKind, Statement,
    TSType, TSTypeAnnotation, TSTypeParameterDeclaration, TSTypeParameterInstantiation,
    ThrowStatement, VariableDeclarator, WithStatement, YieldExpression,
};
use oxc_ast_visit::{walk, Visit};
use oxc_span::GetSpan;
use oxc_syntax::scope::ScopeFlags;

use super::super::edits::Text;
use super::bodies::Head;
use super::names::{is_nameable, keyed, ANONYMOUS};
use super::Instrument;

impl<'a> Instrument<'a, '_> {
    /// A method, an accessor or a constructor, which cannot be an argument.
    fn method(
        &mut self,
        start: u32,
        key: &PropertyKey<'a>,
        prefix: &'static str,
        name: Option<Cow<'a, str>>,
        function: &Function<'a>,
    ) {
        self.visit_property_key(key);
        let Some(body) = &function.body else { return };
        self.visit_formal_parameters(&function.params);
        let head = Head {
            start: self.method_start(start, key),
            prefix,
            name: name.unwrap_or(Cow::Borrowed(ANONYMOUS)),
            is_expression: false,
        };
        self.body(head, body);
    }

    /// Opens a call whose argument begins at `start`.
    fn open(&mut self, is_wanted: bool, start: u32, call: &'static str) {
        if is_wanted {
            self.edits.insert(start, Text::Plain(call));
        }
    }

    fn close(&mut self, is_wanted: bool, end: u32) {
        if is_wanted {
            self.edits.insert(end, Text::Plain(")"));
        }
    }

    /// What follows `new` or `throw` stays as it is.
    fn bare(&mut self, expression: &Expression<'a>) {
        self.bare = matches!(
            expression,
            Expression::FunctionExpression(_)
                | Expression::NewExpression(_)
                | Expression::ObjectExpression(_)
        );
        self.visit_expression(expression);
        self.bare = false;
    }

    /// Whether an object is to tell in which context it was made.
    fn owns(&mut self) -> bool {
        let is_bare = mem::take(&mut self.bare);
        self.deep && !is_bare && self.around.in_function
    }
}

impl<'a> Visit<'a> for Instrument<'a, '_> {
    fn visit_function(&mut self, it: &Function<'a>, _: ScopeFlags) {
        let given = self.take_name();
        let is_bare = mem::take(&mut self.bare);
        let Some(body) = &it.body else { return };
        let can_bind = it.r#type == FunctionType::FunctionExpression && !is_bare;
        let is_bound = can_bind && self.mends.take(it.span.start);
        self.open(is_bound, it.span.start, "__ahrBind(");
        self.visit_formal_parameters(&it.params);
        let own = it.id.as_ref().map(|id| Cow::Borrowed(id.name.as_str()));
        let head = Head {
            start: it.span.start,
            prefix: "",
            name: own.unwrap_or(given),
            is_expression: false,
        };
        self.body(head, body);
        self.close(is_bound, it.span.end);
    }

    fn visit_arrow_function_expression(&mut self, it: &ArrowFunctionExpression<'a>) {
        let name = self.take_name();
        let is_bound = self.mends.take(it.span.start);
        self.open(is_bound, it.span.start, "__ahrBind(");
        self.visit_formal_parameters(&it.params);
        let head = Head {
            start: it.span.start,
            prefix: "",
            name,
            is_expression: it.expression,
        };
        self.body(head, &it.body);
        self.close(is_bound, it.span.end);
    }

    fn visit_method_definition(&mut self, it: &MethodDefinition<'a>) {
        let (prefix, name) = match it.kind {
            MethodDefinitionKind::Constructor => ("", self.class_name.clone()),
            MethodDefinitionKind::Get => ("get ", keyed(&it.key, it.computed)),
            MethodDefinitionKind::Set => ("set ", keyed(&it.key, it.computed)),
            MethodDefinitionKind::Method => ("", keyed(&it.key, it.computed)),
        };
        let decorated = it.decorators.last().map(|last| last.span.end);
        let start = decorated.map_or(it.span.start, |end| self.behind_space(end));
        self.method(start, &it.key, prefix, name, &it.value);
    }

    fn visit_object_property(&mut self, it: &ObjectProperty<'a>) {
        let prefix = match it.kind {
            PropertyKind::Init => "",
            PropertyKind::Get => "get ",
            PropertyKind::Set => "set ",
        };
        if it.method || it.kind != PropertyKind::Init {
            if let Expression::FunctionExpression(function) = &it.value {
                let name = keyed(&it.key, it.computed);
                self.method(it.span.start, &it.key, prefix, name, function);
                return;
            }
        }
        self.visit_property_key(&it.key);
        self.named(&it.value, || keyed(&it.key, it.computed));
        self.visit_expression(&it.value);
    }

    fn visit_property_definition(&mut self, it: &PropertyDefinition<'a>) {
        self.visit_property_key(&it.key);
        let Some(value) = &it.value else { return };
        if it.r#static {
            self.named(value, || keyed(&it.key, it.computed));
            self.visit_expression(value);
        } else {
            self.field(&it.key, it.computed, value);
        }
    }

    fn visit_accessor_property(&mut self, it: &AccessorProperty<'a>) {
        self.visit_property_key(&it.key);
        if let Some(value) = &it.value {
            if it.r#static {
                self.visit_expression(value);
            } else {
                self.field(&it.key, it.computed, value);
            }
        }
    }

    fn visit_class(&mut self, it: &Class<'a>) {
        let given = self.name.take();
        let own = it.id.as_ref().map(|id| Cow::Borrowed(id.name.as_str()));
        if let Some(parent) = &it.super_class {
            self.visit_expression(parent);
        }
        let outer = mem::replace(&mut self.class_name, own.or(given));
        self.visit_class_body(&it.body);
        self.class_name = outer;
    }

    fn visit_expression_statement(&mut self, it: &ExpressionStatement<'a>) {
        walk::walk_expression_statement(self, it);
        self.entry(it);
    }

    fn visit_statement(&mut self, it: &Statement<'a>) {
        walk::walk_statement(self, it);
        self.end_statement(it);
        if let Statement::VariableDeclaration(declaration) = it {
            self.entry_of_declaration(declaration);
        }
    }

    fn visit_yield_expression(&mut self, it: &YieldExpression<'a>) {
        self.resumed(it);
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
        let name = if is_nameable(&it.right) {
            self.assigned(&it.left)
        } else {
            None
        };
        self.name = name;
        self.visit_expression(&it.right);
    }

    fn visit_assignment_pattern(&mut self, it: &AssignmentPattern<'a>) {
        self.visit_binding_pattern(&it.left);
        self.named(&it.right, || {
            let name = it.left.get_identifier_name()?;
            Some(Cow::Borrowed(name.as_str()))
        });
        self.visit_expression(&it.right);
    }

    fn visit_assignment_target_with_default(&mut self, it: &AssignmentTargetWithDefault<'a>) {
        self.visit_assignment_target(&it.binding);
        let name = if is_nameable(&it.init) {
            self.assigned(&it.binding)
        } else {
            None
        };
        self.name = name;
        self.visit_expression(&it.init);
    }

    fn visit_assignment_target_property_identifier(
        &mut self,
        it: &AssignmentTargetPropertyIdentifier<'a>,
    ) {
        if let Some(init) = &it.init {
            self.named(init, || Some(Cow::Borrowed(it.binding.name.as_str())));
            self.visit_expression(init);
        }
    }

    fn visit_formal_parameter(&mut self, it: &FormalParameter<'a>) {
        self.visit_binding_pattern(&it.pattern);
        if let Some(initializer) = &it.initializer {
            self.named(initializer, || {
                let name = it.pattern.get_identifier_name()?;
                Some(Cow::Borrowed(name.as_str()))
            });
            self.visit_expression(initializer);
        }
    }

    fn visit_export_default_declaration(&mut self, it: &ExportDefaultDeclaration<'a>) {
        let is_nameless = match &it.declaration {
            ExportDefaultDeclarationKind::FunctionDeclaration(function) => function.id.is_none(),
            ExportDefaultDeclarationKind::ClassDeclaration(class) => class.id.is_none(),
            declaration => declaration.as_expression().is_some_and(is_nameable),
        };
        self.name = is_nameless.then_some(Cow::Borrowed("default"));
        walk::walk_export_default_declaration(self, it);
    }

    /// A function that is declared elsewhere is bound where it is handed over.
    fn visit_arguments(&mut self, it: &ArenaVec<'a, Argument<'a>>) {
        for argument in it {
            let may_name = matches!(
                argument,
                Argument::Identifier(_)
                    | Argument::StaticMemberExpression(_)
                    | Argument::CallExpression(_)
            );
            let span = argument.span();
            let is_bound = may_name && self.mends.take_argument(span.start);
            self.open(is_bound, span.start, "__ahrBind(");
            walk::walk_argument(self, argument);
            self.close(is_bound, span.end);
        }
    }

    fn visit_object_expression(&mut self, it: &ObjectExpression<'a>) {
        let is_owned = self.owns();
        self.open(is_owned, it.span.start, "__ahrOwn(");
        walk::walk_object_expression(self, it);
        self.close(is_owned, it.span.end);
    }

    fn visit_new_expression(&mut self, it: &NewExpression<'a>) {
        let is_owned = self.owns();
        self.open(is_owned, it.span.start, "__ahrOwn(");
        self.bare(&it.callee);
        self.visit_arguments(&it.arguments);
        self.close(is_owned, it.span.end);
    }

    fn visit_throw_statement(&mut self, it: &ThrowStatement<'a>) {
        self.bare(&it.argument);
    }

    /// What is inside may find anything under the names that would be inserted.
    fn visit_with_statement(&mut self, it: &WithStatement<'a>) {
        self.visit_expression(&it.object);
    }

    // Nothing is inserted into decorators, and types have no functions.
    fn visit_decorators(&mut self, _: &ArenaVec<'a, Decorator<'a>>) {}
    fn visit_decorator(&mut self, _: &Decorator<'a>) {}
    fn visit_ts_type(&mut self, _: &TSType<'a>) {}
    fn visit_ts_type_annotation(&mut self, _: &TSTypeAnnotation<'a>) {}
    fn visit_ts_type_parameter_declaration(&mut self, _: &TSTypeParameterDeclaration<'a>) {}
    fn visit_ts_type_parameter_instantiation(&mut self, _: &TSTypeParameterInstantiation<'a>) {}
}
