//! The one sentence that says what happened.

use super::model::{Context, Finding, Place};
use super::paths::{dependency, spot};

/// The sentence of `finding`, with places as they are seen from `cwd`.
pub(crate) fn sentence(finding: &Finding, cwd: &str) -> String {
    let words = Words { finding, cwd };
    let what = words.what_was_read();
    let why = match finding.rule.as_str() {
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
        let storage = finding.storage.name.as_deref().unwrap_or("storage");
        let method = if finding.rule == "expect" {
            "expect"
        } else {
            "getStore"
        };
        let place = self.at(finding.read.as_ref());
        let gave = match finding.kind.as_str() {
            "foreign" => format!("gave the store of another context, {}", self.actual()),
            "outer" => format!("gave the store of the outer context, {}", self.actual()),
            _ => "gave undefined".to_owned(),
        };
        format!("{storage}.{method}(){place} {gave}")
    }

    /// R1 to R3, and what the program declared itself.
    fn ran_elsewhere(&self) -> String {
        let finding = self.finding;
        let verb = if finding.made_as == "object" {
            "was worked on"
        } else {
            "was run"
        };
        let by = finding
            .ran_by
            .as_ref()
            .map_or_else(String::new, |place| format!(" by {}", self.runner(place)));
        let there = match finding.kind.as_str() {
            "lost" => "outside of any context",
            _ => "in that context",
        };
        format!(
            "because {}, made{} in {}, {verb}{by} {there}",
            self.made(),
            self.at(finding.made.as_ref()),
            self.expected(),
        )
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
            .filter(|_| kind != "promise");
        name.map_or_else(
            || format!("the {kind}"),
            |name| format!("the {kind} {name}"),
        )
    }

    /// `release (pool.js:33, generic-pool 3.9.0)`.
    fn runner(&self, place: &Place) -> String {
        let spot = spot(place, self.cwd);
        let spot = dependency(place).map_or_else(|| spot.clone(), |of| format!("{spot}, {of}"));
        match place.function.as_deref() {
            Some(function) => format!("{function} ({spot})"),
            None => spot,
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
