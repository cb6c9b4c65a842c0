//! Tasks that have keys: one after the other, on one worker as long as it takes tasks.

use super::{finish, idle, take};
use crate::pool::testing::{attached, keyed, pool, pool_of, task, task_of};
use crate::pool::{
    Cancelled, Finished, Lanes, Options, Pool, QueueOrder, Taken, Task, TaskId, WorkerId,
};
use crate::wire::packet::{Order, TaskHeader};
use std::time::Duration;

mod ends;

const A: u32 = 1;
const B: u32 = 2;

fn keyed_of(id: TaskId, key: u32, priority: i8) -> Task {
    task_of(TaskHeader {
        id,
        order: Order::new(priority, key),
        timeout: 1000,
        ..TaskHeader::default()
    })
}

fn runs(pool: &Pool, worker: WorkerId, id: TaskId) {
    assert_eq!(take(pool, worker), Some(id));
    assert_eq!(finish(pool, worker), Finished::Delivered);
}

#[test]
fn tasks_of_one_key_run_one_after_the_other_and_hold_up_no_other() {
    let (pool, _) = pool();
    let (first, _) = attached(&pool);
    let (second, _) = attached(&pool);
    pool.submit([keyed(0, A), keyed(1, A), keyed(2, B), task(3)]);
    assert_eq!(pool.statistics().waiting, 4);
    assert_eq!(take(&pool, first), Some(0));
    assert_eq!(take(&pool, second), Some(2));
    assert_eq!(finish(&pool, second), Finished::Delivered);
    runs(&pool, second, 3);
    assert_eq!(take(&pool, second), None);
    assert_eq!(pool.statistics().waiting, 1);
    assert_eq!(finish(&pool, first), Finished::Delivered);
    runs(&pool, first, 1);
    assert_eq!(pool.statistics().waiting, 0);
}

#[test]
fn a_key_stays_with_its_worker_which_is_woken() {
    let (pool, _) = pool();
    let (home, home_bell) = attached(&pool);
    pool.submit([keyed(0, A)]);
    runs(&pool, home, 0);
    assert_eq!(take(&pool, home), None);
    // It is the other one that went idle last.
    let (other, other_bell) = idle(&pool);
    pool.submit([keyed(1, A)]);
    assert_eq!((home_bell.rung(), other_bell.rung()), (1, 0));
    assert_eq!(take(&pool, other), None);
    pool.submit([keyed(2, A), task(3)]);
    assert_eq!(other_bell.rung(), 1);
    runs(&pool, other, 3);
    runs(&pool, home, 1);
    runs(&pool, home, 2);
}

#[test]
fn priority_and_age_decide_between_its_own_and_those_of_all() {
    let (pool, _) = pool();
    let (worker, _) = attached(&pool);
    pool.submit([keyed(0, A), keyed(1, B)]);
    runs(&pool, worker, 0);
    runs(&pool, worker, 1);
    pool.submit([keyed(2, A)]);
    std::thread::sleep(Duration::from_micros(1));
    pool.submit([task(3)]);
    std::thread::sleep(Duration::from_micros(1));
    pool.submit([keyed_of(4, B, 5)]);
    for id in [4, 2, 3] {
        runs(&pool, worker, id);
    }
}

#[test]
fn a_home_leaves_older_tasks_to_those_that_are_idle() {
    let (pool, _) = pool();
    let (home, home_bell) = attached(&pool);
    pool.submit([keyed(0, A)]);
    runs(&pool, home, 0);
    assert_eq!(take(&pool, home), None);
    let (other, other_bell) = idle(&pool);
    pool.submit([task(1), keyed(2, A)]);
    assert_eq!((home_bell.rung(), other_bell.rung()), (1, 0));
    runs(&pool, home, 2);
    assert_eq!(other_bell.rung(), 1);
    runs(&pool, other, 1);
    assert_eq!(take(&pool, home), None);
    assert_eq!(take(&pool, other), None);
    pool.submit([keyed_of(3, B, 1), keyed(4, A)]);
    runs(&pool, home, 3);
    runs(&pool, home, 4);
}

#[test]
fn a_new_key_wakes_the_idle_worker_that_has_the_fewest() {
    let (pool, _) = pool();
    let (first, first_bell) = idle(&pool);
    pool.submit([keyed(0, A)]);
    runs(&pool, first, 0);
    let (second, second_bell) = idle(&pool);
    assert_eq!(take(&pool, first), None);
    first_bell.rung();
    // It is the first one that went idle last.
    pool.submit([keyed(1, B)]);
    assert_eq!((first_bell.rung(), second_bell.rung()), (0, 1));
    runs(&pool, second, 1);
    assert_eq!(take(&pool, second), None);
    pool.submit([keyed(2, 3)]);
    assert_eq!((first_bell.rung(), second_bell.rung()), (0, 1), "as many");
    runs(&pool, second, 2);
    assert_eq!(take(&pool, second), None);
    pool.forget_key(B);
    pool.forget_key(3);
    pool.submit([task(3)]);
    assert_eq!(
        (first_bell.rung(), second_bell.rung()),
        (0, 1),
        "it has none"
    );
}

#[test]
fn what_waits_for_others_wants_no_worker() {
    let (pool, _) = pool();
    let wanted = || (pool.statistics().wanted, pool.statistics().waiting);
    let (home, _) = attached(&pool);
    pool.submit([keyed(0, A), keyed(1, A), task(2)]);
    assert_eq!(wanted(), (2, 3), "one is behind another");
    runs(&pool, home, 0);
    assert_eq!(wanted(), (2, 2), "the home and another one");
    pool.submit([keyed(3, A)]);
    assert_eq!(take(&pool, home), Some(1));
    assert_eq!(wanted(), (1, 2), "the home is busy");
    let (other, _) = attached(&pool);
    runs(&pool, other, 2);
    assert_eq!(wanted(), (0, 1));
    pool.thread_gone(home);
    assert_eq!(wanted(), (1, 1), "there is no home");
}

#[test]
fn all_that_wait_count_at_their_priorities() {
    let (pool, _) = pool();
    let lengths = || -> Vec<_> {
        let details = pool.details().queue.into_iter();
        details
            .map(|length| (length.priority, length.tasks))
            .collect()
    };
    let (home, _) = attached(&pool);
    pool.submit([
        keyed_of(0, A, 0),
        keyed_of(1, A, 5),
        keyed_of(2, A, -5),
        task(3),
    ]);
    assert_eq!(lengths(), [(5, 1), (0, 2), (-5, 1)]);
    runs(&pool, home, 0);
    assert_eq!(lengths(), [(5, 1), (0, 1), (-5, 1)]);
    runs(&pool, home, 1);
    assert_eq!(pool.cancel(&[3]), [Cancelled::Queued]);
    assert_eq!(lengths(), [(-5, 1)]);
    pool.submit([keyed_of(4, A, 1)]);
    assert_eq!(pool.cancel(&[4]), [Cancelled::Queued]);
    assert_eq!(lengths(), [(-5, 1)]);
}

#[test]
fn those_of_one_home_keep_their_order() {
    let (pool, _) = pool();
    let (home, _) = attached(&pool);
    pool.submit([keyed(0, A), keyed(1, B)]);
    runs(&pool, home, 0);
    runs(&pool, home, 1);
    // At once, and the ids go down as those do that are used again.
    pool.submit([keyed(9, A), keyed(8, B)]);
    runs(&pool, home, 9);
    runs(&pool, home, 8);
}

#[test]
fn those_that_are_cancelled_leave_the_line() {
    let (pool, _) = pool();
    let (worker, _) = attached(&pool);
    pool.submit((0..6).map(|id| keyed(id, A)));
    assert_eq!(pool.cancel(&[0, 2]), [Cancelled::Queued; 2]);
    assert_eq!(pool.cancel_waiting(&[1]), [true]);
    assert_eq!(pool.statistics().waiting, 3);
    runs(&pool, worker, 3);
    // Now they wait for the worker.
    assert_eq!(pool.cancel(&[4]), [Cancelled::Queued]);
    pool.submit([keyed(4, A)]);
    runs(&pool, worker, 5);
    runs(&pool, worker, 4);
    assert_eq!(pool.statistics().waiting, 0);
}

#[test]
fn the_next_of_a_cancelled_one_is_seen() {
    let (pool, _) = pool();
    let (home, bell) = attached(&pool);
    pool.submit([keyed(0, A)]);
    runs(&pool, home, 0);
    assert_eq!(take(&pool, home), None);
    pool.submit([keyed(1, A), keyed(2, A)]);
    assert_eq!(bell.rung(), 1);
    assert_eq!(pool.cancel(&[1]), [Cancelled::Queued]);
    runs(&pool, home, 2);
}

/// A wake whose task is gone is passed on to the one that alone may take another task.
#[test]
fn a_wake_without_need_is_passed_on() {
    let (pool, _) = pool_of(Options {
        spin: Duration::ZERO,
        max_running: 1,
        max_tasks: u64::MAX,
        lanes: Lanes::new(1),
        order: QueueOrder::Fifo,
    });
    let (first, first_bell) = attached(&pool);
    let (second, second_bell) = attached(&pool);
    pool.submit([keyed(0, A), keyed(1, B)]);
    runs(&pool, first, 0);
    runs(&pool, second, 1);
    pool.submit([task(2)]);
    assert_eq!(take(&pool, first), Some(2));
    assert_eq!(take(&pool, second), None);
    let (third, _) = idle(&pool);
    pool.submit([keyed(3, B)]);
    assert_eq!(second_bell.rung(), 0, "one task runs at a time");
    assert_eq!(finish(&pool, first), Finished::Delivered);
    assert_eq!(second_bell.rung(), 1);
    assert_eq!(take(&pool, first), None);
    assert_eq!(take(&pool, third), None);
    pool.submit([keyed(4, A)]);
    assert_eq!(pool.cancel(&[3]), [Cancelled::Queued]);
    first_bell.rung();
    assert_eq!(take(&pool, second), None);
    runs(&pool, first, 4);
}

#[test]
fn a_key_that_was_given_back_has_no_home() {
    let (pool, _) = pool();
    let (home, _) = attached(&pool);
    pool.submit([keyed(0, A)]);
    assert_eq!(pool.key_home(A), None);
    runs(&pool, home, 0);
    assert_eq!(pool.key_home(A), Some(home));
    let (other, _) = idle(&pool);
    pool.forget_key(A);
    assert_eq!(pool.key_home(A), None);
    pool.submit([keyed(1, A)]);
    runs(&pool, other, 1);
    assert_eq!(take(&pool, other), None);
    pool.submit([keyed(2, A), keyed(3, A)]);
    pool.forget_key(A);
    assert_eq!(take(&pool, home), None, "they wait for their home");
    assert_eq!(take(&pool, other), Some(2));
    assert_eq!(pool.cancel(&[3]), [Cancelled::Queued]);
    assert_eq!(pool.cancel(&[2]), [Cancelled::Running(other)]);
    pool.forget_key(A);
    pool.submit([keyed(4, A)]);
    assert_eq!(take(&pool, home), None, "the former one has not ended");
    assert_eq!(finish(&pool, other), Finished::Stale);
    runs(&pool, home, 4);
}

#[test]
fn a_closed_pool_has_no_lines() {
    let (pool, _) = pool();
    let (worker, _) = attached(&pool);
    pool.submit([keyed(0, A), keyed(1, A)]);
    assert_eq!(take(&pool, worker), Some(0));
    pool.close();
    assert_eq!(pool.statistics().waiting, 0);
    assert_eq!(pool.take(worker, &mut Task::default()), Taken::Stop);
}
