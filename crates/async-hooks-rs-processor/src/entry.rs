//! The function that the threads of a pool call with a task.

use crate::abi::{self, Status};
use crate::value::{encode_error, Encoded, Refusal};
use crate::{Error, Processor, Run};
use std::any::Any;
use std::ffi::c_void;
use std::panic::{catch_unwind, AssertUnwindSafe};

/// Runs a task.
///
/// # Safety
/// `processor` leads to a `&'static dyn Processor`, and `task` is one as the ABI has it, until this
/// returns.
pub(crate) unsafe extern "C" fn run(processor: *const c_void, task: *const abi::Task) -> Status {
    // SAFETY: by the caller's promise.
    let processor = unsafe { *processor.cast::<&'static dyn Processor>() };
    // SAFETY: by the caller's promise. The reference is gone when this returns.
    let task = unsafe { &*task };
    // SAFETY: by the caller's promise, and so is this.
    let run = unsafe { Run::new(task) };
    // What unwinds shares the task, which nobody changes, and the processor, whose methods take a
    // shared reference: what it keeps behind it, it has to keep right itself, as in any other
    // thread.
    let caught = catch_unwind(AssertUnwindSafe(|| attempt(processor, &run)));
    let outcome = caught.unwrap_or_else(|payload| Err(panicked(processor, payload)));
    match outcome {
        Ok(()) => Status::RESULT,
        Err(error) => fail(&error, &run),
    }
}

/// Runs the processor and passes on its result.
fn attempt(processor: &dyn Processor, run: &Run<'_>) -> Result<(), Error> {
    let name = processor.name();
    let task = run.value().map_err(|refusal| match refusal {
        Refusal::OutOfMemory => Error::out_of_memory(),
        Refusal::TooDeep => Error::new("the task nests too deeply"),
        Refusal::Malformed => Error::new(format!(
            "the native processor '{name}' cannot read the task"
        )),
    })?;
    let result = processor.run(&task, run)?;
    let encoded = Encoded::new(&result)?;
    // SAFETY: this is the thread that `run` was called on.
    unsafe { run.answer(&encoded) };
    Ok(())
}

/// Passes on an error.
fn fail(error: &Error, run: &Run<'_>) -> Status {
    let Some((code, message)) = error.parts() else {
        return Status::OUT_OF_MEMORY;
    };
    // If the message is too large, the code alone says what matters.
    let encoded = encode_error(code, message).or_else(|_| encode_error(code, ""));
    let Ok(encoded) = encoded else {
        return Status::OUT_OF_MEMORY;
    };
    // SAFETY: this is the thread that `run` was called on.
    unsafe { run.answer(&encoded) };
    Status::ERROR
}

fn panicked(processor: &dyn Processor, payload: Box<dyn Any + Send>) -> Error {
    let text = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    let reason = text.map(|text| format!(": {text}")).unwrap_or_default();
    // `name()` is the user's, too.
    let name = catch_unwind(AssertUnwindSafe(|| processor.name())).unwrap_or_else(|payload| {
        discard(payload);
        "?"
    });
    let error = Error::panicked(format!("the native processor '{name}' panicked{reason}"));
    discard(payload);
    error
}

/// Drops what a panic carried, which may be anything, and panic in turn.
fn discard(payload: Box<dyn Any + Send>) {
    if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        std::mem::forget(again);
    }
}
