//! What tests see of the wire definition.

use crate::wire::FILES;
use napi_derive::napi;
use std::collections::HashMap;

/// The constants of `src/wire/`, by the name of the file and their own. Those of `lib/wire/` have
/// to be the same.
#[napi(catch_unwind)]
pub(super) fn wire() -> HashMap<&'static str, HashMap<&'static str, i64>> {
    FILES
        .into_iter()
        .map(|(file, constants)| (file, constants.iter().map(shown).collect()))
        .collect()
}

/// A constant that JavaScript cannot show is none of `lib/wire/`, and the comparison fails.
fn shown(&(name, value): &(&'static str, i128)) -> (&'static str, i64) {
    (name, i64::try_from(value).unwrap_or(i64::MAX))
}
