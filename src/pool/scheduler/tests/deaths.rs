//! A worker dies, at each point of its life: it takes nothing with it but the task it ran.

use super::{finish, idle, take};
use crate::pool::testing::{attached, drained, pool, task, Bell};
use crate::pool::{Cancelled, Finished, Pool, Status, Taken, Task, TaskId, WorkerId};
use crate::sync::Arc;
use crate::transport::Message;
use crate::wire::packet;

#[test]
fn before_it_is_attached() {
    let (pool, _) = pool();
    let worker = pool.add_workers();
    assert_eq!(pool.remove_worker(worker), None);
    assert!(!pool.attach(worker, Bell::new()));
    assert!(matches!(
        pool.take(worker, &mut Task::default()),
        Taken::Stop
    ));
    assert_eq!(pool.add_workers(), worker);
}

#[test]
fn while_it_is_idle() {
    let (pool, _) = pool();
    let (first, first_bell) = idle(&pool);
    let (second, second_bell) = idle(&pool);
    assert_eq!(pool.remove_worker(second), None);
    pool.submit([task(0)]);
    assert_eq!((first_bell.rung(), second_bell.rung()), (1, 0));
    assert_eq!(take(&pool, first), Some(0));
}

#[test]
fn between_wake_and_take() {
    let (pool, _) = pool();
    let (first, first_bell) = idle(&pool);
    let (second, second_bell) = idle(&pool);
    pool.submit([task(0)]);
    assert_eq!((first_bell.rung(), second_bell.rung()), (0, 1));
    assert_eq!(pool.remove_worker(second), None);
    assert_eq!(first_bell.rung(), 1);
    assert_eq!(take(&pool, first), Some(0));
}

#[test]
fn between_wake_and_take_when_somebody_else_was_faster() {
    let (pool, _) = pool();
    let (_, first_bell) = idle(&pool);
    let (second, second_bell) = idle(&pool);
    let (third, _) = attached(&pool);
    pool.submit([task(0)]);
    assert_eq!(second_bell.rung(), 1);
    assert_eq!(take(&pool, third), Some(0));
    assert_eq!(pool.remove_worker(second), None);
    assert_eq!(first_bell.rung(), 0);
}

#[test]
fn while_it_runs_a_task() {
    let (pool, deliver) = pool();
    let (worker, _) = attached(&pool);
    pool.submit((5..7).map(task));
    assert_eq!(take(&pool, worker), Some(5));
    assert_eq!(pool.remove_worker(worker), Some(5));
    assert_eq!(pool.remove_worker(worker), None);
    assert_eq!(pool.cancel(&[5])[0], Cancelled::Settled);
    assert_eq!(finish(&pool, worker), Finished::Stale);
    assert_eq!(deliver.rung(), 0);
    assert_eq!(pool.statistics().running, 0);
    let (replacement, _) = attached(&pool);
    assert_eq!(replacement, worker);
    assert_eq!(take(&pool, replacement), Some(6));
}

#[test]
fn after_it_has_finished_and_before_the_result_is_drained() {
    let (pool, deliver) = pool();
    let (worker, _) = attached(&pool);
    pool.submit([task(0)]);
    assert_eq!(take(&pool, worker), Some(0));
    assert_eq!(finish(&pool, worker), Finished::Delivered);
    assert_eq!(pool.remove_worker(worker), None);
    assert_eq!(deliver.rung(), 1);
    assert_eq!(drained(&pool).len(), 1);
}

#[test]
fn after_it_was_condemned() {
    let (pool, _) = pool();
    let (worker, _) = attached(&pool);
    pool.submit([task(0)]);
    assert_eq!(take(&pool, worker), Some(0));
    assert_eq!(pool.cancel(&[0])[0], Cancelled::Running(worker));
    // A new task has got the id: it is not the dead worker's.
    pool.submit([task(0)]);
    assert_eq!(pool.remove_worker(worker), None);
    assert_eq!(pool.cancel(&[0])[0], Cancelled::Queued);
}

#[test]
fn a_worker_that_stops_listening_passes_its_wake_on() {
    let (pool, _) = pool();
    let (first, first_bell) = idle(&pool);
    let (second, second_bell) = idle(&pool);
    // The second went idle last, but listens no more.
    pool.unlist(second);
    pool.submit([task(0)]);
    assert_eq!((first_bell.rung(), second_bell.rung()), (1, 0));
    assert_eq!(take(&pool, first), Some(0));
    assert_eq!(finish(&pool, first), Finished::Delivered);
    assert_eq!(take(&pool, first), None);
    // It listens again.
    assert_eq!(take(&pool, second), None);
    pool.submit([task(1)]);
    assert_eq!((first_bell.rung(), second_bell.rung()), (0, 1));
    pool.unlist(second);
    assert_eq!((first_bell.rung(), second_bell.rung()), (1, 0));
    assert_eq!(take(&pool, first), Some(1));
}

#[test]
fn last_words_come_with_the_end_of_the_task_they_were_said_in() {
    let (pool, worker) = running(&[0]);
    pool.last_words(worker, Message::new(b"first"));
    pool.last_words(worker, Message::new(b"last"));
    pool.thread_gone(worker);
    let [gone] = drained(&pool).try_into().expect("one entry");
    assert_eq!((gone.id, gone.status), (0, Status::ThreadGone));
    assert_eq!(gone.message.bytes(), b"last");
}

#[test]
fn last_words_do_not_count_if_the_thread_goes_on() {
    let (pool, worker) = running(&[0, 1]);
    pool.last_words(worker, Message::new(b"words"));
    assert_eq!(
        pool.finish(worker, Status::Result, Message::empty()),
        Finished::Delivered
    );
    assert!(matches!(
        pool.take(worker, &mut Task::default()),
        Taken::Task
    ));
    pool.thread_gone(worker);
    let gone = drained(&pool).pop().expect("entries");
    assert_eq!((gone.id, gone.status), (1, Status::ThreadGone));
    assert!(gone.message.bytes().is_empty());
}

#[test]
fn last_words_that_are_said_outside_of_a_task_belong_to_none() {
    let (pool, _) = pool();
    let worker = pool.add_workers();
    pool.last_words(worker, Message::new(b"words"));
    pool.thread_gone(worker);
    let gone = drained(&pool).pop().expect("an entry");
    assert_eq!(gone.id, packet::NEVER_A_TASK);
    assert_eq!(gone.message.bytes(), b"words");
    let (worker, _) = attached(&pool);
    pool.last_words(worker, Message::new(b"words"));
    pool.submit([task(0)]);
    assert_eq!(take(&pool, worker), Some(0));
    pool.thread_gone(worker);
    let gone = drained(&pool).pop().expect("an entry");
    assert_eq!(gone.id, 0);
    assert!(gone.message.bytes().is_empty());
}

#[test]
fn a_worker_that_gives_up_settles_its_task_and_takes_no_other() {
    let (pool, worker) = running(&[0, 1]);
    pool.give_up(worker, Message::new(b"error"));
    let [entry] = drained(&pool).try_into().expect("one entry");
    assert_eq!((entry.id, entry.status), (0, Status::Fatal));
    assert_eq!(entry.message.bytes(), b"error");
    assert!(matches!(
        pool.take(worker, &mut Task::default()),
        Taken::Stop
    ));
    assert_eq!(
        pool.finish(worker, Status::Result, Message::empty()),
        Finished::Stale
    );
    pool.give_up(worker, Message::empty());
    assert_eq!(drained(&pool)[0].id, packet::NO_TASK);
}

#[test]
fn output_comes_before_what_the_worker_does_later() {
    let (pool, worker) = running(&[0]);
    pool.output(worker, 1, Message::new(b"text"));
    let _ = pool.finish(worker, Status::Result, Message::empty());
    let [output, result] = drained(&pool).try_into().expect("two entries");
    assert_eq!((output.id, output.status), (1, Status::Output));
    assert_eq!(output.message.bytes(), b"text");
    assert_eq!(result.status, Status::Result);
}

/// A pool with these tasks, the first of which a worker runs.
fn running(ids: &[TaskId]) -> (Arc<Pool>, WorkerId) {
    let (pool, _) = pool();
    let worker = pool.add_workers();
    assert!(pool.attach(worker, Bell::new()));
    assert!(pool.submit(ids.iter().copied().map(task)));
    assert!(matches!(
        pool.take(worker, &mut Task::default()),
        Taken::Task
    ));
    (pool, worker)
}
