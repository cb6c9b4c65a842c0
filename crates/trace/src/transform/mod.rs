//! The transform: each function tells the runtime in which context it runs.
//!
//! `__ahrAT(parent, site)` stands at the head of each function that has functions inside, and its
//! result, the record of this activation, is a constant there: `const __ahrC1=__ahrAT(void 0,7);`.
//! Functions inside hand it over as their parent, so that the runtime can compare the context in
//! which a function was made with that in which it runs. A function that neither has others inside
//! nor is inside one stays as it is. So do the names, lengths, identities, hoisting, `this`,
//! `arguments` and strictness of all of them, and no newline is added or removed.

mod edits;
mod format;
mod position;
mod visitor;

use oxc_allocator::Allocator;
use oxc_ast_visit::Visit;
use oxc_parser::{ParseOptions, Parser};

use crate::sites::{self, FileSites, FunctionSite};
pub(crate) use format::Format;
use position::Positions;
use visitor::Instrument;

/// What stops the transform of a file, in any comment of it.
const OPT_OUT: &str = "async-hooks-rs: no-trace";

/// Where a function is to be bound to the context in which it is made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mend {
    /// From 1 on.
    pub(crate) line: u32,
    /// From 1 on, in UTF-16 code units; 0 for any.
    pub(crate) column: u32,
}

/// What a transform is asked for, beside the source.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options<'o> {
    /// Whether objects tell in which context they were made.
    pub(crate) deep: bool,
    /// Whether the code gets a source map.
    pub(crate) source_map: bool,
    /// The functions to bind.
    pub(crate) mends: &'o [Mend],
}

/// A transformed source.
#[derive(Debug)]
pub(crate) struct Transformed {
    /// The source to compile.
    pub(crate) code: String,
    /// How many functions it has.
    pub(crate) functions: u32,
    /// The mends, by their index, that found no function that can be bound.
    pub(crate) unmended: Vec<u32>,
}

/// Transforms a source; `None` if it does not parse, or does not want to be transformed.
pub(crate) fn transform(
    source: &str,
    file: &str,
    format: Format,
    options: &Options<'_>,
) -> Option<Transformed> {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, source, format.source_type())
        .with_options(ParseOptions {
            allow_return_outside_function: format.is_function_body(),
            ..ParseOptions::default()
        })
        .parse();
    if parsed.panicked || !parsed.diagnostics.is_empty() {
        return None;
    }
    let opts_out = |comment: &oxc_ast::ast::Comment| {
        comment.content_span().source_text(source).trim() == OPT_OUT
    };
    if parsed.program.comments.iter().any(opts_out) {
        return None;
    }
    let mut instrument = Instrument::new(source);
    instrument.visit_program(&parsed.program);
    let Instrument {
        edits,
        functions,
        count,
        ..
    } = instrument;
    let first = register(source, file, &functions);
    Some(Transformed {
        code: edits.apply(source, first),
        functions: count,
        unmended: (0..).take(options.mends.len()).collect(),
    })
}

/// Gives numbers to the functions of a source, and returns the first.
fn register(source: &str, file: &str, functions: &[visitor::Found<'_>]) -> u32 {
    let mut positions = Positions::new(source);
    let mut names = String::new();
    let sites = functions.iter().map(|found| {
        let (line, column) = positions.at(found.start);
        let name_start = u32::try_from(names.len()).unwrap_or(u32::MAX);
        names.push_str(&found.name);
        FunctionSite {
            line,
            column,
            name_start,
            name_length: u32::try_from(found.name.len()).unwrap_or(0),
        }
    });
    let functions = sites.collect();
    sites::add_file(FileSites {
        file: file.to_owned(),
        names,
        functions,
    })
}
