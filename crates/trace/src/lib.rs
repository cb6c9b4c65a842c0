//! The native part of the finder of lost context (`async-hooks-rs trace`).
//!
//! It is an addon of its own, so that a program that is not traced neither loads nor pays for a
//! JavaScript parser:
//!
//! - [`transform`] puts calls into a program's source, by which the runtime learns in which
//!   context each function was made;
//! - [`sites`] is the table of places: what a number in those calls, and in events, stands for;
//! - [`binding`] is the edge to Node-API, the only place that uses the `napi` crate.

#![deny(rustdoc::broken_intra_doc_links)]
#![expect(
    rustdoc::private_intra_doc_links,
    reason = "the crate has no public items: its documentation is for those who work on it"
)]

mod binding;
mod sites;
mod transform;
