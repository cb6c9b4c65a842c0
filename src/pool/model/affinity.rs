//! Tasks that only one worker may take, or that wait for others of their key.

use super::{attached, check, drain, pool, spawn_worker};
use crate::pool::testing::keyed;
use crate::pool::{Cancelled, Finished, Pool, Status, Taken, Task, WorkerId};
use crate::sync::Arc;
use crate::transport::Message;
use loom::thread;
use std::time::Duration;

const KEY: u32 = 1;

fn take(pool: &Pool, worker: WorkerId) {
    assert_eq!(pool.take(worker, &mut Task::default()), Taken::Task);
}

fn finish(pool: &Pool, worker: WorkerId) -> Finished {
    pool.finish(worker, Status::Result, Message::empty())
}

/// A worker that is condemned ends its task, while another one goes idle that may take the next.
#[test]
fn the_next_one_of_a_key_is_taken() {
    check(|| {
        let (pool, deliver) = pool(Duration::ZERO);
        let (condemned, _) = attached(&pool);
        pool.submit([keyed(0, KEY), keyed(1, KEY)]);
        take(&pool, condemned);
        assert_eq!(pool.cancel(&[0]), [Cancelled::Running(condemned)]);
        let other = spawn_worker(&pool);
        assert_eq!(finish(&pool, condemned), Finished::Stale);
        assert_eq!(drain(&pool, &deliver, 1).len(), 1);
        pool.close();
        other.join().unwrap();
    });
}

/// What waits for the home is taken by another worker if the home takes nothing any more.
#[test]
fn what_waits_for_a_home_that_pauses_is_taken() {
    check(|| {
        let (pool, deliver) = pool(Duration::ZERO);
        let (home, _) = attached(&pool);
        pool.submit([keyed(0, KEY)]);
        take(&pool, home);
        assert_eq!(finish(&pool, home), Finished::Delivered);
        drain(&pool, &deliver, 1);
        let other = spawn_worker(&pool);
        let pausing = Arc::clone(&pool);
        let pausing = thread::spawn(move || pausing.pause(home));
        pool.submit([keyed(1, KEY)]);
        assert_eq!(drain(&pool, &deliver, 1).len(), 1);
        pool.close();
        for thread in [other, pausing] {
            thread.join().unwrap();
        }
    });
}

/// The home is woken, though another worker went idle later.
#[test]
fn a_home_hears_of_what_only_it_may_take() {
    check(|| {
        let (pool, deliver) = pool(Duration::ZERO);
        let (home, bell) = attached(&pool);
        pool.submit([keyed(0, KEY)]);
        take(&pool, home);
        assert_eq!(finish(&pool, home), Finished::Delivered);
        drain(&pool, &deliver, 1);
        let (other, _) = attached(&pool);
        assert_eq!(pool.take(other, &mut Task::default()), Taken::Idle);
        let own = Arc::clone(&pool);
        let own = thread::spawn(move || {
            if own.take(home, &mut Task::default()) == Taken::Idle {
                bell.wait();
                take(&own, home);
            }
            assert_eq!(finish(&own, home), Finished::Delivered);
        });
        pool.submit([keyed(1, KEY)]);
        assert_eq!(drain(&pool, &deliver, 1).len(), 1);
        own.join().unwrap();
    });
}
