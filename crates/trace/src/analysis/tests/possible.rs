//! The rules of the possible kind: settle, batch, share and statistics.

use super::{Kind, Program};

/// A queue that keeps data only: a timer of start-up works on it, reads, and settles.
fn worker(program: &mut Program, works_in: u32) {
    program.timer(90, 0);
    program.callback(80, 1, |program| program.promise(10, 1, 20));
    program.callback(90, works_in, |program| {
        program.read(works_in, 50);
        program.resolve(10, works_in, 30);
    });
}

#[test]
fn settle_finds_work_without_a_context_that_settles_the_promise_of_one() {
    let mut program = Program::new();
    worker(&mut program, 0);
    assert_eq!(program.blamed("settle"), [(Kind::Lost, 50, 20, 1)]);
    let seen = program.found("settle")[0].sighting.clone();
    assert_eq!(seen.ran_by, 30);
    assert_eq!(seen.ran_in.unwrap().kind, "Timeout");
    assert!(!program.is_certain("settle"));
}

#[test]
fn settle_counts_promises() {
    let mut program = Program::new();
    program.timer(90, 0);
    program.callback(80, 1, |program| program.promise(10, 1, 20));
    program.callback(81, 2, |program| program.promise(11, 2, 20));
    program.callback(90, 0, |program| {
        for promise in [10, 11] {
            program.read(0, 50);
            program.resolve(promise, 0, 30);
        }
    });
    let counts: Vec<u64> = program.found("settle").iter().map(|f| f.count).collect();
    assert_eq!(counts, [2]);
}

#[test]
fn a_guess_about_a_read_that_is_wrong_for_certain_says_nothing() {
    let mut program = Program::new();
    worker(&mut program, 0);
    assert_eq!(program.analysis.findings.telling().len(), 1);
    program.sighting("birth", (1, 0), 7);
    let telling = program.analysis.findings.telling();
    let rules: Vec<&str> = telling.iter().map(|f| f.sighting.rule.as_str()).collect();
    assert_eq!(rules, ["birth"]);
}

#[test]
fn a_guess_about_the_same_reader_of_another_caller_says_something() {
    let mut program = Program::new();
    worker(&mut program, 0);
    program.sighting_via("birth", (1, 0), 7, 60, false);
    assert_eq!(program.analysis.findings.telling().len(), 2);
}

#[test]
fn settle_is_silent_where_the_worker_has_the_context() {
    let mut program = Program::new();
    worker(&mut program, 1);
    assert_eq!(program.blamed("settle"), []);
}

#[test]
fn settle_follows_what_the_worker_awaited() {
    let mut program = Program::new();
    program.timer(90, 0);
    program.callback(80, 1, |program| program.promise(10, 1, 20));
    program.callback(90, 0, |program| {
        program.read(0, 50);
        program.promise(11, 0, 0);
        program.waiter(12, 11, 90, (0, 0));
    });
    // The read is in the run that made the promise that the worker awaited.
    program.callback(12, 0, |program| program.resolve(10, 0, 30));
    assert_eq!(program.blamed("settle"), [(Kind::Lost, 50, 20, 1)]);
}

#[test]
fn settle_does_not_blame_reads_before_the_promise() {
    let mut program = Program::new();
    program.timer(90, 0);
    program.callback(90, 0, |program| {
        program.read(0, 50);
        program.timer(91, 0);
    });
    program.callback(80, 1, |program| program.promise(10, 1, 20));
    program.callback(91, 0, |program| program.resolve(10, 0, 30));
    assert_eq!(program.blamed("settle"), []);
}

/// A loader that serves the promises of two contexts in one run, made at `sites`.
fn loader(program: &mut Program, sites: [u32; 2]) {
    program.callback(80, 1, |program| {
        program.promise(10, 1, sites[0]);
        program.timer(90, 1);
    });
    program.callback(81, 2, |program| program.promise(11, 2, sites[1]));
    program.callback(90, 1, |program| {
        program.read(1, 50);
        program.resolve(10, 1, 30);
        program.resolve(11, 1, 30);
    });
}

#[test]
fn batch_finds_a_run_that_serves_another_context_with_its_own() {
    let mut program = Program::new();
    loader(&mut program, [20, 20]);
    assert_eq!(program.blamed("batch"), [(Kind::Foreign, 50, 20, 2)]);
    assert_eq!(program.blamed("settle"), []);
}

#[test]
fn batch_finds_who_comes_before_the_own_promise_and_after_it_once_each() {
    let mut program = Program::new();
    program.callback(80, 1, |program| {
        program.promise(10, 1, 20);
        program.timer(90, 1);
    });
    program.callback(81, 2, |program| program.promise(11, 2, 20));
    program.callback(82, 3, |program| program.promise(12, 3, 20));
    program.callback(90, 1, |program| {
        program.read(1, 50);
        for promise in [11, 10, 12] {
            program.resolve(promise, 1, 30);
        }
    });
    let counts: Vec<u64> = program.found("batch").iter().map(|f| f.count).collect();
    assert_eq!(counts, [2]);
}

#[test]
fn batch_is_silent_for_promises_of_different_places() {
    let mut program = Program::new();
    loader(&mut program, [20, 21]);
    assert_eq!(program.blamed("batch"), []);
}

#[test]
fn batch_is_silent_without_a_read_and_for_one_context() {
    let mut program = Program::new();
    program.callback(80, 1, |program| {
        program.promise(10, 1, 20);
        program.promise(11, 1, 20);
        program.timer(90, 1);
    });
    program.callback(90, 1, |program| {
        program.read(1, 50);
        program.resolve(10, 1, 30);
        program.resolve(11, 1, 30);
    });
    program.callback(81, 2, |program| program.promise(12, 2, 20));
    program.callback(82, 1, |program| {
        program.promise(13, 1, 20);
        program.timer(91, 1);
    });
    program.callback(91, 1, |program| {
        program.resolve(13, 1, 30);
        program.resolve(12, 1, 30);
    });
    assert_eq!(program.blamed("batch"), []);
}

/// A promise that context 1 made by work that read in `read_in`, and that `waiter` awaits.
fn cached(program: &mut Program, read_in: u32, waiter: u32) {
    program.callback(80, 1, |program| {
        program.promise(10, 1, 20);
        program.timer(90, 1);
    });
    program.callback(90, read_in, |program| {
        program.read(read_in, 50);
        program.resolve(10, read_in, 30);
    });
    program.callback(81, waiter, |program| {
        program.waiter(11, 10, 81, (waiter, 21));
    });
}

#[test]
fn share_finds_a_promise_of_one_context_that_another_awaits() {
    let mut program = Program::new();
    cached(&mut program, 1, 2);
    assert_eq!(program.blamed("share"), [(Kind::Foreign, 50, 20, 2)]);
    assert_eq!(program.found("share")[0].sighting.ran_by, 21);
}

#[test]
fn share_finds_who_waits_before_the_promise_is_resolved() {
    let mut program = Program::new();
    program.callback(80, 1, |program| {
        program.promise(10, 1, 20);
        program.timer(90, 1);
    });
    program.callback(81, 2, |program| program.waiter(11, 10, 81, (2, 21)));
    assert_eq!(program.blamed("share"), []);
    program.callback(90, 1, |program| {
        program.read(1, 50);
        program.resolve(10, 1, 30);
    });
    assert_eq!(program.blamed("share"), [(Kind::Foreign, 50, 20, 2)]);
}

#[test]
fn share_is_silent_for_the_own_context_a_nested_one_and_none() {
    for waiter in [1, 4, 0] {
        let mut program = Program::new();
        program.enter(4, 1);
        cached(&mut program, 1, waiter);
        assert_eq!(program.blamed("share"), [], "{waiter}");
    }
}

#[test]
fn share_is_silent_where_the_work_read_nothing_of_its_context() {
    let mut program = Program::new();
    cached(&mut program, 0, 2);
    assert_eq!(program.blamed("share"), []);
}

#[test]
fn share_sees_a_pending_promise_that_adopts_the_inner_one_of_another_context() {
    let mut program = Program::new();
    program.callback(81, 2, |program| program.promise(12, 2, 22));
    program.callback(80, 1, |program| {
        program.promise(10, 1, 20);
        program.timer(90, 1);
    });
    // resolve(inner): the engine makes a promise in a job that runs as the outer one.
    program.callback(12, 1, |program| program.waiter(13, 10, 12, (1, 0)));
    program.callback(90, 1, |program| {
        program.read(1, 50);
        program.resolve(10, 1, 30);
    });
    assert_eq!(program.blamed("share"), [(Kind::Foreign, 50, 20, 2)]);
    assert_eq!(program.found("share")[0].sighting.ran_by, 22);
}

#[test]
fn statistics_find_a_line_that_usually_sees_a_store() {
    let mut program = Program::new();
    for ctx in [1, 2, 0, 3] {
        program.read(ctx, 50);
    }
    assert_eq!(program.blamed("statistics"), [(Kind::Lost, 50, 0, 0)]);
    assert_eq!(program.found("statistics")[0].count, 1);
    assert!(!program.is_certain("statistics"));
}

#[test]
fn statistics_are_silent_for_lines_that_mostly_see_none_and_that_always_see_one() {
    let mut program = Program::new();
    for ctx in [1, 0, 0] {
        program.read(ctx, 50);
    }
    for ctx in [1, 2, 3] {
        program.read(ctx, 51);
    }
    assert_eq!(program.blamed("statistics"), []);
}

#[test]
fn the_same_store_entered_by_hand_is_right() {
    let mut program = Program::new();
    // als.run(store of 1, …) by hand.
    program.event(crate::events::kinds::ENTER, 7, [0, super::STORAGE, 1], 1, 0);
    cached(&mut program, 1, 7);
    assert_eq!(program.blamed("share"), []);
}
