//! What there is once for each environment, which is one thread's instance of one addon.
//!
//! - [`Environment`] stays on the JavaScript thread. It is found by a list of the thread, because an
//!   environment has room for one addon's data only, and that is napi-rs'.
//! - [`Shared`] is what tokens on other threads hold of it.
//!
//! Everything that threads send goes through its one channel, so it has one order.
//!
//! When the environment ends, its cleanup hook closes the channel and frees everything that is still
//! kept. So nothing is freed on another thread, and a token that outlives its environment does
//! nothing when it is dropped.

mod list;
mod shared;

pub(crate) use shared::{Shared, Token};

use crate::channel::Channel;
use crate::mechanism::{Kept, Mechanism};
use crate::node_api::{Attempt, Js};
use crate::table::{Releases, Slots};
use crate::trampoline;
use napi::{sys, Env, Error, Result, Status};
use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::rc::Rc;
use std::sync::Arc;

pub(crate) struct Environment {
    /// Only compared, and given back to Node-API by the cleanup hook.
    env: sys::napi_env,
    mechanism: Mechanism,
    /// Made of `trampoline::callback`.
    function: sys::napi_ref,
    shared: Arc<Shared>,
    /// Never borrowed across a call into JavaScript, which may come back here.
    slots: RefCell<Slots<Held>>,
    /// Empty: the memory for the list of those that were given up.
    spare: Cell<Vec<u32>>,
    /// How much work is out: while there is some, the event loop is kept alive.
    work: Cell<usize>,
}

/// What a token owns.
#[derive(Clone, Copy)]
enum Held {
    Context(Kept),
    /// A reference to a function.
    Function(sys::napi_ref),
    /// Work that is out.
    Work,
}

impl Environment {
    /// The environment of `env`, opened when it is first asked for.
    pub(crate) fn of(env: &Env) -> Result<Rc<Self>> {
        let raw = env.raw();
        if let Some(found) = list::find(|environment| environment.env == raw) {
            return Ok(found);
        }
        let js = Js::of(env);
        Self::open(js).map_err(|status| js.error(status, "opening napi-async-context"))
    }

    #[cold]
    fn open(js: Js<'_>) -> Attempt<Rc<Self>> {
        // Tokens are dropped, and channels closed, by code of this library, also on threads that
        // outlive the environment: a Worker that ends must not unload it.
        napi::bindgen_prelude::retain_current_module_for_unload_safety();
        let function = js.function(c"run", trampoline::callback)?;
        // SAFETY: the handle was made in this environment, just now.
        let function = unsafe { js.reference(function) }?;
        let channel = match Channel::open(js) {
            Ok(channel) => channel,
            Err(status) => {
                // SAFETY: nobody else has the reference.
                unsafe { js.delete(function) };
                return Err(status);
            }
        };
        channel.keep_alive(js, false);
        let environment = Rc::new(Self {
            env: js.raw(),
            mechanism: Mechanism::choose(js),
            function,
            shared: Arc::new(Shared {
                releases: Releases::new(),
                channel,
            }),
            slots: RefCell::new(Slots::new()),
            spare: Cell::default(),
            work: Cell::new(0),
        });
        if let Err(status) = js.at_end(end) {
            environment.end(js);
            return Err(status);
        }
        list::add(Rc::clone(&environment));
        Ok(environment)
    }

    /// The token of a context of this environment; `InvalidArg` for another environment's.
    pub(crate) fn check(&self, token: &Token) -> Result<()> {
        if Arc::ptr_eq(&self.shared, token.shared()) {
            return Ok(());
        }
        Err(another_environment())
    }

    /// Keeps what is current now.
    pub(crate) fn capture(&self, js: Js<'_>) -> Result<Token> {
        // SAFETY: `js` is of this environment: `of` found it by that.
        let kept = unsafe { self.mechanism.capture(js) }
            .map_err(|status| js.error(status, "capturing the async context"))?;
        // SAFETY: as above; it was made just now.
        unsafe { self.hold(js, Held::Context(kept)) }
    }

    /// Keeps a function, for [`call_held`](Self::call_held).
    ///
    /// # Safety
    /// `js` is of this environment, and `function` is a living handle of it.
    pub(crate) unsafe fn hold_function(
        &self,
        js: Js<'_>,
        function: sys::napi_value,
    ) -> Result<Token> {
        // SAFETY: the caller's.
        let reference = unsafe { js.reference(function) }
            .map_err(|status| js.error(status, "napi_create_reference"))?;
        // SAFETY: the caller's; it was made just now.
        unsafe { self.hold(js, Held::Function(reference)) }
    }

    /// Keeps the event loop alive for as long as the token.
    pub(crate) fn hold_work(&self, js: Js<'_>) -> Result<Token> {
        self.work_begins(js);
        // SAFETY: `js` is of this environment: `of` found it by that. It was counted just now.
        unsafe { self.hold(js, Held::Work) }
    }

    /// Gives what is held an owner.
    ///
    /// # Safety
    /// `js` is of this environment, and so is what is held, which nobody else releases.
    unsafe fn hold(&self, js: Js<'_>, held: Held) -> Result<Token> {
        if self.slots.borrow().is_full() {
            let waiting = self.shared.releases.take(self.spare.take());
            self.free(js, waiting);
        }
        let inserted = self.slots.borrow_mut().insert(held);
        match inserted {
            Ok(index) => Ok(Token::new(index, Arc::clone(&self.shared))),
            Err(held) => {
                // SAFETY: the caller's, and it is in no slot.
                unsafe { self.release(js, held) };
                Err(Error::new(Status::QueueFull, "2^32 contexts are kept"))
            }
        }
    }

    /// # Safety
    /// `js` is of this environment, and so is what was held, which is not used afterwards.
    unsafe fn release(&self, js: Js<'_>, held: Held) {
        match held {
            // SAFETY: the caller's.
            Held::Context(kept) => unsafe { Mechanism::release(js, kept) },
            // SAFETY: the caller's.
            Held::Function(reference) => unsafe { js.delete(reference) },
            Held::Work => self.work_ends(js),
        }
    }

    /// Frees what was given up, because its wake has arrived.
    fn free_released(&self, js: Js<'_>) {
        self.free(js, self.shared.releases.arrive());
    }

    fn free(&self, js: Js<'_>, mut indices: Vec<u32>) {
        for &index in &indices {
            // Node-API runs no JavaScript to free a context; the table is not borrowed all the same.
            let removed = self.slots.borrow_mut().remove(index);
            if let Some(held) = removed {
                // SAFETY: it was held in this environment, which `js` is of, and is in no slot now.
                unsafe { self.release(js, held) };
            }
        }
        indices.clear();
        self.spare.set(indices);
    }

    /// Calls a JavaScript function in a context. An exception stays pending.
    ///
    /// # Safety
    /// `js` is of this environment, and the handles are living ones of it.
    pub(crate) unsafe fn call(
        &self,
        js: Js<'_>,
        token: &Token,
        function: sys::napi_value,
        arguments: &[sys::napi_value],
    ) -> Attempt<sys::napi_value> {
        let held = self.slots.borrow().get(token.index());
        // A token of this environment has its slot until the environment ends.
        let Some(Held::Context(kept)) = held else {
            return Err(sys::Status::napi_closing);
        };
        // SAFETY: the caller's. The slot is kept by the token, which the caller holds.
        unsafe { Mechanism::call(js, kept, function, arguments) }
    }

    /// As [`call`](Self::call), with a function that is held.
    ///
    /// # Safety
    /// `js` is of this environment, and the handles are living ones of it.
    pub(crate) unsafe fn call_held(
        &self,
        js: Js<'_>,
        token: &Token,
        function: &Token,
        arguments: &[sys::napi_value],
    ) -> Attempt<sys::napi_value> {
        let held = self.slots.borrow().get(function.index());
        let Some(Held::Function(reference)) = held else {
            return Err(sys::Status::napi_closing);
        };
        // SAFETY: it is of this environment, and deleted after its token, which the caller holds.
        let function = unsafe { js.value(reference) }?;
        // SAFETY: the caller's; the handle was made just now.
        unsafe { self.call(js, token, function, arguments) }
    }

    /// Runs `body` in a context. An exception stays pending. `Err` if `body` did not run.
    ///
    /// # Safety
    /// `js` is of this environment.
    pub(crate) unsafe fn run<R>(
        &self,
        js: Js<'_>,
        token: &Token,
        body: impl FnOnce() -> R,
    ) -> Attempt<R> {
        // SAFETY: the reference is of this environment, and deleted at its end.
        let function = unsafe { js.value(self.function) }?;
        // SAFETY: the caller's; the handle was made just now.
        let enter = || unsafe { self.call(js, token, function, &[]) };
        trampoline::run(body, enter)
            .map_err(|entered| entered.err().unwrap_or(sys::Status::napi_generic_failure))
    }

    /// Something more is out, or less. The event loop is kept alive while something is.
    pub(crate) fn work_begins(&self, js: Js<'_>) {
        if self.work.replace(self.work.get() + 1) == 0 {
            self.shared.channel.keep_alive(js, true);
        }
    }

    /// See [`work_begins`](Self::work_begins).
    pub(crate) fn work_ends(&self, js: Js<'_>) {
        if self.work.replace(self.work.get() - 1) == 1 {
            self.shared.channel.keep_alive(js, false);
        }
    }

    fn end(&self, js: Js<'_>) {
        self.shared.end();
        let all = self.slots.borrow_mut().drain();
        for held in all {
            // SAFETY: each was held in this environment, and is in no slot any more.
            unsafe { self.release(js, held) };
        }
        // SAFETY: made in this environment, and not used after its end.
        unsafe { js.delete(self.function) };
        // SAFETY: as above.
        unsafe { self.mechanism.end(js) };
    }
}

/// Prepares the environment; call it when the addon is loaded, in a `#[napi(module_exports)]`
/// function.
///
/// Otherwise the first capture does. That opens a threadsafe function, and Node keeps the stores
/// that are current there alive as long as it: those of the first request, for example, as long as
/// the environment. When an addon is loaded, there are mostly none.
///
/// ```no_run
/// use napi::bindgen_prelude::*;
/// use napi::Env;
/// use napi_derive::napi;
///
/// #[napi(module_exports)]
/// pub fn init(_exports: Object<'_>, env: Env) -> Result<()> {
///     napi_async_context::prepare(&env)
/// }
/// ```
///
/// # Errors
/// The exception if one is pending, and what Node-API reports when the environment is ending.
pub fn prepare(env: &Env) -> Result<()> {
    Environment::of(env).map(drop)
}

/// Called by Node with the environment when it ends, on its thread.
unsafe extern "C" fn end(env: *mut c_void) {
    let raw: sys::napi_env = env.cast();
    if let Some(environment) = list::remove(|environment| environment.env == raw) {
        environment.end(Js::of(&Env::from_raw(raw)));
    }
}

/// The error for a context of one environment that is used in another.
pub(crate) fn another_environment() -> Error {
    Error::new(
        Status::InvalidArg,
        "an async context can be entered only in the environment that captured it: \
         expected a context of this thread, received one of another",
    )
}
