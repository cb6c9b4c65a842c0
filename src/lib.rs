//! The native part of the `async-hooks-rs` npm package.
//!
//! JavaScript (`lib/`) runs on every `getStore()`, `run()` and `await`, because a call into native
//! code costs more than the whole operation. This crate does what JavaScript cannot:
//!
//! - [`v8`] finds V8's functions in the running binary, where its V8 is known;
//! - [`v8_slot`] reaches V8's continuation slot by them;
//! - [`value`] has values as bytes, [`transport`] carries them between threads;
//! - [`pool`] is the core of `WorkerPool`: the queue, the workers, deadlines, the stream of
//!   results;
//! - [`native`] has the processors that run on Rust threads;
//! - [`wire`] is what JavaScript knows, too: packets in shared memory, and numbers with a meaning;
//! - [`binding`] is the edge to Node-API, the only place that uses the `napi` crate.
//!
//! Dependencies point one way: [`binding`] to all others, [`native`] to [`pool`], both to
//! [`transport`] and [`value`], [`v8_slot`] to [`v8`], and all of them to [`wire`], [`error`] and
//! [`sync`].

#![deny(rustdoc::broken_intra_doc_links)]
#![expect(
    rustdoc::private_intra_doc_links,
    reason = "the crate has no public items: its documentation is for those who work on it"
)]

mod binding;
mod error;
mod native;
mod pool;
mod sync;
mod transport;
mod v8;
mod v8_slot;
mod value;
mod wire;
