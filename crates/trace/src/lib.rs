//! The native part of the finder of lost context (`async-hooks-rs trace`).
//!
//! It is an addon of its own, so that a program that is not traced neither loads nor pays for a
//! JavaScript parser:
//!
//! - [`transform`] puts calls into a program's source, by which the runtime learns in which
//!   context each function was made;
//! - [`sites`] is the table of places: what a number in those calls, and in events, stands for,
//!   by [`source_map`] as it was written, and by [`file_name`] as a path;
//! - [`session`] has the analysis thread of the process; threads hand it their events and evidence
//!   ([`events`]), and it answers with reports;
//! - [`registry`] knows the contexts, [`analysis`] has the rules and the findings;
//! - [`report`] is what the program's run has shown, as data, and [`render`] has its forms;
//! - [`binding`] is the edge to Node-API, the only place that uses the `napi` crate.

#![deny(rustdoc::broken_intra_doc_links)]
#![expect(
    rustdoc::private_intra_doc_links,
    reason = "the crate has no public items: its documentation is for those who work on it"
)]

mod analysis;
mod binding;
mod events;
mod file_name;
mod registry;
mod render;
mod report;
mod session;
mod sites;
mod source_map;
mod transform;
