//! What the submitter hears of tasks that it observes, and of workers that it asks for.

use super::{finish, take};
use crate::pool::testing::{attached, drained, milliseconds, pool, task, task_of, Bell};
use crate::pool::{Completion, Finished, Moment, Pool, Status, Taken, Task, TaskId, WorkerId};
use crate::sync::Arc;
use crate::transport::Message;
use crate::wire::packet::{TaskHeader, FLAG_START, FLAG_TIMES};
use std::time::{Duration, Instant};

fn observed(id: TaskId, flags: u32) -> Task {
    task_of(TaskHeader {
        id,
        flags,
        ..TaskHeader::default()
    })
}

fn statuses(entries: &[Completion]) -> Vec<Status> {
    entries.iter().map(|entry| entry.status).collect()
}

/// The times in the message, in milliseconds.
fn times(entry: &Completion) -> Vec<f64> {
    let (times, rest) = entry.message.bytes().as_chunks();
    assert_eq!(rest, []);
    times.iter().map(|time| f64::from_le_bytes(*time)).collect()
}

fn running(flags: u32) -> (Arc<Pool>, Arc<Bell>, WorkerId) {
    let (pool, deliver) = pool();
    let (worker, _) = attached(&pool);
    pool.submit([observed(0, flags)]);
    assert_eq!(take(&pool, worker), Some(0));
    (pool, deliver, worker)
}

#[test]
fn a_task_that_asks_for_nothing_is_told_its_end_only() {
    let (pool, _, worker) = running(0);
    assert_eq!(finish(&pool, worker), Finished::Delivered);
    assert_eq!(statuses(&drained(&pool)), [Status::Result]);
}

#[test]
fn the_start_is_told_when_a_worker_takes_the_task() {
    let (pool, deliver, worker) = running(FLAG_START);
    assert_eq!(deliver.rung(), 1);
    let entries = drained(&pool);
    assert_eq!(statuses(&entries), [Status::Started]);
    assert_eq!((entries[0].id, entries[0].worker), (0, worker));
    assert_eq!(times(&entries[0]).len(), 1);
    assert_eq!(finish(&pool, worker), Finished::Delivered);
    assert_eq!(statuses(&drained(&pool)), [Status::Result]);
}

#[test]
fn the_times_precede_what_settles_the_task() {
    let before = Instant::now();
    let (pool, deliver, worker) = running(FLAG_TIMES);
    assert_eq!(deliver.rung(), 0);
    assert_eq!(finish(&pool, worker), Finished::Delivered);
    let most = before.elapsed().as_secs_f64() * 1e3;
    assert_eq!(deliver.rung(), 1);
    let entries = drained(&pool);
    assert_eq!(statuses(&entries), [Status::Times, Status::Result]);
    let told = times(&entries[0]);
    assert_eq!(told.len(), 2);
    assert!(told.iter().all(|time| *time >= 0.0), "{told:?}");
    assert!(told.iter().sum::<f64>() <= most, "{told:?} of {most}");
}

#[test]
fn the_times_precede_each_end_that_is_not_the_submitters() {
    let (pool, _, worker) = running(FLAG_TIMES);
    pool.thread_gone(worker);
    let all = [Status::Times, Status::ThreadGone];
    assert_eq!(statuses(&drained(&pool)), all);

    let (pool, _, worker) = running(FLAG_TIMES);
    pool.give_up(worker, Message::empty());
    let all = [Status::Times, Status::Fatal];
    assert_eq!(statuses(&drained(&pool)), all);

    let (pool, _, _) = running(FLAG_TIMES);
    let _ = pool.cancel(&[0]);
    assert_eq!(statuses(&drained(&pool)), []);
}

#[test]
fn the_times_precede_the_expiry() {
    let (pool, deliver) = pool();
    let (worker, _) = attached(&pool);
    pool.submit([task_of(TaskHeader {
        flags: FLAG_TIMES,
        timeout: milliseconds(Duration::from_millis(1)),
        ..TaskHeader::default()
    })]);
    assert_eq!(take(&pool, worker), Some(0));
    pool.expire_due(Moment::now() + Duration::from_secs(1));
    assert_eq!(deliver.rung(), 1);
    let all = [Status::Times, Status::Expired];
    assert_eq!(statuses(&drained(&pool)), all);
}

#[test]
fn workers_count_their_tasks_and_the_time_that_they_took() {
    let (pool, _) = pool();
    let before = Instant::now();
    let (first, _) = attached(&pool);
    let (second, _) = attached(&pool);
    pool.submit((0..3).map(task));
    assert_eq!(take(&pool, first), Some(0));
    assert_eq!(finish(&pool, first), Finished::Delivered);
    assert_eq!(take(&pool, first), Some(1));
    let details = pool.details();
    assert_eq!(details.queue.len(), 1);
    let of = |worker| {
        let found = details.threads.iter().find(|each| each.worker == worker);
        *found.expect("the worker")
    };
    assert_eq!((of(first).running, of(first).tasks), (1, 1));
    assert_eq!((of(second).running, of(second).tasks), (0, 0));
    assert!(of(first).busy <= before.elapsed().as_secs_f64() * 1e3);
    assert!(of(second).busy.abs() < f64::EPSILON);
    // What runs counts.
    let later = pool.details().threads;
    assert!(later.iter().any(|each| each.busy > of(first).busy));
    assert_eq!(finish(&pool, first), Finished::Delivered);
    let Taken::Task = pool.take(second, &mut Task::default()) else {
        panic!("the last one waits");
    };
    assert_eq!(pool.details().queue, []);
    let _ = pool.remove_worker(second);
    assert_eq!(pool.details().threads.len(), 1);
}
