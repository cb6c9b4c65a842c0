//! What a processor may ask and say while it runs a task.

use super::thread::message;
use super::TaskError;
use crate::pool::{Pool, WorkerId};
use crate::sync::Arc;
use crate::transport::Message;
use crate::value::{EncodeError, OutOfMemory, Value};
use crate::wire::context;
use crate::wire::packet::{CONTEXT_SHIFT, FLAG_PROGRESS};

/// A task that runs.
pub(crate) struct Run<'task> {
    pool: &'task Pool,
    worker: WorkerId,
    flags: u32,
}

impl<'task> Run<'task> {
    /// The run of the task that this worker has taken, with the flags of its packet.
    pub(super) const fn new(pool: &'task Pool, worker: WorkerId, flags: u32) -> Self {
        Self {
            pool,
            worker,
            flags,
        }
    }

    /// Tells the submitter how far the task is, if it has asked to be told: its `onProgress` gets
    /// the value. All values come in their order and before the result. Of a submitter that does
    /// not look, at most [`PROGRESS_KEPT`](crate::pool::PROGRESS_KEPT) wait, or fewer that have
    /// [`PROGRESS_BYTES`](crate::pool::PROGRESS_BYTES): a further one replaces the newest.
    ///
    /// # Errors
    /// The value cannot be encoded, or there is no memory for it.
    pub(crate) fn progress(&self, value: &Value) -> Result<(), TaskError> {
        if !self.is_heard() {
            return Ok(());
        }
        let mut bytes = Vec::new();
        value.encode(&mut bytes).map_err(|error| match error {
            EncodeError::OutOfMemory => TaskError::OutOfMemory,
            error => TaskError::refused(format!("the progress cannot be encoded: {error}")),
        })?;
        self.tell(message(&bytes)).map_err(TaskError::from)
    }

    /// Whether the submitter has asked to be told how far the task is.
    pub(super) const fn is_heard(&self) -> bool {
        self.flags & FLAG_PROGRESS != 0
    }

    /// Tells the submitter, who has asked, how far the task is.
    ///
    /// # Errors
    /// The message is lost.
    pub(super) fn tell(&self, progress: Message) -> Result<(), OutOfMemory> {
        if progress.is_lost() {
            return Err(OutOfMemory);
        }
        // False if the task was settled otherwise, which is what `is_cancelled` is for.
        let _ = self.pool.progress(self.worker, progress);
        Ok(())
    }

    /// What travels with the task of the context of this name: a copy of its store at the
    /// submission, or what its `serialize()` made of that. None if the pool carries no such
    /// context, or if there was no store.
    #[must_use]
    pub(crate) fn context(&self, name: &str) -> Option<Value> {
        let bytes = self.contexts()?;
        let Ok(Value::Object(values)) = Value::decode(context::object(&bytes)?) else {
            return None;
        };
        values.get(name).cloned()
    }

    /// The bytes of the contexts of the task, as [`context`] has them.
    pub(super) fn contexts(&self) -> Option<Arc<Vec<u8>>> {
        self.pool.contexts.get(self.flags >> CONTEXT_SHIFT)
    }

    /// Whether the task is settled already: aborted, timed out, or its pool was closed. What it
    /// returns reaches nobody then. The answer takes the lock of the pool, so ask it some hundred
    /// times a second, not in an inner loop.
    #[must_use]
    pub(crate) fn is_cancelled(&self) -> bool {
        !self.pool.is_running(self.worker)
    }
}
