//! What running tasks tell of their progress: how much of it is kept, and of which task.

use super::{finish, take};
use crate::pool::testing::{attached, drained, pool, task};
use crate::pool::{
    Cancelled, Completion, Finished, Pool, Status, WorkerId, PROGRESS_BYTES, PROGRESS_KEPT,
};
use crate::transport::Message;

const KEPT: u32 = PROGRESS_KEPT;

fn report(pool: &Pool, worker: WorkerId, number: u32) -> bool {
    pool.progress(worker, Message::new(&number.to_le_bytes()))
}

fn number(entry: &Completion) -> u32 {
    u32::from_le_bytes(entry.message.bytes().try_into().unwrap())
}

fn numbers(entries: &[Completion]) -> Vec<u32> {
    let progress = entries
        .iter()
        .filter(|entry| entry.status == Status::Progress);
    progress.map(number).collect()
}

#[test]
fn progress_comes_in_order_and_before_the_result() {
    let (pool, deliver) = pool();
    let (worker, _) = attached(&pool);
    assert!(!report(&pool, worker, 0), "it runs no task");
    pool.submit([task(0)]);
    assert_eq!(take(&pool, worker), Some(0));
    assert!(pool.is_running(worker));
    for number in 1..4 {
        assert!(report(&pool, worker, number));
    }
    assert_eq!(finish(&pool, worker), Finished::Delivered);
    assert!(!pool.is_running(worker));
    assert!(!report(&pool, worker, 4), "its task is settled");
    assert_eq!(deliver.rung(), 1);
    let entries = drained(&pool);
    assert_eq!(numbers(&entries), [1, 2, 3]);
    assert!(entries
        .iter()
        .all(|entry| (entry.id, entry.worker) == (0, worker)));
    assert_eq!(entries[3].status, Status::Result);
}

#[test]
fn the_newest_is_replaced_if_nobody_looks() {
    let (pool, _) = pool();
    let workers = [attached(&pool).0, attached(&pool).0];
    pool.submit([task(0), task(1)]);
    for (id, worker) in (0..).zip(workers) {
        assert_eq!(take(&pool, worker), Some(id));
    }
    // Of each task so many are kept; what others report in between does not matter.
    for number in 0..2 * KEPT {
        for worker in workers {
            assert!(report(&pool, worker, number));
        }
    }
    let kept: Vec<u32> = (0..KEPT - 1).chain([2 * KEPT - 1]).collect();
    let entries = drained(&pool);
    for worker in workers {
        let of_worker = entries.iter().filter(|entry| entry.worker == worker);
        let values: Vec<u32> = of_worker.map(number).collect();
        assert_eq!(values, kept);
    }
    // After a look there is room again, whatever else lies where the newest one was.
    assert_eq!(finish(&pool, workers[1]), Finished::Delivered);
    for number in 0..=KEPT {
        assert!(report(&pool, workers[0], number));
    }
    let kept: Vec<u32> = (0..KEPT - 1).chain([KEPT]).collect();
    assert_eq!(numbers(&drained(&pool)), kept);
}

#[test]
fn large_ones_are_replaced_before_there_are_many() {
    let (pool, _) = pool();
    let (worker, _) = attached(&pool);
    pool.submit([task(0)]);
    assert_eq!(take(&pool, worker), Some(0));
    let sizes = |entries: Vec<Completion>| -> Vec<usize> {
        entries.iter().map(|entry| entry.message.size()).collect()
    };
    let half = PROGRESS_BYTES / 2;
    let large = |size| assert!(pool.progress(worker, Message::new(&vec![1; size])));
    // The third one takes the place of the second, and leaves room for another one.
    for size in [half, half, half - 1, 5, 6] {
        large(size);
    }
    assert_eq!(sizes(drained(&pool)), [half, half - 1, 6]);
    for size in [2 * half, 5, 7] {
        large(size);
    }
    assert_eq!(sizes(drained(&pool)), [2 * half, 7]);
}

#[test]
fn the_next_task_of_a_worker_has_room_of_its_own() {
    let (pool, _) = pool();
    let (worker, _) = attached(&pool);
    pool.submit([task(0), task(1)]);
    for id in 0..2 {
        assert_eq!(take(&pool, worker), Some(id));
        for number in 0..KEPT {
            assert!(report(&pool, worker, number));
        }
        assert_eq!(finish(&pool, worker), Finished::Delivered);
    }
    assert_eq!(numbers(&drained(&pool)).len(), 2 * KEPT as usize);
}

#[test]
fn a_task_that_is_settled_otherwise_tells_nothing_more() {
    let (pool, _) = pool();
    let workers = [attached(&pool).0, attached(&pool).0];
    pool.submit([task(0), task(1)]);
    for worker in workers {
        assert!(take(&pool, worker).is_some());
        assert!(report(&pool, worker, 1));
    }
    assert_eq!(pool.cancel(&[0])[0], Cancelled::Running(workers[0]));
    assert!(!pool.is_running(workers[0]));
    assert!(!report(&pool, workers[0], 2));
    assert!(report(&pool, workers[1], 2));
    pool.close();
    assert!(!pool.is_running(workers[1]));
    assert!(!report(&pool, workers[1], 3));
    assert_eq!(numbers(&drained(&pool)), [1, 1, 2]);
}

#[test]
fn no_value_is_replaced_and_none_follows_the_end() {
    let (pool, deliver) = pool();
    let (worker, _) = attached(&pool);
    let value = |number: u32| pool.value(worker, Message::new(&number.to_le_bytes()));
    assert!(!value(0), "it runs no task");
    pool.submit([task(0)]);
    assert_eq!(take(&pool, worker), Some(0));
    let all: Vec<u32> = (0..4 * KEPT).collect();
    for &number in &all {
        assert!(value(number));
        assert!(report(&pool, worker, number));
    }
    assert_eq!(finish(&pool, worker), Finished::Delivered);
    assert!(!value(0), "its task is settled");
    assert_eq!(deliver.rung(), 1);
    let entries = drained(&pool);
    let values = entries.iter().filter(|entry| entry.status == Status::Value);
    let told: Vec<u32> = values.map(number).collect();
    assert_eq!(told, all);
    assert_eq!(numbers(&entries).len(), KEPT as usize);
    assert_eq!(
        entries.last().map(|entry| entry.status),
        Some(Status::Result)
    );
}
