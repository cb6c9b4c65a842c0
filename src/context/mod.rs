//! The part of context that native code needs: it captures the current frame where work is
//! submitted, enters it where the result is delivered, and puts the previous frame back.
//!
//! The [`Carrier`] decides how a frame is stored, so this module has no V8 and no Node-API type,
//! and forbids unsafe code. Node itself does none of this: on Node 24 and 26 a threadsafe
//! function's callback runs with no context at all.

#![forbid(unsafe_code)]

mod scope;

pub(crate) use scope::{Carrier, Scope};
