//! Models for loom, which runs each of them in every order of its threads (with at most
//! [`PREEMPTIONS`] switches that nothing forced). A lost wake-up shows as a deadlock.

mod affinity;
mod consumer;
mod door;
mod lanes;
mod progress;
mod recycling;

use super::testing::{milliseconds, task, task_of};
use super::{
    Cancelled, Completion, Finished, Lanes, Moment, Options, Pool, QueueOrder, Statistics, Status,
    Taken, Task, Wake, WorkerId,
};
use crate::sync::{Arc, Mutex};
use crate::transport::Message;
use crate::wire::packet::TaskHeader;
use loom::sync::Notify;
use loom::thread;
// What only the tests count is not a part of the models.
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Bugs of this kind need one or two. With three the models pass as well, in ten times the time.
const PREEMPTIONS: usize = 2;

const HOUR: Duration = Duration::from_secs(3600);

fn check(model: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(PREEMPTIONS);
    builder.check(model);
}

/// The wake of a thread that may block. It keeps one call that comes early.
struct Bell(Notify);

impl Bell {
    fn new() -> Arc<Self> {
        Arc::new(Self(Notify::new()))
    }

    fn wait(&self) {
        self.0.wait();
    }
}

impl Wake for Bell {
    fn wake(&self) {
        self.0.notify();
    }
}

fn pool(spin: Duration) -> (Arc<Pool>, Arc<Bell>) {
    pool_with(Options {
        spin,
        max_running: usize::MAX,
        max_tasks: u64::MAX,
        lanes: Lanes::new(1),
        order: QueueOrder::Fifo,
    })
}

fn pool_with(options: Options) -> (Arc<Pool>, Arc<Bell>) {
    let deliver = Bell::new();
    (Pool::new(deliver.clone(), options), deliver)
}

fn attached(pool: &Pool) -> (WorkerId, Arc<Bell>) {
    let bell = Bell::new();
    let worker = pool.add_workers();
    assert!(pool.attach(worker, bell.clone()));
    (worker, bell)
}

/// Runs tasks until the pool is closed, as a native thread does.
fn work(pool: &Pool, worker: WorkerId, bell: &Bell) {
    let mut task = Task::default();
    let mut taken = pool.take(worker, &mut task);
    loop {
        taken = match taken {
            Taken::Task => {
                let (status, now) = (Status::Result, Moment::now());
                task.message.clear();
                pool.finish_and_take(worker, status, Message::empty(), now, &mut task)
            }
            Taken::Idle => {
                bell.wait();
                pool.take(worker, &mut task)
            }
            Taken::Stop => return,
        };
    }
}

fn spawn_worker(pool: &Arc<Pool>) -> thread::JoinHandle<()> {
    let (worker, bell) = attached(pool);
    let pool = Arc::clone(pool);
    thread::spawn(move || work(&pool, worker, &bell))
}

/// Waits for results as the submitting thread does: it looks only when it is woken.
fn drain(pool: &Pool, deliver: &Bell, count: usize) -> Vec<Completion> {
    let mut completions = Vec::new();
    while completions.len() < count {
        deliver.wait();
        pool.drain(&mut completions);
    }
    completions
}

/// Runs tasks until all of them were taken. Then it lets the other worker know, which may be asleep.
fn work_until_all_are_taken(
    pool: &Pool,
    (worker, bell): &(WorkerId, Arc<Bell>),
    other: &Bell,
    left: &AtomicUsize,
) {
    let mut task = Task::default();
    let mut taken = pool.take(*worker, &mut task);
    loop {
        taken = match taken {
            Taken::Task => {
                left.fetch_sub(1, Ordering::Relaxed);
                let now = Moment::now();
                pool.finish_and_take(*worker, Status::Result, Message::empty(), now, &mut task)
            }
            Taken::Idle if left.load(Ordering::Relaxed) == 0 => return other.wake(),
            Taken::Idle => {
                bell.wait();
                pool.take(*worker, &mut task)
            }
            Taken::Stop => unreachable!("nobody closes the pool"),
        };
    }
}

/// Nobody closes the pool, and nobody waits for the results, which would multiply the orders: other
/// models do. A task that nobody takes leaves both workers asleep.
#[test]
fn no_wake_up_is_lost_between_two_workers_that_go_idle() {
    check(|| {
        let (pool, _deliver) = pool(Duration::ZERO);
        let (first, second) = (attached(&pool), attached(&pool));
        let bells = [second.1.clone(), first.1.clone()];
        let left = Arc::new(AtomicUsize::new(2));
        let workers = [first, second].into_iter().zip(bells);
        let mut threads: Vec<_> = workers
            .map(|(own, other)| {
                let (pool, left) = (Arc::clone(&pool), Arc::clone(&left));
                thread::spawn(move || work_until_all_are_taken(&pool, &own, &other, &left))
            })
            .collect();
        // In a thread of its own: this one waits, which costs no preemption.
        let submitting = Arc::clone(&pool);
        threads.push(thread::spawn(move || {
            submitting.submit([task(0), task(1)]);
        }));
        for thread in threads {
            thread.join().unwrap();
        }
        let mut completions = Vec::new();
        pool.drain(&mut completions);
        assert_eq!(completions.len(), 2);
    });
}

#[test]
fn both_results_are_heard_of_that_come_at_once() {
    check(|| {
        let (pool, deliver) = pool(Duration::ZERO);
        pool.submit([task(0), task(1)]);
        let workers = [(); 2].map(|()| {
            let (worker, _) = attached(&pool);
            let taken = pool.take(worker, &mut Task::default());
            assert_eq!(taken, Taken::Task);
            let pool = Arc::clone(&pool);
            thread::spawn(move || pool.finish(worker, Status::Result, Message::empty()))
        });
        assert_eq!(drain(&pool, &deliver, 2).len(), 2);
        for worker in workers {
            assert_eq!(worker.join().unwrap(), Finished::Delivered);
        }
    });
}

#[test]
fn no_result_is_left_in_the_stream() {
    check(|| {
        let (pool, deliver) = pool(Duration::ZERO);
        let worker = spawn_worker(&pool);
        for id in 0..2 {
            pool.submit([task(id)]);
        }
        drain(&pool, &deliver, 2);
        pool.submit([task(0)]);
        drain(&pool, &deliver, 1);
        pool.close();
        worker.join().unwrap();
    });
}

#[test]
fn a_spinning_worker_sees_what_is_submitted() {
    check(|| {
        let (pool, deliver) = pool(HOUR);
        let (worker, _) = attached(&pool);
        let spinning = Arc::clone(&pool);
        let spinning = thread::spawn(move || {
            assert!(matches!(
                spinning.take(worker, &mut Task::default()),
                Taken::Task
            ));
            let finished = spinning.finish(worker, Status::Result, Message::empty());
            assert_eq!(finished, Finished::Delivered);
        });
        pool.submit([task(0)]);
        drain(&pool, &deliver, 1);
        spinning.join().unwrap();
    });
}

/// A worker that was woken leaves instead of taking: another one runs the task. Here, too, nobody
/// closes the pool or waits for the result.
fn a_consumed_wake_is_passed_on(leave: fn(&Pool, WorkerId)) {
    check(move || {
        let (pool, _deliver) = pool(Duration::ZERO);
        let (staying, (leaving, bell)) = (attached(&pool), attached(&pool));
        let (staying_bell, leaving_bell) = (staying.1.clone(), bell.clone());
        let left = Arc::new(AtomicUsize::new(1));
        let stays = {
            let (pool, left) = (Arc::clone(&pool), Arc::clone(&left));
            thread::spawn(move || work_until_all_are_taken(&pool, &staying, &leaving_bell, &left))
        };
        let leaves = {
            let pool = Arc::clone(&pool);
            thread::spawn(move || match pool.take(leaving, &mut Task::default()) {
                Taken::Idle => {
                    bell.wait();
                    leave(&pool, leaving);
                }
                Taken::Task => {
                    left.store(0, Ordering::Relaxed);
                    let finished = pool.finish(leaving, Status::Result, Message::empty());
                    assert_eq!(finished, Finished::Delivered);
                    staying_bell.wake();
                }
                Taken::Stop => unreachable!("nobody closes the pool"),
            })
        };
        pool.submit([task(0)]);
        for thread in [stays, leaves] {
            thread.join().unwrap();
        }
        let mut completions = Vec::new();
        pool.drain(&mut completions);
        assert_eq!(completions.len(), 1);
    });
}

#[test]
fn a_worker_that_dies_passes_its_wake_on() {
    a_consumed_wake_is_passed_on(|pool, worker| {
        assert_eq!(pool.remove_worker(worker), None);
    });
}

#[test]
fn a_worker_that_stops_listening_passes_its_wake_on() {
    a_consumed_wake_is_passed_on(Pool::unlist);
}

#[test]
fn exactly_one_settles_a_waiting_task() {
    check(|| {
        let (pool, _deliver) = pool(Duration::ZERO);
        pool.submit([task(0)]);
        let (worker, _) = attached(&pool);
        let taking = Arc::clone(&pool);
        let taking = thread::spawn(move || match taking.take(worker, &mut Task::default()) {
            Taken::Task => taking.finish(worker, Status::Result, Message::empty()),
            Taken::Idle | Taken::Stop => Finished::Stale,
        });
        let closing = Arc::clone(&pool);
        let closing = thread::spawn(move || closing.close());
        let cancelled = pool.cancel(&[0])[0];
        let finished = taking.join().unwrap();
        closing.join().unwrap();
        assert!(cancelled == Cancelled::Settled || finished == Finished::Stale);
        let mut completions = Vec::new();
        pool.drain(&mut completions);
        assert_eq!(
            completions.len(),
            usize::from(finished == Finished::Delivered)
        );
        let Statistics {
            waiting, running, ..
        } = pool.statistics();
        assert_eq!((waiting, running), (0, 0));
    });
}

#[test]
fn exactly_one_settles_a_running_task() {
    check(|| {
        let (pool, _deliver) = pool(Duration::ZERO);
        let (worker, _) = attached(&pool);
        pool.submit([task_of(TaskHeader {
            timeout: milliseconds(HOUR),
            ..TaskHeader::default()
        })]);
        assert!(matches!(
            pool.take(worker, &mut Task::default()),
            Taken::Task
        ));
        let settled = Arc::new(Mutex::new(Vec::new()));
        let contend = |attempt: fn(&Pool, WorkerId) -> Option<&'static str>| {
            let (pool, settled) = (Arc::clone(&pool), Arc::clone(&settled));
            thread::spawn(move || {
                let won = attempt(&pool, worker);
                settled.lock().extend(won);
            })
        };
        let finish = contend(|pool, worker| {
            let finished = pool.finish(worker, Status::Result, Message::empty());
            (finished == Finished::Delivered).then_some("finish")
        });
        let cancel = contend(|pool, worker| {
            (pool.cancel(&[0])[0] == Cancelled::Running(worker)).then_some("cancel")
        });
        let dies = contend(|pool, worker| pool.remove_worker(worker).map(|_| "death"));
        pool.expire_due(Moment::now() + 2 * HOUR);
        for contender in [finish, cancel, dies] {
            contender.join().unwrap();
        }
        let mut completions = Vec::new();
        pool.drain(&mut completions);
        let mut settled = settled.lock();
        let expired = completions
            .iter()
            .filter(|entry| entry.status == Status::Expired);
        settled.extend(expired.map(|_| "expire"));
        assert_eq!(settled.len(), 1, "{settled:?}");
        let in_stream = matches!(settled[0], "finish" | "expire");
        drop(settled);
        assert_eq!(completions.len(), usize::from(in_stream));
        assert_eq!(pool.statistics().running, 0);
    });
}
