//! Access to V8's continuation slot: the one value per isolate that V8 saves with every promise
//! reaction and restores when the reaction runs (`ContinuationPreservedEmbedderData`).
//!
//! [`symbols`] finds V8's functions in the running process, [`slot`] calls them. If the V8 is
//! unknown or lacks a function, [`Slot::resolve`] fails, and JavaScript takes another engine.
//! `lib/engine/README.md` describes the engines and how one is chosen.

mod slot;
mod symbols;

pub(crate) use slot::{Handle, Slot};
