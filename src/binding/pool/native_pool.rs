//! The class `NativePool`: a pool as its owner sees it.

#![expect(
    clippy::too_many_arguments,
    reason = "the one caller of the constructor is JavaScript, where reading an object costs more"
)]

use super::addons::addon_of;
use super::delivery::DeliverCompletions;
use super::ending::{Ending, Hook};
use super::owner::{define_functions, open_contexts, Owner, Regions};
use super::presence::Presences;
use super::statistics::{PoolDetails, PoolHistogram, PoolStatistics};
use super::{answer_of, at_most, has_one_processor, tickets};
use crate::binding::bell::Bell;
use crate::binding::throwable;
use crate::error::Error;
use crate::native;
use crate::pool::{Door, Lanes, Options, Pool, QueueOrder, Wake};
use crate::wire::answer::{LEFT_QUEUE, NO_WORKER, SETTLED};
use napi::bindgen_prelude::{
    retain_current_module_for_unload_safety, Function, Int32Array, Object, Uint32ArraySlice,
    Uint8ArraySlice, Unknown,
};
use napi::{sys, Env, JsValue};
use napi_derive::napi;
use std::cell::{Cell, RefCell};
use std::ffi::CStr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

const RESOURCE_NAME: &CStr = c"async-hooks-rs:WorkerPool";

/// The pool as its owner sees it. Used on the owner's thread only.
#[napi]
pub struct NativePool {
    owner: Rc<Owner>,
    /// Closes the pool when its owner's environment ends.
    hook: Option<Hook>,
}

type Deliver<'scope> = Function<'scope, (), Unknown<'scope>>;

#[napi]
impl NativePool {
    /// `new NativePool(outbox, inbox, deliver, spin, maxRunning, maxTasks, lanes, order)`: `deliver()`
    /// is called when there are completions to drain; `spin` is how long a worker looks for a next task
    /// before it goes to sleep, in microseconds, if there are several processors; `max_running` is how
    /// many tasks run at once, `max_tasks` how many a thread takes before it leaves, `lanes` how many
    /// workers each thread has, and `order` that of the queue ([`crate::wire::answer`]). Tasks are
    /// written to `outbox`, completions lie in `inbox`.
    ///
    /// # Errors
    /// `ERR_NATIVE_NODE_API` if the environment is ending.
    #[napi(constructor, catch_unwind)]
    pub fn new(
        env: Env,
        outbox: Uint8ArraySlice<'_>,
        inbox: Uint8ArraySlice<'_>,
        deliver: Deliver<'_>,
        spin: u32,
        max_running: u32,
        max_tasks: f64,
        lanes: u32,
        order: u32,
    ) -> napi::Result<Self, Error> {
        // Threads of this pool may run this code when the environment that loaded it has ended.
        retain_current_module_for_unload_safety();
        let options = Options {
            spin: if has_one_processor() {
                Duration::ZERO // whoever submits a task cannot run meanwhile
            } else {
                Duration::from_micros(spin.into())
            },
            max_running: max_running as usize,
            max_tasks: at_most(max_tasks),
            lanes: Lanes::new(lanes),
            order: QueueOrder::of(order),
        };
        // SAFETY: Node-API has just called this constructor with `env` and these values; the
        // regions are `lib/pool/`'s own.
        let (owner, hook) = unsafe { open(env.raw(), [outbox, inbox], deliver, options) }
            .map_err(|error| throwable(&env, error))?;
        Ok(Self {
            owner: Rc::new(owner),
            hook: Some(hook),
        })
    }

    /// The functions that JavaScript calls for every batch: `submit(start, end)`, `drain(poll)`,
    /// `wait(milliseconds)`, `ref()` and `unref()`; and for large binary data:
    /// `submitAttached(start, end, views)` and `takeAttachments()`.
    ///
    /// # Errors
    /// `ERR_NATIVE_NODE_API` if the environment is ending.
    #[napi(
        catch_unwind,
        ts_return_type = "{ submit(start: number, end: number): number, submitAttached(start: number, end: number, views: Uint8Array | DataView | (Uint8Array | DataView)[]): number, takeAttachments(): ArrayBuffer | ArrayBuffer[] | undefined, drain(poll: number): number, wait(milliseconds: number): void, ref(): void, unref(): void }"
    )]
    pub fn functions<'env>(&self, env: &'env Env) -> napi::Result<Object<'env>, Error> {
        let object =
            Object::new(env).map_err(|_| throwable(env, Error::NodeApi("napi_create_object")))?;
        // SAFETY: Node-API has just called this method with `env`; the object was made in it.
        unsafe { define_functions(env.raw(), object.value().value, &self.owner) }
            .map_err(|error| throwable(env, error))?;
        Ok(object)
    }

    /// Has `deliver` called again, after it was interrupted by an exception.
    #[napi(catch_unwind)]
    pub fn ring(&self) {
        self.owner.bell.ring();
    }

    /// Cancels tasks, all in one step, and says of each: [`LEFT_QUEUE`], [`SETTLED`], or the number
    /// of the worker that runs it, which gets no further task and has to be stopped.
    #[napi(catch_unwind)]
    pub fn cancel(&self, ids: Uint32ArraySlice<'_>) -> Int32Array {
        let answers = self.owner.pool.cancel(&ids).into_iter().map(answer_of);
        Owner::give_back();
        answers.collect::<Vec<_>>().into()
    }

    /// Cancels those of the tasks that wait, and says so as `cancel` does.
    #[napi(catch_unwind)]
    pub fn cancel_waiting(&self, ids: Uint32ArraySlice<'_>) -> Int32Array {
        let answers = self.owner.pool.cancel_waiting(&ids);
        Owner::give_back();
        let answer = |waited| if waited { LEFT_QUEUE } else { SETTLED };
        answers.into_iter().map(answer).collect::<Vec<_>>().into()
    }

    /// Spares workers from now on whose tasks are cancelled or expire, until `stopAborted()`.
    #[napi(catch_unwind)]
    pub fn spare_aborted(&self) {
        self.owner.pool.spare_aborted();
    }

    /// Whether the worker still runs an aborted task. Then it gets no other, and has to be stopped.
    #[napi(catch_unwind)]
    pub fn stop_aborted(&self, worker: u32) -> bool {
        self.owner.pool.stop_aborted(worker)
    }

    /// No task has the key of this number any more.
    #[napi(catch_unwind)]
    pub fn forget_key(&self, key: u32) {
        self.owner.pool.forget_key(key);
    }

    /// The first worker of the thread that takes the tasks of the key, or [`NO_WORKER`].
    #[napi(catch_unwind)]
    pub fn key_home(&self, key: u32) -> i32 {
        let home = self.owner.pool.key_home(key);
        home.map_or(NO_WORKER, u32::cast_signed)
    }

    /// The number of the first worker of a thread that is about to start. Those of the others follow.
    #[napi(catch_unwind)]
    pub fn add_workers(&self) -> u32 {
        self.owner.pool.add_workers()
    }

    /// What lets the thread of this worker be it, once: what `new NativePoolWorker()` takes first.
    ///
    /// # Errors
    /// `ERR_NATIVE_RANDOM` if the operating system gives no random bytes.
    #[napi(catch_unwind)]
    pub fn ticket(&self, env: Env, worker: u32) -> napi::Result<String, Error> {
        let presence = self.owner.presences.expect(worker);
        tickets::issue(&self.owner.pool, worker, presence).map_err(|error| throwable(&env, error))
    }

    /// How far the worker's thread has come: `AWAITED`, `ARRIVED` or `GONE` of [`crate::wire::answer`].
    #[napi(catch_unwind)]
    pub fn presence(&self, worker: u32) -> u32 {
        self.owner.presences.get(worker)
    }

    /// The thread of this worker has ended. The stream of results says so, in the last entry of its
    /// workers.
    #[napi(catch_unwind)]
    pub fn thread_gone(&self, worker: u32) {
        self.owner.pool.thread_gone(worker);
    }

    /// Frees the numbers of the workers of a thread, after their last entry.
    #[napi(catch_unwind)]
    pub fn remove_workers(&self, first: u32) {
        for worker in self.owner.pool.workers_with(first) {
            tickets::revoke(&self.owner.pool, worker);
            self.owner.presences.forget(worker);
            // What it ran was settled when its thread ended.
            let _ = self.owner.pool.remove_worker(worker);
        }
    }

    /// The number of a worker whose thread has been idle for at least `milliseconds` and now gets no
    /// further task. `!rest`, which is below 0, if there is none within the next `rest` milliseconds.
    #[napi(catch_unwind)]
    pub fn retire_idle(&self, milliseconds: u32) -> i32 {
        let idle_for = Duration::from_millis(milliseconds.into());
        match self.owner.pool.retire_idle(idle_for) {
            Ok(worker) => worker.cast_signed(),
            Err(rest) => !i32::try_from(rest.as_millis()).unwrap_or(i32::MAX - 1),
        }
    }

    /// The thread of this worker is to go. True if it can be stopped now; false if it runs a task and
    /// has to be stopped after it, when the stream of results says so.
    #[napi(catch_unwind)]
    pub fn retire(&self, worker: u32) -> bool {
        self.owner.pool.retire(worker)
    }

    /// Starts a Rust thread that runs the processor of this name, and returns its number: one of ours
    /// or, with `addon`, of what the exports of another addon have of its processors.
    ///
    /// # Errors
    /// `ERR_NATIVE_UNKNOWN` if there is no such processor, `ERR_NATIVE_THREAD` if the thread cannot
    /// be started.
    #[napi(catch_unwind)]
    pub fn start_native(
        &self,
        env: Env,
        processor: String,
        addon: Option<Unknown<'_>>,
    ) -> napi::Result<u32, Error> {
        let pool = &self.owner.pool;
        let of_addon = |addon: Unknown<'_>| {
            // SAFETY: Node-API has just called this method with `env` and this value.
            let addon = unsafe { addon_of(env.raw(), addon.raw()) }.ok()?;
            let found = addon.find(&processor)?;
            Some(native::spawn_foreign(pool, found))
        };
        let own = || native::find(&processor).map(|found| native::spawn(pool, found));
        addon
            .map_or_else(own, of_addon)
            .ok_or_else(|| throwable(&env, Error::Unknown("processor")))?
            .map_err(|_| throwable(&env, Error::ThreadNotStarted))
    }

    /// Opens a region for the contexts of tasks, and gives the functions that it is for:
    /// `define(number, end)` makes the context that lies there up to `end` known to the workers, by a
    /// number that no other one has, and answers as `submit` does; `forget(number)` says that no
    /// task has it any more.
    ///
    /// # Errors
    /// `ERR_NATIVE_NODE_API` if the environment is ending.
    #[napi(
        catch_unwind,
        ts_return_type = "{ define(number: number, end: number): number, forget(number: number): void }"
    )]
    pub fn contexts<'env>(
        &self,
        env: &'env Env,
        region: Uint8ArraySlice<'_>,
    ) -> napi::Result<Object<'env>, Error> {
        let object =
            Object::new(env).map_err(|_| throwable(env, Error::NodeApi("napi_create_object")))?;
        // SAFETY: Node-API has just called this method with `env`; the object was made in it, and
        // the region is `lib/pool/`'s own.
        unsafe { open_contexts(env.raw(), object.value().value, &region, &self.owner) }
            .map_err(|error| throwable(env, error))?;
        Ok(object)
    }

    /// Drops the queue and gives no worker another task. Completions are still delivered.
    #[napi(catch_unwind)]
    pub fn close(&self) {
        self.owner.pool.close();
    }

    /// Gives up what the pool holds of its environment, after `close`. Nothing is delivered any
    /// more, so before it the owner waits for all workers, if anybody wants to hear of them.
    #[napi(catch_unwind)]
    pub fn release(&mut self, env: Env) {
        if let Some(hook) = self.hook.take() {
            // SAFETY: Node-API has just called this method with `env`, the one of the constructor.
            unsafe { hook.remove(env.raw()) };
        }
        self.owner.bell.close();
        if let Some(regions) = self.owner.regions.take() {
            // SAFETY: Node-API has just called this method with `env`, the one of the constructor.
            unsafe { regions.release(env.raw()) };
        }
        if let Some(region) = self.owner.contexts.take() {
            // SAFETY: Node-API has just called this method with `env`, the one of the constructor.
            unsafe { region.release(env.raw()) };
        }
    }

    /// Gives back the memory of a peak, unless there are tasks. The ids of the owner begin anew.
    #[napi(catch_unwind)]
    pub fn trim(&self) {
        self.owner.pool.trim();
        self.owner.stream.borrow_mut().trim();
    }

    /// Starts what timeouts need, unless it runs: a thread for the whole process.
    ///
    /// # Errors
    /// `ERR_NATIVE_THREAD` if the operating system refuses it.
    #[napi(catch_unwind)]
    pub fn start_timer(&self, env: Env) -> napi::Result<(), Error> {
        self.owner
            .pool
            .start_timer()
            .map_err(|error| throwable(&env, error))
    }

    /// The pool's counters.
    #[napi(catch_unwind)]
    pub fn statistics(&self) -> PoolStatistics {
        self.owner.pool.statistics().into()
    }

    /// What waits at which priority, and what each thread does, at this moment.
    #[napi(catch_unwind)]
    pub fn details(&self) -> PoolDetails {
        self.owner.pool.details().into()
    }

    /// How long tasks waited and ran.
    #[napi(catch_unwind)]
    pub fn histogram(&self) -> PoolHistogram {
        let (wait, run) = self.owner.pool.histograms();
        PoolHistogram {
            wait_time: wait.into(),
            run_time: run.into(),
        }
    }
}

/// Makes a pool and what it is reached by. After a failure nothing of it is left.
///
/// # Safety
/// `env` must be the environment of the callback that is running on this thread, the arguments live
/// handles of it, and nobody else may have the regions.
unsafe fn open(
    env: sys::napi_env,
    regions: [Uint8ArraySlice<'_>; 2],
    deliver: Deliver<'_>,
    options: Options,
) -> Result<(Owner, Hook), Error> {
    // SAFETY: the caller's promise is `keep`'s.
    let regions = unsafe { Regions::keep(env, regions) }?;
    let bell = Arc::new(Bell::default());
    let door = Door::new(Arc::clone(&bell) as Arc<dyn Wake>, options.spin);
    let pool = Pool::new(Arc::clone(&door) as Arc<dyn Wake>, options);
    // SAFETY: the caller's promise is `connect`'s.
    match unsafe { connect(env, deliver, &bell, &pool) } {
        Ok(hook) => {
            let owner = Owner {
                pool,
                bell,
                door,
                stream: RefCell::default(),
                batch: Cell::default(),
                regions: RefCell::new(Some(regions)),
                presences: Presences::default(),
                contexts: RefCell::default(),
            };
            Ok((owner, hook))
        }
        Err(error) => {
            // The bell is closed when it is dropped.
            // SAFETY: the regions were kept in this callback.
            unsafe { regions.release(env) };
            Err(error)
        }
    }
}

/// Opens the bell and has both end with the environment.
///
/// # Safety
/// `env` must be the environment of the callback that is running on this thread, and the function a
/// live handle of it.
unsafe fn connect(
    env: sys::napi_env,
    deliver: Deliver<'_>,
    bell: &Arc<Bell>,
    pool: &Arc<Pool>,
) -> Result<Hook, Error> {
    let function = deliver.value().value;
    // SAFETY: the caller's promise is `open`'s.
    unsafe { bell.open(env, RESOURCE_NAME, function, Rc::new(DeliverCompletions)) }?;
    // An idle pool does not keep the process alive.
    // SAFETY: the bell was opened in this callback.
    unsafe { bell.unref(env) };
    let ending = Ending {
        pool: Arc::clone(pool),
        bell: Arc::clone(bell),
    };
    // Added after the bell was opened, so that it runs before the bell's own end.
    // SAFETY: the caller's promise is `add`'s.
    unsafe { Hook::add(env, ending) }
}
