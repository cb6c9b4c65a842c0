//! What native code needs of context: capture the current frame where work is submitted, enter it
//! where the result is delivered, and put the previous frame back.
//!
//! How a frame is stored is the [`Carrier`]'s affair, so this module holds no V8 and no Node-API
//! type and forbids unsafe code. Node itself does not do this: on Node 24 and 26 a threadsafe
//! function's callback runs with no context at all.

#![forbid(unsafe_code)]

mod scope;

pub(crate) use scope::{Carrier, Scope};
