//! Finds the expression to bind in a source, and has the lines as they should be.

use std::path::Path;

use oxc_allocator::Allocator;
use oxc_ast::ast::{
    Argument, ArrowFunctionExpression, CallExpression, Expression, Function, FunctionType,
    MemberExpression, ObjectProperty, PropertyKind,
};
use oxc_ast_visit::{walk, Visit};
use oxc_parser::{ParseOptions, Parser};
use oxc_span::{GetSpan, SourceType, Span};
use oxc_syntax::scope::ScopeFlags;

/// What is to be bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target<'a> {
    /// The function that stands at a line and a column; 0 for the first of the line.
    Function(u32, u32),
    /// The listener that the call at a line and a column registers.
    Listener(u32, u32),
    /// The call of `bind()` at a line and a column.
    Bound(u32, u32),
    /// The only argument of a call that has this name.
    Argument(&'a str),
}

/// A source that has been mended.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mended {
    /// The line of what is bound, from 1.
    pub(super) line: u32,
    /// Its column, from 1, in UTF-16 code units.
    pub(super) column: u32,
    /// The lines that change, as they are.
    pub(super) before: String,
    /// The same lines, mended.
    pub(super) after: String,
    /// The line that the file needs for it, where it has none of the kind.
    pub(super) import: Option<&'static str>,
}

/// Longest line that is shown in full; minified code is mended elsewhere.
const LONGEST: usize = 400;

/// Binds `target` in `source`, which is that of the file `path`; nothing if it is not found, or is
/// no expression.
pub(super) fn bound(source: &str, path: &str, target: Target<'_>) -> Option<Mended> {
    let allocator = Allocator::default();
    let parsed = kinds_of(path).into_iter().find_map(|kind| {
        let parsed = Parser::new(&allocator, source, kind)
            .with_options(ParseOptions {
                allow_return_outside_function: true,
                ..ParseOptions::default()
            })
            .parse();
        (!parsed.panicked && parsed.diagnostics.is_empty()).then_some(parsed)
    })?;
    let wanted = match target {
        Target::Function(line, column) | Target::Bound(line, column) => {
            Some(offset_of(source, line, column)?)
        }
        Target::Listener(line, column) => Some(offset_of(source, line, column)?),
        Target::Argument(_) => None,
    };
    let mut finder = Finder {
        target,
        wanted,
        found: Vec::new(),
    };
    finder.visit_program(&parsed.program);
    let span = finder.best()?;
    let is_module = parsed.module_record.has_module_syntax;
    wrapped(source, span, is_module)
}

/// How the file `path` may have to be read: most of what is called .js says so only inside.
fn kinds_of(path: &str) -> [SourceType; 2] {
    let known = SourceType::from_path(path).ok();
    let is_plain = Path::new(path)
        .extension()
        .is_some_and(|extension| extension == "js");
    let first = known.filter(|_| !is_plain);
    [
        first.unwrap_or_else(SourceType::unambiguous),
        SourceType::cjs(),
    ]
}

/// Looks for expressions that the target may mean.
struct Finder<'t> {
    target: Target<'t>,
    /// The bytes of the source where it must begin.
    wanted: Option<Span>,
    found: Vec<Span>,
}

impl Finder<'_> {
    /// The expression to bind, if it is clear which.
    fn best(&self) -> Option<Span> {
        match self.target {
            Target::Argument(_) if self.found.len() > 1 => None,
            // The first of a line, or the innermost call around the place.
            Target::Function(..) | Target::Argument(_) => self.found.first().copied(),
            Target::Listener(..) | Target::Bound(..) => {
                self.found.iter().min_by_key(|span| span.size()).copied()
            }
        }
    }

    /// Whether something that begins at `start` is meant.
    fn begins(&self, start: u32) -> bool {
        self.wanted
            .is_some_and(|wanted| (wanted.start..=wanted.end).contains(&start))
    }

    fn function(&mut self, span: Span) {
        if matches!(self.target, Target::Function(..)) && self.begins(span.start) {
            self.found.push(span);
        }
    }

    fn call(&mut self, call: &CallExpression<'_>) {
        // V8 tells a call by its callee's last name, or by its beginning.
        let callee = call.callee.get_member_expr();
        let name = callee
            .and_then(MemberExpression::static_property_info)
            .map(|(span, name)| (span.start, name));
        let here = self.begins(call.span.start) || name.is_some_and(|(at, _)| self.begins(at));
        match self.target {
            Target::Bound(..) if here && name.is_some_and(|(_, name)| name == "bind") => {
                self.found.push(call.span);
            }
            Target::Listener(..) if here => self.found.extend(listener(call)),
            Target::Argument(wanted) => {
                let named = |argument: &&Argument<'_>| matches!(argument, Argument::Identifier(name) if name.name == wanted);
                let spans = call.arguments.iter().filter(named).map(GetSpan::span);
                self.found.extend(spans);
            }
            _ => {}
        }
    }
}

impl<'a> Visit<'a> for Finder<'_> {
    fn visit_arrow_function_expression(&mut self, function: &ArrowFunctionExpression<'a>) {
        self.function(function.span);
        walk::walk_arrow_function_expression(self, function);
    }

    fn visit_function(&mut self, function: &Function<'a>, flags: ScopeFlags) {
        if function.r#type == FunctionType::FunctionExpression {
            self.function(function.span);
        }
        walk::walk_function(self, function, flags);
    }

    fn visit_object_property(&mut self, property: &ObjectProperty<'a>) {
        let is_method = property.method || property.kind != PropertyKind::Init;
        match &property.value {
            // A method cannot be wrapped where it stands.
            Expression::FunctionExpression(function) if is_method => {
                walk::walk_function(self, function, ScopeFlags::Function);
            }
            _ => walk::walk_object_property(self, property),
        }
    }

    fn visit_method_definition(&mut self, method: &oxc_ast::ast::MethodDefinition<'a>) {
        walk::walk_function(self, &method.value, ScopeFlags::Function);
    }

    fn visit_call_expression(&mut self, call: &CallExpression<'a>) {
        self.call(call);
        walk::walk_call_expression(self, call);
    }
}

/// The argument that is the listener of a call like `on(name, listener)`.
fn listener(call: &CallExpression<'_>) -> Option<Span> {
    let argument = call.arguments.get(1)?;
    let can_be_function = matches!(
        argument,
        Argument::ArrowFunctionExpression(_)
            | Argument::FunctionExpression(_)
            | Argument::Identifier(_)
            | Argument::StaticMemberExpression(_)
            | Argument::PrivateFieldExpression(_)
            | Argument::ComputedMemberExpression(_)
            | Argument::CallExpression(_)
    );
    can_be_function.then(|| argument.span())
}

/// The bytes that the line and the column mean: one, or all of the line.
fn offset_of(source: &str, line: u32, column: u32) -> Option<Span> {
    let index = usize::try_from(line.checked_sub(1)?).ok()?;
    let text = source.split('\n').nth(index)?;
    let start = source
        .split('\n')
        .take(index)
        .map(|line| line.len() + 1)
        .sum::<usize>();
    if column == 0 {
        return Some(Span::new(
            u32::try_from(start).ok()?,
            u32::try_from(start + text.len()).ok()?,
        ));
    }
    let mut left = column - 1;
    let mut offset = start;
    for character in text.chars() {
        if left == 0 {
            break;
        }
        left = left.saturating_sub(u32::try_from(character.len_utf16()).unwrap_or(1));
        offset += character.len_utf8();
    }
    let offset = u32::try_from(offset).ok()?;
    Some(Span::new(offset, offset))
}

/// `source` with `span` bound: the lines in which that changes something.
fn wrapped(source: &str, span: Span, is_module: bool) -> Option<Mended> {
    let (class, import) = class_of(source, is_module);
    let (start, end) = (span.start as usize, span.end as usize);
    let (inside, before_it) = (source.get(start..end)?, source.get(..start)?);
    let first = before_it.rfind('\n').map_or(0, |at| at + 1);
    let after_it = source.get(end..)?;
    let rest = after_it.find('\n').unwrap_or(after_it.len());
    let (lead, tail) = (&source[first..start], &after_it[..rest]);
    let (before, after) = match (inside.split_once('\n'), inside.rsplit_once('\n')) {
        (Some((head, _)), Some((_, foot))) => (
            [lead, head, "\n", foot, tail].concat(),
            [lead, class, ".bind(", head, "\n", foot, ")", tail].concat(),
        ),
        _ => (
            [lead, inside, tail].concat(),
            [lead, class, ".bind(", inside, ")", tail].concat(),
        ),
    };
    if before.len() > LONGEST {
        return None;
    }
    Some(Mended {
        line: u32::try_from(before_it.matches('\n').count() + 1).ok()?,
        column: u32::try_from(lead.encode_utf16().count() + 1).ok()?,
        before: trimmed(&before),
        after: trimmed(&after),
        import,
    })
}

/// The class whose `bind()` the file can call, and the line that it needs first.
fn class_of(source: &str, is_module: bool) -> (&'static str, Option<&'static str>) {
    if source.contains("AsyncResource") {
        ("AsyncResource", None)
    } else if source.contains("AsyncLocalStorage") {
        ("AsyncLocalStorage", None)
    } else if is_module {
        (
            "AsyncResource",
            Some("import { AsyncResource } from 'node:async_hooks';"),
        )
    } else {
        (
            "AsyncResource",
            Some("const { AsyncResource } = require('node:async_hooks');"),
        )
    }
}

/// Lines without the carriage returns at their ends.
fn trimmed(lines: &str) -> String {
    let lines: Vec<&str> = lines.split('\n').map(str::trim_end).collect();
    lines.join("\n")
}
