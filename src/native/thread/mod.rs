//! The threads that native processors run on.

use super::addon::Foreign;
use super::{Processor, Run, TaskError};
use crate::pool::{Moment, Pool, Status, Taken, Task, Wake, WorkerId};
use crate::sync::Arc;
use crate::transport::{blocks, Attachment, Message};
use crate::value::{encode_error, encode_number, DecodeError, EncodeError, Value};
use crate::wire::packet::LARGEST_VALUE;
use std::any::Any;
use std::io;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::thread::{self, Thread};

/// A thread keeps at most this much of its buffer for the next result.
const KEPT_BUFFER: usize = 64 * 1024;

/// What runs the tasks of a thread.
enum Performer {
    /// A processor that is compiled in.
    Own(&'static dyn Processor),
    /// One of another addon.
    Foreign(Foreign),
}

impl Performer {
    /// Runs a task whose message is not lost. Leaves nothing of it in the buffer.
    fn perform(&self, task: &Message, run: &Run<'_>, buffer: &mut Vec<u8>) -> (Status, Message) {
        let processor = match self {
            Self::Own(processor) => *processor,
            Self::Foreign(processor) => return processor.run(task, run),
        };
        let status = perform(processor, task, run, buffer);
        let result = message(buffer);
        buffer.clear();
        buffer.shrink_to(KEPT_BUFFER);
        (status, result)
    }
}

/// Starts a thread that takes tasks until the pool is closed or the worker condemned, and returns
/// the worker. The thread's end comes as a completion with [`Status::ThreadGone`]; call
/// [`Pool::remove_worker`] after it.
///
/// The code of the thread must stay loaded. A caller that can be unloaded sees to that first.
///
/// # Errors
/// The operating system's.
pub(crate) fn spawn(pool: &Arc<Pool>, processor: &'static dyn Processor) -> io::Result<WorkerId> {
    start(pool, Performer::Own(processor))
}

/// The same with a processor of another addon, whose code stays loaded.
///
/// # Errors
/// The operating system's.
pub(crate) fn spawn_foreign(pool: &Arc<Pool>, processor: Foreign) -> io::Result<WorkerId> {
    start(pool, Performer::Foreign(processor))
}

fn start(pool: &Arc<Pool>, performer: Performer) -> io::Result<WorkerId> {
    let worker = pool.add_workers();
    let shared = Arc::clone(pool);
    let started = thread::Builder::new()
        .name("async-hooks-rs-worker".into())
        .spawn(move || work(&shared, worker, &performer));
    match started {
        Ok(_) => Ok(worker),
        Err(error) => {
            // It was never attached, so it has no task.
            let _ = pool.remove_worker(worker);
            Err(error)
        }
    }
}

/// Wakes a parked thread. The thread keeps a wake that comes before it parks.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(&self) {
        self.0.unpark();
    }
}

/// Says that the thread is gone, also when it unwinds: otherwise closing would wait forever.
struct Gone<'pool> {
    pool: &'pool Pool,
    worker: WorkerId,
}

impl Drop for Gone<'_> {
    fn drop(&mut self) {
        self.pool.thread_gone(self.worker);
    }
}

fn work(pool: &Pool, worker: WorkerId, performer: &Performer) {
    let _gone = Gone { pool, worker };
    if !pool.attach(worker, Arc::new(Unpark(thread::current()))) {
        return;
    }
    pool.announce(worker);
    // For results, one after the other.
    let mut buffer = Vec::new();
    let mut task = Task::default();
    let mut taken = pool.take(worker, &mut task);
    loop {
        taken = match taken {
            Taken::Task => {
                let (status, result) = if task.message.is_lost() {
                    (Status::OutOfMemory, Message::empty())
                } else {
                    let run = Run::new(pool, worker, task.header.flags);
                    performer.perform(&task.message, &run, &mut buffer)
                };
                task.message.clear();
                pool.finish_and_take(worker, status, result, Moment::now(), &mut task)
            }
            // A native thread may block. A JavaScript one returns to its event loop instead.
            Taken::Idle => {
                thread::park();
                pool.take(worker, &mut task)
            }
            Taken::Stop => return,
        };
    }
}

/// A message for an encoded value.
pub(super) fn message(value: &[u8]) -> Message {
    if value.len() <= LARGEST_VALUE {
        return Message::new(value);
    }
    Message::empty().with_attachments([blocks::take(value)])
}

/// The encoded value of a message, which is its first attachment if it is too large for a packet,
/// and the binary data that the value refers to.
pub(super) fn parts_of(message: &Message) -> (&[u8], &[Attachment]) {
    match (message.bytes(), message.attachments()) {
        ([], [value, others @ ..]) => (value.bytes(), others),
        whole => whole,
    }
}

/// Leaves the encoded result or error in `buffer`.
fn perform(
    processor: &dyn Processor,
    message: &Message,
    run: &Run<'_>,
    buffer: &mut Vec<u8>,
) -> Status {
    buffer.clear();
    // What unwinds shares the buffer, which is cleared, and the pool, which bears it.
    let attempt = || attempt(processor, parts_of(message).0, run, buffer);
    let outcome = catch_unwind(AssertUnwindSafe(attempt))
        .unwrap_or_else(|payload| Err(TaskError::panicked(describe(processor, &*payload))));
    let encoded = match outcome {
        Ok(()) => return Status::Result,
        Err(TaskError::Failed { code, message }) => {
            buffer.clear();
            encode_error(code, &message, buffer).or_else(|_| {
                // The message is too large. The code alone says what matters.
                buffer.clear();
                encode_error(code, "", buffer)
            })
        }
        Err(TaskError::OutOfMemory) => Err(EncodeError::OutOfMemory),
    };
    if encoded.is_ok() {
        return Status::Error;
    }
    *buffer = Vec::new();
    Status::OutOfMemory
}

fn attempt(
    processor: &dyn Processor,
    bytes: &[u8],
    run: &Run<'_>,
    buffer: &mut Vec<u8>,
) -> Result<(), TaskError> {
    if let Some(number) = processor.number_of(bytes) {
        return encode_number(number, buffer).map_err(|_| TaskError::OutOfMemory);
    }
    let name = processor.name();
    let task = Value::decode(bytes).map_err(|error| match error {
        DecodeError::OutOfMemory => TaskError::OutOfMemory,
        error => TaskError::refused(format!(
            "the native processor '{name}' expected a plain value: {error}"
        )),
    })?;
    let result = processor.run(&task, run)?;
    result.encode(buffer).map_err(|error| match error {
        EncodeError::OutOfMemory => TaskError::OutOfMemory,
        error => TaskError::refused(format!(
            "the result of the native processor '{name}' cannot be encoded: {error}"
        )),
    })
}

fn describe(processor: &dyn Processor, payload: &(dyn Any + Send)) -> String {
    let name = processor.name();
    let text = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    let reason = text.map(|text| format!(": {text}")).unwrap_or_default();
    format!("the native processor '{name}' panicked{reason}")
}

#[cfg(test)]
mod tests;
