//! When nothing is taken for a while.

use super::{after_step, finish, in_step, listening, step, step_replied};
use crate::pool::consumer::{Act, Consumer, Drain, Intake, Mode};
use crate::pool::testing::{keyed, task, Bell};
use crate::sync::Arc;

#[test]
fn pause_passes_a_wake_on_and_resume_looks_again() {
    let mut worker = listening();
    let other = Bell::new();
    let id = worker.pool.add_workers();
    let mut staying = Consumer::new(Arc::clone(&worker.pool), id, other.clone(), Drain::ByStep);
    staying.resume();
    assert!(matches!(staying.on_wake(), Act::Rest));
    other.rung();
    assert!(matches!(worker.consumer.on_wake(), Act::Rest)); // idle last, so woken first
    worker.consumer.pause();
    worker.consumer.resume();
    worker.bell.rung();
    assert!(matches!(worker.consumer.on_wake(), Act::Rest));
    worker.pool.submit([task(0)]);
    assert_eq!(worker.bell.rung(), 1);
    worker.consumer.pause();
    assert_eq!(other.rung(), 1);
    assert!(matches!(worker.consumer.on_wake(), Act::Rest));
    assert_eq!(step(staying.on_wake(), &mut staying), 0);
}

#[test]
fn pause_within_a_task_holds_when_that_is_done() {
    for mut worker in [in_step(), after_step()] {
        worker.pool.submit([task(1)]);
        worker.consumer.pause();
        finish(&mut worker);
        assert!(matches!(worker.consumer.step_returned(), Act::Rest));
        assert_eq!(worker.consumer.mode, Mode::Idle(Intake::Shut));
        assert_eq!(worker.bell.rung(), 0);
        worker.consumer.turned();
        assert!(matches!(worker.consumer.on_wake(), Act::Rest));
        worker.consumer.resume();
        assert_eq!(worker.bell.rung(), 1);
        assert_eq!(step(worker.consumer.on_wake(), &mut worker.consumer), 1);
    }
}

#[test]
fn a_pause_for_a_turn_ends_with_it() {
    for mut worker in [listening(), after_step()] {
        assert!(worker.consumer.pause_for_turn());
        assert!(!worker.consumer.pause_for_turn());
        finish(&mut worker);
        worker.pool.submit([task(1)]);
        assert!(matches!(worker.consumer.on_wake(), Act::Rest));
        assert_eq!(worker.bell.rung(), 0);
        worker.consumer.turned();
        assert_eq!(worker.bell.rung(), 1);
        assert_eq!(step(worker.consumer.on_wake(), &mut worker.consumer), 1);
    }
}

#[test]
fn a_turn_within_a_task_lets_the_next_one_be_taken() {
    let mut worker = after_step();
    assert!(worker.consumer.pause_for_turn());
    worker.consumer.turned();
    finish(&mut worker);
    assert_eq!(worker.bell.rung(), 1);
}

#[test]
fn a_pause_lasts_longer_than_the_turn_it_was_made_in() {
    let mut worker = listening();
    assert!(worker.consumer.pause_for_turn());
    worker.consumer.pause();
    worker.consumer.turned();
    assert_eq!(worker.consumer.mode, Mode::Idle(Intake::Shut));
    assert_eq!(worker.bell.rung(), 0);
}

#[test]
fn the_event_loop_turns_when_tasks_follow_one_another_for_long() {
    let mut worker = in_step();
    let mut next = 1;
    loop {
        worker.pool.submit([task(next)]);
        match step_replied(&mut worker) {
            Act::Step => next = 1 - next,
            Act::Turn => break,
            act => panic!("{act:?} while a task waits"),
        }
    }
    assert!(matches!(worker.consumer.on_wake(), Act::Rest));
    worker.consumer.turned();
    assert_eq!(worker.bell.rung(), 1);
    assert_eq!(step(worker.consumer.on_wake(), &mut worker.consumer), next);
}

#[test]
fn keys_stay_for_a_turn_and_not_for_a_pause() {
    let pauses: [fn(&mut Consumer); 2] = [
        |consumer| assert!(consumer.pause_for_turn()),
        Consumer::pause,
    ];
    for busy in [false, true] {
        for (pause, stays) in pauses.into_iter().zip([true, false]) {
            let mut worker = listening();
            worker.pool.submit([keyed(0, 1)]);
            assert_eq!(step(worker.consumer.on_wake(), &mut worker.consumer), 0);
            if busy {
                pause(&mut worker.consumer);
            }
            finish(&mut worker);
            assert!(matches!(worker.consumer.step_returned(), Act::Rest));
            if !busy {
                pause(&mut worker.consumer);
            }
            let other = Bell::new();
            let id = worker.pool.add_workers();
            let pool = Arc::clone(&worker.pool);
            let mut free = Consumer::new(pool, id, other.clone(), Drain::ByStep);
            free.resume();
            assert!(matches!(free.on_wake(), Act::Rest));
            other.rung();
            worker.pool.submit([keyed(1, 1)]);
            assert_eq!(other.rung(), usize::from(!stays));
            assert_eq!(matches!(free.on_wake(), Act::Step), !stays);
        }
    }
}
