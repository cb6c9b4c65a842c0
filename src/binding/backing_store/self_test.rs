//! The proof, once per process and before anything else is made of them, that V8's functions work
//! as they are called here, and that libstdc++'s `shared_ptr` is laid out as it is written here.

use super::functions::Functions;
use super::shared_pointer::SharedPointer;
use crate::binding::host::{is_electron, v8_version};
use crate::binding::value::check;
use crate::error::Error;
use crate::v8::require_known;
use napi::sys;
use std::ptr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;

const LENGTH: usize = 64;

/// The functions of the host, if they are all there and have proved themselves.
///
/// # Errors
/// [`Error::V8Unknown`], [`Error::UnsupportedPlatform`], [`Error::SymbolMissing`], or
/// [`Error::SelfTestFailed`].
///
/// # Safety
/// `env` must be the environment of the callback that is running on this thread.
pub(super) unsafe fn proven(env: sys::napi_env) -> Result<Functions, Error> {
    // SAFETY: `env` is that of the running callback, as the caller must ensure.
    require_known(&unsafe { v8_version(env) }?)?;
    // SAFETY: `env` is that of the running callback, as the caller must ensure.
    require(!unsafe { is_electron(env) }?, "Electron has another V8")?;
    // SAFETY: `env` is that of the running callback, as the caller must ensure.
    unsafe { require_no_sandbox(env) }?;
    // SAFETY: the host's V8 is a known one.
    let functions = unsafe { Functions::resolve() }?;
    // SAFETY: the caller's promise is `round_trip`'s, and there is no sandbox.
    unsafe { round_trip(env, &functions) }?;
    // SAFETY: the caller's promise is `taking_over`'s.
    unsafe { taking_over(env, &functions) }?;
    Ok(functions)
}

const fn require(holds: bool, what: &'static str) -> Result<(), Error> {
    if holds {
        Ok(())
    } else {
        Err(Error::SelfTestFailed(what))
    }
}

/// A V8 with a sandbox ends the process when it gets memory from outside. Node-API says so before.
///
/// # Safety
/// As for [`proven`].
unsafe fn require_no_sandbox(env: sys::napi_env) -> Result<(), Error> {
    // It lives as long as the process, so nobody has to be told when V8 has no use for it any more.
    static OUTSIDE: AtomicU64 = AtomicU64::new(0);
    let mut buffer = ptr::null_mut();
    // SAFETY: `env` is that of the running callback. The memory may be written at any time.
    let status = unsafe {
        sys::napi_create_external_arraybuffer(
            env,
            OUTSIDE.as_ptr().cast(),
            size_of::<AtomicU64>(),
            None,
            ptr::null_mut(),
            &raw mut buffer,
        )
    };
    check(status, "napi_create_external_arraybuffer")
}

/// Makes a store, looks at what became of it, and has V8 and ourselves give it up.
///
/// # Safety
/// As for [`proven`], and V8 must have no sandbox.
unsafe fn round_trip(env: sys::napi_env, functions: &Functions) -> Result<(), Error> {
    let block = vec![0; LENGTH];
    let start = block.as_ptr();
    let witness = Arc::new(());
    // SAFETY: the caller's promise is `array_buffer`'s.
    let made = unsafe { functions.array_buffer(block, Some(Arc::clone(&witness))) };
    let made = made.map_err(|_| Error::SelfTestFailed("another V8 runs this thread"))?;
    let taken = made.argument.object.is_null() && made.argument.control.is_null();
    require(taken, "V8 has not moved the shared_ptr")?;
    // SAFETY: `env` is that of the running callback, and V8 has made the handle in it.
    let seen = unsafe { memory_of(env, made.buffer) }?;
    require(seen == (start, LENGTH), "the ArrayBuffer has other memory")?;
    // SAFETY: V8 has the store as long as the handle lives.
    let uses = unsafe { &(*made.control).uses };
    require(uses.load(Ordering::Acquire) == 1, "V8 has another use")?;
    // SAFETY: `env` is that of the running callback, and V8 has made the handle in it.
    let second = unsafe { use_that_stays(env, functions, made.buffer) }?;
    require(second.object == made.store, "V8 has another store")?;
    let same = second.control == made.control;
    require(same, "the store has another control block")?;
    require(Arc::strong_count(&witness) == 2, "V8 has freed the memory")?;
    // SAFETY: the use is ours, and the block may end anywhere.
    unsafe { second.release() };
    require(Arc::strong_count(&witness) == 1, "the memory is kept")
}

/// Takes the memory of an `ArrayBuffer` that V8 has made, as the memory of a program's is taken.
///
/// # Safety
/// As for [`proven`].
unsafe fn taking_over(env: sys::napi_env, functions: &Functions) -> Result<(), Error> {
    let mut buffer = ptr::null_mut();
    let mut start = ptr::null_mut();
    // SAFETY: `env` is that of the running callback.
    let status =
        unsafe { sys::napi_create_arraybuffer(env, LENGTH, &raw mut start, &raw mut buffer) };
    check(status, "napi_create_arraybuffer")?;
    let start = start.cast::<[u8; LENGTH]>();
    // SAFETY: the buffer has this many bytes there, which nobody else uses.
    unsafe { start.write([7; LENGTH]) };
    // SAFETY: `env` is that of the running callback, and V8 has made the handle in it.
    let store = unsafe { use_that_stays(env, functions, buffer) }?;
    // SAFETY: our use keeps the memory, and no buffer has it any more.
    let same = unsafe { start.read() } == [7; LENGTH];
    // SAFETY: the use is ours, and a callback is running on this thread.
    unsafe { store.release() };
    require(same, "the memory is another one without its ArrayBuffer")
}

/// A use of the buffer's store, which is the only one at last: the buffer is detached.
///
/// # Safety
/// `env` must be the environment of the callback that is running on this thread, and `buffer` a
/// live handle of it to an `ArrayBuffer`, whose store has one use.
unsafe fn use_that_stays(
    env: sys::napi_env,
    functions: &Functions,
    buffer: sys::napi_value,
) -> Result<SharedPointer, Error> {
    // SAFETY: a callback is running on this thread, and the handle is live.
    let store = unsafe { functions.store_of(buffer) };
    let store = store.ok_or(Error::SelfTestFailed("the store has no control block"))?;
    // SAFETY: the control block lives as long as our use.
    let uses = unsafe { &(*store.control).uses };
    let counted = uses.load(Ordering::Acquire) == 2;
    require(counted, "uses are counted elsewhere")?;
    // SAFETY: `env` is that of the running callback, and the handle is live.
    let status = unsafe { sys::napi_detach_arraybuffer(env, buffer) };
    check(status, "napi_detach_arraybuffer")?;
    let only = uses.load(Ordering::Acquire) == 1;
    require(only, "V8 keeps the memory")?;
    Ok(store)
}

/// The address and the length of an `ArrayBuffer`'s memory.
///
/// # Safety
/// `env` must be the environment of the callback that is running on this thread, and `buffer` a
/// live handle of it.
unsafe fn memory_of(
    env: sys::napi_env,
    buffer: sys::napi_value,
) -> Result<(*const u8, usize), Error> {
    let mut start = ptr::null_mut();
    let mut length = 0;
    // SAFETY: the caller promises that `env` and `buffer` are live.
    let status =
        unsafe { sys::napi_get_arraybuffer_info(env, buffer, &raw mut start, &raw mut length) };
    check(status, "napi_get_arraybuffer_info")?;
    Ok((start.cast_const().cast(), length))
}
