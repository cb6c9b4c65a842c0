//! Which mechanism carries a store, found by carrying one.

use super::{make_callback, snapshot, Kept, Mechanism};
use crate::node_api::{Attempt, Js};
use crate::trampoline;
use napi::sys;

/// A storage of the host's `AsyncLocalStorage`, with what is needed of it.
struct Storage {
    class: sys::napi_value,
    instance: sys::napi_value,
    /// A function of [`trampoline`].
    function: sys::napi_value,
}

/// The first mechanism that carries a store out of the scope in which it was set.
///
/// `MakeCallback` if none does, or none can be tried: on a Node that is older than
/// `process.getBuiltinModule` (20.16, 22.3) it is known to work, and elsewhere a callback runs as
/// it would without this crate.
pub(super) fn choose(js: Js<'_>) -> Mechanism {
    let chosen = Storage::new(js).and_then(|storage| storage.try_mechanisms(js));
    // What the host threw on the way says no more than that the mechanism is not there.
    js.take_exception();
    chosen.unwrap_or(Mechanism::MakeCallback)
}

/// Every handle that is used here was made in the environment of `js` (those of a storage by `new`,
/// with the same `js`), in the scope of the native function that is running. That is the contract
/// of [`Js`], and what "made here" says below.
impl Storage {
    fn new(js: Js<'_>) -> Attempt<Self> {
        let global = js.global()?;
        // SAFETY: made here.
        let process = unsafe { js.get(global, c"process") }?;
        // SAFETY: made here.
        let load = unsafe { js.get(process, c"getBuiltinModule") }?;
        let name = js.string(c"node:async_hooks")?;
        // SAFETY: made here.
        let module = unsafe { js.call(process, load, &[name]) }?;
        // SAFETY: made here.
        let class = unsafe { js.get(module, c"AsyncLocalStorage") }?;
        // SAFETY: made here.
        let instance = unsafe { js.construct(class) }?;
        Ok(Self {
            class,
            instance,
            function: js.function(c"run", trampoline::callback)?,
        })
    }

    fn try_mechanisms(&self, js: Js<'_>) -> Attempt<Mechanism> {
        let by_callback = self.carried(js, || make_callback::capture(js).map(Kept::Context));
        let chosen = if by_callback == Ok(true) {
            Ok(Mechanism::MakeCallback)
        } else {
            js.take_exception();
            self.try_snapshot(js)
        };
        // So that the storage costs nothing from here on. It may throw, but what was found is true.
        // SAFETY: made here.
        if let Ok(disable) = unsafe { js.get(self.instance, c"disable") } {
            // SAFETY: made here.
            let _ = unsafe { js.call(self.instance, disable, &[]) };
        }
        chosen
    }

    fn try_snapshot(&self, js: Js<'_>) -> Attempt<Mechanism> {
        // SAFETY: made here.
        let function = unsafe { js.get(self.class, c"snapshot") }?;
        // SAFETY: made here.
        if !unsafe { js.is_function(function) } {
            return Ok(Mechanism::MakeCallback);
        }
        // SAFETY: made here.
        let reference = unsafe { js.reference(function) }?;
        // SAFETY: made here, and alive.
        let carried = self.carried(js, || unsafe { snapshot::capture(js, reference) });
        if carried == Ok(true) {
            return Ok(Mechanism::Snapshot(reference));
        }
        // SAFETY: nobody else has the reference.
        unsafe { js.delete(reference) };
        Ok(Mechanism::MakeCallback)
    }

    /// Whether a context that is captured in a scope of the storage has the scope's store, and what
    /// is current outside of it has not.
    fn carried(&self, js: Js<'_>, capture: impl FnOnce() -> Attempt<Kept>) -> Attempt<bool> {
        let store = js.object()?;
        // SAFETY: made here.
        let run = unsafe { js.get(self.instance, c"run") }?;
        // SAFETY: made here.
        let enter = || unsafe { js.call(self.instance, run, &[store, self.function]) }.map(drop);
        let kept = trampoline::run(capture, enter).map_err(status_of)??;
        let outside = self.store_is(js, store);
        // SAFETY: made here, and alive.
        let enter = || unsafe { Mechanism::call(js, kept, self.function, &[]) }.map(drop);
        let inside = trampoline::run(|| self.store_is(js, store), enter);
        // SAFETY: nobody else has it.
        unsafe { Mechanism::release(js, kept) };
        Ok(inside.map_err(status_of)?? && !outside?)
    }

    /// Whether `getStore()` returns `store` here.
    fn store_is(&self, js: Js<'_>, store: sys::napi_value) -> Attempt<bool> {
        // SAFETY: made here.
        let get_store = unsafe { js.get(self.instance, c"getStore") }?;
        // SAFETY: made here.
        let found = unsafe { js.call(self.instance, get_store, &[]) }?;
        // SAFETY: made here.
        Ok(unsafe { js.same(found, store) })
    }
}

/// Why a function did not call the closure that it was given.
fn status_of(entered: Attempt<()>) -> sys::napi_status {
    entered.err().unwrap_or(sys::Status::napi_generic_failure)
}
