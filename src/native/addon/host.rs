//! The functions that processors of other addons call.
//!
//! No panic reaches them, where it would end the process: their ABI is C's.

use super::{copied, keys_of};
use crate::native::Run;
use crate::sync::process::Mutex;
use crate::sync::Arc;
use crate::transport::Message;
use crate::wire::context;
use async_hooks_rs_processor::abi::{self, Host, Slice, Status};
use std::ffi::c_void;
use std::mem::size_of;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::OnceLock;

/// The functions.
pub(super) static HOST: Host = Host {
    size: size_of::<Host>(),
    is_aborted,
    progress,
    contexts,
    keys,
    answer,
};

/// What the functions are called with: a run, and what is kept for it. Several threads may have it.
pub(super) struct Answering<'run> {
    run: &'run Run<'run>,
    answer: Mutex<Option<Message>>,
    contexts: OnceLock<Option<Contexts>>,
}

/// The contexts of the task, as long as it runs.
struct Contexts {
    bytes: Arc<Vec<u8>>,
    attachments: Vec<Slice>,
}

#[expect(
    clippy::non_send_fields_in_send_ty,
    reason = "the pointers are what this is about"
)]
// SAFETY: its pointers lead into the bytes, which it owns, and which nobody writes to.
unsafe impl Send for Contexts {}
// SAFETY: as above.
unsafe impl Sync for Contexts {}

/// The rules of the ABI let several threads share one, which the compiler has to agree with.
const _: () = {
    const fn is_shared<T: Sync>() {}
    is_shared::<Answering<'_>>();
};

impl<'run> Answering<'run> {
    pub(super) const fn new(run: &'run Run<'run>) -> Self {
        Self {
            run,
            answer: Mutex::new(None),
            contexts: OnceLock::new(),
        }
    }

    pub(super) fn into_answer(self) -> Option<Message> {
        self.answer.into_inner()
    }

    fn contexts(&self) -> Option<&Contexts> {
        let read = || {
            let bytes = self.run.contexts()?;
            let attachments = context::attachments(&bytes).map(Slice::from).collect();
            Some(Contexts { bytes, attachments })
        };
        self.contexts.get_or_init(read).as_ref()
    }
}

/// What `body` returns, or `otherwise` if it panics, which is a bug of this crate.
fn guarded<R>(otherwise: R, body: impl FnOnce() -> R) -> R {
    // Whatever state it left is used no further than by calls that bear any state.
    catch_unwind(AssertUnwindSafe(body)).unwrap_or(otherwise)
}

/// The run that a function was called with.
///
/// # Safety
/// By the rules of the ABI, it is that of a task that runs until `'call` ends.
const unsafe fn run_of<'call>(run: *const c_void) -> &'call Answering<'call> {
    // SAFETY: `Foreign::run` has made the pointer of such a reference, which it keeps while the
    // task runs. It is shared, as was seen above.
    unsafe { &*run.cast() }
}

/// # Safety
/// As [`run_of`].
unsafe extern "C" fn is_aborted(run: *const c_void) -> u32 {
    // SAFETY: by the caller's promise.
    let run = unsafe { run_of(run) };
    guarded(true, || run.run.is_cancelled()).into()
}

/// # Safety
/// As [`run_of`], and the message is one of the ABI.
unsafe extern "C" fn progress(run: *const c_void, value: *const abi::Message) -> Status {
    // SAFETY: by the caller's promise.
    let run = unsafe { run_of(run) };
    // SAFETY: by the caller's promise.
    let value = unsafe { *value };
    guarded(Status::OUT_OF_MEMORY, || {
        if !run.run.is_heard() {
            return Status::RESULT;
        }
        // SAFETY: by the caller's promise.
        let Some(value) = (unsafe { copied(value) }) else {
            return Status::ERROR;
        };
        match run.run.tell(value) {
            Ok(()) => Status::RESULT,
            Err(_) => Status::OUT_OF_MEMORY,
        }
    })
}

/// # Safety
/// As [`run_of`], and `into` is a place to write to.
unsafe extern "C" fn contexts(run: *const c_void, into: *mut abi::Message) -> u32 {
    // SAFETY: by the caller's promise.
    let run = unsafe { run_of(run) };
    let found = guarded(None, || {
        let contexts = run.contexts()?;
        let object = context::object(&contexts.bytes)?;
        Some(abi::Message::new(object, &contexts.attachments))
    });
    let Some(found) = found else {
        return 0;
    };
    // SAFETY: by the caller's promise.
    unsafe { into.write(found) };
    1
}

/// # Safety
/// `sink` may be called with `place` and bytes that are gone when it returns.
unsafe extern "C" fn keys(
    _: *const c_void,
    shape: u32,
    sink: abi::Sink,
    place: *mut c_void,
) -> u32 {
    let Some(keys) = guarded(None, || keys_of(shape)) else {
        return 0;
    };
    // SAFETY: by the caller's promise.
    unsafe { sink(place, keys.as_slice().into()) };
    1
}

/// # Safety
/// As [`run_of`], and the message is one of the ABI.
unsafe extern "C" fn answer(run: *const c_void, value: *const abi::Message) {
    // SAFETY: by the caller's promise.
    let run = unsafe { run_of(run) };
    // SAFETY: by the caller's promise.
    let value = unsafe { *value };
    // SAFETY: by the caller's promise.
    let answer = guarded(None, || unsafe { copied(value) });
    *run.answer.lock() = answer;
}
