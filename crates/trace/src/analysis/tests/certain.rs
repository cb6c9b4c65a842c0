//! Evidence of the certain rules: kinds, counts, and what demotes it.

use super::{context, Kind, Program};
use crate::events::kinds;

#[test]
fn the_kind_follows_from_the_contexts() {
    let mut program = Program::new();
    program.enter(4, 1);
    program.event(kinds::ENTER, 5, [0, super::STORAGE, kinds::how::EXIT], 0, 0);
    program.sighting("birth", (1, 0), 7);
    program.sighting("birth", (1, 2), 7);
    program.sighting("birth", (4, 1), 8);
    program.sighting("birth", (1, 5), 9);
    program.sighting("twins", (1, 0), 10);
    let kinds: Vec<Kind> = program
        .analysis
        .findings
        .all()
        .iter()
        .map(|finding| finding.kind)
        .collect();
    assert_eq!(
        kinds,
        [
            Kind::Lost,
            Kind::Foreign,
            Kind::Outer,
            Kind::Lost,
            Kind::Twins
        ]
    );
}

#[test]
fn a_context_of_another_storage_is_none() {
    let mut program = Program::new();
    program.event(kinds::ENTER, 9, [0, 2, 1], 0, 0);
    program.sighting("birth", (1, 9), 7);
    let finding = program.found("birth")[0].clone();
    assert_eq!(finding.kind, Kind::Lost);
    assert_eq!(finding.actual, None);
    assert_eq!(finding.expected.unwrap().key, context(1));
}

#[test]
fn twins_keep_the_context_of_the_other_storage() {
    let mut program = Program::new();
    program.event(kinds::ENTER, 9, [0, 2, 1], 0, 0);
    program.sighting("twins", (9, 0), 7);
    let expected = program.found("twins")[0].expected.clone();
    assert_eq!(expected.unwrap().key, context(9));
}

#[test]
fn what_is_seen_again_is_counted() {
    let mut program = Program::new();
    for request in [1, 2, 3, 3] {
        program.sighting("birth", (request, 0), 7);
    }
    program.sighting("birth", (1, 0), 8);
    let counts: Vec<u64> = program.found("birth").iter().map(|f| f.count).collect();
    assert_eq!(counts, [4, 1]);
    assert!(program.is_certain("birth"));
}

#[test]
fn the_context_that_a_finding_keeps_outlives_the_registry() {
    let mut program = Program::new();
    program.sighting("birth", (1, 0), 7);
    for id in 10..20_000 {
        program.enter(id, 0);
    }
    assert!(program.analysis.registry.get(context(1)).is_none());
    let kept = program.found("birth")[0].expected.clone().unwrap();
    assert_eq!((kept.key, kept.entered), (context(1), 101));
}

#[test]
fn one_function_in_two_other_contexts_is_only_possible() {
    let mut program = Program::new();
    program.sighting("birth", (1, 2), 7);
    assert!(program.is_certain("birth"));
    program.sighting("birth", (1, 3), 7);
    assert!(!program.is_certain("birth"));
}

#[test]
fn two_functions_in_one_other_context_each_are_certain() {
    let mut program = Program::new();
    program.sighting("birth", (1, 2), 7);
    program.sighting("birth", (2, 3), 7);
    assert!(program.is_certain("birth"));
}

#[test]
fn crossings_without_a_read_demote_too() {
    let mut program = Program::new();
    program.sighting("birth", (1, 2), 7);
    program.event(kinds::CROSSED, 1, [1, 0, 0], 3, 8);
    assert!(program.is_certain("birth"));
    program.event(kinds::CROSSED, 2, [1, 0, 0], 3, 7);
    assert!(!program.is_certain("birth"));
    assert_eq!(program.analysis.crossings, 2);
}

#[test]
fn a_count_of_foreign_contexts_by_javascript_demotes() {
    let mut program = Program::new();
    program.analysis.evidence(
        0,
        r#"{"type":"finding","rule":"emitter","storage":1,"expected":1,"actual":0,"foreign":2}"#,
    );
    assert!(!program.is_certain("emitter"));
}

#[test]
fn an_inner_context_in_its_outer_one_is_only_possible() {
    let mut program = Program::new();
    program.enter(4, 1);
    program.sighting("emitter", (4, 1), 7);
    assert!(!program.is_certain("emitter"));
}

#[test]
fn a_function_that_others_could_have_made_and_did_not_is_possible_once_it_has_run_again() {
    let mut program = Program::new();
    program.sighting_via("birth", (1, 0), 7, 0, true);
    assert!(program.is_certain("birth"));
    program.sighting_via("birth", (1, 0), 7, 0, true);
    assert!(!program.is_certain("birth"));
    program.sighting_via("birth", (2, 0), 7, 0, true);
    assert!(program.is_certain("birth"));
}

#[test]
fn a_function_that_nobody_else_could_have_made_is_certain_however_often_it_runs() {
    let mut program = Program::new();
    for _ in 0..3 {
        program.sighting("birth", (1, 0), 7);
    }
    assert!(program.is_certain("birth"));
}

#[test]
fn a_function_is_possible_if_others_who_came_the_same_way_made_none() {
    let mut program = Program::new();
    program.event(kinds::ENTER, 7, [0, super::STORAGE, 1], 0, 101);
    program.sighting("birth", (1, 0), 7);
    assert!(program.is_certain("birth"));
    program.sighting("birth", (1, 0), 7);
    assert!(!program.is_certain("birth"));
    program.sighting("birth", (7, 0), 7);
    assert!(program.is_certain("birth"));
}

#[test]
fn a_function_is_certain_if_others_made_theirs() {
    let mut program = Program::new();
    program.event(kinds::ENTER, 7, [0, super::STORAGE, 1], 0, 101);
    for _ in 0..2 {
        program.analysis.evidence(
            0,
            r#"{"type":"finding","rule":"birth","storage":1,"expected":1,"actual":0,"made":7,
            "instance":"1:7","byOthers":true}"#,
        );
    }
    assert!(program.is_certain("birth"));
}

#[test]
fn a_generator_with_the_store_of_who_resumes_it_is_only_possible() {
    for (actual, is_certain) in [(0, true), (2, false)] {
        let mut program = Program::new();
        let json = format!(
            r#"{{"type":"finding","rule":"birth","storage":1,"expected":1,"actual":{actual},
            "made":7,"madeAs":"generator","instance":"1:7"}}"#
        );
        program.analysis.evidence(0, &json);
        assert_eq!(program.is_certain("birth"), is_certain, "{actual}");
    }
}

#[test]
fn what_the_program_declares_is_certain_and_a_witness_is_not() {
    let mut program = Program::new();
    for rule in ["own", "check", "expect", "twins", "witness"] {
        program.sighting(rule, (1, 0), 7);
    }
    for rule in ["own", "check", "expect", "twins"] {
        assert!(program.is_certain(rule), "{rule}");
    }
    assert!(!program.is_certain("witness"));
}

#[test]
fn threads_count_on_their_own() {
    let mut program = Program::new();
    program.sighting("birth", (1, 0), 7);
    program.thread = 1;
    program.enter(1, 0);
    program.sighting("birth", (1, 0), 7);
    let found = program.found("birth");
    assert_eq!(found.len(), 2);
    let threads: Vec<u32> = found
        .iter()
        .map(|finding| finding.expected.as_ref().unwrap().key.thread())
        .collect();
    assert_eq!(threads, [0, 1]);
}
