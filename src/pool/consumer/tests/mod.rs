//! Each transition of a consumer, on one thread.

use super::{Act, Consumer, Drain, Intake, Mode, Stage};
use crate::error::Error;
use crate::pool::testing::{drained, pool, task, Bell};
use crate::pool::{Cancelled, Completion, Pool, Status, TaskId};
use crate::sync::Arc;
use crate::transport::Message;
use crate::wire::packet::{LARGEST_VALUE, NO_TASK, STDERR};

mod pauses;

struct Worker {
    pool: Arc<Pool>,
    bell: Arc<Bell>,
    consumer: Consumer,
}

/// A worker that was not resumed yet.
fn detached(drain: Drain) -> Worker {
    let (pool, _) = pool();
    let bell = Bell::new();
    let worker = pool.add_workers();
    let consumer = Consumer::new(Arc::clone(&pool), worker, bell.clone(), drain);
    Worker {
        pool,
        bell,
        consumer,
    }
}

/// A worker that takes tasks and has found none.
fn listening() -> Worker {
    let mut worker = detached(Drain::ByStep);
    worker.consumer.resume();
    assert_eq!(worker.bell.rung(), 1);
    assert!(matches!(worker.consumer.on_wake(), Act::Rest));
    let entries = drained(&worker.pool);
    assert_eq!(statuses(&entries), [Status::Ready]);
    worker
}

/// A worker in the step of task 0.
fn in_step() -> Worker {
    let mut worker = listening();
    worker.pool.submit([task(0)]);
    assert_eq!(worker.bell.rung(), 1);
    assert_eq!(step(worker.consumer.on_wake(), &mut worker.consumer), 0);
    worker
}

/// A worker whose task 0 goes on after its step.
fn after_step() -> Worker {
    let mut worker = in_step();
    assert!(matches!(worker.consumer.step_returned(), Act::Rest));
    worker
}

/// The outcome of the task is there.
fn finish(worker: &mut Worker) {
    let message = Message::new(b"result");
    worker.consumer.finish(Status::Result, message);
}

/// The step returns with the outcome of its task.
fn step_replied(worker: &mut Worker) -> Act {
    let message = Message::new(b"result");
    worker.consumer.step_replied(Status::Result, message)
}

fn step(act: Act, consumer: &mut Consumer) -> TaskId {
    assert_eq!(act, Act::Step);
    consumer.receive(|task| task.header.id)
}

fn statuses(entries: &[Completion]) -> Vec<Status> {
    entries.iter().map(|entry| entry.status).collect()
}

#[test]
fn nothing_is_taken_before_resume() {
    let mut worker = detached(Drain::ByStep);
    worker.pool.submit([task(0)]);
    assert!(matches!(worker.consumer.on_wake(), Act::Rest));
    worker.consumer.pause();
    assert!(!worker.consumer.pause_for_turn());
    worker.consumer.turned();
    assert_eq!(worker.consumer.mode, Mode::Detached);
    worker.consumer.resume();
    assert_eq!(worker.bell.rung(), 1);
    assert_eq!(step(worker.consumer.on_wake(), &mut worker.consumer), 0);
}

#[test]
fn resume_after_the_pool_was_closed_ends() {
    let mut worker = detached(Drain::ByStep);
    worker.pool.close();
    worker.consumer.resume();
    assert_eq!(worker.consumer.mode, Mode::Ended);
    assert_eq!(worker.bell.rung(), 0);
}

#[test]
fn resume_is_announced_once() {
    let mut worker = listening();
    worker.consumer.pause();
    worker.consumer.resume();
    worker.consumer.resume();
    assert_eq!(worker.bell.rung(), 1);
    assert!(drained(&worker.pool).is_empty());
}

#[test]
fn an_outcome_left_by_the_step_settles_and_the_next_task_follows() {
    let mut worker = in_step();
    worker.pool.submit([task(1)]);
    assert_eq!(step(step_replied(&mut worker), &mut worker.consumer), 1);
    assert_eq!(statuses(&drained(&worker.pool)), [Status::Result]);
    assert!(matches!(step_replied(&mut worker), Act::Rest));
    assert_eq!(worker.bell.rung(), 0);
}

#[test]
fn where_the_host_drains_each_task_has_a_wake_of_its_own() {
    let mut worker = detached(Drain::ByHost);
    worker.consumer.resume();
    worker.pool.submit([task(0), task(1)]);
    worker.bell.rung();
    assert_eq!(step(worker.consumer.on_wake(), &mut worker.consumer), 0);
    assert!(matches!(step_replied(&mut worker), Act::Rest));
    assert_eq!(worker.bell.rung(), 1);
    assert_eq!(step(worker.consumer.on_wake(), &mut worker.consumer), 1);
}

#[test]
fn finish_within_the_step_takes_nothing_before_it_returns() {
    let mut worker = in_step();
    worker.pool.submit([task(1)]);
    finish(&mut worker);
    assert_eq!(statuses(&drained(&worker.pool)), [Status::Result]);
    assert_eq!(worker.bell.rung(), 0);
    assert!(matches!(worker.consumer.on_wake(), Act::Rest));
    finish(&mut worker); // nobody waits for it
    assert!(drained(&worker.pool).is_empty());
    assert_eq!(
        step(worker.consumer.step_returned(), &mut worker.consumer),
        1
    );
}

#[test]
fn finish_after_the_step_rings() {
    let mut worker = after_step();
    assert!(matches!(worker.consumer.on_wake(), Act::Rest));
    finish(&mut worker);
    assert_eq!(statuses(&drained(&worker.pool)), [Status::Result]);
    assert_eq!(worker.bell.rung(), 1);
    assert!(matches!(worker.consumer.on_wake(), Act::Rest));
    finish(&mut worker);
    assert!(drained(&worker.pool).is_empty());
}

#[test]
fn a_step_that_throws_leaves_its_task_running() {
    let mut worker = in_step();
    worker.consumer.step_threw();
    assert_eq!(
        worker.consumer.mode,
        Mode::Running(Stage::AfterStep, Intake::Open)
    );
    finish(&mut worker);
    assert_eq!(statuses(&drained(&worker.pool)), [Status::Result]);
}

#[test]
fn a_step_that_throws_after_its_outcome_goes_on_with_a_wake() {
    let mut worker = in_step();
    worker.pool.submit([task(1)]);
    finish(&mut worker);
    worker.consumer.step_threw();
    assert_eq!(statuses(&drained(&worker.pool)), [Status::Result]);
    assert_eq!(worker.bell.rung(), 1);
    assert_eq!(step(worker.consumer.on_wake(), &mut worker.consumer), 1);
}

#[test]
fn a_task_that_was_not_received_is_settled() {
    let mut worker = in_step();
    assert!(matches!(worker.consumer.not_received(), Act::Rest));
    assert_eq!(statuses(&drained(&worker.pool)), [Status::OutOfMemory]);
    assert_eq!(worker.consumer.mode, Mode::Idle(Intake::Open));
}

#[test]
fn a_cancelled_task_ends_the_worker() {
    let mut worker = after_step();
    let cancelled = worker.pool.cancel(&[0]);
    assert!(matches!(cancelled[..], [Cancelled::Running(_)]));
    finish(&mut worker); // stale
    assert!(drained(&worker.pool).is_empty());
    assert!(matches!(worker.consumer.on_wake(), Act::End));
    worker.consumer.resume();
    assert!(matches!(worker.consumer.on_wake(), Act::Rest));
}

#[test]
fn a_failure_settles_the_task_in_every_stage() {
    for mut worker in [in_step(), after_step()] {
        worker.consumer.fail(Error::Panicked);
        let entries = drained(&worker.pool);
        assert_eq!(statuses(&entries), [Status::Fatal]);
        assert_eq!(entries[0].id, 0);
        finish(&mut worker);
        assert!(matches!(worker.consumer.step_returned(), Act::Rest));
        worker.consumer.fail(Error::Panicked);
        assert!(drained(&worker.pool).is_empty());
    }
}

#[test]
fn a_failure_without_a_task_names_none() {
    let mut worker = listening();
    worker.consumer.fail(Error::Panicked);
    let entries = drained(&worker.pool);
    assert_eq!(statuses(&entries), [Status::Fatal]);
    assert_eq!(entries[0].id, NO_TASK);
}

#[test]
fn a_claim_and_last_words_are_those_of_the_task_that_runs() {
    let worker = after_step();
    assert!(worker.consumer.claim());
    worker.consumer.last_words(Message::new(b"words"));
    worker.pool.thread_gone(0);
    let entries = drained(&worker.pool);
    assert_eq!(statuses(&entries), [Status::Claim, Status::ThreadGone]);
    assert_eq!(entries[1].message.bytes(), b"words");
}

#[test]
fn a_task_that_was_cancelled_is_not_claimed() {
    let worker = after_step();
    assert_eq!(worker.pool.cancel(&[0]), [Cancelled::Running(0)]);
    assert!(!worker.consumer.claim());
    assert!(drained(&worker.pool).is_empty());
}

#[test]
fn what_is_written_travels_in_pieces() {
    let worker = listening();
    worker.consumer.output(STDERR, &vec![0; LARGEST_VALUE + 1]);
    let lengths: Vec<_> = drained(&worker.pool)
        .iter()
        .map(|entry| (entry.status, entry.id, entry.message.bytes().len()))
        .collect();
    assert_eq!(
        lengths,
        [
            (Status::Output, STDERR, LARGEST_VALUE),
            (Status::Output, STDERR, 1)
        ]
    );
}
