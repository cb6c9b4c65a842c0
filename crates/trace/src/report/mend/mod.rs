//! The mend of a finding: the lines of the program, as they are and as they should be.
//!
//! Where one expression is to blame, it is bound to the context in which it is made. Elsewhere the
//! mend is told in words.

mod code;
#[cfg(test)]
mod tests;

use code::{bound, Mended, Target};

use super::model::{Finding, Mend, Place};
use super::paths::dependency;
use super::source::{Location, Sources};

/// The mend of `finding`.
pub(crate) fn mend(finding: &Finding, sources: &mut Sources) -> Option<Mend> {
    if let Some((how, note)) = described(finding) {
        return Some(Mend {
            place: finding.made.clone(),
            how: how.to_owned(),
            note: Some(note.to_owned()),
            ..Mend::default()
        });
    }
    matches!(finding.rule.as_str(), "birth" | "emitter" | "bind").then(|| bind(finding, sources))
}

/// What mends a finding, where it is told in words.
fn described(finding: &Finding) -> Option<(&'static str, &'static str)> {
    if finding.made_as == "generator" {
        return Some((
            "resume in its context",
            "Keep `const run = AsyncLocalStorage.snapshot()` where the generator is begun, and go on \
             with it in `run(() => generator.next())`.",
        ));
    }
    Some(match finding.rule.as_str() {
        "twins" => (
            "load the module once",
            "Two copies of the module, or one as CommonJS and one as ES module, have a storage \
             each: let all of the program load the same file. `npm ls` shows a package that is \
             installed twice.",
        ),
        "settle" | "witness" | "own" | "check" => (
            "carry the context with the work",
            "Keep `const run = AsyncLocalStorage.snapshot()` with the item when it is queued, and \
             work on it in `run(() => …)`.",
        ),
        "batch" => (
            "batch per context",
            "Make one loader for each context, or keep `AsyncLocalStorage.snapshot()` with each \
             key, and read the store in it.",
        ),
        "share" => (
            "share no work of one context",
            "Work that is shared on purpose is done outside of all contexts, in \
             `storage.exit(() => …)`, and gets what it needs as arguments. Work of one context that \
             is queued is bound where it is queued: `AsyncResource.bind(task)`.",
        ),
        _ => return None,
    })
}

/// Binds what was made in one context and ran in another.
fn bind(finding: &Finding, sources: &mut Sources) -> Mend {
    let (made, registered) = (finding.made.as_ref(), finding.registered.as_ref());
    let listener = |place: &Place| Target::Listener(place.line, place.column);
    // The call that registers a listener is where its binding is read best.
    let attempts = match finding.made_as.as_str() {
        "listener" => [
            registered.map(|place| (place, listener(place))),
            made.map(|place| (place, listener(place))),
        ],
        "bound function" => [
            made.map(|place| (place, Target::Bound(place.line, place.column))),
            None,
        ],
        _ => [
            made.map(|place| (place, Target::Function(place.line, place.column))),
            registered.map(|place| (place, listener(place))),
        ],
    };
    let by_name = name_of(finding)
        .zip(made)
        .map(|(name, place)| (place, Target::Argument(name)));
    for (place, target) in attempts.into_iter().flatten().chain(by_name) {
        let source = sources.read(&place.file);
        if let Some(mended) = source.and_then(|source| bound(&source, &place.file, target)) {
            return line_of_code(place, target, mended, sources);
        }
    }
    Mend {
        place: made.cloned(),
        how: "bind function".to_owned(),
        note: Some(in_words(finding)),
        ..Mend::default()
    }
}

/// A mend that is a line of code.
fn line_of_code(place: &Place, target: Target<'_>, mended: Mended, sources: &mut Sources) -> Mend {
    let how = match target {
        Target::Listener(..) => "bind listener",
        Target::Bound(..) | Target::Function(..) | Target::Argument(_) => "bind function",
    };
    let import = mended.import.map(|line| format!("It needs `{line}`."));
    let package = dependency(place).map(|package| {
        format!(
            "The line is in the package {package}: until it is mended there, bind the function \
             that the program gives it."
        )
    });
    let notes: Vec<String> = import.into_iter().chain(package).collect();
    Mend {
        place: Some(sources.place(Location {
            file: place.file.clone(),
            line: mended.line,
            column: mended.column,
            function: place.function.clone(),
        })),
        how: how.to_owned(),
        before: Some(mended.before),
        after: Some(mended.after),
        note: (!notes.is_empty()).then(|| notes.join(" ")),
    }
}

/// What to bind, where no expression was found.
fn in_words(finding: &Finding) -> String {
    let what = name_of(finding).map_or_else(
        || "`AsyncResource.bind(…)` around it".to_owned(),
        |name| format!("`AsyncResource.bind({name})`"),
    );
    format!("Hand over {what} where it is given to what runs it later.")
}

/// The name of what ran, if it is one that code can say.
fn name_of(finding: &Finding) -> Option<&str> {
    let function = finding
        .made
        .as_ref()
        .and_then(|made| made.function.as_deref());
    let is_name = |name: &&str| {
        let mut characters = name.chars();
        let first = |c: char| c.is_alphabetic() || c == '_' || c == '$';
        characters.next().is_some_and(first)
            && characters.all(|c| c.is_alphanumeric() || c == '_' || c == '$')
    };
    finding.made_name.as_deref().or(function).filter(is_name)
}
