//! Threadsafe functions whose calls have a context each.

use crate::environment::{another_environment, Environment, Token};
use crate::exception::{end_callback, Failure};
use crate::node_api::Js;
use crate::AsyncContext;
use napi::bindgen_prelude::{Function, JsValuesTupleIntoVec};
use napi::{sys, Env, Error, JsValue, Result, Status};
use std::fmt;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::Arc;

/// A JavaScript function that any thread may call, each call in the context that it names.
///
/// napi-rs' own `ThreadsafeFunction` has none on Node 24 and later, and on Node 20 and 22 the one
/// of the place where it was made, whoever calls it. Here [`bind`](Self::bind) captures the context
/// of the place where work is started, and the [`BoundCall`] it returns goes along with the work.
///
/// Calls are made on the JavaScript thread in the order in which they were sent, whatever the
/// function, and in one order with [`post`](crate::post()) and the promises of jobs: progress that a
/// job has reported arrives before its promise is settled. Each call has a callback scope of its
/// own, so ticks and microtasks run after each. What the function throws goes to
/// 'uncaughtException' in the context of the call; what it returns is dropped. The queue has no
/// limit.
///
/// A [`BoundCall`] keeps the process alive; a function that is only held does not, so it may be kept
/// in a JavaScript object or in a static. Clones are the same function, and may be used and dropped
/// on any thread.
pub struct ContextThreadsafeFunction<T: Send + 'static>(Arc<Inner<T>>);

struct Inner<T: Send + 'static> {
    /// Of the function.
    token: Token,
    convert: Convert<T>,
}

type Convert<T> = Box<dyn Fn(&Env, T) -> Result<Vec<sys::napi_value>> + Send + Sync>;

impl<T: Send + 'static> Inner<T> {
    /// Calls the function. On the JavaScript thread, in the context, which is of the environment of
    /// the function.
    fn deliver(&self, env: &Env, context: &AsyncContext, value: T) {
        let call = || {
            let arguments = (self.convert)(env, value).map_err(Failure::Error)?;
            let environment = context.environment(env).map_err(Failure::Error)?;
            let (js, token) = (Js::of(env), context.token());
            // SAFETY: the environment was found by `env`. The handles were made for this delivery.
            let called = unsafe { environment.call_held(js, token, &self.token, &arguments) };
            called.map(drop).map_err(|_| Failure::Thrown)
        };
        let outcome = catch_unwind(AssertUnwindSafe(call));
        if !matches!(outcome, Ok(Ok(()))) {
            end_callback(env, context, outcome);
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
    /// the context of the call. An error of it goes to 'uncaughtException'. It is dropped on the
    /// thread that drops the function.
    ///
    /// # Errors
    /// `InvalidArg` if the function is of another environment, the exception if one is pending, and
    /// what Node-API reports when the environment is ending.
    pub fn with_arguments<Args, Return>(
        env: &Env,
        function: &Function<'_, Args, Return>,
        convert: impl Fn(&Env, T) -> Result<Args> + Send + Sync + 'static,
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
        // SAFETY: `environment` was found by `env`. The function is a handle of `env`, whose lifetime
        // napi-rs binds to the native call.
        let token = unsafe { environment.hold_function(js, handle.value) }?;
        let convert = Box::new(move |env: &Env, value| convert(env, value)?.into_vec(env.raw()));
        Ok(Self(Arc::new(Inner { token, convert })))
    }

    /// Captures the context of this place, for calls of the work that is started here. Until the last
    /// clone of what it returns is dropped, and every call that was sent by it is made, the process
    /// is kept alive.
    ///
    /// # Cost
    /// Little more than [`AsyncContext::capture`].
    ///
    /// # Errors
    /// `InvalidArg` if `env` is not the environment of the function, and as
    /// [`AsyncContext::capture`].
    pub fn bind(&self, env: &Env) -> Result<BoundCall<T>> {
        let context = AsyncContext::capture(env)?;
        self.check(&context)?;
        let work = Environment::of(env)?.hold_work(Js::of(env))?;
        Ok(BoundCall(Arc::new(Bound {
            function: Arc::clone(&self.0),
            context,
            _work: work,
        })))
    }

    /// Sends a call in a context that was captured before, on any thread. It does not keep the
    /// process alive, as [`post`](crate::post()); a job that sends it does, and so does a
    /// [`BoundCall`].
    ///
    /// # Cost
    /// With the delivery, 1.5 times that of a call of napi-rs' `ThreadsafeFunction` on Node 24 and
    /// 26.
    ///
    /// # Errors
    /// `InvalidArg` if the context is of another environment, and `Closing` if the environment has
    /// ended. The value is dropped.
    pub fn call_in(&self, context: &AsyncContext, value: T) -> Result<()> {
        self.check(context)?;
        let (function, inner) = (Arc::clone(&self.0), context.clone());
        let deliver = move |env: &Env| function.deliver(env, &inner, value);
        if context.shared().send(deliver) {
            return Ok(());
        }
        Err(Error::new(
            Status::Closing,
            "the environment of the function has ended",
        ))
    }

    fn check(&self, context: &AsyncContext) -> Result<()> {
        if Arc::ptr_eq(self.0.token.shared(), context.shared()) {
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
///
/// It keeps the process alive: drop it when nothing is to be called any more. For calls that are not
/// worth waiting for, [`call_in`](ContextThreadsafeFunction::call_in) takes a context only.
pub struct BoundCall<T: Send + 'static>(Arc<Bound<T>>);

struct Bound<T: Send + 'static> {
    function: Arc<Inner<T>>,
    context: AsyncContext,
    _work: Token,
}

impl<T: Send + 'static> BoundCall<T> {
    /// Sends a call, on any thread. False if the environment has ended; the value is dropped then.
    pub fn call(&self, value: T) -> bool {
        let bound = Arc::clone(&self.0);
        let deliver = move |env: &Env| bound.function.deliver(env, &bound.context, value);
        self.0.context.shared().send(deliver)
    }

    /// The context in which it calls.
    #[must_use]
    pub fn context(&self) -> &AsyncContext {
        &self.0.context
    }
}

impl<T: Send + 'static> Clone for BoundCall<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: Send + 'static> fmt::Debug for BoundCall<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BoundCall").finish_non_exhaustive()
    }
}
