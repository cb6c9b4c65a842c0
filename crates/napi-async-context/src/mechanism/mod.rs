//! How a context is kept and entered. One file for each way; `probe` chooses, once for each
//! environment, by what the host really does.

mod make_callback;
mod probe;
mod snapshot;

use crate::node_api::{Attempt, Js};
use napi::sys;

/// What an environment keeps its contexts with.
#[derive(Clone, Copy)]
pub(crate) enum Mechanism {
    /// `napi_async_init` and `napi_make_callback`: Node.
    MakeCallback,
    /// `AsyncLocalStorage.snapshot()`, to which this is a reference: Bun, Deno.
    Snapshot(sys::napi_ref),
}

/// A context that is kept.
#[derive(Clone, Copy)]
pub(crate) enum Kept {
    Context(sys::napi_async_context),
    /// A reference to the function that `snapshot()` returned.
    Function(sys::napi_ref),
}

/// The contract of the unsafe methods is that of [`Js`]; the mechanism and what it kept belong to
/// the same environment as `js`.
impl Mechanism {
    /// See [`probe`].
    pub(crate) fn choose(js: Js<'_>) -> Self {
        probe::choose(js)
    }

    /// Keeps what is current now.
    ///
    /// # Safety
    /// See above.
    pub(crate) unsafe fn capture(self, js: Js<'_>) -> Attempt<Kept> {
        match self {
            Self::MakeCallback => make_callback::capture(js).map(Kept::Context),
            // SAFETY: the reference is of the environment, and deleted by `end` only.
            Self::Snapshot(snapshot) => unsafe { snapshot::capture(js, snapshot) },
        }
    }

    /// # Safety
    /// See above. `kept` is not used afterwards.
    pub(crate) unsafe fn release(js: Js<'_>, kept: Kept) {
        match kept {
            // SAFETY: the caller's.
            Kept::Context(context) => unsafe { js.async_destroy(context) },
            // SAFETY: the caller's.
            Kept::Function(reference) => unsafe { js.delete(reference) },
        }
    }

    /// Calls a JavaScript function in a kept context. An exception stays pending.
    ///
    /// # Safety
    /// See above.
    pub(crate) unsafe fn call(
        js: Js<'_>,
        kept: Kept,
        function: sys::napi_value,
        arguments: &[sys::napi_value],
    ) -> Attempt<sys::napi_value> {
        let receiver = js.global()?;
        match kept {
            // SAFETY: the caller's; the receiver was made here.
            Kept::Context(context) => unsafe {
                js.make_callback(context, receiver, function, arguments)
            },
            // SAFETY: the caller's; the receiver was made here.
            Kept::Function(kept) => unsafe {
                snapshot::call(js, kept, receiver, function, arguments)
            },
        }
    }

    /// The environment ends.
    ///
    /// # Safety
    /// See above. The mechanism is not used afterwards.
    pub(crate) unsafe fn end(self, js: Js<'_>) {
        if let Self::Snapshot(reference) = self {
            // SAFETY: the caller's.
            unsafe { js.delete(reference) };
        }
    }
}
