//! The edge to Node-API: the only files that use the `napi` crate.
//!
//! [`v8_slot`] hands V8's accessors to JavaScript after the native self-test. [`pool`] is the edge
//! of the worker pool: other threads wake its JavaScript threads by a [`bell`], and
//! [`backing_store`] has its blocks as `ArrayBuffer`s. [`exception`] is about what JavaScript
//! throws, [`host`] is what the host says of itself. C calls what is in [`entry`].

#![cfg_attr(
    test,
    allow(
        dead_code,
        reason = "napi-derive registers no exports in a test build, so nothing calls them"
    )
)]

mod backing_store;
mod bell;
mod entry;
mod exception;
mod foreign;
mod host;
mod pool;
mod v8_slot;
mod value;
mod wire;

use crate::error::Error;
use napi::Env;

/// The stable code of an [`Error`] becomes `error.code` in JavaScript.
impl AsRef<str> for Error {
    fn as_ref(&self) -> &str {
        self.code()
    }
}

/// A native failure as a JavaScript exception: an `Error`, or a `TypeError` if an argument is
/// wrong.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "its callers have a reference to the environment, as napi's own functions take one"
)]
fn throwable(env: &Env, error: Error) -> napi::Error<Error> {
    let message = error.to_string();
    if error.is_of_type() {
        // An exception that is pending takes the place of the one returned. If it cannot be thrown,
        // the returned one still is.
        let _ = env.throw_type_error(&message, Some(error.code()));
    }
    napi::Error::new(error, message)
}
