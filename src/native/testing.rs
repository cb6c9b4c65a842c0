//! The helpers that the tests of processors share.

use super::{Processor, Run, TaskError};
use crate::pool::testing::{attached, pool, task};
use crate::pool::{Completion, Status, Taken, Task};
use crate::value::Value;
use crate::wire::packet::FLAG_PROGRESS;

/// Runs a task that nobody cancels.
pub(super) fn run(processor: &dyn Processor, task: &Value) -> Result<Value, TaskError> {
    run_heard(processor, task, 0).0
}

/// The same, with the progress that was reported: what is left of it in the stream.
pub(super) fn run_with_progress(
    processor: &dyn Processor,
    task: &Value,
) -> (Result<Value, TaskError>, Vec<Value>) {
    run_heard(processor, task, FLAG_PROGRESS)
}

fn run_heard(
    processor: &dyn Processor,
    value: &Value,
    flags: u32,
) -> (Result<Value, TaskError>, Vec<Value>) {
    let (pool, _) = pool();
    let (worker, _) = attached(&pool);
    pool.submit([task(0)]);
    assert!(matches!(
        pool.take(worker, &mut Task::default()),
        Taken::Task
    ));
    let outcome = processor.run(value, &Run::new(&pool, worker, flags));
    let mut told = Vec::new();
    pool.drain(&mut told);
    let reported = |told: Completion| {
        assert_eq!(told.status, Status::Progress);
        Value::decode(told.message.bytes()).expect("an encoded value")
    };
    (outcome, told.into_iter().map(reported).collect())
}
