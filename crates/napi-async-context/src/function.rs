//! Threadsafe functions whose calls have a context each.

use crate::channel::{Channel, Receiver};
use crate::environment::{another_environment, Environment, Shared};
use crate::exception::{end_callback, Failure};
use crate::node_api::Js;
use crate::AsyncContext;
use napi::bindgen_prelude::{Function, JsValuesTupleIntoVec};
use napi::{sys, Env, Error, JsValue, Result, Status};
use std::fmt;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::rc::Rc;
use std::sync::Arc;

/// A JavaScript function that any thread may call, each call in the context that it names.
///
/// napi-rs' own `ThreadsafeFunction` has none on Node 24 and later, and on Node 20 and 22 the one
/// of the place where it was made, whoever calls it. Here [`bind`](Self::bind) captures the context
/// of the place where work is started, and the [`BoundCall`] it returns goes along with the work.
///
/// Calls are made on the JavaScript thread in the order in which they were sent, each in a callback
/// of the event loop of its own, so ticks and microtasks run after each. What the function throws
/// goes to 'uncaughtException' in the context of the call; what it returns is dropped. The queue has
/// no limit.
///
/// Node keeps the stores that are current where it is made alive as long as it: make one that lives
/// long outside of requests. It keeps the process alive until the last clone is dropped. Clones are the same function, and may
/// be used and dropped on any thread.
pub struct ContextThreadsafeFunction<T: Send + 'static>(Arc<Inner<T>>);

struct Inner<T: Send + 'static> {
    calls: Channel<Calls<T>>,
    /// The environment that the function is of.
    shared: Arc<Shared>,
}

impl<T: Send + 'static> Drop for Inner<T> {
    fn drop(&mut self) {
        self.calls.close();
    }
}

/// The receiver of calls.
struct Calls<T> {
    /// That of the function.
    environment: Rc<Environment>,
    convert: Convert<T>,
}

type Convert<T> = Box<dyn Fn(&Env, T) -> Result<Vec<sys::napi_value>>>;

impl<T: Send + 'static> Receiver for Calls<T> {
    type Message = (AsyncContext, T);

    fn deliver(&self, env: &Env, function: sys::napi_value, (context, value): Self::Message) {
        let call = || {
            let arguments = (self.convert)(env, value).map_err(Failure::Error)?;
            let (js, token) = (Js::of(env), context.token());
            // SAFETY: the environment is that of this delivery, and of the context: `call_in` sends
            // no other. The handles were made for this delivery.
            let called = unsafe { self.environment.call(js, token, function, &arguments) };
            called.map(drop).map_err(|_| Failure::Thrown)
        };
        let outcome = catch_unwind(AssertUnwindSafe(call));
        if !matches!(outcome, Ok(Ok(()))) {
            end_callback(env, &context, outcome);
        }
    }
}

impl<T: Send + 'static> ContextThreadsafeFunction<T> {
    /// A function whose arguments are the value itself: one argument, or several in an
    /// [`FnArgs`](napi::bindgen_prelude::FnArgs).
    ///
    /// # Errors
    /// As [`with_arguments`](Self::with_arguments).
    pub fn new<Return>(env: &Env, function: &Function<'_, T, Return>) -> Result<Self>
    where
        T: JsValuesTupleIntoVec,
    {
        Self::with_arguments(env, function, |_, value| Ok(value))
    }

    /// A function whose arguments `convert` makes of the value, on the JavaScript thread, outside of
    /// the context of the call. An error of it goes to 'uncaughtException'.
    ///
    /// # Errors
    /// `InvalidArg` if the function is of another environment, the exception if one is pending, and
    /// what Node-API reports when the environment is ending.
    pub fn with_arguments<Args, Return>(
        env: &Env,
        function: &Function<'_, Args, Return>,
        convert: impl Fn(&Env, T) -> Result<Args> + 'static,
    ) -> Result<Self>
    where
        Args: JsValuesTupleIntoVec,
    {
        let environment = Environment::of(env)?;
        let js = Js::of(env);
        let handle = function.value();
        if handle.env != env.raw() {
            return Err(another_environment());
        }
        let shared = Arc::clone(environment.shared());
        let receiver = Calls {
            environment,
            convert: Box::new(move |env, value| convert(env, value)?.into_vec(env.raw())),
        };
        // SAFETY: it is a handle of `env`, whose lifetime napi-rs binds to the native call.
        let calls = unsafe { Channel::open(js, handle.value, receiver) }
            .map_err(|status| js.error(status, "napi_create_threadsafe_function"))?;
        Ok(Self(Arc::new(Inner { calls, shared })))
    }

    /// Captures the context of this place, for calls of the work that is started here.
    ///
    /// # Cost
    /// That of [`AsyncContext::capture`].
    ///
    /// # Errors
    /// `InvalidArg` if `env` is not the environment of the function, and as
    /// [`AsyncContext::capture`].
    pub fn bind(&self, env: &Env) -> Result<BoundCall<T>> {
        let context = AsyncContext::capture(env)?;
        self.check(&context)?;
        let function = self.clone();
        Ok(BoundCall { function, context })
    }

    /// Sends a call in a context that was captured before, on any thread.
    ///
    /// # Cost
    /// With the delivery, 1.4 times that of a call of napi-rs' `ThreadsafeFunction` on Node 24 and
    /// 26.
    ///
    /// # Errors
    /// `InvalidArg` if the context is of another environment, and `Closing` if the environment has
    /// ended. The value is dropped.
    pub fn call_in(&self, context: &AsyncContext, value: T) -> Result<()> {
        self.check(context)?;
        if self.0.calls.send((context.clone(), value)) {
            return Ok(());
        }
        Err(Error::new(
            Status::Closing,
            "the environment of the function has ended",
        ))
    }

    fn check(&self, context: &AsyncContext) -> Result<()> {
        if Arc::ptr_eq(&self.0.shared, context.shared()) {
            return Ok(());
        }
        Err(another_environment())
    }
}

impl<T: Send + 'static> Clone for ContextThreadsafeFunction<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: Send + 'static> fmt::Debug for ContextThreadsafeFunction<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContextThreadsafeFunction")
            .finish_non_exhaustive()
    }
}

/// A [`ContextThreadsafeFunction`] with the context of the place that
/// [bound](ContextThreadsafeFunction::bind) it. Clones are the same.
pub struct BoundCall<T: Send + 'static> {
    function: ContextThreadsafeFunction<T>,
    context: AsyncContext,
}

impl<T: Send + 'static> BoundCall<T> {
    /// Sends a call, on any thread. False if the environment has ended; the value is dropped then.
    pub fn call(&self, value: T) -> bool {
        self.function.call_in(&self.context, value).is_ok()
    }

    /// The context in which it calls.
    #[must_use]
    pub const fn context(&self) -> &AsyncContext {
        &self.context
    }
}

impl<T: Send + 'static> Clone for BoundCall<T> {
    fn clone(&self) -> Self {
        Self {
            function: self.function.clone(),
            context: self.context.clone(),
        }
    }
}

impl<T: Send + 'static> fmt::Debug for BoundCall<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BoundCall").finish_non_exhaustive()
    }
}
