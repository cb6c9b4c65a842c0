//! How a worker takes tasks, one after the other, and hands them to JavaScript.
//!
//! The loop runs in the callback of a threadsafe function, which is how a worker is woken, too. No
//! call blocks: an idle worker returns to its event loop.
//!
//! Ticks and microtasks of one task are drained before the next begins. JavaScript does so itself
//! where Node lets it. Where not, each task gets a callback of its own, at whose end Node does it:
//! the threadsafe function calls itself, and Node runs up to 1,000 such calls in one turn of the event
//! loop, for about 300 ns more per task.

use super::memory::Memory;
use super::task_scope::{open_ambient, Ambient, HandleScope};
use super::{array_buffers, copy_out, Doorbell, Ownership};
use crate::binding::callback::{report_exception, take_exception};
use crate::binding::channel::Channel;
use crate::binding::value::{call, dereference};
use crate::error::Error;
use crate::pool::{Pool, Status, Taken, Task, Wake, WorkerId};
use crate::transport::Message;
use crate::value::encode_error;
use crate::wire::packet::LARGEST_VALUE;
use crate::wire::step;
use napi::bindgen_prelude::{ToNapiValue, Uint8ArraySlice};
use napi::{sys, Env};
use std::cell::{Cell, OnceCell, RefCell};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a worker that always finds a next task goes on before it lets its event loop turn, so
/// that timers and sockets of the worker are served.
const TURN_BUDGET: Duration = Duration::from_millis(4);

/// How many tasks pass between two looks at the clock.
const TASKS_PER_LOOK: u32 = 8;

/// A worker's loop. Used on the worker's thread only.
pub(super) struct TaskLoop {
    pool: Arc<Pool>,
    worker: WorkerId,
    /// Whether `step` drains ticks and microtasks before it returns.
    step_drains: bool,
    /// Whether something may have been entered in the resource below the tasks.
    entered: Cell<bool>,
    /// Set right after the channel is opened, for which this has to exist.
    connection: OnceCell<Connection>,
    attached: Cell<bool>,
    /// Whether tasks may be taken: not before somebody listens for them.
    accepting: Cell<bool>,
    /// Whether a task runs.
    busy: Cell<bool>,
    /// Whether `step` is being called.
    stepping: Cell<bool>,
    /// Since when this worker has found one task after the other in this turn.
    turn_started: Cell<Option<Instant>>,
    tasks_in_turn: Cell<u32>,
    /// The attachments of the result that is being made.
    attachments: RefCell<Vec<Option<Vec<u8>>>>,
}

/// The regions that are shared with JavaScript.
pub(super) struct Regions {
    /// The task, for JavaScript.
    pub(super) inbox: Memory,
    /// The result, from JavaScript.
    pub(super) outbox: Memory,
}

/// How the loop reaches JavaScript, and the other way round. The references are strong.
pub(super) struct Connection {
    /// Calls [`super::wake::wake`] with the loop.
    pub(super) channel: Arc<Channel>,
    /// `() => void`: has `resume` called in the next turn of the event loop.
    pub(super) next_turn: sys::napi_ref,
    /// `() => object`: makes a resource to put below the tasks; null where none is needed.
    pub(super) new_ambient: sys::napi_ref,
    /// Shared with JavaScript.
    pub(super) regions: Regions,
}

impl TaskLoop {
    /// A loop that is not connected to JavaScript yet.
    pub(super) fn new(pool: Arc<Pool>, worker: WorkerId, step_drains: bool) -> Self {
        Self {
            pool,
            worker,
            step_drains,
            entered: Cell::new(false),
            connection: OnceCell::new(),
            attached: Cell::new(false),
            accepting: Cell::new(false),
            busy: Cell::new(false),
            stepping: Cell::new(false),
            turn_started: Cell::new(None),
            tasks_in_turn: Cell::new(0),
            attachments: RefCell::default(),
        }
    }

    /// Connects the loop, once.
    pub(super) fn connect(&self, connection: Connection) {
        let _ = self.connection.set(connection);
    }

    /// Puts another resource below the tasks to come.
    pub(super) fn renew(&self) {
        self.entered.set(true);
    }

    /// Takes tasks from now on.
    pub(super) fn resume(&self) {
        let Some(Connection { channel, .. }) = self.connection.get() else {
            return;
        };
        if !self.attached.replace(true) {
            let bell: Arc<dyn Wake> = Arc::new(Doorbell(Arc::clone(channel)));
            if !self.pool.attach(self.worker, bell) {
                return; // the pool is closed: this thread is about to be stopped
            }
            self.pool.announce(self.worker);
        }
        self.accepting.set(true);
        self.turn_started.set(None);
        channel.ring();
    }

    /// Takes no further task until [`TaskLoop::resume`].
    pub(super) fn pause(&self) {
        self.accepting.set(false);
        self.pool.unlist(self.worker);
    }

    /// Asks for the value of the running task.
    pub(super) fn claim(&self) {
        // False if the task was cancelled in between: then the worker is about to be stopped.
        let _ = self.pool.report(self.worker, Status::Claim);
    }

    /// Keeps a copy of the large binary data of the result.
    pub(super) fn attach(&self, attachments: &[Uint8ArraySlice<'_>]) {
        self.attachments.replace(copy_out(attachments).collect());
    }

    /// Hands on what was written to a descriptor.
    pub(super) fn output(&self, descriptor: u32, bytes: &[u8]) {
        for piece in bytes.chunks(LARGEST_VALUE) {
            self.pool
                .output(self.worker, descriptor, Message::new(piece));
        }
    }

    /// What the thread says it ends by.
    pub(super) fn last_words(&self) {
        if let Some(Connection { regions, .. }) = self.connection.get() {
            let words = self.message_in(regions);
            self.pool.last_words(self.worker, words);
        }
    }

    /// The loop keeps the thread's event loop alive from now on.
    ///
    /// # Safety
    /// `env` must be the environment of the callback that is running on this thread, and the one of
    /// the channel.
    pub(super) unsafe fn keep_alive(&self, env: sys::napi_env) {
        if let Some(Connection { channel, .. }) = self.connection.get() {
            // SAFETY: the caller's promise.
            unsafe { channel.keep_alive(env) };
        }
    }

    /// Hands the result in the outbox to the pool, and goes on.
    pub(super) fn finish_and_proceed(&self) {
        self.finish();
        // Within a step, the loop goes on by itself when that returns.
        if !self.stepping.get() {
            self.proceed();
        }
    }

    /// How the loop reaches JavaScript, once it is connected.
    pub(super) fn connection(&self) -> Option<&Connection> {
        self.connection.get()
    }

    /// Runs tasks: all there are, for as long as the event loop may wait, or just one.
    ///
    /// # Safety
    /// `env` must be the environment of the callback that is running on this thread, the one this
    /// is connected to, and `step` a live function handle of it. What is left in `ambient` must be
    /// dropped in that callback, when no exception is pending.
    pub(super) unsafe fn run_tasks(
        &self,
        env: sys::napi_env,
        step: sys::napi_value,
        connection: &Connection,
        ambient: &mut Option<Ambient>,
    ) -> Result<(), Error> {
        while !self.busy.get() && self.accepting.get() {
            match self.pool.take(self.worker) {
                Taken::Task(task) => {
                    self.busy.set(true);
                    if ambient.is_none() || self.entered.get() {
                        drop(ambient.take()); // the one opened last is closed first
                        self.entered.set(false);
                        // SAFETY: the caller's promise.
                        *ambient = unsafe { open_ambient(env, connection.new_ambient) }?;
                    }
                    // SAFETY: the caller's promise.
                    let _scope = unsafe { HandleScope::open(env) }?;
                    // SAFETY: the caller's promise.
                    let returned = unsafe { self.run(env, step, task, &connection.regions) }?;
                    if !returned {
                        // The thread may be ending. If not, the ring is heard.
                        self.proceed();
                        break;
                    }
                }
                Taken::Idle => {
                    self.turn_started.set(None);
                    break;
                }
                Taken::Stop => {
                    self.accepting.set(false);
                    // Nothing of the pool's keeps the event loop alive any more.
                    connection.channel.close();
                    break;
                }
            }
            if self.turn_is_over() {
                self.turn_started.set(None);
                // SAFETY: the reference is strong and of this `env`, as long as that lives.
                let next_turn = unsafe { dereference(env, connection.next_turn) }?;
                // SAFETY: the caller's promise.
                unsafe { call(env, next_turn, &[]) }?;
                break;
            }
            if !self.step_drains {
                self.proceed();
                break;
            }
        }
        Ok(())
    }

    /// Returns whether `step` returned, and did not throw or end the thread.
    ///
    /// # Safety
    /// As for [`TaskLoop::run_tasks`].
    unsafe fn run(
        &self,
        env: sys::napi_env,
        step: sys::napi_value,
        task: Task,
        regions: &Regions,
    ) -> Result<bool, Error> {
        // SAFETY: the caller's promise.
        let attachments = match unsafe { receive(env, task, regions) } {
            Err(Error::OutOfMemory) => {
                // SAFETY: the caller's promise.
                let _ = unsafe { take_exception(env) };
                self.busy.set(false);
                let _ = self
                    .pool
                    .finish(self.worker, Status::OutOfMemory, Message::empty());
                return Ok(true);
            }
            received => received?,
        };
        self.stepping.set(true);
        // The exception of a processor that throws, reported below: its task is not done by that.
        // SAFETY: the caller's promise; the arguments were made in this callback's handle scope.
        let outcome = unsafe { call(env, step, attachments.as_slice()) };
        self.stepping.set(false);
        // First the result, which an exception thrown later must not take away.
        self.finish();
        if outcome.is_err() {
            // SAFETY: the caller's promise.
            unsafe { report_exception(env) }?;
        }
        Ok(outcome.is_ok())
    }

    /// Hands the result to the pool, if it lies in the outbox: the task is done then.
    fn finish(&self) {
        let Some(Connection { regions, .. }) = self.connection.get() else {
            return;
        };
        // SAFETY: on this thread, and no JavaScript runs here.
        let outbox = unsafe { regions.outbox.bytes() };
        let Some(status) = step::read_status(outbox) else {
            return;
        };
        if !self.busy.replace(false) {
            return;
        }
        let message = self.message_in(regions);
        // A stale result is that of a task which was settled otherwise.
        let _ = self.pool.finish(self.worker, status, message);
    }

    /// What lies in the outbox, with the attachments that were left for it.
    fn message_in(&self, regions: &Regions) -> Message {
        // SAFETY: on this thread, and no JavaScript runs here.
        let outbox = unsafe { regions.outbox.bytes() };
        Message::new(step::read_value(outbox)).with_attachments(self.attachments.take())
    }

    /// Memory is exhausted, JavaScript of this package threw, or this crate has a bug: the worker cannot
    /// go on, and its task does not wait for ever.
    pub(super) fn fail(&self, error: Error, connection: &Connection) {
        self.accepting.set(false);
        self.busy.set(false);
        let mut encoded = Vec::new();
        // It refuses only texts of gigabytes.
        let message = format!("The worker cannot go on: {error}");
        let _ = encode_error(error.code(), &message, &mut encoded);
        self.pool.give_up(self.worker, Message::new(&encoded));
        // The pool stops this thread. Nothing of it keeps the event loop alive any more.
        connection.channel.close();
    }

    /// Has the loop run again.
    fn proceed(&self) {
        if let Some(Connection { channel, .. }) = self.connection.get() {
            channel.ring();
        }
    }

    /// Whether the event loop has waited for long enough. Looks at the clock now and then only.
    fn turn_is_over(&self) -> bool {
        let tasks = self.tasks_in_turn.get().wrapping_add(1);
        self.tasks_in_turn.set(tasks);
        if self.turn_started.get().is_some() && !tasks.is_multiple_of(TASKS_PER_LOOK) {
            return false;
        }
        let now = Instant::now();
        let started = self.turn_started.get().unwrap_or(now);
        self.turn_started.set(Some(started));
        now - started >= TURN_BUDGET
    }
}

/// Puts the task where `step` finds it and gives the argument of `step`, if there is one.
///
/// # Safety
/// As for [`TaskLoop::run_tasks`].
unsafe fn receive(
    env: sys::napi_env,
    mut task: Task,
    regions: &Regions,
) -> Result<Option<sys::napi_value>, Error> {
    if task.message.is_lost() {
        return Err(Error::OutOfMemory);
    }
    // SAFETY: on this thread, and no JavaScript runs before the slice is gone.
    let inbox = unsafe { regions.inbox.bytes() };
    step::write_task(inbox, task.header.flags, task.message.bytes())
        .ok_or(Error::RegionTooSmall)?;
    // SAFETY: as above.
    let outbox = unsafe { regions.outbox.bytes() };
    step::write_pending(outbox);
    let attachments = task.message.take_attachments();
    if attachments.is_empty() {
        return Ok(None);
    }
    let scope = Env::from_raw(env);
    let buffers =
        array_buffers(&scope, attachments, Ownership::Copy).map_err(|_| Error::OutOfMemory)?;
    // SAFETY: `env` is the running callback's, and the buffers were made in its handle scope.
    unsafe { ToNapiValue::to_napi_value(env, buffers) }
        .map(Some)
        .map_err(|_| Error::NodeApi("napi_create_array"))
}
