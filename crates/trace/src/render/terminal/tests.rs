//! The report for a terminal, against what a person wrote down.

use super::*;
use crate::render::testing::{foreign, lost, possible, report};
use crate::report::model::{Proof, Transformed};

fn options() -> Options {
    Options {
        cwd: "/app".to_owned(),
        ..Options::default()
    }
}

#[test]
fn a_finding_is_a_sentence_its_places_and_the_mend() {
    let text = render(&report(vec![lost()]), &options());
    assert_eq!(
        text,
        "\
lost: requests.getStore() at log.js:2 gave undefined, because the function onRow was lost.
  made       handler (app.js:8:17), in the context of { id: 'a' } (entered at app.js:3)
         7 |   const sql = 'select 1';
    >    8 |   pool.query(sql, (row) => {
         9 |     log(row);
  run by     release (node_modules/pool/index.js:33:5, pool 1.2.3), in a callback of Timeout \
made at node_modules/pool/index.js:9
    >   33 |     next(row);
  read       log (log.js:2:20), called by handler (app.js:9:5)
    >    2 |   const store = requests.getStore();
  seen       3 times, by the rule birth, 0123456789ab, storage made at app.js:1
  mend       bind function, at app.js:8:17
    -   pool.query(sql, (row) => {
    +   pool.query(sql, AsyncResource.bind((row) => {
    -   });
    +   }));
    It needs `const { AsyncResource } = require('node:async_hooks');`.

context: 1 certain finding (1 lost); 1 process, 2 threads, 4 contexts, 10 reads, 3 crossings.
"
    );
}

#[test]
fn twins_are_run_by_nobody() {
    let twins = Finding {
        rule: "twins".to_owned(),
        kind: "twins".to_owned(),
        ..lost()
    };
    let text = render(&report(vec![twins]), &options());
    assert!(
        text.contains("\n  its twin   handler (app.js:8:17), in the context"),
        "{text}"
    );
    assert!(!text.contains("run by"), "{text}");
}

#[test]
fn findings_of_one_cause_are_together() {
    let text = render(&report(vec![lost(), foreign()]), &options());
    assert_eq!(text.matches("  mend ").count(), 1);
    assert!(text.contains(
        "  also read  audit (log.js:7:9): foreign, 1 time\n  seen       4 times, by the rule \
         birth, 0123456789ab ba9876543210, storage made at app.js:1\n"
    ));
    assert!(text.contains("context: 2 certain findings (1 foreign, 1 lost); "));
}

#[test]
fn possible_findings_are_hidden_until_they_are_wanted_and_named_so() {
    let report = report(vec![possible()]);
    let text = render(&report, &options());
    assert_eq!(
        text,
        "context: no certain finding, 1 possible, which --possible shows; 1 process, 2 threads, \
         4 contexts, 10 reads, 3 crossings.\n"
    );
    let shown = Options {
        possible: true,
        ..options()
    };
    let text = render(&report, &shown);
    assert!(
        text.starts_with("possibly foreign: requests.getStore() at log.js:7 "),
        "{text}"
    );
    assert!(text.contains("\n  only possible: one batch may serve several contexts.\n"));
    assert!(text.contains("context: no certain finding, 1 possible; "));
}

#[test]
fn known_findings_are_counted_and_not_shown() {
    let known = Finding {
        known: Some(true),
        ..lost()
    };
    let text = render(&report(vec![known]), &options());
    assert!(text.starts_with("context: no certain finding, 1 known by the baseline; "));
}

#[test]
fn what_was_not_seen_is_said() {
    let mut report = report(Vec::new());
    let process = &mut report.processes[0];
    process.dropped = 12;
    process.forgotten = 1;
    process.transformed = Transformed {
        unparsed: vec!["/app/a.js".to_owned(), "/app/b.js".to_owned()],
        ..Transformed::default()
    };
    process.notes = vec!["Something else.".to_owned()];
    let text = render(&report, &options());
    let notes: Vec<&str> = text.lines().skip(1).collect();
    assert_eq!(
        notes,
        [
            "note: 12 events dropped, because the analysis was behind: the picture and the \
             possible findings have gaps.",
            "note: The ring has forgotten the oldest 1 run: possible findings that need them are \
             missing.",
            "note: 2 files could not be parsed, so their functions are not seen: /app/a.js and \
             others.",
            "note: Something else.",
        ]
    );
}

#[test]
fn what_came_of_a_trial_is_said() {
    let tried = |proof: Proof| {
        let finding = Finding {
            proof: Some(proof),
            ..lost()
        };
        let text = render(&report(vec![finding]), &options());
        let line = text.lines().find(|line| line.starts_with("  tried"));
        line.unwrap_or_default().to_owned()
    };
    let proof = Proof {
        right: 3,
        of: 3,
        ..Proof::default()
    };
    assert_eq!(
        tried(proof.clone()),
        "  tried      with it, 3 of 3 reads are right."
    );
    assert_eq!(
        tried(Proof {
            right: 2,
            left: vec!["ba9876543210".to_owned()],
            ..proof
        }),
        "  tried      with it, 2 of 3 reads are right; a second cause remains (ba9876543210)."
    );
    assert_eq!(
        tried(Proof {
            note: Some("the mend could not be put in".to_owned()),
            ..Proof::default()
        }),
        "  tried      no proof: the mend could not be put in."
    );
}

#[test]
fn colours_and_width_are_kept() {
    let plain = render(&report(vec![lost()]), &options());
    assert!(!plain.contains('\u{1b}'));
    let colored = Options {
        color: true,
        width: 60,
        ..options()
    };
    let text = render(&report(vec![lost()]), &colored);
    assert!(text.starts_with("\u{1b}[1;31mlost: \u{1b}[0mrequests.getStore() at log.js:2 gave "));
    let bare = text.split("\u{1b}[").map(|part| part.split_once('m'));
    let bare: String = bare.map(|part| part.map_or("", |(_, rest)| rest)).collect();
    let longest = bare.lines().map(|line| line.chars().count()).max();
    assert!(longest <= Some(64), "{longest:?}");
}

#[test]
fn an_empty_report_is_one_line() {
    let text = render(&Report::default(), &options());
    assert_eq!(
        text,
        "context: no certain finding; 0 processes, 0 threads, 0 contexts, 0 reads, 0 crossings.\n"
    );
}
