//! The log of results, against what a person wrote down, and against the rules of its format.

use serde_json::{json, Value};

use super::*;
use crate::render::testing::{foreign, lost, possible, report};

fn log(findings: Vec<Finding>, possible: bool) -> Value {
    let options = Options {
        cwd: "/app".to_owned(),
        possible,
        ..Options::default()
    };
    serde_json::from_str(&render(&report(findings), &options)).unwrap()
}

fn location(file: &str, (line, column): (u32, u32), rest: &Value) -> Value {
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": { "uri": file, "uriBaseId": "SRCROOT" },
            "region": { "startLine": line, "startColumn": column },
        },
    });
    let pairs = rest.as_object().unwrap().clone();
    for (name, value) in pairs {
        if name == "snippet" {
            location["physicalLocation"]["region"]["snippet"] = json!({ "text": value });
        } else if name == "function" {
            location["logicalLocations"] = json!([{ "name": value, "kind": "function" }]);
        } else if name == "text" {
            location["message"] = json!({ "text": value });
        } else {
            location[name] = value;
        }
    }
    location
}

#[test]
fn a_finding_is_a_result() {
    let log = log(vec![lost()], false);
    let results = log["runs"][0]["results"].as_array().unwrap();
    let result = &results[0];
    assert_eq!(results.len(), 1);
    assert_eq!(result["ruleId"], "birth");
    assert_eq!(result["ruleIndex"], 0);
    assert_eq!(result["level"], "error");
    assert_eq!(
        result["message"]["text"],
        "requests.getStore() at log.js:2 gave undefined, because the function onRow was lost. \
         Mended: pool.query(sql, AsyncResource.bind((row) => { … }));"
    );
    assert_eq!(
        result["partialFingerprints"],
        json!({ "asyncHooksRs/v1": "0123456789ab" })
    );
    assert_eq!(result["occurrenceCount"], 3);
    let read = json!({ "snippet": "  const store = requests.getStore();", "function": "log" });
    assert_eq!(
        result["locations"],
        json!([location("log.js", (2, 20), &read)])
    );
    assert_eq!(result.get("baselineState"), None);
}

#[test]
fn the_way_to_a_finding_is_a_flow_and_related_places() {
    let log = log(vec![lost()], false);
    let result = &log["runs"][0]["results"][0];
    let related = result["relatedLocations"].as_array().unwrap();
    let texts: Vec<&str> = related
        .iter()
        .map(|location| location["message"]["text"].as_str().unwrap())
        .collect();
    assert_eq!(
        texts,
        [
            "The storage is made.",
            "The expected context is entered.",
            "It is made in the expected context.",
            "It is run in another context.",
            "The reader is called.",
        ]
    );
    let ran_by = json!({
        "snippet": "    next(row);",
        "function": "release",
        "text": "It is run in another context.",
        "id": 4,
    });
    assert_eq!(
        related[3],
        location("node_modules/pool/index.js", (33, 5), &ran_by)
    );
    let flow = &result["codeFlows"][0]["threadFlows"][0]["locations"];
    assert_eq!(flow.as_array().unwrap().len(), 6);
    assert_eq!(flow[5]["location"]["message"]["text"], "The store is read.");
}

#[test]
fn possible_findings_are_notes_where_they_are_wanted() {
    assert_eq!(
        log(vec![possible()], false)["runs"][0]["results"],
        json!([])
    );
    let log = log(vec![possible()], true);
    let result = &log["runs"][0]["results"][0];
    assert_eq!(result["level"], "note");
    let text = result["message"]["text"].as_str().unwrap();
    assert!(
        text.contains(" Only possible: one batch may serve several contexts."),
        "{text}"
    );
}

#[test]
fn a_baseline_has_a_state() {
    let known = |known| Finding {
        known: Some(known),
        ..foreign()
    };
    let log = log(vec![known(true), known(false)], false);
    let state = |index: usize| log["runs"][0]["results"][index]["baselineState"].clone();
    assert_eq!((state(0), state(1)), (json!("unchanged"), json!("new")));
}

#[test]
fn the_run_names_the_tool_its_rules_and_the_root() {
    let log = log(Vec::new(), false);
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(
        run["originalUriBaseIds"],
        json!({ "SRCROOT": { "uri": "file:///app/" } })
    );
    assert_eq!(run["results"], json!([]));
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let ids: Vec<&str> = rules
        .iter()
        .map(|rule| rule["id"].as_str().unwrap())
        .collect();
    let mut unique = ids.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), ids.len());
    for rule in rules {
        for text in ["/shortDescription/text", "/help/text", "/name", "/helpUri"] {
            let text = rule.pointer(text).and_then(Value::as_str);
            assert!(text.is_some_and(|text| !text.is_empty()), "{rule}");
        }
    }
}

#[test]
fn what_was_not_seen_is_a_notification() {
    let mut report = report(Vec::new());
    report.processes[0].dropped = 5;
    report.processes[0].notes = vec!["Something.".to_owned()];
    let log: Value = serde_json::from_str(&render(&report, &Options::default())).unwrap();
    let texts: Vec<&str> = log["runs"][0]["invocations"][0]["toolExecutionNotifications"]
        .as_array()
        .unwrap()
        .iter()
        .map(|notice| notice["message"]["text"].as_str().unwrap())
        .collect();
    assert_eq!(
        texts,
        [
            "Something.",
            "5 events were dropped, because the analysis was behind."
        ]
    );
}

#[test]
fn a_finding_without_anything_is_still_a_result() {
    let bare = Finding {
        certain: true,
        ..Finding::default()
    };
    let log = log(vec![bare], false);
    let result = &log["runs"][0]["results"][0];
    assert_eq!(result["locations"], json!([]));
    assert_eq!(result.get("codeFlows"), None);
}
