//! The edge of the worker pool: the functions that the main side (`lib/pool/`) and the worker side
//! (`lib/worker/`) call. [`crate::pool`] schedules; here values cross between JavaScript and Rust.

#![expect(
    clippy::needless_pass_by_value,
    reason = "napi-derive passes the arguments of exports by value"
)]

mod ending;
mod memory;
mod native_pool;
mod native_pool_worker;
mod owner;
mod statistics;
mod task_loop;
mod task_scope;
mod tickets;
mod wake;

use super::entry::guarded;
use super::throwable;
use crate::error::Error;
use crate::native;
use crate::transport::blocks;
use crate::value::shapes;
use crate::wire::answer::NO_SHAPE;
use napi::bindgen_prelude::{ArrayBuffer, Uint8ArraySlice};
use napi::Env;
use napi_derive::napi;

/// Copies binary data out of JavaScript, into warm memory. None for data that does not fit.
fn copy_out<'views>(
    views: &'views [Uint8ArraySlice<'views>],
) -> impl Iterator<Item = Option<Vec<u8>>> + 'views {
    views.iter().map(|view| blocks::take(view))
}

/// The owner of the memory of an `ArrayBuffer` that JavaScript gets.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ownership {
    /// In the block itself, without a copy where the host allows it. Only for an environment that
    /// ends with the process: see [`array_buffer`].
    Block,
    /// In V8's own memory.
    Copy,
}

/// Binary data as an `ArrayBuffer`.
///
/// `ArrayBuffer.prototype.transfer()` moves external memory into a fresh `ArrayBuffer`, which may
/// then go to another thread. Node does not know of that: it finalizes the memory when the
/// environment ends that first got it, wherever the memory is in use. So an environment that ends
/// before others gets a copy.
fn array_buffer(
    env: &Env,
    mut block: Vec<u8>,
    ownership: Ownership,
) -> napi::Result<ArrayBuffer<'_>> {
    let length = block.len();
    if length == 0 {
        return ArrayBuffer::from_data(env, block);
    }
    if ownership == Ownership::Copy {
        let buffer = copy_in(env, &block);
        blocks::put(block);
        return buffer;
    }
    let start = block.as_mut_ptr();
    // SAFETY: `start` is valid for `length` bytes as long as `block` lives; a Vec does not move its
    // contents when it is moved. The finalizer owns it, and by the caller's choice runs no sooner
    // than when nobody uses the memory, or when the process ends.
    unsafe {
        ArrayBuffer::from_external(env, start, length, block, |_, block| {
            let _ = guarded(|| blocks::put(block)); // C calls it, through the napi crate
        })
    }
}

/// Buffers of at least this many bytes are made only if there is room for them: otherwise
/// `napi_create_arraybuffer` ends the process, and since Node 26 V8 ends the worker after trying in
/// vain. Where there is no room for less, V8 could not run the task either.
const LARGE: usize = 1024 * 1024;

/// A copy of the bytes in V8's own memory.
fn copy_in<'env>(env: &'env Env, bytes: &[u8]) -> napi::Result<ArrayBuffer<'env>> {
    if bytes.len() >= LARGE && !blocks::is_room_for(bytes.len()) {
        return Err(napi::Error::from_status(napi::Status::GenericFailure));
    }
    ArrayBuffer::copy_from(env, bytes)
}

/// Each block as an `ArrayBuffer`.
fn array_buffers(
    env: &Env,
    blocks: Vec<Vec<u8>>,
    ownership: Ownership,
) -> napi::Result<Vec<ArrayBuffer<'_>>> {
    blocks
        .into_iter()
        .map(|block| array_buffer(env, block, ownership))
        .collect()
}

/// The number of an object shape, or [`NO_SHAPE`] if it gets none. `keys` is the JSON text of its
/// keys, and `uses` is how often they were used.
#[napi(catch_unwind)]
pub(super) fn shape_id(keys: String, uses: f64) -> i32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "JavaScript counts with whole numbers, and the cast saturates"
    )]
    let uses = uses as u64;
    shapes::id(&keys, uses)
        .and_then(|id| i32::try_from(id).ok())
        .unwrap_or(NO_SHAPE)
}

/// The keys of a shape, as the JSON text given to `shapeId`.
///
/// # Errors
/// `ERR_NATIVE_UNKNOWN` if no shape has this number.
#[napi(catch_unwind)]
pub(super) fn shape_keys(env: Env, id: u32) -> napi::Result<String, Error> {
    shapes::keys(id)
        .map(|shape| shape.json().to_owned())
        .ok_or_else(|| throwable(&env, Error::Unknown("id")))
}

/// The smallest number of a shape. When it changes, all earlier shapes are gone. Each thread asks
/// for it when it opens a pool, which keeps the present shapes.
#[napi(catch_unwind)]
pub(super) fn first_shape() -> u32 {
    shapes::first()
}

/// Whether there is memory for this many bytes more at this moment.
#[napi(catch_unwind)]
pub(super) fn is_room_for(bytes: u32) -> bool {
    blocks::is_room_for(bytes as usize)
}

/// The names of the processors that are compiled in.
#[napi(catch_unwind)]
pub(super) fn native_processors() -> Vec<String> {
    native::names().into_iter().map(str::to_owned).collect()
}
