//! The native part of the `async-hooks-rs` npm package.
//!
//! What runs on every `getStore()`, `run()` and `await` is JavaScript (`lib/`), because a call into
//! native code costs more than the whole operation. This crate does what JavaScript cannot:
//!
//! - [`v8_slot`] finds V8's continuation slot in the running binary and proves that it works;
//! - [`context`] carries a captured frame into a native callback and puts the previous one back;
//! - [`value`] is values as bytes, [`transport`] what carries them between threads;
//! - [`pool`] is the core of `WorkerPool`: the queue, who runs what, deadlines, the stream of results;
//! - [`native`] is the processors that run on Rust threads;
//! - `binding` is the edge to Node-API, the only place where the `napi` crate is used.
//!
//! Dependencies point one way: `binding` to all others, [`native`] to [`pool`], that to [`transport`]
//! and [`value`], all of them to [`error`] and `sync`.

#![deny(rustdoc::broken_intra_doc_links)]

#[cfg_attr(
    test,
    allow(dead_code, reason = "napi-derive registers exports in no test build")
)]
mod binding;
mod context;
mod error;
mod native;
mod pool;
mod sync;
mod transport;
mod v8_slot;
mod value;
