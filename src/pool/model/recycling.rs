//! Workers that leave while their successors wait.

use super::{check, drain, pool_with, spawn_worker};
use crate::pool::testing::task;
use crate::pool::{Lanes, Options, QueueOrder, Status};
use std::time::Duration;

/// Each worker takes one task, and one task runs at a time: the end of the first has to wake the
/// successor, which may be idle, may be looking, or may not be there yet.
#[test]
fn a_successor_takes_what_waits() {
    check(|| {
        let (pool, deliver) = pool_with(Options {
            spin: Duration::ZERO,
            max_running: 1,
            max_tasks: 1,
            lanes: Lanes::new(1),
            order: QueueOrder::Fifo,
        });
        let workers = [spawn_worker(&pool), spawn_worker(&pool)];
        pool.submit([task(0), task(1)]);
        // Of each: that it leaves, its result, and that it has left.
        let entries = drain(&pool, &deliver, 6);
        let results = entries
            .iter()
            .filter(|entry| entry.status == Status::Result);
        assert_eq!(results.count(), 2);
        for worker in workers {
            worker.join().unwrap();
        }
    });
}
