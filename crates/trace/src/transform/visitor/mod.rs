//! Finds the functions of a source, and what to insert into them.

mod bodies;
mod entries;
mod fields;
mod helpers;
mod mends;
mod names;
mod walk;
mod yields;

use std::borrow::Cow;

use super::edits::Edits;
pub(crate) use helpers::Helpers;
pub(crate) use mends::{Mend, Mends};

/// A function that has a site.
#[derive(Debug)]
pub(crate) struct Found<'a> {
    /// Its offset in bytes: where V8 says that it begins.
    pub(crate) start: u32,
    /// What V8 puts before the name: `get ` or `set `.
    pub(crate) prefix: &'static str,
    /// Its name, or `<anonymous>`.
    pub(crate) name: Cow<'a, str>,
    /// The site of the function around it, counted from 1; 0 if there is none.
    pub(crate) enclosing: u32,
}

/// What is around the place where the visitor is.
#[derive(Clone, Copy, Debug, Default)]
struct Around {
    /// The number of the nearest activation; 0 outside of all functions.
    activation: u32,
    /// Its site, counted from 1; 0 outside of all functions.
    site: u32,
    /// The activation in which the function was made; 0 outside of all functions.
    maker: u32,
    /// Whether what was found inside of it asks for the activation: a function, or a `yield`.
    is_needed: bool,
    /// Whether a function is around.
    in_function: bool,
    /// Whether the activation is that of a body, at whose head variables can be declared.
    has_head: bool,
    /// The number of the activation as it is once it has entered a context; 0 if it enters none.
    entered: u32,
}

/// The visitor.
pub(crate) struct Instrument<'a, 'm> {
    source: &'a str,
    deep: bool,
    around: Around,
    activations: u32,
    /// Functions that enter contexts.
    helpers: Helpers<'a>,
    /// Where activations enter contexts.
    entries: Vec<entries::Entry>,
    /// The name that the next function or class gets from where it stands.
    name: Option<Cow<'a, str>>,
    /// The name of the class that is around.
    class_name: Option<Cow<'a, str>>,
    /// Whether the next function or object cannot be an argument of a call: it is what `new` or
    /// `throw` is followed by.
    bare: bool,
    /// Where the last `yield` ends that has a call around it; 0 for none.
    yield_end: u32,
    /// The functions to bind.
    pub(crate) mends: Mends<'a, 'm>,
    /// What to insert.
    pub(crate) edits: Edits,
    /// The functions that have a site.
    pub(crate) functions: Vec<Found<'a>>,
}

impl<'a, 'm> Instrument<'a, 'm> {
    /// At the start of a source; `deep`: objects tell in which context they were made.
    pub(crate) fn new(
        source: &'a str,
        deep: bool,
        helpers: Helpers<'a>,
        mends: Mends<'a, 'm>,
    ) -> Self {
        Self {
            source,
            deep,
            around: Around::default(),
            activations: 0,
            helpers,
            entries: Vec::new(),
            name: None,
            class_name: None,
            bare: false,
            yield_end: 0,
            mends,
            edits: Edits::default(),
            functions: Vec::new(),
        }
    }

    /// The number of a new activation, and of its site.
    fn activate(&mut self, start: u32, prefix: &'static str, name: Cow<'a, str>) -> (u32, u32) {
        let site = u32::try_from(self.functions.len()).unwrap_or(u32::MAX);
        self.functions.push(Found {
            start,
            prefix,
            name,
            enclosing: self.around.site,
        });
        self.activations += 1;
        (self.activations, site)
    }
}
