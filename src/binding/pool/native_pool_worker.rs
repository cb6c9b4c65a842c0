//! The class `NativePoolWorker`: a worker of a pool as its own thread sees it.

#![expect(
    clippy::too_many_arguments,
    reason = "the one caller of the constructor is JavaScript, where reading an object costs more"
)]

use super::memory::Memory;
use super::task_loop::{Regions, TaskLoop};
use super::task_scope::Ambients;
use super::tickets;
use crate::binding::bell::Bell;
use crate::binding::entry::{define, Answer, Call, Method};
use crate::binding::throwable;
use crate::binding::value::reference;
use crate::error::Error;
use crate::pool::{Consumer, Drain, Wake};
use napi::bindgen_prelude::{
    retain_current_module_for_unload_safety, Function, Object, Uint8ArraySlice, Unknown,
};
use napi::{sys, Env, JsValue};
use napi_derive::napi;
use std::ffi::CStr;
use std::ptr;
use std::rc::Rc;
use std::sync::Arc;

const RESOURCE_NAME: &CStr = c"async-hooks-rs:WorkerPool.worker";

/// A worker, on its own thread.
#[napi]
pub struct NativePoolWorker {
    tasks: Rc<TaskLoop>,
}

type Step<'scope> = Function<'scope, (), Unknown<'scope>>;

#[napi]
impl NativePoolWorker {
    /// `new NativePoolWorker(ticket, inbox, outbox, step, nextTurn, stepDrains, newAmbient?)`.
    ///
    /// `ticket` is what the pool has issued for this worker, and is used up. `step(attachments?)`
    /// runs the task that lies in `inbox`, leaves the result in `outbox` and asks `isLast()` whether
    /// to do so with the next one; `nextTurn()` has `turned()` called in the next turn of the event
    /// loop. `stepDrains` says that `step` drains ticks and microtasks before it asks.
    /// `newAmbient()` makes an object that is the async resource below the tasks, where they need
    /// one.
    ///
    /// # Errors
    /// `ERR_NATIVE_UNKNOWN` if there is no such ticket, or no such pool any more.
    #[napi(constructor, catch_unwind)]
    pub fn new(
        env: Env,
        ticket: String,
        inbox: Uint8ArraySlice<'_>,
        outbox: Uint8ArraySlice<'_>,
        step: Step<'_>,
        next_turn: Step<'_>,
        step_drains: bool,
        new_ambient: Option<Step<'_>>,
    ) -> napi::Result<Self, Error> {
        retain_current_module_for_unload_safety();
        let (pool, worker, presence) =
            tickets::take(&ticket).ok_or_else(|| throwable(&env, Error::Unknown("ticket")))?;
        // SAFETY: Node-API has just called this constructor with `env`.
        unsafe { presence.arrive(env.raw()) }.map_err(|error| throwable(&env, error))?;
        let bell = Arc::new(Bell::default());
        let drain = if step_drains {
            Drain::ByStep
        } else {
            Drain::ByHost
        };
        let consumer = Consumer::new(pool, worker, Arc::clone(&bell) as Arc<dyn Wake>, drain);
        // SAFETY: Node-API has just called this constructor with `env` and these values; the
        // regions are `lib/worker/`'s own.
        let tasks = unsafe {
            open(
                env.raw(),
                bell,
                consumer,
                [inbox, outbox],
                [step, next_turn],
                new_ambient,
            )
        }
        .map_err(|error| throwable(&env, error))?;
        Ok(Self { tasks })
    }

    /// Takes tasks from now on. The first call tells the pool that the worker is ready.
    #[napi(catch_unwind)]
    pub fn resume(&self) {
        self.tasks.consumer().resume();
    }

    /// Takes no further task until `resume()`.
    #[napi(catch_unwind)]
    pub fn pause(&self) {
        self.tasks.consumer().pause();
    }

    /// Takes no further task before `turned()`, which has to be called if this returns true.
    #[napi(catch_unwind)]
    pub fn pause_for_turn(&self) -> bool {
        self.tasks.consumer().pause_for_turn()
    }

    /// The event loop has turned since `nextTurn()` or `pauseForTurn()`.
    #[napi(catch_unwind)]
    pub fn turned(&self) {
        self.tasks.consumer().turned();
    }

    /// The functions that are called for every task. `attach(views)`: large binary data of the
    /// result or error that `outbox` refers to, before `finish()`, `isLast()` or `lastWords()`.
    /// `isLast()`: the task is run as far as `step` does, and its result may lie in `outbox`. With a
    /// number for an answer, `step` has to return; else the next task lies in `inbox`. `finish()`:
    /// the result lies in `outbox`, and `isLast()` will not be called soon, or was called.
    /// `renew()`: another resource lies below the tasks to come. `readContext(number)`: writes the
    /// context of this number to `outbox`, where the value of a result lies, and gives its length, or
    /// 0 if nobody waits for the task any more.
    ///
    /// # Errors
    /// `ERR_NATIVE_NODE_API` if the environment is ending.
    #[napi(
        catch_unwind,
        ts_return_type = "{ attach(views: Uint8Array | Uint8Array[]): void, isLast(): number | undefined, finish(): void, renew(): void, readContext(number: number): number }"
    )]
    pub fn functions<'env>(&self, env: &'env Env) -> napi::Result<Object<'env>, Error> {
        let object =
            Object::new(env).map_err(|_| throwable(env, Error::NodeApi("napi_create_object")))?;
        let handle = object.value().value;
        // SAFETY: Node-API has just called this method with `env`; the object was made in it.
        unsafe { define::<Attach, 1>(env.raw(), handle, &self.tasks) }
            .map_err(|error| throwable(env, error))?;
        // SAFETY: Node-API has just called this method with `env`; the object was made in it.
        unsafe { define::<IsLast, 0>(env.raw(), handle, &self.tasks) }
            .map_err(|error| throwable(env, error))?;
        // SAFETY: Node-API has just called this method with `env`; the object was made in it.
        unsafe { define::<Finish, 0>(env.raw(), handle, &self.tasks) }
            .map_err(|error| throwable(env, error))?;
        // SAFETY: Node-API has just called this method with `env`; the object was made in it.
        unsafe { define::<Renew, 0>(env.raw(), handle, &self.tasks) }
            .map_err(|error| throwable(env, error))?;
        // SAFETY: Node-API has just called this method with `env`; the object was made in it.
        unsafe { define::<ReadContext, 1>(env.raw(), handle, &self.tasks) }
            .map_err(|error| throwable(env, error))?;
        Ok(object)
    }

    /// Hands on what was written to a descriptor: 1 or 2.
    #[napi(catch_unwind)]
    pub fn output(&self, descriptor: u32, bytes: Uint8ArraySlice<'_>) {
        self.tasks.consumer().output(descriptor, &bytes);
    }

    /// What lies in `outbox` is the error that the thread ends by, if it does before the running
    /// task is finished.
    #[napi(catch_unwind)]
    pub fn last_words(&self) {
        self.tasks.last_words();
    }

    /// What lies in `outbox` says how far the running task is.
    #[napi(catch_unwind)]
    pub fn progress(&self) {
        self.tasks.progress();
    }

    /// What lies in `outbox` is a value of the running task, which is a stream of them.
    #[napi(catch_unwind)]
    pub fn value(&self) {
        self.tasks.value();
    }

    /// Whether somebody waits for the outcome of the running task. False, too, if there is none.
    #[napi(catch_unwind)]
    pub fn is_awaited(&self) -> bool {
        self.tasks.consumer().is_running()
    }

    /// Asks the main side to send the value of the running task through the worker's port. False if
    /// the task was cancelled: then no value comes.
    #[napi(catch_unwind)]
    pub fn claim(&self) -> bool {
        self.tasks.consumer().claim()
    }

    /// The task that runs is the last one that the worker takes.
    #[napi(catch_unwind)]
    pub fn leave(&self) {
        self.tasks.consumer().leave();
    }

    /// The worker keeps its event loop alive from now on.
    #[napi(catch_unwind)]
    pub fn keep_alive(&self, env: Env) {
        // SAFETY: Node-API has just called this method with `env`, the one of the constructor.
        unsafe { self.tasks.keep_alive(env.raw()) };
    }
}

/// Makes the loop and opens the bell that runs it. What it keeps is freed with the environment,
/// also after a failure, which ends the thread.
///
/// # Safety
/// `env` must be the environment of the callback that is running on this thread, the arguments live
/// handles of it, and nobody else may have the regions.
unsafe fn open(
    env: sys::napi_env,
    bell: Arc<Bell>,
    consumer: Consumer,
    [inbox, outbox]: [Uint8ArraySlice<'_>; 2],
    [step, next_turn]: [Step<'_>; 2],
    new_ambient: Option<Step<'_>>,
) -> Result<Rc<TaskLoop>, Error> {
    let regions = Regions {
        // SAFETY: the caller's promise is `keep`'s.
        inbox: unsafe { Memory::keep(env, &inbox) }?,
        // SAFETY: the caller's promise is `keep`'s.
        outbox: unsafe { Memory::keep(env, &outbox) }?,
    };
    // SAFETY: the caller's promise is `reference`'s.
    let next_turn = unsafe { reference(env, next_turn.value().value) }?;
    let new_ambient = match new_ambient {
        // SAFETY: the caller's promise is `reference`'s.
        Some(function) => unsafe { reference(env, function.value().value) }?,
        None => ptr::null_mut(),
    };
    let tasks = Rc::new(TaskLoop::new(
        consumer,
        Arc::clone(&bell),
        regions,
        next_turn,
        Ambients::new(new_ambient),
    ));
    // SAFETY: the caller's promise is `open`'s.
    unsafe { bell.open(env, RESOURCE_NAME, step.value().value, Rc::clone(&tasks)) }?;
    // Until the worker is ready, nothing but the user's program keeps the thread.
    // SAFETY: the bell was opened in this callback.
    unsafe { bell.unref(env) };
    Ok(tasks)
}

/// `attach(views)`: copies a `Uint8Array`, or each one of an array, for the outcome.
struct Attach;

impl Method<1> for Attach {
    type Data = TaskLoop;

    const NAME: &'static CStr = c"attach";

    fn call<'call>(tasks: &TaskLoop, call: &Call<'call, 1>) -> Answer<'call> {
        // SAFETY: environment and argument are the running call's.
        match unsafe { tasks.attach(call.env(), call.argument(0)) } {
            Ok(()) => Answer::UNDEFINED,
            Err(error) => call.with_error(error),
        }
    }
}

/// `isLast()`: the task is run as far as `step` does.
struct IsLast;

impl Method<0> for IsLast {
    type Data = TaskLoop;

    const NAME: &'static CStr = c"isLast";

    // The frequent answer is the one that takes no call.
    fn call<'call>(tasks: &TaskLoop, call: &Call<'call, 0>) -> Answer<'call> {
        if tasks.is_last() {
            call.with_number(1)
        } else {
            Answer::UNDEFINED
        }
    }

    fn panicked(tasks: &TaskLoop) {
        tasks.fail(Error::Panicked);
    }
}

/// `finish()`: the result of the task lies in the outbox.
struct Finish;

impl Method<0> for Finish {
    type Data = TaskLoop;

    const NAME: &'static CStr = c"finish";

    fn call<'call>(tasks: &TaskLoop, _: &Call<'call, 0>) -> Answer<'call> {
        tasks.finish();
        Answer::UNDEFINED
    }

    fn panicked(tasks: &TaskLoop) {
        tasks.fail(Error::Panicked);
    }
}

/// `renew()`: another resource lies below the tasks to come.
struct Renew;

impl Method<0> for Renew {
    type Data = TaskLoop;

    const NAME: &'static CStr = c"renew";

    fn call<'call>(tasks: &TaskLoop, _: &Call<'call, 0>) -> Answer<'call> {
        tasks.ambients().renew();
        Answer::UNDEFINED
    }
}

/// `readContext(number)`: writes a context to the outbox and gives its length.
struct ReadContext;

impl Method<1> for ReadContext {
    type Data = TaskLoop;

    const NAME: &'static CStr = c"readContext";

    fn call<'call>(tasks: &TaskLoop, call: &Call<'call, 1>) -> Answer<'call> {
        let length = tasks.read_context(call.number(0)).unwrap_or(0);
        // It fits into a region, which is far smaller than 4 GB.
        call.with_number(u32::try_from(length).unwrap_or(0))
    }
}
