//! Native threads: results, errors, panics, and how they end.

use super::{spawn, Processor, Run, TaskError};
use crate::native::find;
use crate::pool::testing::{drain_until, pool, task, Bell};
use crate::pool::{Cancelled, Completion, Pool, Status, Task, TaskId};
use crate::sync::Arc;
use crate::transport::Message;
use crate::value::{JsString, Value};
use crate::wire::packet::FLAG_PROGRESS;
use parking_lot::{Condvar, Mutex};
use std::time::Duration;

fn task_with(id: TaskId, value: &Value) -> Task {
    let mut bytes = Vec::new();
    value.encode(&mut bytes).expect("a plain value");
    Task {
        message: Message::new(&bytes),
        ..task(id)
    }
}

fn text(text: &str) -> Value {
    Value::String(text.into())
}

fn sum_of(a: f64, b: f64) -> Value {
    let entries = [("a", a), ("b", b)];
    let entries = entries.map(|(key, value)| (JsString::from(key), Value::Number(value)));
    Value::Object(entries.into_iter().collect())
}

/// The text of an encoded error, code included.
fn has_text(completion: &Completion, text: &str) -> bool {
    let bytes = completion.message.bytes();
    bytes
        .windows(text.len())
        .any(|part| part == text.as_bytes())
}

fn close_and_wait(pool: &Pool, deliver: &Bell, threads: usize) {
    pool.close();
    let gone = drain_until(pool, deliver, threads);
    assert_eq!(gone.len(), threads);
    for completion in gone {
        assert_eq!(completion.status, Status::ThreadGone);
        assert_eq!(pool.remove_worker(completion.worker), None);
    }
}

/// Does what the task says: panics, refuses, waits until the gate is open, or returns the task.
struct Moody {
    gate: Mutex<Gate>,
    changed: Condvar,
}

#[derive(Default)]
struct Gate {
    held: usize,
    open: bool,
}

impl Moody {
    const fn new() -> Self {
        let gate = Gate {
            held: 0,
            open: false,
        };
        Self {
            gate: Mutex::new(gate),
            changed: Condvar::new(),
        }
    }

    fn hold(&self) {
        let mut gate = self.gate.lock();
        gate.held += 1;
        self.changed.notify_all();
        self.changed.wait_while(&mut gate, |gate| !gate.open);
        drop(gate);
    }

    fn wait_until_held(&self) {
        let mut gate = self.gate.lock();
        self.changed.wait_while(&mut gate, |gate| gate.held == 0);
    }

    fn open(&self) {
        self.gate.lock().open = true;
        self.changed.notify_all();
    }
}

impl Processor for Moody {
    fn name(&self) -> &'static str {
        "moody"
    }

    fn run(&self, task: &Value, run: &Run<'_>) -> Result<Value, TaskError> {
        match task {
            Value::String(mood) if mood == "panic" => panic!("out of mood"),
            Value::String(mood) if mood == "refuse" => Err(TaskError::refused("expected less")),
            Value::String(mood) if mood == "date" => Ok(Value::Other("a Date")),
            Value::String(mood) if mood == "hold" => {
                self.hold();
                Ok(Value::Null)
            }
            Value::String(mood) if mood == "count" => {
                for number in 0..3 {
                    run.progress(&Value::Number(f64::from(number)))?;
                }
                Ok(Value::Null)
            }
            Value::String(mood) if mood == "date on the way" => {
                run.progress(&Value::Other("a Date"))?;
                Ok(Value::Null)
            }
            Value::String(mood) if mood == "hold until cancelled" => {
                self.hold();
                assert!(run.is_cancelled(), "nobody has cancelled it");
                run.progress(&Value::Null)?;
                Ok(Value::Null)
            }
            other => Ok(other.clone()),
        }
    }
}

#[test]
fn results_come_in_one_stream() {
    let (pool, deliver) = pool();
    let add = find("add").expect("it is registered");
    for _ in 0..2 {
        spawn(&pool, add).expect("a thread");
    }
    pool.submit((0..100).map(|id| task_with(id, &sum_of(f64::from(id), 100.0))));
    let mut completions = drain_until(&pool, &deliver, 100);
    completions.sort_by_key(|completion| completion.id);
    for (id, completion) in (0..).zip(&completions) {
        assert_eq!((completion.id, completion.status), (id, Status::Result));
        let result = Value::decode(completion.message.bytes());
        assert_eq!(result, Ok(Value::Number(f64::from(id) + 100.0)));
    }
    close_and_wait(&pool, &deliver, 2);
}

#[test]
fn failures_are_encoded_and_the_thread_lives_on() {
    static MOODY: Moody = Moody::new();
    let (pool, deliver) = pool();
    spawn(&pool, &MOODY).expect("a thread");
    let moods = ["panic", "refuse", "date", "echo"];
    pool.submit(
        (0..)
            .zip(moods)
            .map(|(id, mood)| task_with(id, &text(mood))),
    );
    pool.submit([Task {
        message: Message::new(&[0xff, 0xff]),
        ..task(4)
    }]);
    let completions = drain_until(&pool, &deliver, 5);
    let expected = [
        (Status::Error, "ERR_WORKER_POOL_NATIVE_PANIC"),
        (Status::Error, "expected less"),
        (Status::Error, "received a Date"),
        (Status::Result, "echo"),
        (Status::Error, "ERR_WORKER_POOL_NATIVE_TASK"),
    ];
    for (completion, (status, text)) in completions.iter().zip(expected) {
        assert_eq!(completion.status, status);
        assert!(has_text(completion, text), "{text}");
    }
    assert!(has_text(&completions[0], "out of mood"));
    close_and_wait(&pool, &deliver, 1);
}

#[test]
fn progress_is_told_to_those_who_asked() {
    static MOODY: Moody = Moody::new();
    let (pool, deliver) = pool();
    spawn(&pool, &MOODY).expect("a thread");
    let heard = |id, mood| {
        let mut task = task_with(id, &text(mood));
        task.header.flags = FLAG_PROGRESS;
        task
    };
    pool.submit([
        heard(0, "count"),
        task_with(1, &text("count")),
        heard(2, "date on the way"),
        task_with(3, &text("date on the way")),
    ]);
    let completions = drain_until(&pool, &deliver, 7);
    let told: Vec<(TaskId, Status)> = completions
        .iter()
        .map(|completion| (completion.id, completion.status))
        .collect();
    let expected = [
        (0, Status::Progress),
        (0, Status::Progress),
        (0, Status::Progress),
        (0, Status::Result),
        (1, Status::Result),
        (2, Status::Error),
        (3, Status::Result),
    ];
    assert_eq!(told, expected);
    for (number, completion) in (0..3).zip(&completions) {
        let value = Value::decode(completion.message.bytes());
        assert_eq!(value, Ok(Value::Number(f64::from(number))));
    }
    assert!(has_text(&completions[5], "the progress cannot be encoded"));
    close_and_wait(&pool, &deliver, 1);
}

#[test]
fn a_processor_learns_that_its_task_is_cancelled() {
    static MOODY: Moody = Moody::new();
    let (pool, deliver) = pool();
    let worker = spawn(&pool, &MOODY).expect("a thread");
    let mut task = task_with(0, &text("hold until cancelled"));
    task.header.flags = FLAG_PROGRESS;
    pool.submit([task]);
    MOODY.wait_until_held();
    assert_eq!(pool.cancel(&[0])[0], Cancelled::Running(worker));
    MOODY.open();
    // And what it tells then reaches nobody, as its result does not.
    let gone = drain_until(&pool, &deliver, 1);
    assert_eq!(
        (gone[0].status, gone[0].worker),
        (Status::ThreadGone, worker)
    );
    assert_eq!(pool.remove_worker(worker), None);
}

#[test]
fn a_cancelled_task_runs_to_its_end_and_its_thread_ends() {
    static MOODY: Moody = Moody::new();
    let (pool, deliver) = pool();
    let worker = spawn(&pool, &MOODY).expect("a thread");
    pool.submit([task_with(0, &text("hold"))]);
    MOODY.wait_until_held();
    assert_eq!(pool.cancel(&[0])[0], Cancelled::Running(worker));
    MOODY.open();
    let gone = drain_until(&pool, &deliver, 1);
    assert_eq!(
        (gone[0].status, gone[0].worker),
        (Status::ThreadGone, worker)
    );
    assert_eq!(pool.remove_worker(worker), None);

    // Its replacement takes the next task.
    pool.submit([task_with(0, &text("echo"))]);
    spawn(&pool, &MOODY).expect("a thread");
    let completions = drain_until(&pool, &deliver, 1);
    assert_eq!(
        (completions[0].id, completions[0].status),
        (0, Status::Result)
    );
    close_and_wait(&pool, &deliver, 1);
}

#[test]
fn a_retired_thread_ends() {
    let (pool, deliver) = pool();
    for _ in 0..2 {
        spawn(&pool, find("add").expect("it is registered")).expect("a thread");
    }
    let retired = loop {
        match pool.retire_idle(Duration::ZERO) {
            Ok(worker) => break worker,
            Err(_) => std::thread::yield_now(),
        }
    };
    let gone = drain_until(&pool, &deliver, 1);
    assert_eq!(
        (gone[0].status, gone[0].worker),
        (Status::ThreadGone, retired)
    );
    assert_eq!(pool.remove_worker(retired), None);
    close_and_wait(&pool, &deliver, 1);
}

#[test]
fn threads_let_go_of_a_closed_pool() {
    let (pool, deliver) = pool();
    for _ in 0..3 {
        spawn(&pool, find("add").expect("it is registered")).expect("a thread");
    }
    close_and_wait(&pool, &deliver, 3);
    let weak = Arc::downgrade(&pool);
    drop(pool);
    while weak.upgrade().is_some() {
        std::thread::yield_now();
    }
}
