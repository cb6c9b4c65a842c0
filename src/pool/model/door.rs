//! Models of a submitter that waits at its door: no result is left behind, whether it is told there
//! or beyond.

use super::{attached, check, work, Bell, HOUR};
use crate::pool::door::Door;
use crate::pool::testing::task;
use crate::pool::{Completion, Lanes, Options, Pool, QueueOrder};
use crate::sync::Arc;
use loom::thread;
use std::time::Duration;

/// A pool whose submitter has a door, with the bell behind that.
fn pool(spin: Duration) -> (Arc<Pool>, Arc<Door>, Arc<Bell>) {
    let bell = Bell::new();
    let door = Door::new(bell.clone(), spin);
    let options = Options {
        spin: Duration::ZERO,
        max_running: usize::MAX,
        max_tasks: u64::MAX,
        lanes: Lanes::new(1),
        order: QueueOrder::Fifo,
    };
    (Pool::new(door.clone(), options), door, bell)
}

/// Waits for that many results. As `runSync()`, it polls, and drains when it goes to the door.
fn wait_for(count: usize, pool: &Pool, door: &Door) -> Vec<Completion> {
    let mut completions = Vec::new();
    while completions.len() < count {
        let hint = || pool.has_completions();
        door.wait(HOUR, hint, || {
            pool.drain(&mut completions);
            completions.len() >= count
        });
        pool.poll(&mut completions);
    }
    completions
}

fn no_result_is_missed(spin: Duration) {
    check(move || {
        let (pool, door, _) = pool(spin);
        let (worker, woken) = attached(&pool);
        let working = Arc::clone(&pool);
        let working = thread::spawn(move || work(&working, worker, &woken));
        for id in 0..2 {
            pool.submit([task(id)]);
            assert_eq!(wait_for(1, &pool, &door).len(), 1);
        }
        pool.close();
        working.join().unwrap();
    });
}

#[test]
fn no_result_is_missed_at_the_door() {
    no_result_is_missed(Duration::ZERO);
}

#[test]
fn no_result_is_missed_by_who_looks_first() {
    no_result_is_missed(HOUR);
}

#[test]
fn what_comes_after_the_wait_is_told_beyond() {
    check(|| {
        let (pool, door, bell) = pool(Duration::ZERO);
        let (worker, woken) = attached(&pool);
        let working = Arc::clone(&pool);
        let working = thread::spawn(move || work(&working, worker, &woken));
        pool.submit([task(0), task(1)]);
        let mut completions = wait_for(1, &pool, &door);
        // As in its event loop.
        pool.drain(&mut completions);
        while completions.len() < 2 {
            bell.wait();
            pool.drain(&mut completions);
        }
        pool.close();
        working.join().unwrap();
    });
}
