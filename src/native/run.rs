//! What a processor may ask and say while it runs a task.

use super::thread::message;
use super::TaskError;
use crate::pool::{Pool, WorkerId};
use crate::value::{EncodeError, Value};
use crate::wire::packet::FLAG_PROGRESS;

/// A task that runs.
pub(crate) struct Run<'task> {
    pool: &'task Pool,
    worker: WorkerId,
    is_heard: bool,
}

impl<'task> Run<'task> {
    /// The run of the task that this worker has taken, with the flags of its packet.
    pub(super) const fn new(pool: &'task Pool, worker: WorkerId, flags: u32) -> Self {
        Self {
            pool,
            worker,
            is_heard: flags & FLAG_PROGRESS != 0,
        }
    }

    /// Tells the submitter how far the task is, if it has asked to be told: its `onProgress` gets
    /// the value. All values come in their order and before the result. Of a submitter that does
    /// not look, at most [`PROGRESS_KEPT`](crate::pool::PROGRESS_KEPT) wait: a further one replaces
    /// the newest.
    ///
    /// # Errors
    /// The value cannot be encoded, or there is no memory for it.
    pub(crate) fn progress(&self, value: &Value) -> Result<(), TaskError> {
        if !self.is_heard {
            return Ok(());
        }
        let mut bytes = Vec::new();
        value.encode(&mut bytes).map_err(|error| match error {
            EncodeError::OutOfMemory => TaskError::OutOfMemory,
            error => TaskError::refused(format!("the progress cannot be encoded: {error}")),
        })?;
        let message = message(&bytes);
        if message.is_lost() {
            return Err(TaskError::OutOfMemory);
        }
        // False if the task was settled otherwise, which is what `is_cancelled` is for.
        let _ = self.pool.progress(self.worker, message);
        Ok(())
    }

    /// Whether the task is settled already: aborted, timed out, or its pool was closed. What it
    /// returns reaches nobody then. The answer takes the lock of the pool, so ask it some hundred
    /// times a second, not in an inner loop.
    #[must_use]
    pub(crate) fn is_cancelled(&self) -> bool {
        !self.pool.is_running(self.worker)
    }
}
