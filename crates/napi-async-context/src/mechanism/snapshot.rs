//! Contexts by `AsyncLocalStorage.snapshot()`, public JavaScript: a function that calls the function
//! it is given in the context in which it was made.

use super::Kept;
use crate::node_api::{Attempt, Js};
use napi::sys;

/// So many arguments need no allocation.
const FEW: usize = 7;

/// Keeps what is current now.
///
/// # Safety
/// `snapshot` is a living reference of the environment of `js`, to a function.
pub(super) unsafe fn capture(js: Js<'_>, snapshot: sys::napi_ref) -> Attempt<Kept> {
    let receiver = js.global()?;
    // SAFETY: the caller's.
    let snapshot = unsafe { js.value(snapshot) }?;
    // SAFETY: both handles were made in this environment, just now.
    let bound = unsafe { js.call(receiver, snapshot, &[]) }?;
    // SAFETY: as above.
    unsafe { js.reference(bound) }.map(Kept::Function)
}

/// Calls a function in a kept context.
///
/// # Safety
/// `kept` is a living reference, and the others are living handles, of the environment of `js`.
pub(super) unsafe fn call(
    js: Js<'_>,
    kept: sys::napi_ref,
    receiver: sys::napi_value,
    function: sys::napi_value,
    arguments: &[sys::napi_value],
) -> Attempt<sys::napi_value> {
    // SAFETY: the caller's.
    let bound = unsafe { js.value(kept) }?;
    if arguments.len() <= FEW {
        let mut few = [function; 1 + FEW];
        few[1..=arguments.len()].copy_from_slice(arguments);
        // SAFETY: the caller's, and the reference was alive.
        return unsafe { js.call(receiver, bound, &few[..=arguments.len()]) };
    }
    let all = [&[function], arguments].concat();
    // SAFETY: as above.
    unsafe { js.call(receiver, bound, &all) }
}
