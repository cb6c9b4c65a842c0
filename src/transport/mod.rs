//! Encoded values on their way between threads.
//!
//! A [`Message`] holds the bytes of one value and the large binary data beside it. [`blocks`] keeps
//! the memory of large ones warm.

#![forbid(unsafe_code)]

pub(crate) mod blocks;
mod message;

pub(crate) use message::{Attachment, Message};
