//! Many threads at once: every task is settled exactly once, whoever wins.

use super::testing::{drain_until, pool, task_of, Bell};
use super::{Cancelled, Finished, Moment, Pool, Statistics, Status, Taken, Task, TaskId, WorkerId};
use crate::sync::Arc;
use crate::transport::Message;
use crate::wire::packet::{Order, TaskHeader, NO_KEY, NO_TIMEOUT};
use parking_lot::Mutex;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

const PRODUCERS: u32 = 3;
const TASKS_EACH: u32 = 4_000;
const TASKS: u32 = PRODUCERS * TASKS_EACH;
const WORKERS: u32 = 3;

/// How often each task was settled: once, in the end.
#[derive(Default)]
struct Tally(HashMap<TaskId, usize>);

impl Tally {
    fn settled(&mut self, id: TaskId) {
        *self.0.entry(id).or_default() += 1;
    }
}

/// A worker's life: it runs tasks until it is stopped, or dies with every five-hundredth one.
/// Returns the task that its death settled.
fn live(
    pool: &Pool,
    worker: WorkerId,
    bell: &Arc<Bell>,
    running: &Mutex<HashSet<u32>>,
) -> Option<TaskId> {
    if !pool.attach(worker, bell.clone()) {
        return pool.remove_worker(worker);
    }
    loop {
        let mut task = Task::default();
        match pool.take(worker, &mut task) {
            Taken::Task if task.header.id % 500 == 499 => return pool.remove_worker(worker),
            Taken::Task => {
                let key = task.header.order.key();
                if key != NO_KEY {
                    assert!(running.lock().insert(key), "two tasks of one key at once");
                    thread::yield_now();
                    running.lock().remove(&key);
                }
                assert_eq!(task.message.bytes(), task.header.id.to_le_bytes());
                let message = Message::new(task.message.bytes());
                if pool.finish(worker, Status::Result, message) == Finished::Stale {
                    return pool.remove_worker(worker);
                }
            }
            Taken::Idle => bell.wait(),
            Taken::Stop => return pool.remove_worker(worker),
        }
    }
}

fn submit(pool: &Pool, ids: std::ops::Range<TaskId>) {
    let ids: Vec<TaskId> = ids.collect();
    for batch in ids.chunks(32) {
        let headers = batch.iter().map(|&id| TaskHeader {
            id,
            order: Order::new(
                (id % 3) as i8,
                if id % 4 == 0 { 1 + id % 50 } else { NO_KEY },
            ),
            timeout: if id % 2 == 0 { 600_000 } else { NO_TIMEOUT },
            ..TaskHeader::default()
        });
        pool.submit(headers.map(task_of));
    }
}

#[test]
fn every_task_is_settled_exactly_once() {
    let (pool, deliver) = pool();
    let done = AtomicBool::new(false);
    let elsewhere = AtomicUsize::new(0);
    let mut tally = Tally::default();
    let running = Mutex::default();
    thread::scope(|scope| {
        for producer in 0..PRODUCERS {
            let pool = &pool;
            scope.spawn(move || submit(pool, producer * TASKS_EACH..(producer + 1) * TASKS_EACH));
        }
        let workers = (0..WORKERS).map(|_| {
            scope.spawn(|| {
                let mut died_with = Vec::new();
                while !done.load(Ordering::Relaxed) {
                    let worker = pool.add_workers();
                    if let Some(id) = live(&pool, worker, &Bell::new(), &running) {
                        died_with.push(id);
                        elsewhere.fetch_add(1, Ordering::Relaxed);
                        crate::pool::Wake::wake(&*deliver);
                    }
                }
                died_with
            })
        });
        let workers: Vec<_> = workers.collect();
        let canceller = scope.spawn(|| {
            let mut cancelled = Vec::new();
            for id in (0..TASKS).step_by(7) {
                if pool.cancel(&[id])[0] != Cancelled::Settled {
                    cancelled.push(id);
                    elsewhere.fetch_add(1, Ordering::Relaxed);
                    crate::pool::Wake::wake(&*deliver);
                }
            }
            cancelled
        });
        let expirer = scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                let _ = pool.expire_due(Moment::now() + Duration::from_secs(1200));
                thread::sleep(Duration::from_millis(1));
            }
        });

        let mut completions = Vec::new();
        while completions.len() + elsewhere.load(Ordering::Relaxed) < TASKS as usize {
            deliver.wait();
            pool.drain(&mut completions);
        }
        done.store(true, Ordering::Relaxed);
        pool.close();
        pool.drain(&mut completions);
        for completion in completions {
            if completion.status == Status::Result {
                assert_eq!(completion.message.bytes(), completion.id.to_le_bytes());
            }
            tally.settled(completion.id);
        }
        for ids in workers.into_iter().chain([canceller]) {
            for id in ids.join().expect("no panic") {
                tally.settled(id);
            }
        }
        expirer.join().expect("no panic");
    });
    assert_eq!(tally.0.len(), TASKS as usize);
    assert!(tally.0.values().all(|times| *times == 1));
    let Statistics {
        waiting, running, ..
    } = pool.statistics();
    assert_eq!((waiting, running), (0, 0));
}

#[test]
fn a_pool_may_close_at_any_moment() {
    for round in 0..200 {
        let (pool, deliver) = pool();
        let add = crate::native::find("add").expect("it is registered");
        let threads = 2;
        for _ in 0..threads {
            crate::native::spawn(&pool, add).expect("a thread");
        }
        thread::scope(|scope| {
            scope.spawn(|| submit(&pool, 0..round));
            scope.spawn(|| {
                (0..round).for_each(|_| thread::yield_now());
                pool.close();
            });
        });
        let ends = |status| status == Status::ThreadGone;
        let mut gone = 0;
        while gone < threads {
            let completions = drain_until(&pool, &deliver, 1);
            gone += completions
                .iter()
                .filter(|entry| ends(entry.status))
                .count();
        }
        assert_eq!(
            (pool.statistics().waiting, pool.statistics().running),
            (0, 0)
        );
    }
}
