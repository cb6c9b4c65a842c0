//! The native part of the `async-hooks-rs` npm package.
//!
//! What runs on every `getStore()`, `run()` and `await` is JavaScript (`lib/`), because a call into
//! native code costs more than the whole operation. This crate does what JavaScript cannot:
//!
//! - [`engine`] finds V8's continuation slot in the running binary and proves that it works;
//! - [`context`] carries a captured frame into a native callback and puts the previous one back;
//! - [`pool`] is the core of `WorkerPool`: the queue, who runs what, deadlines, results, and the
//!   processors that run on Rust threads;
//! - `binding` is the edge to Node-API, the only place where the `napi` crate is used.
//!
//! Dependencies point one way: `binding` to `engine`, `context` and `pool`, those to [`error`]. All
//! that is shared between threads goes through `sync`, where the model checker can stand in.

#![deny(rustdoc::broken_intra_doc_links)]

// Without Node-API there is nothing to test in it: the suite in `__test__/` does.
#[cfg(not(test))]
mod binding;
pub mod context;
pub mod engine;
pub mod error;
pub mod pool;
mod sync;
