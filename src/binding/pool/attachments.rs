//! Large binary data on its way between JavaScript and the pool. One piece is by far the most
//! frequent number: it is passed by itself, without an array around it.

use crate::binding::backing_store::{array_buffer, take_over};
use crate::binding::value::{bytes, check, data, is_view};
use crate::error::Error;
use crate::transport::{blocks, Attachment};
use napi::sys;
use std::ptr;
use std::slice;

/// Copies a `Uint8Array`, or each one of an array, into warm memory. None for data that does not
/// fit.
///
/// # Errors
/// [`Error::NotBytes`] if there is anything else, or if another thread may have the bytes.
///
/// # Safety
/// `env` must be the environment of the callback that is running on this thread, and `views` a live
/// handle of it.
pub(super) unsafe fn copy_out(
    env: sys::napi_env,
    views: sys::napi_value,
) -> Result<Vec<Option<Vec<u8>>>, Error> {
    // SAFETY: the caller's promise is `handles`'s.
    let views = unsafe { handles(env, views) }?;
    views
        .into_iter()
        // SAFETY: the caller promises that `env` is live, and the view is a handle of this callback.
        .map(|view| unsafe { copy_one(env, view) })
        .collect()
}

/// As [`copy_out`], but the memory that a `DataView` looks at is taken over. It must be all that
/// the views have to do with its `ArrayBuffer`, which is detached.
///
/// # Errors
/// As for [`copy_out`], and [`Error::NodeApi`] if a buffer cannot be detached.
///
/// # Safety
/// As for [`copy_out`], and nobody else may write to the memory of a `DataView`.
pub(super) unsafe fn take_in(
    env: sys::napi_env,
    views: sys::napi_value,
) -> Result<Vec<Option<Attachment>>, Error> {
    // An element may be a getter. No JavaScript runs after this.
    // SAFETY: the caller's promise is `handles`'s.
    let views = unsafe { handles(env, views) }?;
    let mut buffers = Vec::new();
    let mut attachments = Vec::with_capacity(views.len());
    for view in views {
        // SAFETY: the caller promises that `env` is live, and the view is a handle of this callback.
        let data = unsafe { data(env, view) }?;
        attachments.push(match data {
            // SAFETY: as above.
            None => unsafe { copy_one(env, view) }?.map(Attachment::from),
            Some(data) if data.length == 0 => Some(Vec::new().into()),
            Some(data) => {
                buffers.push(data.buffer);
                let memory = (data.start.cast_const(), data.length);
                // SAFETY: the buffer has this memory. It is detached below, and nobody else writes
                // to it by the caller's promise.
                unsafe { take_over(env, data.buffer, memory) }
            }
        });
    }
    for buffer in buffers {
        // SAFETY: the caller promises that `env` is live, and the buffer is a handle of this
        // callback.
        let status = unsafe { sys::napi_detach_arraybuffer(env, buffer) };
        check(status, "napi_detach_arraybuffer")?;
    }
    Ok(attachments)
}

/// The elements of an array, which are views, or the value itself if it is no array.
///
/// # Errors
/// [`Error::NotBytes`] for the first element that is no view: a sparse array may have billions.
///
/// # Safety
/// As for [`copy_out`].
unsafe fn handles(
    env: sys::napi_env,
    views: sys::napi_value,
) -> Result<Vec<sys::napi_value>, Error> {
    let mut count = 0;
    // SAFETY: the caller promises that `env` and `views` are live.
    if unsafe { sys::napi_get_array_length(env, views, &raw mut count) } != sys::Status::napi_ok {
        return Ok(vec![views]);
    }
    (0..count)
        .map(|index| {
            let mut view = ptr::null_mut();
            // SAFETY: the caller promises that `env` and `views` are live.
            let status = unsafe { sys::napi_get_element(env, views, index, &raw mut view) };
            check(status, "napi_get_element")?;
            // SAFETY: the caller promises that `env` is live, and `view` is a handle of this callback.
            if unsafe { is_view(env, view) } {
                Ok(view)
            } else {
                Err(Error::NotBytes("attachments"))
            }
        })
        .collect()
}

/// Copies a `Uint8Array`. None if it does not fit.
///
/// # Safety
/// As for [`copy_out`].
unsafe fn copy_one(env: sys::napi_env, view: sys::napi_value) -> Result<Option<Vec<u8>>, Error> {
    // SAFETY: the caller promises that `env` and `view` are live.
    let view = unsafe { bytes(env, view) }?.filter(|view| !view.is_shared);
    let view = view.ok_or(Error::NotBytes("attachments"))?;
    if view.length == 0 {
        return Ok(Some(Vec::new())); // one that was detached has no address
    }
    // SAFETY: the buffer has these bytes at this address, it is not shared, and no JavaScript of
    // its thread runs until the slice is gone.
    let bytes = unsafe { slice::from_raw_parts(view.start, view.length) };
    Ok(blocks::take(bytes))
}

/// The blocks as `ArrayBuffer`s: none, one by itself, or an array of them.
///
/// # Errors
/// [`Error::OutOfMemory`], or [`Error::NodeApi`] if the environment is ending.
///
/// # Safety
/// `env` must be the environment of the callback that is running on this thread.
pub(super) unsafe fn hand_over(
    env: sys::napi_env,
    blocks: Vec<Vec<u8>>,
) -> Result<Option<sys::napi_value>, Error> {
    if blocks.len() > 1 {
        // SAFETY: the caller's promise is `array_of`'s.
        return unsafe { array_of(env, blocks) }.map(Some);
    }
    let buffer = |block| {
        // SAFETY: the caller's promise is `array_buffer`'s.
        unsafe { array_buffer(env, block) }
    };
    blocks.into_iter().next().map(buffer).transpose()
}

/// # Safety
/// As for [`hand_over`].
unsafe fn array_of(env: sys::napi_env, blocks: Vec<Vec<u8>>) -> Result<sys::napi_value, Error> {
    let mut array = ptr::null_mut();
    // SAFETY: the caller promises that `env` is live.
    let status = unsafe { sys::napi_create_array_with_length(env, blocks.len(), &raw mut array) };
    check(status, "napi_create_array_with_length")?;
    for (index, block) in (0..).zip(blocks) {
        // SAFETY: the caller's promise is `array_buffer`'s.
        let buffer = unsafe { array_buffer(env, block) }?;
        // SAFETY: array and buffer were made in this callback's handle scope.
        let status = unsafe { sys::napi_set_element(env, array, index, buffer) };
        check(status, "napi_set_element")?;
    }
    Ok(array)
}
