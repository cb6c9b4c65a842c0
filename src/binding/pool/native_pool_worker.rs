//! The class `NativePoolWorker`: a worker of a pool as its own thread sees it.

#![expect(
    clippy::too_many_arguments,
    reason = "the one caller of the constructor is JavaScript, where reading an object costs more"
)]

use super::memory::Memory;
use super::raw::{call_of, define, guarded};
use super::task_loop::{Connection, Regions, TaskLoop};
use super::tickets;
use super::wake::wake;
use crate::binding::channel::{Channel, Receiver};
use crate::binding::throwable;
use crate::binding::value::reference;
use crate::error::Error;
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
    /// `ticket` is what the pool has issued for this worker, and is used up.
    /// `step(attachments?)` runs the task that lies in `inbox` and leaves the result in `outbox`;
    /// `nextTurn()` has `resume()` called in the next turn of the event loop. `stepDrains` says that
    /// `step` drains ticks and microtasks before it returns. `newAmbient()` makes an object that is the
    /// async resource below the tasks, where they need one.
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
        let (pool, worker) =
            tickets::take(&ticket).ok_or_else(|| throwable(&env, Error::Unknown("ticket")))?;
        // SAFETY: Node-API has just called this constructor with `env` and these values; the regions
        // are `lib/worker/`'s own.
        let tasks = unsafe {
            open(
                env.raw(),
                TaskLoop::new(pool, worker, step_drains),
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
        self.tasks.resume();
    }

    /// Takes no further task until `resume()`.
    #[napi(catch_unwind)]
    pub fn pause(&self) {
        self.tasks.pause();
    }

    /// What may be called for every task: `finish()`, when the result of the running task lies in
    /// `outbox` and `step` has not returned, or will not be seen to have; and `renew()`, which puts
    /// another resource below the tasks to come.
    ///
    /// # Errors
    /// `ERR_NATIVE_NODE_API` if the environment is ending.
    #[napi(catch_unwind)]
    pub fn functions<'env>(&self, env: &'env Env) -> napi::Result<Object<'env>, Error> {
        let object =
            Object::new(env).map_err(|_| throwable(env, Error::NodeApi("napi_create_object")))?;
        let handle = object.value().value;
        // SAFETY: Node-API has just called this method with `env`, the object was made in it, and
        // `finish` asks for a `TaskLoop`.
        unsafe { define(env.raw(), handle, c"finish", &self.tasks, finish) }
            .map_err(|error| throwable(env, error))?;
        // SAFETY: as above.
        unsafe { define(env.raw(), handle, c"renew", &self.tasks, renew) }
            .map_err(|error| throwable(env, error))?;
        Ok(object)
    }

    /// Large binary data of the result or error that `outbox` refers to. Before `finish()`, the return or
    /// `lastWords()`.
    #[napi(catch_unwind)]
    pub fn attach(&self, attachments: Vec<Uint8ArraySlice<'_>>) {
        self.tasks.attach(&attachments);
    }

    /// Hands on what was written to a descriptor: 1 or 2.
    #[napi(catch_unwind)]
    pub fn output(&self, descriptor: u32, bytes: Uint8ArraySlice<'_>) {
        self.tasks.output(descriptor, &bytes);
    }

    /// What lies in `outbox` is the error that the thread ends by, if it does before the running task is
    /// finished.
    #[napi(catch_unwind)]
    pub fn last_words(&self) {
        self.tasks.last_words();
    }

    /// Asks the main side to send the value of the running task through the worker's port.
    #[napi(catch_unwind)]
    pub fn claim(&self) {
        self.tasks.claim();
    }

    /// The worker keeps its event loop alive from now on.
    #[napi(catch_unwind)]
    pub fn keep_alive(&self, env: Env) {
        // SAFETY: Node-API has just called this method with `env`, the one of the constructor.
        unsafe { self.tasks.keep_alive(env.raw()) };
    }
}

/// Opens the channel through which the loop is woken.
///
/// # Safety
/// `env` must be the environment of the callback that is running on this thread, the arguments live
/// handles of it, and nobody else may have the regions.
unsafe fn open(
    env: sys::napi_env,
    tasks: TaskLoop,
    [inbox, outbox]: [Uint8ArraySlice<'_>; 2],
    [step, next_turn]: [Step<'_>; 2],
    new_ambient: Option<Step<'_>>,
) -> Result<Rc<TaskLoop>, Error> {
    let tasks = Rc::new(tasks);
    let receiver = Receiver {
        name: RESOURCE_NAME,
        function: step.value().value,
        context: Rc::clone(&tasks),
        deliver: wake,
    };
    let regions = Regions {
        // SAFETY: the caller's promise is `keep`'s.
        inbox: unsafe { Memory::keep(env, &inbox) }?,
        // SAFETY: as above.
        outbox: unsafe { Memory::keep(env, &outbox) }?,
    };
    // SAFETY: the caller's promise is `reference`'s.
    let next_turn = unsafe { reference(env, next_turn.value().value) }?;
    let new_ambient = match new_ambient {
        // SAFETY: as above.
        Some(function) => unsafe { reference(env, function.value().value) }?,
        None => ptr::null_mut(),
    };
    // SAFETY: the caller's promise is `open`'s.
    let channel = unsafe { Channel::open(env, receiver) }?;
    // SAFETY: as above. Until it is ready, nothing but the user's program keeps the thread.
    unsafe { channel.unref(env) };
    tasks.connect(Connection {
        channel: Arc::new(channel),
        next_turn,
        new_ambient,
        regions,
    });
    Ok(tasks)
}

/// `finish()`: hands the result in the outbox to the pool.
///
/// # Safety
/// Called by Node-API only.
unsafe extern "C" fn finish(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    guarded(|| {
        // SAFETY: these are the running call's, to a function defined with a `TaskLoop`.
        let (tasks, []) = unsafe { call_of::<TaskLoop, 0>(env, info) }?;
        tasks.finish_and_proceed();
        None
    })
}

/// `renew()`: puts another resource below the tasks to come.
///
/// # Safety
/// Called by Node-API only.
unsafe extern "C" fn renew(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    guarded(|| {
        // SAFETY: these are the running call's, to a function defined with a `TaskLoop`.
        let (tasks, []) = unsafe { call_of::<TaskLoop, 0>(env, info) }?;
        tasks.renew();
        None
    })
}
