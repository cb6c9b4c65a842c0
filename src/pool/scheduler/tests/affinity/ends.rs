//! What becomes of keys when workers leave, are stopped, or end.

use super::{keyed_of, runs, A, B};
use crate::pool::scheduler::tests::{finish, idle, take};
use crate::pool::testing::{attached, keyed, pool, pool_of};
use crate::pool::{Cancelled, Finished, Lanes, Moment, Options, Pool, QueueOrder, WorkerId};
use crate::transport::Message;
use std::time::Duration;

#[test]
fn whatever_takes_the_home_away_frees_what_waits_for_it() {
    type End = fn(&Pool, WorkerId);
    let ends: [End; 5] = [
        |pool, home| pool.thread_gone(home),
        |pool, home| assert_eq!(pool.remove_worker(home), None),
        |pool, home| pool.pause(home),
        |pool, home| assert!(pool.retire(home)),
        |pool, home| pool.give_up(home, Message::empty()),
    ];
    for end in ends {
        let (pool, _) = pool();
        let (home, _) = attached(&pool);
        pool.submit([keyed(0, A)]);
        runs(&pool, home, 0);
        let (other, bell) = idle(&pool);
        pool.submit([keyed(1, A), keyed(2, A)]);
        assert_eq!(take(&pool, other), None);
        end(&pool, home);
        assert_eq!(bell.rung(), 1);
        runs(&pool, other, 1);
        runs(&pool, other, 2);
    }
}

#[test]
fn a_worker_that_is_only_off_the_list_stays_home() {
    let (pool, _) = pool();
    let (home, _) = attached(&pool);
    pool.submit([keyed(0, A)]);
    runs(&pool, home, 0);
    let (other, bell) = idle(&pool);
    pool.submit([keyed(1, A)]);
    pool.unlist(home);
    assert_eq!(bell.rung(), 0);
    assert_eq!(take(&pool, other), None);
    runs(&pool, home, 1);
}

#[test]
fn an_idle_worker_retires_though_others_have_tasks_to_come() {
    let (pool, _) = pool();
    let (home, _) = idle(&pool);
    pool.submit([keyed(0, A), keyed(1, A)]);
    assert_eq!(take(&pool, home), Some(0));
    let (other, _) = idle(&pool);
    assert_eq!(pool.retire_idle(Duration::ZERO), Ok(other));
    assert_eq!(finish(&pool, home), Finished::Delivered);
    runs(&pool, home, 1);
    assert_eq!(take(&pool, home), None);
    assert_eq!(pool.retire_idle(Duration::ZERO), Ok(home));
    pool.submit([keyed(2, A)]);
    let (next, _) = attached(&pool);
    runs(&pool, next, 2);
}

#[test]
fn a_worker_that_leaves_frees_its_keys() {
    let (pool, _) = pool_of(Options {
        spin: Duration::ZERO,
        max_running: 2,
        max_tasks: 2,
        lanes: Lanes::new(1),
        order: QueueOrder::Fifo,
    });
    let (home, _) = attached(&pool);
    pool.submit([keyed(0, A)]);
    runs(&pool, home, 0);
    let (other, bell) = idle(&pool);
    pool.submit([keyed(1, A), keyed(2, A)]);
    assert_eq!(take(&pool, home), Some(1), "its last one");
    assert_eq!(take(&pool, other), None);
    assert_eq!(finish(&pool, home), Finished::Delivered);
    assert_eq!(bell.rung(), 1);
    runs(&pool, other, 2);
}

/// The next one begins when the former one has ended, and not when it is settled.
#[test]
fn after_an_abort_the_next_one_waits_for_the_end() {
    type Step = fn(&Pool, WorkerId);
    let aborts: [Step; 2] = [
        |pool, worker| assert_eq!(pool.cancel(&[0]), [Cancelled::Running(worker)]),
        |pool, _| {
            let _ = pool.expire_due(Moment::now() + Duration::from_secs(9));
        },
    ];
    let ends: [Step; 3] = [
        |pool, worker| assert_eq!(finish(pool, worker), Finished::Stale),
        |pool, worker| pool.thread_gone(worker),
        |pool, worker| assert_eq!(pool.remove_worker(worker), None),
    ];
    for spares in [false, true] {
        for abort in aborts {
            for end in ends {
                let (pool, _) = pool();
                if spares {
                    pool.spare_aborted();
                }
                let (worker, _) = attached(&pool);
                pool.submit([keyed_of(0, A, 0), keyed(1, A)]);
                assert_eq!(take(&pool, worker), Some(0));
                let (other, bell) = idle(&pool);
                abort(&pool, worker);
                assert_eq!(take(&pool, other), None);
                assert_eq!(pool.statistics().waiting, 1);
                bell.rung();
                end(&pool, worker);
                let stays = spares && bell.rung() == 0;
                runs(&pool, if stays { worker } else { other }, 1);
            }
        }
    }
}

/// What an aborted worker has to leave to others does not wait for the end of its thread.
#[test]
fn a_worker_that_is_stopped_for_a_task_frees_its_other_keys() {
    type Abort = fn(&Pool, WorkerId);
    let aborts: [(bool, Abort); 4] = [
        (false, |pool, home| {
            assert_eq!(pool.cancel(&[1]), [Cancelled::Running(home)]);
        }),
        (false, |pool, _| {
            let _ = pool.expire_due(Moment::now() + Duration::from_secs(9));
        }),
        (true, |pool, home| {
            assert_eq!(pool.cancel(&[1]), [Cancelled::Running(home)]);
            assert!(pool.stop_aborted(home));
        }),
        (true, |pool, home| {
            let _ = pool.expire_due(Moment::now() + Duration::from_secs(9));
            assert!(pool.stop_aborted(home));
        }),
    ];
    for (spares, abort) in aborts {
        let (pool, _) = pool();
        if spares {
            pool.spare_aborted();
        }
        let (home, _) = attached(&pool);
        pool.submit([keyed(0, B)]);
        runs(&pool, home, 0);
        pool.submit([keyed_of(1, A, 0)]);
        assert_eq!(take(&pool, home), Some(1));
        let (other, bell) = idle(&pool);
        pool.submit([keyed(2, B)]);
        assert_eq!(bell.rung(), 0, "it waits for its home");
        abort(&pool, home);
        assert_eq!(bell.rung(), 1);
        runs(&pool, other, 2);
    }
}
