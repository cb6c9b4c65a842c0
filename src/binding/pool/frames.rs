//! Frames: how tasks and results lie in the byte regions that both sides share with JavaScript.
//!
//! A batch of tasks, written by JavaScript, and a batch of completions, written by [`write()`], are
//! frames back to back. All numbers are little endian, 32 bits wide:
//!
//! | | offset 0 | 4 | 8 | 12 | 16 | 20 |
//! |---|---|---|---|---|---|---|
//! | task | length of the frame | task id | flags | timeout in ms, 0 for none | priority | value |
//! | completion | length of the frame | task id | status | worker id | number of attachments | value |
//!
//! A frame without a value but with attachments has its value in the first attachment: that is how
//! values larger than a region travel.

use crate::pool::{Completion, Status, Task};
use crate::transport::Message;
use std::time::Duration;

/// Bytes before the value, in frames of both kinds.
pub(super) const HEADER: usize = 20;

/// The tasks of a batch, or `None` if a frame is broken: then nothing can be said of what follows.
pub(super) fn read_tasks(mut bytes: &[u8]) -> Option<Vec<Task>> {
    let mut tasks = Vec::new();
    while !bytes.is_empty() {
        let (header, _) = bytes.split_first_chunk::<HEADER>()?;
        let field = |at: usize| {
            let mut bytes = [0; 4];
            bytes.copy_from_slice(&header[at..at + 4]);
            u32::from_le_bytes(bytes)
        };
        let length = field(0) as usize;
        let value = bytes.get(HEADER..length)?;
        bytes = &bytes[length..];
        tasks.push(Task {
            id: field(4),
            flags: field(8),
            timeout: match field(12) {
                0 => None,
                milliseconds => Some(Duration::from_millis(milliseconds.into())),
            },
            priority: field(16).cast_signed(),
            message: Message::new(value),
        });
    }
    Some(tasks)
}

/// Writes a completion as a frame and returns its length, or `None` if it does not fit.
pub(super) fn write(completion: &Completion, region: &mut [u8]) -> Option<usize> {
    let value = completion.message.bytes();
    let length = HEADER + value.len();
    let frame = region.get_mut(..length)?;
    let attachments = u32::try_from(completion.message.attachments().len()).ok()?;
    let status = match completion.status {
        Status::Result | Status::Error if completion.message.is_lost() => Status::OutOfMemory,
        status => status,
    };
    let fields = [
        u32::try_from(length).ok()?,
        completion.id,
        status as u32,
        completion.worker,
        attachments,
    ];
    for (slot, field) in frame.chunks_exact_mut(4).zip(fields) {
        slot.copy_from_slice(&field.to_le_bytes());
    }
    frame[HEADER..].copy_from_slice(value);
    Some(length)
}
