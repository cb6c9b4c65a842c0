//! Timeouts: what expires, what does not, and when the timer is disturbed.

use crate::pool::outcome::Alarm;
use crate::pool::testing::{drain_until, drained, milliseconds, pool, task, task_of, Bell};
use crate::pool::{Cancelled, Finished, Moment, Pool, Status, Taken, Task, TaskId, WorkerId};
use crate::sync::Arc;
use crate::transport::Message;
use crate::wire::packet::TaskHeader;
use std::time::{Duration, Instant};

const HOUR: Duration = Duration::from_secs(3600);

fn limited(id: TaskId, timeout: Duration) -> Task {
    task_of(TaskHeader {
        id,
        timeout: milliseconds(timeout),
        ..TaskHeader::default()
    })
}

fn start(pool: &Pool, task: Task) -> WorkerId {
    let worker = pool.add_workers();
    assert!(pool.attach(worker, Bell::new()));
    pool.submit([task]);
    assert!(matches!(
        pool.take(worker, &mut Task::default()),
        Taken::Task
    ));
    worker
}

#[test]
fn a_task_that_runs_for_too_long_expires_and_condemns_its_worker() {
    let (pool, deliver) = pool();
    let worker = start(&pool, limited(4, HOUR));
    let other = start(&pool, limited(5, 3 * HOUR));
    let now = Moment::now();
    assert!(matches!(pool.expire_due(now), Alarm::At(_)));
    assert_eq!(deliver.rung(), 0);
    let Alarm::At(next) = pool.expire_due(now + 2 * HOUR) else {
        panic!("the other task has a deadline");
    };
    assert!(next > now + 2 * HOUR);
    assert_eq!(deliver.rung(), 1);
    let completions = drained(&pool);
    assert_eq!(completions.len(), 1);
    let expired = &completions[0];
    assert_eq!(
        (expired.id, expired.status, expired.worker),
        (4, Status::Expired, worker)
    );
    let finished = pool.finish(worker, Status::Result, Message::empty());
    assert_eq!(finished, Finished::Stale);
    assert!(matches!(
        pool.take(worker, &mut Task::default()),
        Taken::Stop
    ));
    assert_eq!(pool.remove_worker(worker), None);
    assert_eq!(pool.cancel(&[4])[0], Cancelled::Settled);
    let finished = pool.finish(other, Status::Result, Message::empty());
    assert_eq!(finished, Finished::Delivered);
}

#[test]
fn a_task_that_is_settled_or_waits_does_not_expire() {
    let (pool, _) = pool();
    let finished = start(&pool, limited(0, HOUR));
    let _ = pool.finish(finished, Status::Result, Message::empty());
    start(&pool, limited(1, HOUR));
    assert!(matches!(pool.cancel(&[1])[0], Cancelled::Running(_)));
    let dead = start(&pool, limited(2, HOUR));
    assert_eq!(pool.remove_worker(dead), Some(2));
    start(&pool, task(3));
    pool.submit([limited(4, Duration::from_millis(1))]);
    assert_eq!(pool.expire_due(Moment::now() + 2 * HOUR), Alarm::None);
    assert_eq!(drained(&pool).len(), 1);
    pool.close();
    assert_eq!(pool.expire_due(Moment::now()), Alarm::Never);
}

#[test]
fn tasks_that_are_overdue_together_expire_in_the_order_of_their_deadlines() {
    let (pool, _) = pool();
    for (id, hours) in [(0, 3), (1, 1), (2, 2)] {
        start(&pool, limited(id, hours * HOUR));
    }
    start(&pool, limited(3, 9 * HOUR));
    let alarm = pool.expire_due(Moment::now() + 4 * HOUR);
    assert!(matches!(alarm, Alarm::At(_)));
    let completions = drained(&pool);
    let ids: Vec<TaskId> = completions.iter().map(|completion| completion.id).collect();
    assert_eq!(ids, [1, 2, 0]);
}

#[test]
fn the_timer_is_disturbed_by_an_earlier_deadline_and_keeps_the_others() {
    let (pool, deliver) = pool();
    pool.start_timer().expect("a thread");
    let began = Instant::now();
    // The sleeper sleeps for an hour: the others expire only if they disturb it.
    start(&pool, limited(0, HOUR));
    for id in [1, 2] {
        start(&pool, limited(id, Duration::from_millis(20)));
        let completions = drain_until(&pool, &deliver, 1);
        assert_eq!(completions[0].id, id);
        assert_eq!(completions[0].status, Status::Expired);
        assert_eq!(completions.len(), 1);
    }
    assert!(began.elapsed() >= Duration::from_millis(40));
    pool.close();
}

#[test]
fn the_sleeper_neither_keeps_a_pool_nor_outlives_it() {
    for close in [true, false] {
        let (pool, _) = pool();
        pool.start_timer().expect("a thread");
        start(&pool, limited(0, HOUR));
        let sleeper = Arc::downgrade(&pool.deadlines.changed);
        if close {
            pool.close();
        }
        let weak = Arc::downgrade(&pool);
        drop(pool);
        // The sleeper may hold both while it looks.
        while weak.upgrade().is_some() || sleeper.upgrade().is_some() {
            std::thread::yield_now();
        }
    }
}
