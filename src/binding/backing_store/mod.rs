//! Blocks of [`blocks`] as the memory of `ArrayBuffer`s, without a copy.
//!
//! They are V8's own backing stores, so the program may do with them what it may do with any other:
//! transfer them to another thread, by a port or with `transfer()`, and keep them when the thread
//! ends that they came to. V8 counts who has the memory, over all isolates, and when nobody has it
//! any more, the block returns to [`blocks`]: on whatever thread, without a finalizer or a turn of
//! an event loop. Node-API's external memory cannot do this: it is given back when the environment
//! ends that got it first, wherever the memory is in use then.
//!
//! The other way round, [`take_over`] has the memory of an `ArrayBuffer` for the pool, which
//! [`moved`] keeps.
//!
//! V8 offers this to C++ only. [`mod@functions`] are V8's, found in the running process,
//! [`shared_pointer`] is that of libstdc++, and [`self_test`] proves both before the first use, once
//! per process. Where anything is different, both directions copy, for good. Both ways look the same
//! to a program.

mod functions;
mod moved;
mod self_test;
mod shared_pointer;

use super::exception::take_exception;
use super::value::{self, check};
use crate::error::Error;
use crate::transport::{blocks, Attachment};
use functions::Functions;
use moved::Moved;
use napi::sys;
use std::ptr;
use std::slice;
use std::sync::OnceLock;

pub(super) use moved::give_back;

/// The block as an `ArrayBuffer`.
///
/// # Errors
/// [`Error::OutOfMemory`] if it takes a copy, for which there is no room.
///
/// # Safety
/// `env` must be the environment of the callback that is running on this thread.
pub(super) unsafe fn array_buffer(
    env: sys::napi_env,
    block: Vec<u8>,
) -> Result<sys::napi_value, Error> {
    // SAFETY: the caller's promise is `functions`'s.
    let functions = unsafe { functions(env) }.filter(|_| !block.is_empty());
    let block = match functions {
        None => block,
        // SAFETY: a callback is running on this thread. The functions are proven, so V8 has no
        // sandbox, and the block is not empty.
        Some(functions) => match unsafe { functions.array_buffer(block, None) } {
            Ok(made) => return Ok(made.buffer),
            Err(block) => block,
        },
    };
    // SAFETY: the caller's promise is `copy`'s.
    let buffer = unsafe { copy(env, &block) };
    blocks::put(block);
    buffer
}

/// The memory from `start` of an `ArrayBuffer`, or a copy of it. None if it takes a copy that does
/// not fit.
///
/// # Safety
/// As for [`array_buffer`]. The memory must be that of `buffer`, a live handle, not empty, and not
/// written to any more: the buffer must be detached before JavaScript runs, and nobody else may have
/// it.
pub(super) unsafe fn take_over(
    env: sys::napi_env,
    buffer: sys::napi_value,
    (start, length): (*const u8, usize),
) -> Option<Attachment> {
    // SAFETY: the caller's promise is `functions`'s.
    let moved = unsafe { functions(env) }.and_then(|functions| {
        // SAFETY: a callback is running on this thread, the rest is the caller's promise.
        unsafe { Moved::of(functions, buffer, (start, length)) }
    });
    if let Some(moved) = moved {
        return Some(Attachment::Moved(Box::new(moved)));
    }
    // SAFETY: the buffer has these bytes there, and no JavaScript runs until the slice is gone.
    let bytes = unsafe { slice::from_raw_parts(start, length) };
    blocks::take(bytes).map(Attachment::from)
}

/// V8's functions, if they have proved themselves.
///
/// # Safety
/// As for [`array_buffer`].
unsafe fn functions(env: sys::napi_env) -> Option<&'static Functions> {
    static FUNCTIONS: OnceLock<Option<Functions>> = OnceLock::new();
    let decide = || {
        // SAFETY: the caller's promise is `proven`'s.
        let proven = unsafe { self_test::proven(env) };
        if proven.is_err() {
            // The program may have replaced `process.versions`, and its getter may throw.
            // SAFETY: `env` is that of the running callback, as the caller must ensure.
            let _ = unsafe { take_exception(env) };
        }
        proven.ok()
    };
    FUNCTIONS.get_or_init(decide).as_ref()
}

/// Buffers of at least this many bytes are made only if there is room for them: otherwise
/// Node-API ends the process, and since Node 26 V8 ends the worker after trying in vain. Where
/// there is no room for less, V8 could not run the task either.
const LARGE: usize = 1024 * 1024;

/// An `ArrayBuffer` with a copy of the bytes in V8's own memory, which is not cleared before, as
/// that of `napi_create_arraybuffer` is.
///
/// # Safety
/// As for [`array_buffer`].
unsafe fn copy(env: sys::napi_env, bytes: &[u8]) -> Result<sys::napi_value, Error> {
    if bytes.len() >= LARGE && !blocks::is_room_for(bytes.len()) {
        return Err(Error::OutOfMemory);
    }
    let mut view = ptr::null_mut();
    let mut data = ptr::null_mut();
    // SAFETY: `env` is that of the running callback, as the caller must ensure.
    let status = unsafe { sys::napi_create_buffer(env, bytes.len(), &raw mut data, &raw mut view) };
    check(status, "napi_create_buffer").map_err(|_| Error::OutOfMemory)?;
    // SAFETY: the buffer was just made with that length, and its memory is nobody else's.
    unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), data.cast(), bytes.len()) };
    // SAFETY: `view` was made in this callback's handle scope.
    let made = unsafe { value::bytes(env, view) }?;
    made.map(|made| made.buffer)
        .ok_or(Error::NodeApi("napi_create_buffer"))
}
