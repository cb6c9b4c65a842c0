//! A source's syntax tree.

use std::cell::Cell;
use std::panic::{catch_unwind, AssertUnwindSafe};

use memchr::memmem;
use oxc_allocator::Allocator;
use oxc_ast::ast::Program;
use oxc_parser::{ParseOptions, Parser};

use super::nesting::on_large_stack;
use super::Format;

/// What stops the transform of a file, in a comment of its own.
const OPT_OUT: &str = "async-hooks-rs: no-trace";
/// A thread keeps the memory of trees for the next one, unless it is more than this.
const KEPT: usize = 16 * 1024 * 1024;

thread_local! {
    static ALLOCATOR: Cell<Option<Allocator>> = const { Cell::new(None) };
}

/// Calls `with` with the tree of a source; `None` if the source does not parse, is nested too
/// deeply, or does not want to be transformed.
pub(super) fn parsed<R>(
    source: &str,
    format: Format,
    with: impl FnOnce(&Program<'_>) -> R,
) -> Option<R> {
    let mut allocator = ALLOCATOR.take().unwrap_or_default();
    // A mistake of the parser is no reason to end the program.
    let result = catch_unwind(AssertUnwindSafe(|| {
        on_large_stack(source, || parse(&allocator, source, format, with))
    }));
    allocator.reset();
    if allocator.capacity() <= KEPT {
        ALLOCATOR.set(Some(allocator));
    }
    result.ok().flatten().flatten()
}

fn parse<R>(
    allocator: &Allocator,
    source: &str,
    format: Format,
    with: impl FnOnce(&Program<'_>) -> R,
) -> Option<R> {
    let parse = |format: Format| {
        Parser::new(allocator, source, format.source_type())
            .with_options(ParseOptions {
                allow_return_outside_function: format.is_function_body(),
                ..ParseOptions::default()
            })
            .parse()
    };
    let is_wrong =
        |parsed: &oxc_parser::ParserReturn<'_>| parsed.panicked || !parsed.diagnostics.is_empty();
    let mut parsed = parse(format);
    if is_wrong(&parsed) {
        // Node, too, takes a CommonJS source for a module if it is only that.
        parsed = parse(format.as_module()?);
        if is_wrong(&parsed) {
            return None;
        }
    }
    (!opts_out(source, &parsed.program)).then(|| with(&parsed.program))
}

fn opts_out(source: &str, program: &Program<'_>) -> bool {
    memmem::find(source.as_bytes(), OPT_OUT.as_bytes()).is_some()
        && program
            .comments
            .iter()
            .any(|comment| comment.content_span().source_text(source).trim() == OPT_OUT)
}
