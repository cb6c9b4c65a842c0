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
mod nesting;
mod parse;
mod position;
mod visitor;

use std::hash::Hasher as _;
use std::sync::OnceLock;

use oxc_ast_visit::Visit as _;
use rustc_hash::FxHasher;

use crate::sites::{self, FileSites, FunctionSite};
use crate::source_map::{named_map, with_map, Original};
use edits::{Applied, Edits};
pub(crate) use format::Format;
use visitor::{Helpers, Instrument, Mends};

pub(crate) use visitor::Mend;

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
    /// The mends, by their index, that found no function that can be bound.
    pub(crate) unmended: Vec<u32>,
}

/// What the walk through a source has found.
struct Walked {
    edits: Edits,
    starts: Vec<u32>,
    /// The sites of the functions around them, counted from 1; 0 if there is none.
    enclosing: Vec<u32>,
    /// Where each site's name begins in the names, and where the last one ends.
    bounds: Vec<u32>,
    names: String,
    unmended: Vec<u32>,
}

/// Transforms a source; `None` if it does not parse, or does not want to be transformed.
pub(crate) fn transform(
    source: &str,
    file: &str,
    format: Format,
    options: &Options<'_>,
) -> Option<Transformed> {
    let map_url = named_map(source).map(|(start, end)| source[start..end].to_owned());
    let is_map_needed = options.source_map || !options.mends.is_empty();
    let original = map_url.as_deref().filter(|_| is_map_needed);
    let original = original.and_then(|url| Original::read(url, file));
    let walked = parse::parsed(source, format, |program| {
        let mends = Mends::new(source, options.mends, original.as_ref());
        let helpers = Helpers::of(source, program);
        let mut instrument = Instrument::new(source, options.deep, helpers, mends);
        instrument.visit_program(program);
        walked(instrument)
    })?;
    let count = u32::try_from(walked.starts.len()).unwrap_or(u32::MAX);
    let first = sites::reserve(file, fingerprint(source, options), count);
    let Applied {
        mut code,
        shifts,
        positions,
    } = walked.edits.apply(source, first, &walked.starts);
    if options.source_map {
        code = with_map(&code, source, file, &shifts, original.as_ref());
    }
    let names = walked.bounds.windows(2);
    let functions =
        positions
            .iter()
            .zip(names)
            .zip(walked.enclosing)
            .map(|((position, name), enclosing)| FunctionSite {
                line: position.0,
                column: position.1,
                name_start: name[0],
                name_length: name[1] - name[0],
                enclosing,
            });
    let sites = FileSites {
        file: crate::file_name::path_of(file).into_owned(),
        functions: functions.collect(),
        names: walked.names,
        shifts,
        map_url,
        map: OnceLock::new(),
    };
    sites::fill(first, sites);
    Some(Transformed {
        code,
        unmended: walked.unmended,
    })
}

/// What outlives the tree.
fn walked(instrument: Instrument<'_, '_>) -> Walked {
    let mut names = String::new();
    let mut bounds = Vec::with_capacity(instrument.functions.len() + 1);
    bounds.push(0);
    for found in &instrument.functions {
        names.push_str(found.prefix);
        names.push_str(&found.name);
        bounds.push(u32::try_from(names.len()).unwrap_or(u32::MAX));
    }
    Walked {
        starts: instrument
            .functions
            .iter()
            .map(|found| found.start)
            .collect(),
        enclosing: instrument
            .functions
            .iter()
            .map(|found| found.enclosing)
            .collect(),
        bounds,
        names,
        unmended: instrument.mends.unmended(),
        edits: instrument.edits,
    }
}

/// What makes the same code of the same file.
fn fingerprint(source: &str, options: &Options<'_>) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(source.as_bytes());
    hasher.write_u8(u8::from(options.deep));
    for mend in options.mends {
        hasher.write_u32(mend.line);
        hasher.write_u32(mend.column);
    }
    hasher.finish()
}

#[cfg(test)]
mod tests;
