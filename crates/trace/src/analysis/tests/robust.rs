//! What comes from JavaScript is never trusted to make sense.

use super::{context, Program};
use crate::analysis::Analysis;
use crate::events::{kinds, Batch, Key};

#[test]
fn bad_evidence_is_a_note() {
    let mut analysis = Analysis::new(1 << 20, true);
    for json in [
        "",
        "{",
        "[]",
        "{}",
        r#"{"type":"x"}"#,
        r#"{"type":"finding","read":"a"}"#,
    ] {
        analysis.evidence(0, json);
    }
    assert!((1..=6).contains(&analysis.notes.len()));
    let text = &analysis.notes[0];
    assert!(
        text.starts_with("Evidence that was not understood: "),
        "{text}"
    );
    assert_eq!(analysis.findings.all().len(), 0);
}

#[test]
fn any_words_are_events() {
    let mut analysis = Analysis::new(1 << 16, true);
    let mut seed = 1_u32;
    let mut words = Vec::new();
    for _ in 0..8 * 20_000 {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        // Small numbers, so that events speak of each other.
        words.push(seed >> 28);
    }
    for thread in [0, 1, u32::MAX] {
        analysis.batch(&Batch {
            thread,
            words: words.clone(),
            previews: vec!["x".to_owned(), "1 y".to_owned(), " z".to_owned()],
            torn: thread == 1,
        });
    }
    analysis.conclude();
    assert_eq!(analysis.events, 60_000);
}

#[test]
fn runs_that_lost_their_ends_do_not_keep_what_follows() {
    let mut program = Program::new();
    program.event(kinds::BEFORE, 10, [0; 3], 1, 0);
    program.event(kinds::BEFORE, 11, [0; 3], 2, 0);
    program.event(kinds::AFTER, 10, [0; 3], 0, 0);
    program.read(0, 50);
    let reads: Vec<usize> = program
        .analysis
        .timeline
        .runs()
        .map(|run| run.reads.len())
        .collect();
    assert_eq!(reads, [0, 0, 1]);
}

#[test]
fn a_torn_batch_ends_what_was_open() {
    let mut program = Program::new();
    program.event(kinds::BEFORE, 10, [0; 3], 1, 0);
    program.analysis.batch(&Batch {
        torn: true,
        ..Batch::default()
    });
    program.read(0, 50);
    let last = program.analysis.timeline.runs().last().unwrap();
    assert_eq!((last.resource, last.reads.len()), (Key::NONE, 1));
}

#[test]
fn time_goes_on_when_its_word_wraps() {
    let mut program = Program::new();
    program.now = u32::MAX - 15;
    program.timer(90, 1);
    program.callback(90, 1, |_| {});
    let run = program.analysis.timeline.runs().last().unwrap();
    assert_eq!(run.to - run.from, 10);
    assert!(run.from > u64::from(u32::MAX));
}

#[test]
fn a_context_counts_what_refers_to_it() {
    let mut program = Program::new();
    program.timer(90, 1);
    program.promise(10, 1, 0);
    program.promise(11, 1, 0);
    program.callback(90, 1, |program| program.resolve(10, 1, 0));
    program.resolve(10, 1, 0);
    program.event(kinds::DESTROY, 90, [0; 3], 0, 0);
    let state = |program: &Program| {
        let context = program.analysis.registry.get(context(1)).unwrap();
        (context.activations, context.pending, context.over)
    };
    assert_eq!(state(&program), (2, 1, false));
    program.event(kinds::COLLECTED, 1, [0; 3], 0, 0);
    assert_eq!(state(&program), (2, 1, true));
}

#[test]
fn without_the_possible_rules_there_are_no_possible_findings() {
    let mut program = Program::new();
    program.analysis = Analysis::new(1 << 20, false);
    program.enter(1, 0);
    program.timer(90, 0);
    program.callback(80, 1, |program| program.promise(10, 1, 20));
    program.callback(90, 0, |program| {
        program.read(0, 50);
        program.resolve(10, 0, 30);
    });
    for ctx in [1, 1, 0] {
        program.read(ctx, 51);
    }
    program.analysis.conclude();
    assert_eq!(program.analysis.findings.all().len(), 0);
    assert_eq!(program.analysis.reads, 4);
}

#[test]
fn many_findings_are_bounded() {
    let mut program = Program::new();
    for made in 1..=6_000 {
        program.sighting("birth", (1, 0), made);
    }
    assert_eq!(program.analysis.findings.all().len(), 5_000);
    assert_eq!(program.analysis.findings.left_out(), 1_000);
}
