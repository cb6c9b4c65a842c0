//! Threads with several workers.

use super::{check, drain, pool_with, work, Bell};
use crate::pool::testing::task;
use crate::pool::{Cancelled, Lanes, Options, Pool, QueueOrder, Status, Taken, Task, WorkerId};
use crate::sync::Arc;
use loom::thread;
use std::time::Duration;

fn attach(pool: &Pool, worker: WorkerId) -> Arc<Bell> {
    let bell = Bell::new();
    assert!(pool.attach(worker, bell.clone()));
    bell
}

/// A thread is stopped for one of its tasks, while another of its workers may have been woken: the
/// worker of the other thread takes what waits.
#[test]
fn a_wake_of_a_thread_that_is_stopped_is_passed_on() {
    check(|| {
        let (pool, deliver) = pool_with(Options {
            spin: Duration::ZERO,
            max_running: usize::MAX,
            max_tasks: u64::MAX,
            lanes: Lanes::new(2),
            order: QueueOrder::Fifo,
        });
        let [stopped, other] = [pool.add_workers(), pool.add_workers()];
        attach(&pool, stopped);
        pool.submit([task(0)]);
        assert_eq!(pool.take(stopped, &mut Task::default()), Taken::Task);
        let workers = [stopped + 1, other].map(|worker| {
            let bell = attach(&pool, worker);
            let pool = Arc::clone(&pool);
            thread::spawn(move || work(&pool, worker, &bell))
        });
        pool.submit([task(1)]);
        assert_eq!(pool.cancel(&[0]), [Cancelled::Running(stopped)]);
        let entries = drain(&pool, &deliver, 1);
        assert_eq!((entries[0].status, entries[0].id), (Status::Result, 1));
        pool.close();
        for worker in workers {
            worker.join().unwrap();
        }
    });
}
