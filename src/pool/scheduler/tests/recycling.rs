//! Workers that leave: they take no further task, finish their last one, and have successors.

use super::{finish, idle, take};
use crate::pool::testing::{attached, drained, pool_of, task, task_of, Bell};
use crate::pool::{
    Cancelled, Finished, Lanes, Moment, Options, Pool, QueueOrder, Status, Taken, Task, WorkerId,
};
use crate::sync::Arc;
use crate::wire::packet::TaskHeader;
use std::time::Duration;

fn pool(max_running: usize, max_tasks: u64) -> (Arc<Pool>, Arc<Bell>) {
    pool_of(Options {
        spin: Duration::ZERO,
        max_running,
        max_tasks,
        lanes: Lanes::new(1),
        order: QueueOrder::Fifo,
    })
}

fn entries(pool: &Pool) -> Vec<(Status, WorkerId)> {
    let entries = drained(pool).into_iter();
    entries.map(|entry| (entry.status, entry.worker)).collect()
}

fn stops(pool: &Pool, worker: WorkerId) -> bool {
    matches!(pool.take(worker, &mut Task::default()), Taken::Stop)
}

#[test]
fn a_worker_leaves_with_its_last_task() {
    let (pool, deliver) = pool(1, 2);
    let (worker, _) = attached(&pool);
    pool.submit((0..3).map(task));
    assert_eq!(take(&pool, worker), Some(0));
    assert_eq!(deliver.rung(), 0);
    assert_eq!(finish(&pool, worker), Finished::Delivered);
    assert_eq!(entries(&pool), [(Status::Result, worker)]);
    deliver.rung();
    assert_eq!(take(&pool, worker), Some(1));
    assert_eq!(deliver.rung(), 1, "its successor can be started");
    assert_eq!(finish(&pool, worker), Finished::Delivered);
    let all = [Status::Leaving, Status::Result, Status::Left];
    assert_eq!(entries(&pool), all.map(|status| (status, worker)));
    assert!(stops(&pool, worker));
    assert_eq!(pool.statistics().waiting, 1);
}

#[test]
fn a_successor_takes_when_the_last_task_has_ended() {
    let (pool, _) = pool(1, 1);
    let (leaving, _) = attached(&pool);
    pool.submit((0..2).map(task));
    assert_eq!(take(&pool, leaving), Some(0));
    let (successor, bell) = idle(&pool);
    pool.submit([task(2)]);
    assert_eq!(bell.rung(), 0, "one task runs at a time");
    assert_eq!(finish(&pool, leaving), Finished::Delivered);
    assert_eq!(bell.rung(), 1);
    assert_eq!(take(&pool, successor), Some(1));
}

#[test]
fn whatever_ends_a_task_makes_room_for_the_next() {
    type End = fn(&Pool, WorkerId);
    let ends: [End; 5] = [
        |pool, _| assert!(matches!(pool.cancel(&[0])[0], Cancelled::Running(_))),
        |pool, _| {
            let _ = pool.expire_due(Moment::now() + Duration::from_secs(9));
        },
        |pool, worker| pool.thread_gone(worker),
        |pool, worker| pool.give_up(worker, crate::transport::Message::empty()),
        |pool, worker| assert_eq!(pool.remove_worker(worker), Some(0)),
    ];
    for end in ends {
        let (pool, _) = pool(1, 1);
        let (leaving, _) = attached(&pool);
        let header = TaskHeader {
            timeout: 1000,
            ..TaskHeader::default()
        };
        pool.submit([task_of(header), task(1)]);
        assert_eq!(take(&pool, leaving), Some(0));
        let (successor, bell) = idle(&pool);
        end(&pool, leaving);
        assert_eq!(bell.rung(), 1);
        assert_eq!(take(&pool, successor), Some(1));
    }
}

#[test]
fn a_worker_that_is_to_go_finishes_its_task() {
    let (pool, _) = pool(2, u64::MAX);
    let (busy, _) = attached(&pool);
    let (free, bell) = idle(&pool);
    pool.submit([task(0)]);
    assert_eq!(take(&pool, busy), Some(0));
    bell.rung();
    assert!(pool.retire(free));
    assert!(stops(&pool, free));
    assert!(!pool.retire(busy));
    assert!(!pool.retire(busy), "a second time");
    assert_eq!(finish(&pool, busy), Finished::Delivered);
    let all = [Status::Leaving, Status::Result, Status::Left];
    assert_eq!(entries(&pool), all.map(|status| (status, busy)));
    assert!(stops(&pool, busy));
}

#[test]
fn a_wake_of_a_worker_that_is_to_go_is_passed_on() {
    let (pool, _) = pool(2, u64::MAX);
    let (first, first_bell) = idle(&pool);
    let (second, second_bell) = idle(&pool);
    pool.submit([task(0)]);
    assert_eq!((first_bell.rung(), second_bell.rung()), (0, 1));
    assert!(pool.retire(second));
    assert_eq!(first_bell.rung(), 1);
    assert_eq!(take(&pool, first), Some(0));
}

#[test]
fn a_worker_leaves_by_itself_during_a_task() {
    let (pool, _) = pool(1, u64::MAX);
    let (worker, _) = attached(&pool);
    pool.leave(worker);
    pool.submit([task(0)]);
    assert_eq!(take(&pool, worker), Some(0), "not without a task");
    pool.leave(worker);
    assert_eq!(finish(&pool, worker), Finished::Delivered);
    assert!(stops(&pool, worker));
}
