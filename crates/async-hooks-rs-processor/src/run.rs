//! What a processor may ask and say while it runs a task.

use crate::abi;
use crate::value::{decode, keys_of, Encoded, Keys, Refusal, Source};
use crate::{Error, Value};
use std::ffi::c_void;

/// A task that runs. Other threads may use it, too, as long as [`Processor::run`] has not returned:
/// those of a scope, for example.
///
/// [`Processor::run`]: crate::Processor::run
#[derive(Debug)]
pub struct Run<'task> {
    task: &'task abi::Task,
    host: &'task abi::Host,
}

// SAFETY: by the rules of the ABI, whoever made the task lets any thread read what it leads to and
// call the functions that are called by a `&Run`, until the processor's function returns. `'task`
// ends before that. The one function that is bound to a thread is called by `answer`, which is
// unsafe.
unsafe impl Sync for Run<'_> {}
// SAFETY: as above. It owns nothing.
unsafe impl Send for Run<'_> {}

impl<'task> Run<'task> {
    /// # Safety
    /// The task is one as the ABI has it, and `'task` ends before the function returns that was called
    /// with it.
    pub(crate) const unsafe fn new(task: &'task abi::Task) -> Self {
        // SAFETY: by the caller's promise, it leads to a host, which may be read as long as the
        // task.
        let host = unsafe { &*task.host };
        Self { task, host }
    }

    /// Whether the task is settled already: aborted, timed out, or its pool was closed. What the
    /// processor returns reaches nobody then. The answer takes the lock of the pool, so ask it some
    /// hundred times a second, not in an inner loop.
    #[must_use]
    pub fn is_aborted(&self) -> bool {
        // SAFETY: the function of this host, with what it is called with; the task still runs.
        unsafe { (self.host.is_aborted)(self.task.run) != 0 }
    }

    /// Tells the submitter how far the task is, if it has asked to be told: its `onProgress` gets
    /// the value. All values come in their order and before the result. Of a submitter that does
    /// not look, at most 32 wait: a further one replaces the newest.
    ///
    /// # Errors
    /// The value cannot be sent, or there is no memory for it.
    pub fn progress(&self, value: &Value<'_>) -> Result<(), Error> {
        if self.task.is_heard == 0 {
            return Ok(());
        }
        let encoded = Encoded::new(value)?;
        let message = encoded.message();
        // SAFETY: the function of this host, with what it is called with; the task still runs. The
        // message and what it leads to live until the call returns.
        let status = unsafe { (self.host.progress)(self.task.run, &raw const message) };
        if status == abi::Status::RESULT {
            Ok(())
        } else {
            Err(Error::out_of_memory())
        }
    }

    /// What travels with the task of the context of this name: a copy of its store at the
    /// submission, or what its `serialize()` made of that. None if the pool carries no such
    /// context, or if there was no store.
    #[must_use]
    pub fn context(&self, name: &str) -> Option<Value<'task>> {
        let mut contexts = abi::Message::new(&[], &[]);
        // SAFETY: the function of this host, with what it is called with; the task still runs.
        if unsafe { (self.host.contexts)(self.task.run, &raw mut contexts) } == 0 {
            return None;
        }
        // SAFETY: what the host writes may be read as long as the task.
        let contexts = unsafe { self.decode(contexts) }.ok()?;
        contexts.get(name).cloned()
    }

    /// The value of the task.
    pub(crate) fn value(&self) -> Result<Value<'task>, Refusal> {
        // SAFETY: what the task leads to may be read as long as it runs.
        unsafe { self.decode(self.task.message) }
    }

    /// # Safety
    /// The message and what it leads to may be read until `'task` ends.
    unsafe fn decode(&self, message: abi::Message) -> Result<Value<'task>, Refusal> {
        // SAFETY: by the caller's promise.
        let bytes = unsafe { message.value.bytes() };
        // SAFETY: by the caller's promise.
        let attachments: &'task [abi::Slice] = unsafe { message.attachments() };
        let attachments: Vec<&'task [u8]> = attachments
            .iter()
            .map(|slice| {
                // SAFETY: by the caller's promise.
                unsafe { slice.bytes() }
            })
            .collect();
        let keys = |shape| self.keys(shape);
        let source = Source {
            attachments: &attachments,
            keys: &keys,
        };
        decode(bytes, &source)
    }

    fn keys(&self, shape: u32) -> Option<Keys> {
        let mut keys: Option<Keys> = None;
        // SAFETY: the function of this host, with what it is called with; the task still runs. The
        // sink is called with the place, which lives until the call returns and is not used
        // meanwhile.
        unsafe { (self.host.keys)(self.task.run, shape, take_keys, (&raw mut keys).cast()) };
        keys
    }

    /// Passes on what becomes of the task.
    ///
    /// # Safety
    /// On the thread that the processor's function was called on.
    pub(crate) unsafe fn answer(&self, encoded: &Encoded<'_>) {
        let message = encoded.message();
        // SAFETY: the function of this host, with what it is called with; the task still runs, and
        // by the caller's promise this is its thread. The message and what it leads to live until
        // the call returns.
        unsafe { (self.host.answer)(self.task.run, &raw const message) };
    }
}

/// The sink for the keys of a shape.
///
/// # Safety
/// `place` leads to an `Option<Keys>` that nobody else uses, and the bytes may be read.
unsafe extern "C" fn take_keys(place: *mut c_void, bytes: abi::Slice) {
    // SAFETY: by the caller's promise.
    let place = unsafe { &mut *place.cast::<Option<Keys>>() };
    // SAFETY: by the caller's promise.
    *place = keys_of(unsafe { bytes.bytes() });
}
