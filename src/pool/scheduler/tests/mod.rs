//! Each transition of tasks and workers, on one thread.

use crate::pool::testing::{attached, drained, pool, task, task_of, Bell};
use crate::pool::{Cancelled, Finished, Pool, Statistics, Status, Taken, Task, TaskId, WorkerId};
use crate::sync::Arc;
use crate::transport::Message;
use crate::wire::packet::{self, Order, TaskHeader, NO_KEY};
use std::time::Duration;

mod aborted;
mod affinity;
mod deaths;
mod lanes;
mod lock;
mod next;
mod observed;
mod order;
mod progress;
mod recycling;
mod trim;

/// A worker that waits on the idle list.
fn idle(pool: &Pool) -> (WorkerId, Arc<Bell>) {
    let (worker, bell) = attached(pool);
    assert!(matches!(
        pool.take(worker, &mut Task::default()),
        Taken::Idle
    ));
    (worker, bell)
}

fn take(pool: &Pool, worker: WorkerId) -> Option<TaskId> {
    let mut task = Task::default();
    match pool.take(worker, &mut task) {
        Taken::Task => {
            assert_eq!(task.message.bytes(), task.header.id.to_le_bytes());
            Some(task.header.id)
        }
        Taken::Idle => None,
        Taken::Stop => panic!("the worker is not condemned"),
    }
}

fn finish(pool: &Pool, worker: WorkerId) -> Finished {
    pool.finish(worker, Status::Result, Message::new(b"result"))
}

#[test]
fn a_task_goes_in_and_its_result_comes_out() {
    let (pool, deliver) = pool();
    let (worker, _) = attached(&pool);
    let header = TaskHeader {
        id: 3,
        flags: 7,
        ..TaskHeader::default()
    };
    pool.submit([task_of(header)]);
    assert_eq!(pool.statistics().waiting, 1);
    let mut taken = Task::default();
    assert_eq!(pool.take(worker, &mut taken), Taken::Task);
    assert_eq!(taken.header, header);
    assert_eq!(pool.statistics().running, 1);
    assert_eq!(finish(&pool, worker), Finished::Delivered);
    assert_eq!(finish(&pool, worker), Finished::Stale);
    assert_eq!(deliver.rung(), 1);
    let completions = drained(&pool);
    assert_eq!(completions.len(), 1);
    assert_eq!((completions[0].id, completions[0].worker), (3, worker));
    assert_eq!(completions[0].message.bytes(), b"result");
    assert_eq!(pool.statistics().running, 0);
    let (waits, runs) = pool.histograms();
    assert_eq!((waits.count, runs.count), (1, 1));
}

#[test]
fn one_submit_wakes_one_worker_and_that_one_the_next() {
    let (pool, _) = pool();
    let (first, first_bell) = idle(&pool);
    let (second, second_bell) = idle(&pool);
    pool.submit((0..2).map(task));
    // The one that went idle last.
    assert_eq!((first_bell.rung(), second_bell.rung()), (0, 1));
    assert_eq!(take(&pool, second), Some(0));
    assert_eq!((first_bell.rung(), second_bell.rung()), (1, 0));
    assert_eq!(take(&pool, first), Some(1));
    assert_eq!((first_bell.rung(), second_bell.rung()), (0, 0));
}

#[test]
fn a_look_without_need_changes_nothing() {
    let (pool, _) = pool();
    let (worker, bell) = idle(&pool);
    assert_eq!(take(&pool, worker), None);
    pool.submit([task(0)]);
    assert_eq!(bell.rung(), 1);
    // Listed twice, it would be woken twice.
    pool.submit([task(1)]);
    assert_eq!(bell.rung(), 0);
}

#[test]
fn results_ring_once_until_they_are_drained() {
    let (pool, deliver) = pool();
    let (worker, _) = attached(&pool);
    for round in 0..3 {
        pool.submit((0..5).map(task));
        for id in 0..5 {
            assert_eq!(take(&pool, worker), Some(id));
            assert_eq!(finish(&pool, worker), Finished::Delivered);
        }
        assert_eq!(deliver.rung(), 1, "round {round}");
        assert_eq!(drained(&pool).len(), 5);
    }
    let mut completions = Vec::new();
    for id in 0..3 {
        pool.submit([task(id)]);
        assert_eq!(take(&pool, worker), Some(id));
        assert_eq!(finish(&pool, worker), Finished::Delivered);
        pool.drain(&mut completions);
    }
    let ids: Vec<TaskId> = completions.iter().map(|completion| completion.id).collect();
    assert_eq!(ids, [0, 1, 2]);
}

#[test]
fn a_waiting_task_that_is_cancelled_is_never_taken() {
    let (pool, _) = pool();
    let (worker, _) = attached(&pool);
    pool.submit((0..3).map(task));
    assert_eq!(pool.cancel(&[1])[0], Cancelled::Queued);
    assert_eq!(pool.cancel(&[1])[0], Cancelled::Settled);
    assert_eq!(pool.statistics().waiting, 2);
    assert_eq!(take(&pool, worker), Some(0));
    assert_eq!(finish(&pool, worker), Finished::Delivered);
    // A new task with the id of the cancelled one runs in its own place.
    pool.submit([task(1)]);
    assert_eq!(take(&pool, worker), Some(2));
    assert_eq!(finish(&pool, worker), Finished::Delivered);
    assert_eq!(take(&pool, worker), Some(1));
    assert_eq!(finish(&pool, worker), Finished::Delivered);
    assert_eq!(take(&pool, worker), None);
    assert_eq!(pool.cancel(&[77])[0], Cancelled::Settled);
}

#[test]
fn cancelling_a_running_task_condemns_its_worker() {
    let (pool, deliver) = pool();
    let (worker, _) = attached(&pool);
    pool.submit([task(0), task(1)]);
    assert_eq!(take(&pool, worker), Some(0));
    assert_eq!(pool.cancel(&[0])[0], Cancelled::Running(worker));
    assert_eq!(pool.cancel(&[0])[0], Cancelled::Settled);
    assert_eq!(finish(&pool, worker), Finished::Stale);
    assert!(matches!(
        pool.take(worker, &mut Task::default()),
        Taken::Stop
    ));
    assert_eq!(pool.remove_worker(worker), None);
    assert_eq!(deliver.rung(), 0);
    let (replacement, _) = attached(&pool);
    assert_eq!(take(&pool, replacement), Some(1));
}

#[test]
fn priority_and_order_decide_who_is_next() {
    let (pool, _) = pool();
    let (worker, _) = attached(&pool);
    let priorities = [0, -1, 5, 0, 5];
    let headers = (0..).zip(priorities).map(|(id, priority)| TaskHeader {
        id,
        order: Order::new(priority, NO_KEY),
        ..TaskHeader::default()
    });
    pool.submit(headers.map(task_of));
    for id in [2, 4, 0, 3, 1] {
        assert_eq!(take(&pool, worker), Some(id));
        assert_eq!(finish(&pool, worker), Finished::Delivered);
    }
}

#[test]
fn a_claim_tells_without_settling() {
    let (pool, deliver) = pool();
    let (worker, _) = attached(&pool);
    assert!(!pool.report(worker, Status::Claim));
    pool.submit([task(0)]);
    assert_eq!(take(&pool, worker), Some(0));
    assert!(pool.report(worker, Status::Claim));
    assert_eq!(finish(&pool, worker), Finished::Delivered);
    assert_eq!(deliver.rung(), 1);
    let statuses: Vec<Status> = drained(&pool).iter().map(|entry| entry.status).collect();
    assert_eq!(statuses, [Status::Claim, Status::Result]);
}

#[test]
fn a_worker_says_that_it_is_ready_and_what_its_end_took_with_it() {
    let (pool, deliver) = pool();
    let (worker, _) = attached(&pool);
    pool.announce(worker);
    assert_eq!(deliver.rung(), 1);
    let completions = drained(&pool);
    assert_eq!(
        (completions[0].status, completions[0].worker),
        (Status::Ready, worker)
    );
    let ending = |worker| {
        pool.thread_gone(worker);
        let [completion] = &drained(&pool)[..] else {
            panic!("one entry for the end of a thread");
        };
        assert_eq!(
            (completion.status, completion.worker),
            (Status::ThreadGone, worker)
        );
        assert_eq!(pool.remove_worker(worker), None);
        completion.id
    };
    pool.submit([task(0)]);
    assert_eq!(take(&pool, worker), Some(0));
    assert_eq!(ending(worker), 0);
    let (never, _) = attached(&pool);
    assert_eq!(ending(never), packet::NEVER_A_TASK);
    let (idle, _) = attached(&pool);
    pool.submit([task(0)]);
    assert_eq!(take(&pool, idle), Some(0));
    assert_eq!(finish(&pool, idle), Finished::Delivered);
    drained(&pool);
    assert_eq!(ending(idle), packet::NO_TASK);
}

#[test]
fn what_runs_is_not_cancelled_with_what_waits() {
    let (pool, _) = pool();
    let (worker, _) = attached(&pool);
    pool.submit([task(0), task(1)]);
    assert_eq!(take(&pool, worker), Some(0));
    assert!(!pool.cancel_waiting(&[0])[0]);
    assert!(pool.cancel_waiting(&[1])[0]);
    assert!(!pool.cancel_waiting(&[1])[0]);
    assert_eq!(finish(&pool, worker), Finished::Delivered);
}

#[test]
fn a_result_comes_out_with_its_status() {
    let (pool, _) = pool();
    let (worker, _) = attached(&pool);
    pool.submit((0..3).map(task));
    let statuses = [Status::Result, Status::Error, Status::ByPort];
    for status in statuses {
        assert!(take(&pool, worker).is_some());
        let finished = pool.finish(worker, status, Message::empty());
        assert_eq!(finished, Finished::Delivered);
    }
    assert_eq!(
        drained(&pool)
            .iter()
            .map(|entry| entry.status)
            .collect::<Vec<_>>(),
        statuses
    );
}

#[test]
fn an_id_in_use_is_refused() {
    let (pool, _) = pool();
    let (worker, _) = attached(&pool);
    assert!(!pool.submit([task(0), task(0)]));
    assert_eq!(take(&pool, worker), Some(0));
    assert!(!pool.submit([task(1), task(0)]));
    assert_eq!(pool.statistics().waiting, 0);
    assert_eq!(finish(&pool, worker), Finished::Delivered);
    assert_eq!(take(&pool, worker), None);
}

#[test]
fn an_id_far_beyond_all_others_is_refused() {
    let (pool, _) = pool();
    for id in [TaskId::MAX, TaskId::MAX / 2, 1 << 20] {
        assert!(!pool.submit([task(id)]));
    }
    assert!(pool.submit([task(1 << 15)]));
    assert!(pool.submit([task(1 << 16)]));
    assert_eq!(pool.statistics().waiting, 2);
}

#[test]
fn the_one_idle_for_longest_is_retired() {
    let (pool, _) = pool();
    let (first, first_bell) = idle(&pool);
    let (_, second_bell) = idle(&pool);
    let hour = Duration::from_secs(3600);
    let rest = pool.retire_idle(hour).expect_err("not idle for so long");
    assert!(rest < hour);
    let idle_for = hour.saturating_sub(rest);
    assert!(pool.retire_idle(hour).expect_err("nor now") <= rest);
    assert_eq!(pool.retire_idle(idle_for), Ok(first));
    assert_eq!((first_bell.rung(), second_bell.rung()), (1, 0));
    assert!(matches!(
        pool.take(first, &mut Task::default()),
        Taken::Stop
    ));
    pool.submit([task(0)]);
    assert_eq!((first_bell.rung(), second_bell.rung()), (0, 1));
}

#[test]
fn closing_stops_everyone_and_keeps_what_was_finished() {
    let (pool, deliver) = pool();
    let (finished, _) = attached(&pool);
    let (running, running_bell) = attached(&pool);
    pool.submit((0..4).map(task));
    assert_eq!(take(&pool, finished), Some(0));
    assert_eq!(take(&pool, running), Some(1));
    assert_eq!(finish(&pool, finished), Finished::Delivered);
    let reserved = pool.add_workers();
    pool.close();
    pool.close();
    assert!(running_bell.rung() > 0);
    assert_eq!(finish(&pool, running), Finished::Stale);
    assert!(matches!(
        pool.take(finished, &mut Task::default()),
        Taken::Stop
    ));
    assert!(!pool.attach(reserved, Bell::new()));
    assert!(!pool.attach(pool.add_workers(), Bell::new()));
    assert_eq!(pool.remove_worker(running), None);
    pool.submit([task(9)]);
    assert_eq!(pool.cancel(&[9])[0], Cancelled::Settled);
    assert_eq!(deliver.rung(), 1);
    assert_eq!(drained(&pool).len(), 1);
    let Statistics {
        waiting, running, ..
    } = pool.statistics();
    assert_eq!((waiting, running), (0, 0));
}
