//! Access to V8's continuation slot: the one value per isolate that V8 saves with every promise
//! reaction and restores when the reaction runs (`ContinuationPreservedEmbedderData`).
//!
//! [`version`] says which V8s are known, [`symbols`] finds V8's functions in the running process,
//! [`slot`] calls them. Nothing is linked: if the V8 is unknown or lacks a function,
//! [`Slot::resolve`] fails, and JavaScript takes another engine. `lib/engine/README.md` describes
//! the engines and how one is chosen.

mod slot;
mod symbols;
mod version;

pub(crate) use slot::{Handle, Slot};
