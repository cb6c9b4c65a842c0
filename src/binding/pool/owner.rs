//! What the owner of a pool calls for every batch: submit tasks, drain the stream of results.

use super::memory::Memory;
use super::raw::{call_of, define, guarded, number, result};
use crate::binding::channel::Channel;
use crate::error::Error;
use crate::pool::{Completion, Pool, Task};
use crate::wire::answer;
use napi::sys;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

/// The owner's side of a pool. Used on the owner's thread only.
pub(super) struct Owner {
    pub(super) pool: Arc<Pool>,
    pub(super) channel: Arc<Channel>,
    pub(super) stream: RefCell<Stream>,
    /// None once the pool is released.
    pub(super) regions: RefCell<Option<Regions>>,
}

/// The regions that are shared with JavaScript.
pub(super) struct Regions {
    /// Tasks, from JavaScript.
    pub(super) outbox: Memory,
    /// Completions, for JavaScript.
    pub(super) inbox: Memory,
}

/// Completions on their way from the pool to JavaScript.
#[derive(Default)]
pub(super) struct Stream {
    /// Drained from the pool; the first `read` have been read by JavaScript.
    drained: Vec<Completion>,
    read: usize,
    /// Of the completions that JavaScript has read, until it asks for them: in their order.
    pub(super) attachments: VecDeque<Vec<Vec<u8>>>,
}

impl Stream {
    /// Writes completions to `region` and returns how many bytes.
    fn fill(&mut self, pool: &Pool, region: &mut [u8], looks_again: bool) -> usize {
        if self.read == self.drained.len() {
            self.drained.clear();
            self.read = 0;
            if looks_again {
                pool.poll(&mut self.drained);
            } else {
                pool.drain(&mut self.drained);
            }
        }
        let mut written = 0;
        while let Some(completion) = self.drained.get_mut(self.read) {
            // One always fits into an empty region: `wire::packet` asserts it.
            let Some(length) = completion.write(&mut region[written..]) else {
                break;
            };
            written += length;
            self.read += 1;
            let attachments = completion.message.take_attachments();
            if !attachments.is_empty() {
                self.attachments.push_back(attachments);
            }
        }
        written
    }
}

/// Sets the functions `submit`, `drain`, `ref` and `unref` of `object`.
///
/// # Safety
/// `env` must be the environment of the callback that is running on this thread, and `object` a live
/// handle of it.
pub(super) unsafe fn define_functions(
    env: sys::napi_env,
    object: sys::napi_value,
    owner: &Rc<Owner>,
) -> Result<(), Error> {
    // SAFETY: by the caller's promise; all four ask for an `Owner`.
    unsafe { define(env, object, c"submit", owner, submit) }?;
    // SAFETY: as above.
    unsafe { define(env, object, c"drain", owner, drain) }?;
    // SAFETY: as above.
    unsafe { define(env, object, c"ref", owner, keep_alive) }?;
    // SAFETY: as above.
    unsafe { define(env, object, c"unref", owner, unref) }
}

/// `submit(start, end)`: submits the tasks that lie there in the outbox, and says whether all were
/// taken: [`answer::TAKEN`] or [`answer::REFUSED`].
///
/// # Safety
/// Called by Node-API only.
unsafe extern "C" fn submit(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    guarded(|| {
        // SAFETY: these are the running call's, to a function defined with an `Owner`.
        let (owner, [start, end]) = unsafe { call_of::<Owner, 2>(env, info) }?;
        // SAFETY: `env` and the arguments are the running call's.
        let start = unsafe { number(env, start) } as usize;
        // SAFETY: as above.
        let end = unsafe { number(env, end) } as usize;
        let regions = owner.regions.borrow();
        // SAFETY: on the owner's thread; no JavaScript runs before the slice is gone.
        let outbox = unsafe { regions.as_ref()?.outbox.bytes() };
        let tasks = outbox.get(start..end).and_then(Task::read_batch);
        let taken = tasks.is_some_and(|tasks| owner.pool.submit(tasks));
        let answer = if taken {
            answer::TAKEN
        } else {
            answer::REFUSED
        };
        // SAFETY: `env` is the running call's.
        Some(unsafe { result(env, answer) })
    })
}

/// `drain(poll)`: writes completions to the inbox and returns how many bytes. With [`answer::POLL`]
/// the caller looks again by itself, with [`answer::RING`] `deliver` is called when there are more.
///
/// # Safety
/// Called by Node-API only.
unsafe extern "C" fn drain(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    guarded(|| {
        // SAFETY: these are the running call's, to a function defined with an `Owner`.
        let (owner, [poll]) = unsafe { call_of::<Owner, 1>(env, info) }?;
        // SAFETY: `env` and the arguments are the running call's.
        let looks_again = unsafe { number(env, poll) } != answer::RING;
        let regions = owner.regions.borrow();
        let written = regions.as_ref().map_or(0, |regions| {
            // SAFETY: on the owner's thread; no JavaScript runs before the slice is gone.
            let inbox = unsafe { regions.inbox.bytes() };
            let mut stream = owner.stream.borrow_mut();
            stream.fill(&owner.pool, inbox, looks_again)
        });
        // SAFETY: `env` is the running call's. A region is far smaller than 4 GB.
        Some(unsafe { result(env, u32::try_from(written).unwrap_or(0)) })
    })
}

/// `ref()`: the pool keeps the process alive from now on.
///
/// # Safety
/// Called by Node-API only.
unsafe extern "C" fn keep_alive(
    env: sys::napi_env,
    info: sys::napi_callback_info,
) -> sys::napi_value {
    guarded(|| {
        // SAFETY: these are the running call's, to a function defined with an `Owner`.
        let (owner, []) = unsafe { call_of::<Owner, 0>(env, info) }?;
        // SAFETY: `env` is the running call's, the one that the channel was opened in.
        unsafe { owner.channel.keep_alive(env) };
        None
    })
}

/// `unref()`: the pool no longer keeps the process alive.
///
/// # Safety
/// Called by Node-API only.
unsafe extern "C" fn unref(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    guarded(|| {
        // SAFETY: these are the running call's, to a function defined with an `Owner`.
        let (owner, []) = unsafe { call_of::<Owner, 0>(env, info) }?;
        // SAFETY: `env` is the running call's, the one that the channel was opened in.
        unsafe { owner.channel.unref(env) };
        None
    })
}
