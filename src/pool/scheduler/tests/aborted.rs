//! Workers whose tasks are aborted while they run.

use super::{finish, idle, take};
use crate::pool::testing::{attached, drained, pool, pool_of, task, task_of};
use crate::pool::{
    Cancelled, Finished, Lanes, Moment, Options, Pool, QueueOrder, Status, Taken, Task, WorkerId,
};
use crate::wire::packet::TaskHeader;
use std::time::Duration;

#[test]
fn a_spared_worker_ends_its_task_and_goes_on() {
    let (pool, deliver) = pool();
    pool.spare_aborted();
    let (worker, _) = attached(&pool);
    pool.submit([task(0), task(1)]);
    assert_eq!(take(&pool, worker), Some(0));
    assert_eq!(pool.cancel(&[0]), [Cancelled::Running(worker)]);
    assert!(!pool.is_running(worker));
    let statistics = pool.statistics();
    assert_eq!((statistics.running, statistics.aborted), (0, 1));
    assert_eq!(finish(&pool, worker), Finished::Stale);
    assert_eq!(pool.statistics().aborted, 0);
    assert_eq!(deliver.rung(), 1);
    let entries = drained(&pool);
    assert_eq!(entries.len(), 1);
    assert_eq!(
        (entries[0].status, entries[0].worker),
        (Status::Ready, worker)
    );
    assert!(!pool.stop_aborted(worker), "it has ended the task");
    assert_eq!(take(&pool, worker), Some(1));
    assert_eq!(finish(&pool, worker), Finished::Delivered);
}

#[test]
fn a_spared_worker_that_goes_on_is_condemned_in_the_end() {
    let (pool, _) = pool();
    pool.spare_aborted();
    let (worker, _) = attached(&pool);
    assert!(!pool.stop_aborted(worker), "nothing was aborted");
    let header = TaskHeader {
        timeout: 1,
        ..TaskHeader::default()
    };
    pool.submit([task_of(header), task(1)]);
    assert_eq!(take(&pool, worker), Some(0));
    let _ = pool.expire_due(Moment::now() + Duration::from_secs(1));
    assert_eq!(drained(&pool)[0].status, Status::Expired);
    assert!(pool.stop_aborted(worker));
    assert_eq!(finish(&pool, worker), Finished::Stale);
    assert_eq!(pool.take(worker, &mut Task::default()), Taken::Stop);
    assert!(drained(&pool).is_empty());
}

/// What a worker tells that leaves, and whose task is aborted: before, or while it does.
#[test]
fn a_worker_that_leaves_ends_its_aborted_task_and_leaves() {
    type Steps = [fn(&Pool, WorkerId); 2];
    let abort = |pool: &Pool, worker| assert_eq!(pool.cancel(&[0]), [Cancelled::Running(worker)]);
    let retire = |pool: &Pool, worker| assert!(!pool.retire(worker), "it runs something");
    let leave = |pool: &Pool, worker| pool.leave(worker);
    let orders: [Steps; 4] = [
        [abort, retire],
        [retire, abort],
        [abort, leave],
        [leave, abort],
    ];
    for steps in orders {
        let (pool, deliver) = pool();
        pool.spare_aborted();
        let (worker, _) = attached(&pool);
        pool.submit([task(0), task(1)]);
        assert_eq!(take(&pool, worker), Some(0));
        for step in steps {
            step(&pool, worker);
        }
        assert!(!pool.retire(worker), "a second time");
        assert_eq!(pool.statistics().aborted, 1);
        assert_eq!(drained(&pool)[0].status, Status::Leaving);
        deliver.rung();
        assert_eq!(finish(&pool, worker), Finished::Stale);
        assert_eq!(deliver.rung(), 1);
        let entries = drained(&pool);
        assert_eq!(entries.len(), 1);
        assert_eq!(
            (entries[0].status, entries[0].worker),
            (Status::Left, worker)
        );
        assert_eq!(pool.statistics().aborted, 0);
        assert!(!pool.stop_aborted(worker), "it has left");
        assert_eq!(pool.take(worker, &mut Task::default()), Taken::Stop);
    }
}

#[test]
fn a_worker_that_leaves_and_does_not_end_is_condemned() {
    let (pool, _) = pool();
    pool.spare_aborted();
    let (worker, _) = attached(&pool);
    pool.submit([task(0)]);
    assert_eq!(take(&pool, worker), Some(0));
    assert!(!pool.retire(worker));
    let _ = pool.cancel(&[0]);
    assert!(pool.stop_aborted(worker));
    assert_eq!(pool.statistics().aborted, 0);
    assert_eq!(finish(&pool, worker), Finished::Stale);
    assert_eq!(pool.take(worker, &mut Task::default()), Taken::Stop);
    let entries = drained(&pool);
    assert_eq!(entries.len(), 1, "{entries:?}");
}

/// The task that was aborted runs no more: another one may, beside it.
#[test]
fn a_worker_that_is_aborted_while_it_leaves_makes_room() {
    let (pool, _) = pool_of(Options {
        spin: Duration::ZERO,
        max_running: 1,
        max_tasks: 1,
        lanes: Lanes::new(1),
        order: QueueOrder::Fifo,
    });
    pool.spare_aborted();
    let (leaving, _) = attached(&pool);
    pool.submit((0..2).map(task));
    assert_eq!(take(&pool, leaving), Some(0));
    let (successor, bell) = idle(&pool);
    let _ = pool.cancel(&[0]);
    assert_eq!(bell.rung(), 1);
    assert_eq!(take(&pool, successor), Some(1));
    assert_eq!(finish(&pool, leaving), Finished::Stale);
    assert_eq!(finish(&pool, successor), Finished::Delivered);
}

#[test]
fn without_that_an_aborted_worker_is_condemned() {
    let (pool, _) = pool();
    let (worker, _) = attached(&pool);
    pool.submit([task(0)]);
    assert_eq!(take(&pool, worker), Some(0));
    assert_eq!(pool.cancel(&[0]), [Cancelled::Running(worker)]);
    assert!(!pool.stop_aborted(worker), "it is condemned");
    assert_eq!(finish(&pool, worker), Finished::Stale);
    assert!(drained(&pool).is_empty());
    assert_eq!(pool.take(worker, &mut Task::default()), Taken::Stop);
}

#[test]
fn a_closed_pool_spares_nobody() {
    let (pool, _) = pool();
    pool.spare_aborted();
    let (worker, _) = attached(&pool);
    pool.submit([task(0)]);
    assert_eq!(take(&pool, worker), Some(0));
    let _ = pool.cancel(&[0]);
    pool.close();
    assert_eq!(finish(&pool, worker), Finished::Stale);
    assert!(drained(&pool).is_empty());
    assert_eq!(pool.take(worker, &mut Task::default()), Taken::Stop);
}
