//! The edge to Node-API: the only files that use the `napi` crate.
//!
//! [`slot`] hands V8's accessors to JavaScript after the native self-test, [`carrier`] implements
//! [`crate::context::Carrier`] on both kinds of engine, [`callback`] runs a JavaScript callback from a
//! Rust thread inside the frame that was captured when it was handed over.

mod callback;
mod carrier;
mod slot;
mod value;

use crate::error::Error;

/// Makes `error.code` in JavaScript the stable code of [`Error`].
impl AsRef<str> for Error {
    fn as_ref(&self) -> &str {
        self.code()
    }
}

/// A native failure as a JavaScript exception.
fn throwable(error: Error) -> napi::Error<Error> {
    napi::Error::new(error, error.to_string())
}
