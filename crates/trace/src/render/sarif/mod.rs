//! The report as a log of static analysis results, SARIF 2.1.0, as code hosts read it.

mod locations;
mod rules;
#[cfg(test)]
mod tests;

use serde_json::{json, Map, Value};

use super::Options;
use crate::report::model::{Finding, Process, Report};
use locations::Locations;
use rules::{Rule, RULES};

/// The report as SARIF.
pub(super) fn render(report: &Report, options: &Options) -> String {
    let locations = Locations::new(&options.cwd);
    let results: Vec<Value> = report
        .findings
        .iter()
        .filter(|finding| finding.certain || options.possible)
        .map(|finding| result(finding, &locations))
        .collect();
    let rules: Vec<Value> = RULES.iter().map(Rule::descriptor).collect();
    let notices: Vec<Value> = report.processes.iter().flat_map(notifications).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {
                "driver": {
                    "name": "async-hooks-rs trace",
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "informationUri": "https://github.com/async-hooks-rs/async-hooks-rs",
                    "rules": rules,
                },
            },
            "columnKind": "utf16CodeUnits",
            "originalUriBaseIds": locations.bases(),
            "invocations": [{
                "executionSuccessful": true,
                "toolExecutionNotifications": notices,
            }],
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

/// A finding as a `result`.
fn result(finding: &Finding, locations: &Locations) -> Value {
    let steps = steps(finding, locations);
    let mut result = json!({
        "ruleId": finding.rule,
        "level": if finding.certain { "error" } else { "note" },
        "message": { "text": message(finding) },
        "locations": [],
        "relatedLocations": related(&steps),
        "partialFingerprints": { "asyncHooksRs/v1": finding.id },
        "occurrenceCount": finding.count.max(1),
        "properties": { "kind": finding.kind, "mend": finding.mend, "proof": finding.proof },
    });
    let Some(members) = result.as_object_mut() else {
        return result;
    };
    if let Some(index) = RULES.iter().position(|rule| rule.id == finding.rule) {
        members.insert("ruleIndex".to_owned(), json!(index));
    }
    if let Some(read) = &finding.read {
        let location = Value::Object(locations.location(read));
        members.insert("locations".to_owned(), json!([location]));
    }
    if !steps.is_empty() {
        let flow: Vec<Value> = steps.iter().map(|s| json!({ "location": s })).collect();
        let flows = json!([{ "threadFlows": [{ "locations": flow }] }]);
        members.insert("codeFlows".to_owned(), flows);
    }
    if let Some(known) = finding.known {
        let state = if known { "unchanged" } else { "new" };
        members.insert("baselineState".to_owned(), json!(state));
    }
    result
}

/// The sentence, why it is only possible, and the mend.
fn message(finding: &Finding) -> String {
    let mut text = finding.sentence.clone();
    if let Some(why) = &finding.why {
        text = format!("{text} Only possible: {why}.");
    }
    if let Some(after) = finding.mend.as_ref().and_then(|mend| mend.after.as_ref()) {
        let lines: Vec<&str> = after.lines().map(str::trim).collect();
        text = format!("{text} Mended: {}", lines.join(" … "));
    }
    text
}

/// What happened, in order: each step with its message.
fn steps(finding: &Finding, locations: &Locations) -> Vec<Map<String, Value>> {
    let entered = finding
        .expected
        .as_ref()
        .and_then(|context| context.entered.as_ref());
    [
        (finding.storage.created.as_ref(), "The storage is made."),
        (entered, "The expected context is entered."),
        (finding.made.as_ref(), "It is made in the expected context."),
        (finding.registered.as_ref(), "It is registered."),
        (finding.ran_by.as_ref(), "It is run in another context."),
        (finding.via.as_ref(), "The reader is called."),
        (finding.read.as_ref(), "The store is read."),
    ]
    .into_iter()
    .filter_map(|(place, text)| {
        let mut location = locations.location(place?);
        location.insert("message".to_owned(), json!({ "text": text }));
        Some(location)
    })
    .collect()
}

/// The steps but the last, which is the location of the result itself, with numbers.
fn related(steps: &[Map<String, Value>]) -> Vec<Value> {
    let related = steps.iter().take(steps.len().saturating_sub(1)).zip(1..);
    related
        .map(|(step, id)| {
            let mut location = step.clone();
            location.insert("id".to_owned(), json!(id));
            Value::Object(location)
        })
        .collect()
}

/// What a reader of the results must know.
fn notifications(process: &Process) -> Vec<Value> {
    let notice = |text: String| json!({ "level": "warning", "message": { "text": text } });
    let mut notices: Vec<Value> = process.notes.iter().cloned().map(notice).collect();
    if process.dropped > 0 {
        notices.push(notice(format!(
            "{} events were dropped, because the analysis was behind.",
            process.dropped
        )));
    }
    for file in &process.transformed.unparsed {
        notices.push(notice(format!("{file} could not be parsed.")));
    }
    notices
}
