//! The edge of the worker pool: the functions that the main side (`lib/pool/`) and the worker side
//! (`lib/worker/`) call. [`crate::pool`] schedules; here values cross between JavaScript and Rust.

#![expect(
    clippy::needless_pass_by_value,
    reason = "napi-derive passes the arguments of exports by value"
)]

mod addons;
mod attachments;
mod delivery;
mod ending;
mod memory;
mod native_pool;
mod native_pool_worker;
mod owner;
mod presence;
mod statistics;
mod stream;
mod task_loop;
mod task_scope;
mod tickets;
mod wake;

use super::throwable;
use crate::error::Error;
use crate::native;
use crate::pool::Cancelled;
use crate::transport::blocks;
use crate::value::shapes;
use crate::wire::answer::{LEFT_QUEUE, NO_SHAPE, SETTLED};
use napi::Env;
use napi_derive::napi;
use std::sync::LazyLock;
use std::thread::available_parallelism;

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

/// Whether this process may use a single processor only. Asked once: the answer is in files.
fn has_one_processor() -> bool {
    static ANSWER: LazyLock<bool> =
        LazyLock::new(|| available_parallelism().is_ok_and(|count| count.get() == 1));
    *ANSWER
}

/// What the cancelling of a task gives to JavaScript: a worker's number, or why there is none.
const fn answer_of(cancelled: Cancelled) -> i32 {
    match cancelled {
        Cancelled::Queued => LEFT_QUEUE,
        Cancelled::Settled => SETTLED,
        Cancelled::Running(worker) => worker.cast_signed(),
    }
}

/// A number of JavaScript's, which may be infinite, as a limit.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an infinite one becomes the largest"
)]
const fn at_most(count: f64) -> u64 {
    count as u64
}
