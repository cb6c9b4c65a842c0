//! The one sentence that says what happened.

use super::model::{Context, Finding, Place};
use super::paths::{dependency, spot};

/// The sentence of `finding`, with places as they are seen from `cwd`.
pub(crate) fn sentence(finding: &Finding, cwd: &str) -> String {
    let words = Words { finding, cwd };
    let what = words.what_was_read();
    let why = match finding.rule.as_str() {
        "expect" => return format!("{}.", words.expect()),
        "own" | "check" => return format!("{}.", words.check()),
        "twins" => words.twins(),
        "settle" => words.settle(),
        "batch" => words.batch(),
        "share" => words.share(),
        "witness" => words.witness(),
        "statistics" => "though it usually sees a store".to_owned(),
        _ => words.ran_elsewhere(),
    };
    format!("{what}, {why}.")
}

struct Words<'a> {
    finding: &'a Finding,
    cwd: &'a str,
}

impl Words<'_> {
    /// `requests.getStore() at log.js:12 gave undefined`.
    fn what_was_read(&self) -> String {
        let finding = self.finding;
        let place = self.at(finding.read.as_ref());
        let gave = match finding.kind.as_str() {
            "foreign" => format!("the store of another context, {}", self.actual()),
            "outer" => format!("the store of the outer context, {}", self.actual()),
            _ => "undefined".to_owned(),
        };
        format!("{}.getStore(){place} gave {gave}", self.storage())
    }

    fn storage(&self) -> &str {
        self.finding.storage.name.as_deref().unwrap_or("storage")
    }

    /// `requests.expect() at log.js:12 found no store`.
    fn expect(&self) -> String {
        let place = self.at(self.finding.read.as_ref());
        format!("{}.expect(){place} found no store", self.storage())
    }

    /// The object of one context was checked in another.
    fn check(&self) -> String {
        let finding = self.finding;
        let there = match finding.kind.as_str() {
            "lost" => format!("without a store of {}", self.storage()),
            _ => format!("in the context of {}", self.actual()),
        };
        format!(
            "{}, made{} in {}, was checked{} {there}",
            capitalized(&self.made()),
            self.at(finding.made.as_ref()),
            self.expected(),
            self.at(finding.read.as_ref()),
        )
    }

    /// R1 to R3.
    fn ran_elsewhere(&self) -> String {
        let finding = self.finding;
        let by = finding
            .ran_by
            .as_ref()
            .map_or_else(String::new, |place| format!(" by {}", self.runner(place)));
        let there = match finding.kind.as_str() {
            "lost" => "outside of any context",
            _ => "in that context",
        };
        let (made, at) = (self.made(), self.at(finding.made.as_ref()));
        let expected = self.expected();
        if finding.made_as == "generator" {
            return format!("because {made}{at}, begun in {expected}, was resumed{by} {there}");
        }
        format!("because {made}, made{at} in {expected}, was run{by} {there}")
    }

    fn twins(&self) -> String {
        format!(
            "because the same code made a second storage{}, and that one holds {}: its module is \
             loaded twice",
            self.at(self.finding.made.as_ref()),
            Self::store(self.finding.expected.as_ref()),
        )
    }

    fn settle(&self) -> String {
        let by = self.finding.ran_by.as_ref();
        format!(
            "in work whose end settled{} the promise made{} in {}",
            self.at(by),
            self.at(self.finding.made.as_ref()),
            self.expected(),
        )
    }

    fn batch(&self) -> String {
        format!(
            "in one batch with the promise made{} in {}",
            self.at(self.finding.made.as_ref()),
            self.expected(),
        )
    }

    fn share(&self) -> String {
        format!(
            "in work for the promise made{} that is awaited{} in {}",
            self.at(self.finding.made.as_ref()),
            self.at(self.finding.ran_by.as_ref()),
            self.expected(),
        )
    }

    fn witness(&self) -> String {
        format!(
            "though {}, made{} in {}, was at hand",
            self.made(),
            self.at(self.finding.made.as_ref()),
            self.expected(),
        )
    }

    /// `the function onRow`.
    fn made(&self) -> String {
        let kind = match self.finding.made_as.as_str() {
            "" => "function",
            kind => kind,
        };
        let function = self.finding.made.as_ref();
        let name = self
            .finding
            .made_name
            .as_deref()
            .or_else(|| function.and_then(|place| place.function.as_deref()))
            .filter(|name| !name.is_empty() && kind != "promise");
        name.map_or_else(
            || format!("the {kind}"),
            |name| format!("the {kind} {name}"),
        )
    }

    /// `release (pool.js:33, generic-pool 3.9.0)`.
    fn runner(&self, place: &Place) -> String {
        let spot = spot(place, self.cwd);
        match (place.function.as_deref(), dependency(place)) {
            (Some(function), Some(package)) => format!("{function} ({spot}, {package})"),
            (Some(function), None) => format!("{function} ({spot})"),
            (None, Some(package)) => format!("{spot} ({package})"),
            (None, None) => spot,
        }
    }

    /// ` at log.js:12`, or nothing.
    fn at(&self, place: Option<&Place>) -> String {
        place.map_or_else(String::new, |place| {
            format!(" at {}", spot(place, self.cwd))
        })
    }

    fn expected(&self) -> String {
        let context = self.finding.expected.as_ref();
        format!("the context of {}", Self::store(context))
    }

    fn actual(&self) -> String {
        Self::store(self.finding.actual.as_ref())
    }

    /// The store of a context; its number where there is no preview.
    fn store(context: Option<&Context>) -> String {
        let Some(context) = context else {
            return "another context".to_owned();
        };
        context
            .preview
            .clone()
            .unwrap_or_else(|| format!("context {}", context.id))
    }
}

/// `text` with a large first letter.
fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::model::{Package, Storage};

    fn place(file: &str, line: u32, function: Option<&str>) -> Place {
        Place {
            file: format!("/app/{file}"),
            line,
            function: function.map(str::to_owned),
            ..Place::default()
        }
    }

    fn context(preview: &str) -> Context {
        Context {
            preview: Some(preview.to_owned()),
            ..Context::default()
        }
    }

    fn finding(rule: &str, kind: &str) -> Finding {
        Finding {
            rule: rule.to_owned(),
            kind: kind.to_owned(),
            storage: Storage {
                name: Some("als".to_owned()),
                created: None,
            },
            read: Some(place("log.js", 2, None)),
            expected: Some(context("{ id: 'a' }")),
            actual: Some(context("{ id: 'b' }")),
            made: Some(place("app.js", 8, Some("onRow"))),
            made_as: "function".to_owned(),
            ran_by: Some(place("pool.js", 3, Some("release"))),
            ..Finding::default()
        }
    }

    #[test]
    fn a_function_that_ran_elsewhere() {
        assert_eq!(
            sentence(&finding("birth", "lost"), "/app"),
            "als.getStore() at log.js:2 gave undefined, because the function onRow, made at \
             app.js:8 in the context of { id: 'a' }, was run by release (pool.js:3) outside of \
             any context."
        );
        assert_eq!(
            sentence(&finding("emitter", "foreign"), "/app"),
            "als.getStore() at log.js:2 gave the store of another context, { id: 'b' }, because \
             the function onRow, made at app.js:8 in the context of { id: 'a' }, was run by \
             release (pool.js:3) in that context."
        );
        assert_eq!(
            sentence(&finding("birth", "outer"), "/app")
                .split(", because")
                .next(),
            Some("als.getStore() at log.js:2 gave the store of the outer context, { id: 'b' }")
        );
    }

    #[test]
    fn a_generator_that_others_resume() {
        let mut finding = finding("birth", "lost");
        finding.made_as = "generator".to_owned();
        assert_eq!(
            sentence(&finding, "/app"),
            "als.getStore() at log.js:2 gave undefined, because the generator onRow at app.js:8, \
             begun in the context of { id: 'a' }, was resumed by release (pool.js:3) outside of \
             any context."
        );
    }

    #[test]
    fn a_listener_without_a_name() {
        let mut finding = finding("emitter", "lost");
        finding.made_as = "listener".to_owned();
        finding.made_name = Some(String::new());
        let text = sentence(&finding, "/app");
        assert!(
            text.contains("because the listener, made at app.js:8"),
            "{text}"
        );
    }

    #[test]
    fn what_ran_it_has_its_package() {
        let mut finding = finding("birth", "lost");
        let mut place = place("node_modules/pool/index.js", 3, None);
        place.package = Some(Package {
            name: "pool".to_owned(),
            version: Some("1.2.3".to_owned()),
        });
        finding.ran_by = Some(place);
        let text = sentence(&finding, "/app");
        let by = "was run by node_modules/pool/index.js:3 (pool 1.2.3) outside of any context.";
        assert!(text.ends_with(by), "{text}");
    }

    #[test]
    fn twins() {
        assert_eq!(
            sentence(&finding("twins", "twins"), "/app"),
            "als.getStore() at log.js:2 gave undefined, because the same code made a second \
             storage at app.js:8, and that one holds { id: 'a' }: its module is loaded twice."
        );
    }

    #[test]
    fn what_the_program_declares() {
        let mut object = finding("check", "lost");
        object.made_as = "object".to_owned();
        object.made_name = Some("job".to_owned());
        assert_eq!(
            sentence(&object, "/app"),
            "The object job, made at app.js:8 in the context of { id: 'a' }, was checked at \
             log.js:2 without a store of als."
        );
        object.kind = "foreign".to_owned();
        let text = sentence(&object, "/app");
        assert!(
            text.ends_with(" at log.js:2 in the context of { id: 'b' }."),
            "{text}"
        );
        assert_eq!(
            sentence(&finding("expect", "lost"), "/app"),
            "als.expect() at log.js:2 found no store."
        );
    }

    #[test]
    fn possible_findings() {
        let mut finding = finding("settle", "lost");
        finding.made_as = "promise".to_owned();
        let mut text = |rule: &str, kind: &str| {
            rule.clone_into(&mut finding.rule);
            kind.clone_into(&mut finding.kind);
            sentence(&finding, "/app")
        };
        assert_eq!(
            text("settle", "lost"),
            "als.getStore() at log.js:2 gave undefined, in work whose end settled at pool.js:3 \
             the promise made at app.js:8 in the context of { id: 'a' }."
        );
        assert_eq!(
            text("batch", "foreign"),
            "als.getStore() at log.js:2 gave the store of another context, { id: 'b' }, in one \
             batch with the promise made at app.js:8 in the context of { id: 'a' }."
        );
        assert_eq!(
            text("share", "foreign"),
            "als.getStore() at log.js:2 gave the store of another context, { id: 'b' }, in work \
             for the promise made at app.js:8 that is awaited at pool.js:3 in the context of \
             { id: 'a' }."
        );
        assert_eq!(
            text("statistics", "lost"),
            "als.getStore() at log.js:2 gave undefined, though it usually sees a store."
        );
    }
}
