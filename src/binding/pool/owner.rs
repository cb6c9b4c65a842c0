//! What the owner of a pool calls for every batch: submit tasks, drain the stream of results.

use super::attachments::{hand_over, take_in};
use super::memory::Memory;
use super::presence::Presences;
use super::stream::Stream;
use crate::binding::backing_store;
use crate::binding::bell::Bell;
use crate::binding::entry::{define, Answer, Call, Method};
use crate::error::Error;
use crate::pool::{Door, Pool, Task};
use crate::wire::answer;
use napi::bindgen_prelude::Uint8ArraySlice;
use napi::sys;
use std::cell::{Cell, RefCell};
use std::ffi::CStr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

/// The owner's side of a pool. Used on the owner's thread only.
pub(super) struct Owner {
    pub(super) pool: Arc<Pool>,
    pub(super) bell: Arc<Bell>,
    /// Where the owner waits.
    pub(super) door: Arc<Door>,
    pub(super) stream: RefCell<Stream>,
    /// Empty between two batches, whose memory it keeps: lib/pool hands few tasks over at once.
    pub(super) batch: Cell<Vec<Task>>,
    /// None once the pool is released.
    pub(super) regions: RefCell<Option<Regions>>,
    /// Of the workers that are JavaScript threads.
    pub(super) presences: Presences,
    /// Contexts, from JavaScript. None in pools that carry none, and once the pool is released.
    pub(super) contexts: RefCell<Option<Memory>>,
}

impl Owner {
    /// What `read` makes of that part of the outbox. None if that finds a broken packet, or once the
    /// pool is released.
    fn read<T>(
        &self,
        start: usize,
        end: usize,
        read: impl FnOnce(&[u8]) -> Option<T>,
    ) -> Option<T> {
        let regions = self.regions.borrow();
        // SAFETY: on the owner's thread; no JavaScript runs before the slice is gone.
        let outbox = unsafe { regions.as_ref()?.outbox.bytes() };
        outbox.get(start..end).and_then(read)
    }

    /// Gives V8 the memory that tasks have had: that of a task is given up before its completion is
    /// there, or with its cancelling.
    pub(super) fn give_back() {
        // SAFETY: an owner is used on its thread only, in calls from JavaScript.
        unsafe { backing_store::give_back() };
    }

    /// Submits the tasks that lie there in the outbox. Says whether all were taken.
    fn submit(&self, start: usize, end: usize) -> bool {
        if self.pool.is_ranked() {
            let tasks = self.read(start, end, Task::read_ranked_batch);
            tasks.is_some_and(|tasks| self.pool.submit_ranked(tasks))
        } else {
            let mut tasks = self.batch.take();
            let read = self.read(start, end, |batch| Task::read_batch(batch, &mut tasks));
            let taken = read.is_some() && self.pool.submit_batch(&mut tasks);
            tasks.clear();
            self.batch.set(tasks);
            taken
        }
    }

    /// The one task that lies there in the outbox, and its rank, if it has one.
    fn read_one(&self, start: usize, end: usize) -> Option<(Task, f64)> {
        if self.pool.is_ranked() {
            let tasks = self.read(start, end, Task::read_ranked_batch)?;
            let [ranked] = <[_; 1]>::try_from(tasks).ok()?;
            Some(ranked)
        } else {
            let mut tasks = Vec::new();
            self.read(start, end, |batch| Task::read_batch(batch, &mut tasks))?;
            let [task] = <[_; 1]>::try_from(tasks).ok()?;
            Some((task, 0.0))
        }
    }
}

/// The regions that are shared with JavaScript.
pub(super) struct Regions {
    /// Tasks, from JavaScript.
    pub(super) outbox: Memory,
    /// Completions, for JavaScript.
    pub(super) inbox: Memory,
}

impl Regions {
    /// Keeps both, or none.
    ///
    /// # Safety
    /// As for [`Memory::keep`], of each: the outbox and the inbox.
    pub(super) unsafe fn keep(
        env: sys::napi_env,
        [outbox, inbox]: [Uint8ArraySlice<'_>; 2],
    ) -> Result<Self, Error> {
        // SAFETY: the caller's promise is `keep`'s.
        let outbox = unsafe { Memory::keep(env, &outbox) }?;
        // SAFETY: the caller's promise is `keep`'s.
        match unsafe { Memory::keep(env, &inbox) } {
            Ok(inbox) => Ok(Self { outbox, inbox }),
            Err(error) => {
                // SAFETY: it was kept in this callback.
                unsafe { outbox.release(env) };
                Err(error)
            }
        }
    }

    /// Gives both up.
    ///
    /// # Safety
    /// As for [`Memory::release`].
    pub(super) unsafe fn release(self, env: sys::napi_env) {
        // SAFETY: the caller's promise is `release`'s.
        unsafe { self.outbox.release(env) };
        // SAFETY: the caller's promise is `release`'s.
        unsafe { self.inbox.release(env) };
    }
}

/// Sets the functions `submit`, `submitAttached`, `takeAttachments`, `drain`, `wait`, `ref` and
/// `unref` of `object`.
///
/// # Safety
/// `env` must be the environment of the callback that is running on this thread, and `object` a
/// live handle of it.
pub(super) unsafe fn define_functions(
    env: sys::napi_env,
    object: sys::napi_value,
    owner: &Rc<Owner>,
) -> Result<(), Error> {
    // SAFETY: the caller's promise is `define`'s.
    unsafe { define::<Submit, 2>(env, object, owner) }?;
    // SAFETY: the caller's promise is `define`'s.
    unsafe { define::<SubmitAttached, 3>(env, object, owner) }?;
    // SAFETY: the caller's promise is `define`'s.
    unsafe { define::<TakeAttachments, 0>(env, object, owner) }?;
    // SAFETY: the caller's promise is `define`'s.
    unsafe { define::<Drain, 1>(env, object, owner) }?;
    // SAFETY: the caller's promise is `define`'s.
    unsafe { define::<Wait, 1>(env, object, owner) }?;
    // SAFETY: the caller's promise is `define`'s.
    unsafe { define::<Ref, 0>(env, object, owner) }?;
    // SAFETY: the caller's promise is `define`'s.
    unsafe { define::<Unref, 0>(env, object, owner) }
}

/// `submit(start, end)`: submits the tasks that lie there in the outbox, and says whether all were
/// taken: [`answer::TAKEN`] or [`answer::REFUSED`].
struct Submit;

impl Method<2> for Submit {
    type Data = Owner;

    const NAME: &'static CStr = c"submit";

    fn call<'call>(owner: &Owner, call: &Call<'call, 2>) -> Answer<'call> {
        let (start, end) = (call.number(0) as usize, call.number(1) as usize);
        call.with_number(taken(owner.submit(start, end)))
    }
}

const fn taken(all: bool) -> u32 {
    if all {
        answer::TAKEN
    } else {
        answer::REFUSED
    }
}

/// `submitAttached(start, end, views)`: submits the one task that lies there in the outbox, with
/// what the views show beside it: a copy of it for a `Uint8Array`, the memory itself for a
/// `DataView`, or an array of these. The answer is that of [`Submit`].
struct SubmitAttached;

impl Method<3> for SubmitAttached {
    type Data = Owner;

    const NAME: &'static CStr = c"submitAttached";

    fn call<'call>(owner: &Owner, call: &Call<'call, 3>) -> Answer<'call> {
        let (start, end) = (call.number(0) as usize, call.number(1) as usize);
        let Some((mut task, rank)) = owner.read_one(start, end) else {
            return call.with_number(taken(false));
        };
        // It may run JavaScript: an element of an array may be a getter.
        // SAFETY: environment and argument are the running call's. lib/pool has the buffers of
        // DataViews to itself: a program has transferred them, and lets nothing write by the docs.
        match unsafe { take_in(call.env(), call.argument(2)) } {
            Ok(attachments) => {
                task.message = task.message.with_attachments(attachments);
                call.with_number(taken(owner.pool.submit_ranked([(task, rank)])))
            }
            Err(error) => call.with_error(error),
        }
    }
}

/// `takeAttachments()`: the attachments of the next completion that has some. One by itself, or an
/// array of them.
struct TakeAttachments;

impl Method<0> for TakeAttachments {
    type Data = Owner;

    const NAME: &'static CStr = c"takeAttachments";

    fn call<'call>(owner: &Owner, call: &Call<'call, 0>) -> Answer<'call> {
        let next = owner.stream.borrow_mut().attachments.pop_front();
        // SAFETY: the environment is the running call's.
        match unsafe { hand_over(call.env(), next.unwrap_or_default()) } {
            Ok(Some(buffers)) => Answer::handle(buffers),
            Ok(None) => Answer::UNDEFINED,
            Err(error) => call.with_error(error),
        }
    }
}

/// `drain(poll)`: writes completions to the inbox and returns how many bytes. With [`answer::POLL`]
/// the caller looks again by itself, with [`answer::RING`] `deliver` is called when there are more.
struct Drain;

impl Method<1> for Drain {
    type Data = Owner;

    const NAME: &'static CStr = c"drain";

    fn call<'call>(owner: &Owner, call: &Call<'call, 1>) -> Answer<'call> {
        let looks_again = call.number(0) != answer::RING;
        let regions = owner.regions.borrow();
        let written = regions.as_ref().map_or(0, |regions| {
            // SAFETY: on the owner's thread; no JavaScript runs before the slice is gone.
            let inbox = unsafe { regions.inbox.bytes() };
            let mut stream = owner.stream.borrow_mut();
            stream.fill(&owner.pool, inbox, looks_again)
        });
        Owner::give_back();
        // A region is far smaller than 4 GB.
        call.with_number(u32::try_from(written).unwrap_or(0))
    }
}

/// `wait(milliseconds)`: blocks the thread until there are completions to drain, or for that time.
struct Wait;

impl Method<1> for Wait {
    type Data = Owner;

    const NAME: &'static CStr = c"wait";

    fn call<'call>(owner: &Owner, call: &Call<'call, 1>) -> Answer<'call> {
        let limit = Duration::from_millis(call.number(0).into());
        if owner.stream.borrow().is_read() {
            let hint = || owner.pool.has_completions();
            let drain = || owner.stream.borrow_mut().look(&owner.pool);
            owner.door.wait(limit, hint, drain);
        }
        Answer::UNDEFINED
    }
}

/// Keeps the region of contexts, and sets the functions `define` and `forget` of `object`.
///
/// # Safety
/// `env` must be the environment of the callback that is running on this thread, `object` and
/// `region` live handles of it, and nobody else may have the region.
pub(super) unsafe fn open_contexts(
    env: sys::napi_env,
    object: sys::napi_value,
    region: &Uint8ArraySlice<'_>,
    owner: &Rc<Owner>,
) -> Result<(), Error> {
    // SAFETY: the caller's promise is `keep`'s.
    let kept = unsafe { Memory::keep(env, region) }?;
    if let Some(former) = owner.contexts.replace(Some(kept)) {
        // SAFETY: it was kept in the same environment.
        unsafe { former.release(env) };
    }
    // SAFETY: the caller's promise is `define`'s.
    unsafe { define::<DefineContext, 2>(env, object, owner) }?;
    // SAFETY: the caller's promise is `define`'s.
    unsafe { define::<ForgetContext, 1>(env, object, owner) }
}

/// `define(number, end)`: what lies in the region of contexts up to `end` is the context of this
/// number. The answer is that of [`Submit`].
struct DefineContext;

impl Method<2> for DefineContext {
    type Data = Owner;

    const NAME: &'static CStr = c"define";

    fn call<'call>(owner: &Owner, call: &Call<'call, 2>) -> Answer<'call> {
        let region = owner.contexts.borrow();
        let defined = region.as_ref().is_some_and(|region| {
            // SAFETY: on the owner's thread; no JavaScript runs before the slice is gone.
            let bytes = unsafe { region.bytes() }.get(..call.number(1) as usize);
            bytes.is_some_and(|bytes| owner.pool.contexts.define(call.number(0), bytes))
        });
        call.with_number(taken(defined))
    }
}

/// `forget(number)`: no task has the context of this number any more.
struct ForgetContext;

impl Method<1> for ForgetContext {
    type Data = Owner;

    const NAME: &'static CStr = c"forget";

    fn call<'call>(owner: &Owner, call: &Call<'call, 1>) -> Answer<'call> {
        owner.pool.contexts.forget(call.number(0));
        Answer::UNDEFINED
    }
}

/// `ref()`: the pool keeps the process alive from now on.
struct Ref;

impl Method<0> for Ref {
    type Data = Owner;

    const NAME: &'static CStr = c"ref";

    fn call<'call>(owner: &Owner, call: &Call<'call, 0>) -> Answer<'call> {
        // SAFETY: `env` is the running call's, the one that the bell was opened in.
        unsafe { owner.bell.keep_alive(call.env()) };
        Answer::UNDEFINED
    }
}

/// `unref()`: the pool no longer keeps the process alive.
struct Unref;

impl Method<0> for Unref {
    type Data = Owner;

    const NAME: &'static CStr = c"unref";

    fn call<'call>(owner: &Owner, call: &Call<'call, 0>) -> Answer<'call> {
        // SAFETY: `env` is the running call's, the one that the bell was opened in.
        unsafe { owner.bell.unref(call.env()) };
        Answer::UNDEFINED
    }
}
