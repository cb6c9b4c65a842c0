//! Access to V8's continuation slot: the one value per isolate that V8 saves with every promise
//! reaction and restores when the reaction runs (`ContinuationPreservedEmbedderData`).
//!
//! [`symbols`] finds V8's functions in the running binary, [`slot`] calls them. Nothing is linked:
//! a host that lacks a function makes [`Slot::resolve`] fail, and JavaScript takes another engine.
//! The engines themselves, and how one is chosen, are described in `README.md` beside this file.

mod slot;
mod symbols;

pub(crate) use slot::{Handle, Slot};
