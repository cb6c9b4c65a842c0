//! A worker's loop: does in JavaScript what its [`Consumer`] says.
//!
//! To call into JavaScript takes longer than all else that Rust does for a small task. So JavaScript
//! is called once for the tasks that follow each other, and asks for the next one by itself.
//!
//! The loop runs when the bell is rung, which is how a worker is woken, too. No call blocks: an
//! idle worker returns to its event loop.
//!
//! Ticks and microtasks of one task are drained before the next begins. JavaScript does so itself
//! where Node lets it. Where not, each task gets a callback of its own, at whose end Node does it:
//! the threadsafe function calls itself, and Node runs up to 1,000 such calls in one turn of the
//! event loop, for about 300 ns more per task.

use super::attachments::{copy_out, hand_over};
use super::memory::Memory;
use super::task_scope::{Ambient, Ambients, HandleScope};
use crate::binding::bell::Bell;
use crate::binding::exception::{report_exception, take_exception};
use crate::binding::value::{call, dereference};
use crate::error::Error;
use crate::pool::{Act, Consumer, Status};
use crate::transport::Message;
use crate::wire::step;
use napi::sys;
use std::cell::{Cell, RefCell, RefMut};
use std::sync::Arc;

/// A worker's loop. Used on the worker's thread only.
pub(super) struct TaskLoop {
    /// Borrowed for one transition each: none of them runs JavaScript.
    consumer: RefCell<Consumer>,
    /// Runs this loop when it is rung.
    bell: Arc<Bell>,
    regions: Regions,
    /// `() => void`: has `turned()` called in the next turn of the event loop. Strong.
    next_turn: sys::napi_ref,
    ambients: Ambients,
    /// The attachments of the outcome that is being made.
    attachments: RefCell<Vec<Option<Vec<u8>>>>,
    /// What follows once `step` has returned.
    following: Cell<Result<Act, Error>>,
}

/// The regions that are shared with JavaScript.
pub(super) struct Regions {
    /// The task, for JavaScript.
    pub(super) inbox: Memory,
    /// The outcome, from JavaScript.
    pub(super) outbox: Memory,
}

impl TaskLoop {
    /// A loop that runs when `bell` is rung, which opens it. `next_turn` is a strong reference
    /// to a function.
    pub(super) fn new(
        consumer: Consumer,
        bell: Arc<Bell>,
        regions: Regions,
        next_turn: sys::napi_ref,
        ambients: Ambients,
    ) -> Self {
        Self {
            consumer: RefCell::new(consumer),
            bell,
            regions,
            next_turn,
            ambients,
            attachments: RefCell::default(),
            following: Cell::new(Ok(Act::Rest)),
        }
    }

    /// What decides. To be given back before any JavaScript runs.
    pub(super) fn consumer(&self) -> RefMut<'_, Consumer> {
        self.consumer.borrow_mut()
    }

    /// What lies below the tasks.
    pub(super) const fn ambients(&self) -> &Ambients {
        &self.ambients
    }

    /// Keeps a copy of the large binary data of the outcome.
    ///
    /// # Safety
    /// As for [`copy_out`].
    pub(super) unsafe fn attach(
        &self,
        env: sys::napi_env,
        views: sys::napi_value,
    ) -> Result<(), Error> {
        // SAFETY: the caller's promise is `copy_out`'s.
        self.attachments.replace(unsafe { copy_out(env, views) }?);
        Ok(())
    }

    /// The outcome of the task that runs lies in the outbox.
    pub(super) fn finish(&self) {
        if let Some(status) = self.take_status() {
            let message = self.take_message();
            self.consumer().finish(status, message);
        }
    }

    /// The task is run, as far as `step` does. Whether `step` has to return then; else the next task
    /// lies in the inbox.
    pub(super) fn is_last(&self) -> bool {
        let act = self.take_status().map_or_else(
            || self.consumer().step_returned(),
            |status| {
                let message = self.take_message();
                self.consumer().step_replied(status, message)
            },
        );
        let following = match act {
            Act::Step if self.is_next_plain() => match self.put_in_inbox() {
                Ok(_) => return false,
                Err(error) => Err(error),
            },
            _ => Ok(act),
        };
        self.following.set(following);
        true
    }

    /// Whether nothing but the inbox is needed for the task that was taken.
    fn is_next_plain(&self) -> bool {
        !self.ambients.is_renewed() && !self.consumer().has_beside()
    }

    /// What lies in the outbox is what the thread says it ends by.
    pub(super) fn last_words(&self) {
        let words = self.take_message();
        self.consumer().last_words(words);
    }

    /// What lies in the outbox says how far the task is.
    pub(super) fn progress(&self) {
        let message = self.take_message();
        self.consumer().progress(message);
    }

    /// What lies in the outbox is a value of the task.
    pub(super) fn value(&self) {
        let message = self.take_message();
        self.consumer().value(message);
    }

    /// Writes a context to where the outcome will lie, as its value, and gives the length. None if
    /// nobody waits for the task any more.
    pub(super) fn read_context(&self, number: u32) -> Option<usize> {
        let context = self.consumer().context(number)?;
        // SAFETY: on this thread, and no JavaScript runs before the slice is gone.
        let outbox = unsafe { self.regions.outbox.bytes() };
        let place = outbox.get_mut(step::HEADER..)?.get_mut(..context.len())?;
        place.copy_from_slice(&context);
        Some(context.len())
    }

    /// The loop keeps the thread's event loop alive from now on.
    ///
    /// # Safety
    /// `env` must be the environment of the callback that is running on this thread, and the one of
    /// the bell.
    pub(super) unsafe fn keep_alive(&self, env: sys::napi_env) {
        // SAFETY: the caller's promise is `keep_alive`'s.
        unsafe { self.bell.keep_alive(env) };
    }

    /// The worker cannot go on. Its thread will be stopped, and nothing of the pool's keeps its
    /// event loop alive any more.
    pub(super) fn fail(&self, error: Error) {
        self.consumer().fail(error);
        self.bell.close();
    }

    /// Runs tasks: all there are, for as long as the event loop may wait, or just one.
    ///
    /// # Safety
    /// `env` must be the environment of the callback that is running on this thread, the one of the
    /// bell, and `step` a live function handle of it. What is left in `ambient` must be dropped
    /// in that callback, when no exception is pending.
    pub(super) unsafe fn run(
        &self,
        env: sys::napi_env,
        step: sys::napi_value,
        ambient: &mut Option<Ambient>,
    ) -> Result<(), Error> {
        let mut act = self.consumer().on_wake();
        loop {
            act = match act {
                Act::Step => {
                    // SAFETY: the caller's promise is `lay`'s.
                    unsafe { self.ambients.lay(env, ambient) }?;
                    // SAFETY: the caller's promise is `step`'s.
                    unsafe { self.step(env, step) }?
                }
                Act::Turn => {
                    // SAFETY: the reference is strong and of this `env`, as long as that lives.
                    let next_turn = unsafe { dereference(env, self.next_turn) }?;
                    // SAFETY: the function is of this callback's handle scope.
                    return unsafe { call(env, next_turn, &[]) }.map(drop);
                }
                Act::Rest => return Ok(()),
                Act::End => {
                    self.bell.close();
                    return Ok(());
                }
            };
        }
    }

    /// Runs one task as far as `step` does, and those after it that only need the inbox.
    ///
    /// # Safety
    /// `env` must be the environment of the callback that is running on this thread, the one of the
    /// bell, and `step` a live function handle of it.
    unsafe fn step(&self, env: sys::napi_env, step: sys::napi_value) -> Result<Act, Error> {
        // SAFETY: `env` is the running callback's; the scope is dropped in this function.
        let scope = unsafe { HandleScope::open(env) }?;
        // SAFETY: `env` is the running callback's.
        let attachments = match unsafe { self.receive(env) } {
            Err(Error::OutOfMemory) => {
                // SAFETY: `env` is the running callback's.
                let _ = unsafe { take_exception(env) };
                return Ok(self.consumer().not_received());
            }
            received => received?,
        };
        // SAFETY: `step` is live by the caller's promise, and the argument was made in `scope`.
        let returned = unsafe { call(env, step, attachments.as_slice()) };
        if returned.is_ok() {
            drop(scope);
            return self.following.get();
        }
        // First the outcome, which whoever hears of the exception must not take away.
        self.finish();
        self.consumer().step_threw();
        // SAFETY: `env` is the running callback's.
        unsafe { report_exception(env) }?;
        Ok(Act::Rest)
    }

    /// Puts the task where `step` finds it and gives the argument of `step`, if there is one.
    ///
    /// # Safety
    /// `env` must be the environment of the callback that is running on this thread.
    unsafe fn receive(&self, env: sys::napi_env) -> Result<Option<sys::napi_value>, Error> {
        let attachments = self.put_in_inbox()?;
        // SAFETY: on this thread, and no JavaScript runs before the slice is gone.
        step::write_pending(unsafe { self.regions.outbox.bytes() });
        // SAFETY: `env` is the running callback's.
        unsafe { hand_over(env, attachments) }
    }

    /// Puts the task that was taken into the inbox, and gives what goes beside it.
    fn put_in_inbox(&self) -> Result<Vec<Vec<u8>>, Error> {
        self.consumer().receive(|task| {
            if task.message.is_lost() {
                return Err(Error::OutOfMemory);
            }
            // SAFETY: on this thread, and no JavaScript runs before the slice is gone.
            let inbox = unsafe { self.regions.inbox.bytes() };
            step::write_task(inbox, task.header.flags, task.message.bytes())
                .ok_or(Error::RegionTooSmall)?;
            Ok(task.message.take_blocks())
        })
    }

    /// The status of the outcome that lies in the outbox, if there is one, and none any more after
    /// that.
    fn take_status(&self) -> Option<Status> {
        // SAFETY: on this thread, and no JavaScript runs before the slice is gone.
        let outbox = unsafe { self.regions.outbox.bytes() };
        let status = step::read_status(outbox)?;
        step::write_pending(outbox);
        Some(status)
    }

    /// The value in the outbox, with the attachments that were left for it.
    fn take_message(&self) -> Message {
        // SAFETY: on this thread, and no JavaScript runs before the slice is gone.
        let outbox = unsafe { self.regions.outbox.bytes() };
        let message = Message::within(outbox, step::read_value(outbox));
        if self.attachments.borrow().is_empty() {
            return message;
        }
        message.with_attachments(self.attachments.take())
    }
}
