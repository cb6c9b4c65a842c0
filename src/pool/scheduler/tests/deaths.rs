//! A worker that dies, at each point of its life: nothing is lost with it but the task it ran.

use super::{attached, finish, idle, take};
use crate::pool::testing::{drained, pool, task, Bell};
use crate::pool::{Cancelled, Finished, Taken};

#[test]
fn before_it_is_attached() {
    let (pool, _) = pool();
    let worker = pool.add_worker();
    assert_eq!(pool.remove_worker(worker), None);
    assert!(!pool.attach(worker, Bell::new()));
    assert!(matches!(pool.take(worker), Taken::Stop));
    assert_eq!(pool.add_worker(), worker);
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
    assert_eq!(pool.cancel(5), Cancelled::Settled);
    assert_eq!(finish(&pool, worker), Finished::Stale);
    assert_eq!(deliver.rung(), 0);
    let statistics = pool.statistics();
    assert_eq!((statistics.running, statistics.failed), (0, 1));
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
    assert_eq!(pool.cancel(0), Cancelled::Running(worker));
    // A new task has the id meanwhile: it is not the dead worker's.
    pool.submit([task(0)]);
    assert_eq!(pool.remove_worker(worker), None);
    assert_eq!(pool.cancel(0), Cancelled::Queued);
}

#[test]
fn a_worker_that_stops_listening_passes_its_wake_on() {
    let (pool, _) = pool();
    let (first, first_bell) = idle(&pool);
    let (second, second_bell) = idle(&pool);
    pool.unlist(first);
    assert_eq!(pool.statistics().idle, 1);
    assert!(matches!(pool.take(first), Taken::Idle));
    pool.submit([task(0)]);
    assert_eq!((first_bell.rung(), second_bell.rung()), (1, 0));
    pool.unlist(first);
    assert_eq!((first_bell.rung(), second_bell.rung()), (0, 1));
    assert_eq!(take(&pool, second), Some(0));
    // It may listen again.
    assert_eq!(take(&pool, first), None);
    pool.submit([task(1)]);
    assert_eq!(first_bell.rung(), 1);
}
