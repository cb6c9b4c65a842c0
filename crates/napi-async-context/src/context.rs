//! The context itself.

use crate::environment::{another_environment, Environment, Shared, Token};
use crate::node_api::Js;
use napi::bindgen_prelude::{FromNapiValue, Function, JsValuesTupleIntoVec};
use napi::{Env, JsValue, Result};
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

/// The async context of a piece of running JavaScript, kept for later.
///
/// It is what `AsyncLocalStorage` instances hold at that place: `getStore()` returns the same in
/// [`run`](Self::run) and [`call`](Self::call) as where the context was captured. Clones are the
/// same context.
///
/// A context may be cloned, sent, shared and dropped on any thread; only the JavaScript thread can
/// enter it. When the last clone is dropped, what it keeps alive (the stores) is freed on the
/// JavaScript thread: at its next turn of the event loop, and at the latest when the environment
/// ends. A context does not keep the process alive.
///
/// # In a JavaScript object
/// A context keeps its stores until it is dropped, and the garbage collector cannot see that it
/// does. If it belongs to a JavaScript object that a store of it can reach, neither is ever freed:
/// the object waits for its own end. So such an object needs an end that somebody calls, as
/// `unsubscribe()`, which drops the context.
#[derive(Clone)]
pub struct AsyncContext(Arc<Token>);

impl AsyncContext {
    /// Captures the context that is current now.
    ///
    /// Capture once what is the same: a job that calls back many times needs one context.
    ///
    /// # Cost
    /// Some 300 ns on Node 24 and 26, with the release. An observer of `async_hooks` sees a resource
    /// of the type `AsyncContext`.
    ///
    /// # Errors
    /// `PendingException` if an exception is pending, and what Node-API reports when the
    /// environment is ending.
    pub fn capture(env: &Env) -> Result<Self> {
        let token = Environment::of(env)?.capture(Js::of(env))?;
        Ok(Self(Arc::new(token)))
    }

    /// Runs `body` in the context and returns what it returned.
    ///
    /// It may be nested, with any contexts. What `body` throws into JavaScript and leaves pending
    /// is pending afterwards. A panic goes on after the context is left. Microtasks and ticks do
    /// not run at its end, but when the outermost callback ends, as always.
    ///
    /// # Handles
    /// `body` runs in a native function of its own, and handles of JavaScript values (`Object`,
    /// `Unknown`, ...) that are made in it end with it. napi-rs gives some of them a longer lifetime
    /// than they have, so the compiler does not see all of their misuse: `body` returns nothing that
    /// cannot be sent, but it must not put such a handle into a variable of its caller either. Use
    /// [`call`](Self::call), or a reference (`create_ref`).
    ///
    /// # Cost
    /// Some 500 ns, where a plain `Function::call` takes 125.
    ///
    /// # Errors
    /// If `body` could not be run:
    /// - `InvalidArg` if the context was captured in another environment, which is one thread's
    ///   instance of one addon;
    /// - the exception if one is pending;
    /// - what Node-API reports when the environment is ending.
    pub fn run<R: Send>(&self, env: &Env, body: impl FnOnce(&Env) -> R) -> Result<R> {
        let environment = self.environment(env)?;
        let js = Js::of(env);
        // SAFETY: `environment` was found by `env`, which `js` stands for.
        unsafe { environment.run(js, &self.0, || body(env)) }
            .map_err(|status| js.error(status, "entering the async context"))
    }

    /// Calls a JavaScript function in the context. Its `this` is not defined.
    ///
    /// Cheaper than [`run`](Self::run) if one call is all that is to be done. Microtasks and ticks
    /// run as with `run`.
    ///
    /// # Cost
    /// Some 420 ns, where a plain `Function::call` takes 125.
    ///
    /// # Errors
    /// - what the function threw, which is then not pending. Returned by a `#[napi]` function, an
    ///   `Error` is thrown again, the same object; anything else becomes an `Error`, with the text if
    ///   it was a string. In a promise that it rejects, it stays what it was;
    /// - what the conversion of the arguments or of the result reports;
    /// - as `run`, if the context could not be entered.
    pub fn call<Args, Return>(
        &self,
        env: &Env,
        function: &Function<'_, Args, Return>,
        arguments: Args,
    ) -> Result<Return>
    where
        Args: JsValuesTupleIntoVec,
        Return: FromNapiValue,
    {
        let environment = self.environment(env)?;
        let js = Js::of(env);
        let handle = function.value();
        if handle.env != env.raw() {
            return Err(another_environment());
        }
        let arguments = arguments.into_vec(env.raw())?;
        // SAFETY: `environment` was found by `env`. The function is a handle of `env`, whose lifetime
        // napi-rs binds to the native call; the arguments were made just now.
        let result = unsafe { environment.call(js, &self.0, handle.value, &arguments) }
            .map_err(|status| js.error(status, "calling a function in its async context"))?;
        // SAFETY: the result is a handle of `env`.
        unsafe { Return::from_napi_value(env.raw(), result) }
    }

    pub(crate) fn token(&self) -> &Token {
        &self.0
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        self.0.shared()
    }

    /// The environment of `env`, if the context is of it.
    pub(crate) fn environment(&self, env: &Env) -> Result<Rc<Environment>> {
        let environment = Environment::of(env)?;
        environment.check(&self.0)?;
        Ok(environment)
    }
}

impl fmt::Debug for AsyncContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncContext").finish_non_exhaustive()
    }
}
