//! A worker that goes from one task to the next in one step.

use super::{attached, take};
use crate::pool::testing::{drained, pool, task};
use crate::pool::{Moment, Pool, Statistics, Status, Taken, Task, WorkerId};
use crate::transport::Message;

fn next(pool: &Pool, worker: WorkerId, task: &mut Task) -> Taken {
    pool.finish_and_take(
        worker,
        Status::Result,
        Message::new(b"result"),
        Moment::now(),
        task,
    )
}

#[test]
fn the_next_task_is_taken_with_the_result_of_the_last() {
    let (pool, deliver) = pool();
    let (worker, _) = attached(&pool);
    pool.submit([task(0), task(1)]);
    assert_eq!(take(&pool, worker), Some(0));
    let mut taken = Task::default();
    assert_eq!(next(&pool, worker, &mut taken), Taken::Task);
    assert_eq!(taken.header.id, 1);
    assert_eq!(deliver.rung(), 1);
    let Statistics {
        waiting, running, ..
    } = pool.statistics();
    assert_eq!((waiting, running), (0, 1));
    let results = drained(&pool);
    assert_eq!(results.len(), 1);
    assert_eq!((results[0].id, results[0].status), (0, Status::Result));
}

#[test]
fn without_a_next_task_the_worker_is_listed() {
    let (pool, _deliver) = pool();
    let (worker, bell) = attached(&pool);
    pool.submit([task(0)]);
    assert_eq!(take(&pool, worker), Some(0));
    assert!(matches!(
        next(&pool, worker, &mut Task::default()),
        Taken::Idle
    ));
    pool.submit([task(1)]);
    assert_eq!(bell.rung(), 1);
    assert_eq!(take(&pool, worker), Some(1));
}

#[test]
fn a_stale_result_ends_the_worker() {
    let (pool, _deliver) = pool();
    let (worker, _) = attached(&pool);
    pool.submit([task(0), task(1)]);
    assert_eq!(take(&pool, worker), Some(0));
    let _ = pool.cancel(&[0]);
    assert!(matches!(
        next(&pool, worker, &mut Task::default()),
        Taken::Stop
    ));
    assert!(drained(&pool).is_empty());
    assert_eq!(pool.statistics().waiting, 1);
}
