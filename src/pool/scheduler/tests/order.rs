//! The orders of the queue: last in, first out, and ranks; with keys, and with several workers.

use super::{finish, idle, take};
use crate::pool::testing::{attached, keyed, pool_of, task, task_of};
use crate::pool::{Cancelled, Finished, Lanes, Options, Pool, QueueOrder, Task, TaskId, WorkerId};
use crate::sync::Arc;
use crate::wire::packet::{Order, TaskHeader};
use std::time::Duration;

const A: u32 = 1;
const B: u32 = 2;

fn pool(order: QueueOrder) -> Arc<Pool> {
    let (pool, _) = pool_of(Options {
        spin: Duration::ZERO,
        max_running: usize::MAX,
        max_tasks: u64::MAX,
        lanes: Lanes::new(1),
        order,
    });
    pool
}

/// The order in which the worker takes what waits for it.
fn order_of(pool: &Pool, worker: WorkerId) -> Vec<TaskId> {
    std::iter::from_fn(|| {
        let id = take(pool, worker)?;
        assert_eq!(finish(pool, worker), Finished::Delivered);
        Some(id)
    })
    .collect()
}

fn with_priority(id: TaskId, priority: i8) -> Task {
    task_of(TaskHeader {
        id,
        order: Order::new(priority, 0),
        ..TaskHeader::default()
    })
}

#[test]
fn the_last_one_is_taken_first_within_its_priority() {
    let pool = pool(QueueOrder::Lifo);
    let (worker, _) = attached(&pool);
    pool.submit([task(0), with_priority(1, 5), with_priority(2, -5), task(3)]);
    pool.submit([with_priority(4, 5), task(5)]);
    assert_eq!(order_of(&pool, worker), [4, 1, 5, 3, 0, 2]);
}

#[test]
fn the_lowest_rank_is_taken_first_within_its_priority() {
    let pool = pool(QueueOrder::Ranked);
    assert!(pool.is_ranked());
    let (worker, _) = attached(&pool);
    pool.submit_ranked([(task(0), 2.0), (task(1), -1.0), (with_priority(2, 1), 9.0)]);
    pool.submit_ranked([(task(3), 0.5), (task(4), 2.0), (with_priority(5, -1), -9.0)]);
    assert_eq!(order_of(&pool, worker), [2, 1, 3, 0, 4, 5]);
}

#[test]
fn a_pool_without_ranks_does_not_look_at_them() {
    for (order, expected) in [(QueueOrder::Fifo, [0, 1]), (QueueOrder::Lifo, [1, 0])] {
        let pool = pool(order);
        assert!(!pool.is_ranked());
        let (worker, _) = attached(&pool);
        pool.submit_ranked([(task(0), 1.0), (task(1), 1.0)]);
        assert_eq!(order_of(&pool, worker), expected);
    }
}

#[test]
fn cancelled_ones_are_passed_over() {
    for (order, expected) in [(QueueOrder::Lifo, [3, 1]), (QueueOrder::Ranked, [1, 3])] {
        let pool = pool(order);
        let (worker, _) = attached(&pool);
        pool.submit_ranked((0..5).map(|id| (task(id), f64::from(id))));
        assert_eq!(pool.cancel(&[0, 4]), [Cancelled::Queued; 2]);
        assert_eq!(pool.cancel_waiting(&[2]), [true]);
        assert_eq!(pool.statistics().waiting, 2);
        assert_eq!(order_of(&pool, worker), expected);
    }
}

#[test]
fn within_a_key_they_run_as_submitted() {
    for order in [QueueOrder::Lifo, QueueOrder::Ranked] {
        let pool = pool(order);
        let (worker, _) = attached(&pool);
        let tasks = (0..6).map(|id| (keyed(id, A), f64::from(10 - id)));
        pool.submit_ranked(tasks);
        assert_eq!(order_of(&pool, worker), [0, 1, 2, 3, 4, 5]);
    }
}

#[test]
fn the_rank_decides_among_the_first_of_each_key_and_those_without() {
    let pool = pool(QueueOrder::Ranked);
    let (worker, _) = attached(&pool);
    pool.submit_ranked([(keyed(0, A), 0.0), (keyed(1, B), 0.0)]);
    assert_eq!(order_of(&pool, worker), [0, 1], "it is their home now");
    pool.submit_ranked([
        (keyed(2, A), 5.0),
        (keyed(3, A), 1.0),
        (keyed(4, B), 4.0),
        (task(5), 3.0),
        (task(6), 5.0),
        (task(7), 1.0),
    ]);
    assert_eq!(order_of(&pool, worker), [7, 5, 4, 2, 3, 6]);
}

#[test]
fn the_newest_of_the_keys_of_a_thread_is_taken_first() {
    let pool = pool(QueueOrder::Lifo);
    let (worker, _) = attached(&pool);
    pool.submit([keyed(0, A), keyed(1, B)]);
    assert_eq!(order_of(&pool, worker), [1, 0]);
    for next in [keyed(2, A), task(3), keyed(4, B), task(5)] {
        pool.submit([next]);
        std::thread::sleep(Duration::from_micros(1));
    }
    assert_eq!(order_of(&pool, worker), [5, 4, 3, 2]);
}

/// What waited for a thread that is no home any more is put into the queue.
#[test]
fn those_that_lose_their_thread_keep_their_order() {
    for (order, expected) in [
        (QueueOrder::Fifo, [2, 3, 4]),
        (QueueOrder::Lifo, [4, 3, 2]),
        (QueueOrder::Ranked, [3, 4, 2]),
    ] {
        let pool = pool(order);
        let (home, _) = attached(&pool);
        pool.submit([keyed(0, A), keyed(1, B), keyed(5, 3)]);
        assert_eq!(order_of(&pool, home).len(), 3);
        pool.submit_ranked([(keyed(2, A), 3.0), (keyed(3, B), 1.0), (keyed(4, 3), 2.0)]);
        let (other, _) = attached(&pool);
        assert_eq!(take(&pool, other), None);
        pool.pause(home);
        assert_eq!(order_of(&pool, other), expected);
    }
}

#[test]
fn an_idle_worker_is_left_the_one_that_comes_first() {
    let pool = pool(QueueOrder::Ranked);
    let (home, _) = attached(&pool);
    pool.submit_ranked([(keyed(0, A), 0.0)]);
    assert_eq!(order_of(&pool, home), [0]);
    let (other, _) = idle(&pool);
    let (third, _) = idle(&pool);
    pool.submit_ranked([(keyed(1, A), 2.0), (task(2), 1.0)]);
    assert_eq!(take(&pool, home), Some(1), "nobody else may take it");
    assert_eq!(take(&pool, other), Some(2));
    assert_eq!(take(&pool, third), None);
}
