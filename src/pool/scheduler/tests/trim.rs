//! What is given back after a peak of tasks.

use super::{attached, finish, take};
use crate::pool::testing::{pool, task};
use crate::pool::{Pool, TaskId, WorkerId};

/// More than an id may be beyond all others.
const PEAK: TaskId = 100_000;

fn submit(pool: &Pool, id: TaskId) -> bool {
    pool.submit([task(id)])
}

/// Submits so many tasks at once, and runs all of them.
fn peak(pool: &Pool, worker: WorkerId) {
    assert!((0..PEAK).all(|id| submit(pool, id)));
    for _ in 0..PEAK {
        assert!(take(pool, worker).is_some());
        let _ = finish(pool, worker);
    }
}

fn capacity_of_stream(pool: &Pool) -> usize {
    let mut completions = Vec::new();
    pool.drain(&mut completions); // which swaps the two
    completions.capacity()
}

#[test]
fn the_table_and_the_stream_of_a_peak_are_given_back() {
    let (pool, _deliver) = pool();
    let (worker, _) = attached(&pool);
    peak(&pool, worker);
    assert!(capacity_of_stream(&pool) >= PEAK as usize);
    assert!(submit(&pool, PEAK)); // there are slots up to it
    assert_eq!(take(&pool, worker), Some(PEAK));
    let _ = finish(&pool, worker);
    capacity_of_stream(&pool);
    pool.trim();
    assert_eq!(capacity_of_stream(&pool), 0);
    assert!(!submit(&pool, PEAK)); // there are none any more
    assert!(submit(&pool, 0));
    assert_eq!(take(&pool, worker), Some(0));
}

#[test]
fn nothing_is_given_back_while_a_task_waits_or_runs() {
    let (pool, _deliver) = pool();
    let (worker, _) = attached(&pool);
    peak(&pool, worker);
    assert!(submit(&pool, 5));
    pool.trim();
    assert_eq!(take(&pool, worker), Some(5));
    pool.trim();
    assert!(!submit(&pool, 5)); // it still runs
    assert!(submit(&pool, PEAK));
}

#[test]
fn results_that_nobody_has_drained_stay() {
    let (pool, _deliver) = pool();
    let (worker, _) = attached(&pool);
    assert!(submit(&pool, 0));
    assert_eq!(take(&pool, worker), Some(0));
    let _ = finish(&pool, worker);
    pool.trim();
    let mut completions = Vec::new();
    pool.drain(&mut completions);
    assert_eq!(completions.len(), 1);
}

#[test]
fn a_cancelled_task_is_not_revived_by_a_later_one() {
    let (pool, _deliver) = pool();
    let (worker, _) = attached(&pool);
    assert!(submit(&pool, 0));
    let _ = pool.cancel(&[0]); // its entry stays in the queue, and is the first of its slot
    pool.trim();
    assert!(submit(&pool, 0));
    assert_eq!(take(&pool, worker), Some(0));
    let _ = finish(&pool, worker);
    assert_eq!(take(&pool, worker), None);
}
