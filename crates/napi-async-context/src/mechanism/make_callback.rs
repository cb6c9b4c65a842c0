//! Contexts by `napi_async_init`, which `napi_make_callback` enters. Node keeps in them what
//! `AsyncLocalStorage` holds, on each of its two implementations, and the ids of `async_hooks`.
//!
//! `napi_open_callback_scope` would not do: on Node 24 and later it enters no context.

use crate::node_api::{Attempt, Js};
use napi::sys;

/// The type under which `async_hooks` reports the resource of a context.
const RESOURCE_TYPE: &std::ffi::CStr = c"AsyncContext";

/// Keeps what is current now.
pub(super) fn capture(js: Js<'_>) -> Attempt<sys::napi_async_context> {
    let name = js.string(RESOURCE_TYPE)?;
    // SAFETY: it was made in this environment, just now.
    unsafe { js.async_init(name) }
}
