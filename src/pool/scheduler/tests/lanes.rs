//! Threads with several workers: who is woken, and how they come and go together.

use super::{finish, take};
use crate::pool::testing::{drained, keyed, pool_of, task, Bell};
use crate::pool::{
    Cancelled, Finished, Lanes, Options, Pool, QueueOrder, Status, Taken, Task, WorkerId,
};
use crate::sync::Arc;
use crate::transport::Message;
use crate::wire::packet::{NO_TASK, SEVERAL_TASKS};
use std::time::Duration;

fn pool_with(lanes: u32, max_tasks: u64) -> Arc<Pool> {
    let (pool, _) = pool_of(Options {
        spin: Duration::ZERO,
        max_running: usize::MAX,
        max_tasks,
        lanes: Lanes::new(lanes),
        order: QueueOrder::Fifo,
    });
    pool
}

fn pool(lanes: u32) -> Arc<Pool> {
    pool_with(lanes, u64::MAX)
}

/// The workers of a thread, all of them idle.
fn thread(pool: &Pool) -> Vec<(WorkerId, Arc<Bell>)> {
    let first = pool.add_workers();
    let attach = |worker| {
        let bell = Bell::new();
        assert!(pool.attach(worker, bell.clone()));
        assert_eq!(pool.take(worker, &mut Task::default()), Taken::Idle);
        (worker, bell)
    };
    pool.workers_with(first).map(attach).collect()
}

/// Submits a task, and has the worker take it that is woken.
fn run(pool: &Pool, workers: &[(WorkerId, Arc<Bell>)], id: u32) -> WorkerId {
    pool.submit([task(id)]);
    let rung: Vec<_> = workers.iter().filter(|(_, bell)| bell.rung() > 0).collect();
    assert_eq!(rung.len(), 1, "one is woken");
    assert_eq!(take(pool, rung[0].0), Some(id));
    rung[0].0
}

fn stops(pool: &Pool, worker: WorkerId) -> bool {
    matches!(pool.take(worker, &mut Task::default()), Taken::Stop)
}

fn entries(pool: &Pool) -> Vec<(Status, WorkerId, u32)> {
    let entry = |entry: crate::pool::Completion| (entry.status, entry.worker, entry.id);
    drained(pool).into_iter().map(entry).collect()
}

#[test]
fn the_thread_with_the_fewest_tasks_gets_the_next() {
    let pool = pool(2);
    let workers: Vec<_> = (0..3).flat_map(|_| thread(&pool)).collect();
    let ran: Vec<_> = (0..6).map(|id| run(&pool, &workers, id)).collect();
    let threads = |part: &[WorkerId]| {
        let mut threads: Vec<_> = part.iter().map(|worker| worker / 2).collect();
        threads.sort_unstable();
        threads
    };
    assert_eq!(threads(&ran[..3]), [0, 1, 2]);
    assert_eq!(threads(&ran[3..]), [0, 1, 2]);
    assert_eq!(pool.statistics().running, 6);
    let details = pool.details();
    assert!(details.threads.iter().all(|thread| thread.running == 2));
}

#[test]
fn one_that_is_woken_counts_as_one_that_runs() {
    let pool = pool(2);
    let (one, other) = (thread(&pool), thread(&pool));
    let woken = |thread: &[(WorkerId, Arc<Bell>)]| -> usize {
        thread.iter().map(|(_, bell)| bell.rung()).sum()
    };
    for id in 0..2 {
        pool.submit([task(id)]);
    }
    assert_eq!((woken(&one), woken(&other)), (1, 1));
}

#[test]
fn all_workers_of_a_thread_leave_with_its_last_task() {
    let pool = pool_with(3, 2);
    let workers = thread(&pool);
    let first = run(&pool, &workers, 0);
    assert_eq!(entries(&pool), []);
    let last = run(&pool, &workers, 1);
    assert_eq!(entries(&pool), [(Status::Leaving, last, NO_TASK)]);
    pool.submit([task(2)]);
    for (worker, bell) in &workers {
        assert_eq!(bell.rung(), 0);
        if *worker != first && *worker != last {
            assert!(stops(&pool, *worker));
        }
    }
    assert_eq!(pool.statistics().leaving, 2);
    assert_eq!(finish(&pool, last), Finished::Delivered);
    assert!(stops(&pool, last));
    assert_eq!(entries(&pool), [(Status::Result, last, 1)]);
    assert_eq!(finish(&pool, first), Finished::Delivered);
    let ends = [(Status::Result, first, 0), (Status::Left, first, NO_TASK)];
    assert_eq!(entries(&pool), ends);
    assert_eq!(pool.statistics().waiting, 1);
}

#[test]
fn a_thread_retires_when_all_of_its_workers_are_idle() {
    let pool = pool(2);
    let workers: Vec<_> = (0..2).flat_map(|_| thread(&pool)).collect();
    let ran: Vec<_> = (0..2).map(|id| run(&pool, &workers, id)).collect();
    let hour = Duration::from_secs(3600);
    assert_eq!(pool.retire_idle(hour), Err(hour));
    assert_eq!(finish(&pool, ran[0]), Finished::Delivered);
    assert_eq!(take(&pool, ran[0]), None);
    let retired = pool.retire_idle(Duration::ZERO).expect("a free thread");
    let free = pool.workers_with(ran[0]);
    assert!(free.contains(&retired));
    assert!(free.clone().all(|worker| stops(&pool, worker)));
    assert_eq!(pool.retire_idle(hour), Err(hour));
    // Its numbers are free when all of its workers are gone.
    for (worker, next) in free.clone().zip([4, free.start]) {
        assert_eq!(pool.remove_worker(worker), None);
        assert_eq!(pool.add_workers(), next);
    }
}

#[test]
fn a_thread_that_is_to_go_ends_all_of_its_tasks() {
    let pool = pool(2);
    let workers = thread(&pool);
    let ran: Vec<_> = (0..2).map(|id| run(&pool, &workers, id)).collect();
    assert!(!pool.retire(ran[0]));
    assert!(!pool.retire(ran[1]), "a second time");
    assert_eq!(entries(&pool), [(Status::Leaving, ran[0], NO_TASK)]);
    for worker in &ran {
        assert_eq!(finish(&pool, *worker), Finished::Delivered);
    }
    let last = entries(&pool).pop();
    assert_eq!(last, Some((Status::Left, ran[1], NO_TASK)));
    let free = thread(&pool);
    assert!(pool.retire(free[1].0));
    assert!(free.iter().all(|(worker, _)| stops(&pool, *worker)));
}

#[test]
fn a_thread_that_is_stopped_for_one_task_takes_no_other() {
    type Stop = fn(&Pool, WorkerId);
    let stops_it: [Stop; 3] = [
        |pool, worker| assert_eq!(pool.cancel(&[0]), [Cancelled::Running(worker)]),
        |pool, worker| pool.give_up(worker, Message::empty()),
        |pool, worker| {
            pool.spare_aborted();
            assert_eq!(pool.cancel(&[0]), [Cancelled::Running(worker)]);
            assert!(pool.stop_aborted(worker));
        },
    ];
    for stop in stops_it {
        let pool = pool(3);
        let workers = thread(&pool);
        let stopped = run(&pool, &workers, 0);
        let other = thread(&pool);
        stop(&pool, stopped);
        let _ = drained(&pool);
        pool.submit([task(1)]);
        assert!(workers.iter().all(|(worker, _)| stops(&pool, *worker)));
        assert_eq!(other.iter().map(|(_, bell)| bell.rung()).sum::<usize>(), 1);
    }
}

#[test]
fn each_task_of_a_thread_that_has_ended_is_told() {
    let pool = pool(3);
    let workers = thread(&pool);
    let ran: Vec<_> = (0..2).map(|id| run(&pool, &workers, id)).collect();
    pool.last_words(ran[1], Message::new(b"why"));
    pool.thread_gone(workers[0].0);
    let told = drained(&pool);
    let mut entries: Vec<_> = told.iter().map(|entry| (entry.status, entry.id)).collect();
    assert_eq!(entries.pop(), Some((Status::ThreadGone, SEVERAL_TASKS)));
    entries.sort_unstable_by_key(|(_, id)| *id);
    assert_eq!(entries, [(Status::Orphaned, 0), (Status::Orphaned, 1)]);
    let words = |id| {
        told.iter()
            .find(|entry| entry.id == id)
            .expect("told")
            .message
            .bytes()
    };
    assert_eq!((words(0), words(1)), (&b""[..], &b"why"[..]));
    assert!(ran
        .iter()
        .all(|worker| finish(&pool, *worker) == Finished::Stale));

    let workers = thread(&pool);
    let (quiet, busy) = (workers[0].0, run(&pool, &workers[1..], 7));
    pool.last_words(quiet, Message::new(b"of none"));
    pool.last_words(busy, Message::new(b"of one"));
    pool.thread_gone(quiet);
    let told = drained(&pool);
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].status, told[0].id), (Status::ThreadGone, 7));
    assert_eq!(told[0].message.bytes(), b"of one");
}

#[test]
fn what_an_aborted_task_ends_by_is_not_that_of_the_other() {
    let pool = pool(2);
    pool.spare_aborted();
    let workers = thread(&pool);
    let ran: Vec<_> = (0..2).map(|id| run(&pool, &workers, id)).collect();
    assert_eq!(pool.cancel(&[0]), [Cancelled::Running(ran[0])]);
    pool.thread_gone(workers[0].0);
    let ends = [
        (Status::Orphaned, ran[1], 1),
        (Status::ThreadGone, workers[0].0, SEVERAL_TASKS),
    ];
    assert_eq!(entries(&pool), ends);
}

#[test]
fn an_end_of_an_idle_thread_is_told_once() {
    let pool = pool(2);
    let workers = thread(&pool);
    let ran = run(&pool, &workers, 0);
    assert_eq!(finish(&pool, ran), Finished::Delivered);
    let _ = drained(&pool);
    pool.last_words(workers[0].0, Message::new(b"why"));
    pool.last_words(workers[1].0, Message::new(b"again"));
    pool.thread_gone(workers[1].0);
    let told = drained(&pool);
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].status, told[0].id), (Status::ThreadGone, NO_TASK));
}

#[test]
fn a_key_keeps_its_thread_and_any_worker_of_it_takes_the_next() {
    let pool = pool(2);
    let workers = thread(&pool);
    let woken = || {
        let mut rung = workers.iter().filter(|(_, bell)| bell.rung() > 0);
        rung.next().expect("one of the thread is woken").0
    };
    pool.submit([keyed(0, 1)]);
    let home = woken();
    assert_eq!(take(&pool, home), Some(0));
    let other = thread(&pool);
    pool.submit([keyed(1, 1)]);
    assert_eq!(finish(&pool, home), Finished::Delivered);
    let sibling = woken();
    assert_ne!(sibling, home);
    assert_eq!(take(&pool, other[0].0), None);
    assert_eq!(take(&pool, sibling), Some(1));
    assert_eq!(take(&pool, home), None);
}

#[test]
fn tasks_of_keys_want_as_many_workers_as_their_home_has_free() {
    let pool = pool(2);
    let workers = thread(&pool);
    pool.submit([keyed(0, 1), keyed(1, 2)]);
    for (id, (worker, _)) in (0..).zip(&workers) {
        assert_eq!(take(&pool, *worker), Some(id));
        assert_eq!(finish(&pool, *worker), Finished::Delivered);
    }
    pool.submit([keyed(2, 1), keyed(3, 2), task(4)]);
    assert_eq!(pool.statistics().wanted, 3);
    assert_eq!(take(&pool, workers[0].0), Some(2));
    assert_eq!(pool.statistics().wanted, 2);
}
