//! What an environment keeps, by index, and the indices that were given up.
//!
//! - A **slot** holds one handle of the environment. Only the JavaScript thread touches slots, and
//!   only it may free what is in them: [`Slots`].
//! - An index has one owner, a token, which any thread may drop. The index then waits in
//!   [`Releases`] until the JavaScript thread takes it.
//! - Whenever an index waits, a **wake** is under way to the JavaScript thread, or the environment
//!   has ended. So what was given up is freed soon, without a call into the environment by another
//!   thread. The models check this.

#![forbid(unsafe_code)]

#[cfg(all(test, napi_async_context_loom))]
mod model;
mod releases;
mod slots;

pub(crate) use releases::{Release, Releases};
pub(crate) use slots::Slots;
