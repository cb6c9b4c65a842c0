//! A consumer on its own thread, against what comes from the others meanwhile.

use super::{check, drain, pool, spawn_worker, Bell};
use crate::pool::testing::task;
use crate::pool::{Act, Cancelled, Consumer, Drain, Pool, Status, TaskId};
use crate::sync::Arc;
use crate::transport::Message;
use loom::thread;
use std::time::Duration;

fn consumer(pool: &Arc<Pool>) -> (Consumer, Arc<Bell>) {
    let bell = Bell::new();
    let worker = pool.add_workers();
    let consumer = Consumer::new(Arc::clone(pool), worker, bell.clone(), Drain::ByStep);
    (consumer, bell)
}

/// Runs tasks as far as one wake goes. False once the worker has to end.
fn run(consumer: &mut Consumer, mut act: Act) -> bool {
    loop {
        act = match act {
            Act::Step => consumer.step_replied(Status::Result, Message::empty()),
            Act::Turn => {
                consumer.turned();
                return true;
            }
            Act::Rest => return true,
            Act::End => return false,
        };
    }
}

/// The event loop of a worker, until the pool is closed.
fn event_loop(consumer: &mut Consumer, bell: &Bell) {
    loop {
        bell.wait();
        let act = consumer.on_wake();
        if !run(consumer, act) {
            return;
        }
    }
}

#[test]
fn a_pause_passes_on_the_wake_that_is_on_its_way() {
    check(|| {
        let (pool, deliver) = pool(Duration::ZERO);
        let (mut pausing, _bell) = consumer(&pool);
        pausing.resume();
        assert!(matches!(pausing.on_wake(), Act::Rest));
        drain(&pool, &deliver, 1);
        let staying = spawn_worker(&pool);
        let paused = thread::spawn(move || {
            pausing.pause();
            assert!(matches!(pausing.on_wake(), Act::Rest)); // the task is another one's
        });
        pool.submit([task(0)]);
        drain(&pool, &deliver, 1);
        pool.close();
        paused.join().unwrap();
        staying.join().unwrap();
    });
}

/// What takes nothing for a while takes what was submitted meanwhile.
fn a_task_waits_for_no_more_than_that(pause: fn(&mut Consumer), go_on: fn(&mut Consumer)) {
    check(move || {
        let (pool, deliver) = pool(Duration::ZERO);
        let (mut alone, bell) = consumer(&pool);
        alone.resume();
        let working = thread::spawn(move || {
            let act = alone.on_wake();
            if !run(&mut alone, act) {
                return;
            }
            pause(&mut alone);
            assert!(matches!(alone.on_wake(), Act::Rest));
            go_on(&mut alone);
            event_loop(&mut alone, &bell);
        });
        pool.submit([task(0)]);
        drain(&pool, &deliver, 2);
        pool.close();
        working.join().unwrap();
    });
}

#[test]
fn a_task_that_comes_in_a_pause_is_taken_after_it() {
    a_task_waits_for_no_more_than_that(Consumer::pause, Consumer::resume);
}

#[test]
fn a_task_that_comes_before_the_turn_is_taken_in_it() {
    let pause = |consumer: &mut Consumer| assert!(consumer.pause_for_turn());
    a_task_waits_for_no_more_than_that(pause, Consumer::turned);
}

#[test]
fn finish_outside_of_a_step_against_cancel_and_submit() {
    check(|| {
        let (pool, deliver) = pool(Duration::ZERO);
        let (mut working, bell) = consumer(&pool);
        working.resume();
        pool.submit([task(0)]);
        assert!(matches!(working.on_wake(), Act::Step));
        assert!(matches!(working.step_returned(), Act::Rest));
        let submitting = Arc::clone(&pool);
        let submitting = thread::spawn(move || assert!(submitting.submit([task(1)])));
        let finishing = thread::spawn(move || {
            working.finish(Status::Result, Message::empty());
            event_loop(&mut working, &bell);
        });
        let cancelled = pool.cancel(&[0])[0];
        submitting.join().unwrap();
        let entries = match cancelled {
            // Finished before that, so the other task follows.
            Cancelled::Settled => drain(&pool, &deliver, 3),
            // Its result is stale, and its worker condemned.
            _ => drain(&pool, &deliver, 1),
        };
        pool.close();
        finishing.join().unwrap();
        let ids: Vec<TaskId> = entries
            .iter()
            .filter(|entry| entry.status == Status::Result)
            .map(|entry| entry.id)
            .collect();
        assert!(ids.is_empty() || ids == [0, 1]);
    });
}
