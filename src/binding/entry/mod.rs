//! What C calls: every `extern "C"` function of this crate is here, but those that processors of other
//! addons call, which know nothing of Node-API (`native/addon/host.rs`).
//!
//! Each one is generic over a trait whose methods are ordinary Rust. No panic reaches C, where it
//! would end the process, and an implementation gets only what is live during the call.

use super::foreign::Foreign;
use super::value::check;
use crate::error::Error;
use napi::{sys, Env};
use std::ffi::{c_void, CStr};
use std::marker::PhantomData;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::ptr;
use std::rc::Rc;

/// Runs `body`, whose panic must not unwind into C. A panic is a bug of this crate.
pub(super) fn guarded<R>(body: impl FnOnce() -> R) -> Result<R, Error> {
    // Whatever state it left is used no further than by calls that bear any state.
    catch_unwind(AssertUnwindSafe(body)).map_err(|_| Error::Panicked)
}

/// A running call of a [`Method`] with `N` arguments. Missing ones are `undefined`.
pub(super) struct Call<'call, const N: usize> {
    env: sys::napi_env,
    arguments: [sys::napi_value; N],
    running: PhantomData<&'call ()>,
}

impl<const N: usize> Call<'_, N> {
    /// The environment of the callback that is running on this thread.
    pub(super) const fn env(&self) -> sys::napi_env {
        self.env
    }

    /// The argument at `index`, a handle of this call.
    pub(super) const fn argument(&self, index: usize) -> sys::napi_value {
        self.arguments[index]
    }

    /// The argument at `index` as a number; 0 if it is none.
    pub(super) fn number(&self, index: usize) -> u32 {
        let mut number = 0;
        // SAFETY: `method` made this call with the running callback's environment and arguments.
        // What is no number leaves `number` at 0.
        let _ =
            unsafe { sys::napi_get_value_uint32(self.env, self.arguments[index], &raw mut number) };
        number
    }
}

/// What a [`Method`] gives to JavaScript: a handle that was made in its call, or null.
///
/// It fits into a register. A `Result` would be returned through memory, and the caller would load
/// by 8 bytes what was stored by less. Such a load waits until that store has reached the cache,
/// and before it all others do, to lines that another core has.
pub(super) struct Answer<'call> {
    value: sys::napi_value,
    running: PhantomData<&'call ()>,
}

impl Answer<'_> {
    /// `undefined`
    pub(super) const UNDEFINED: Self = Self::handle(ptr::null_mut());

    /// A handle that was made in this call.
    pub(super) const fn handle(value: sys::napi_value) -> Self {
        Self {
            value,
            running: PhantomData,
        }
    }
}

impl<'call, const N: usize> Call<'call, N> {
    /// Answers with a number.
    pub(super) fn with_number(&self, number: u32) -> Answer<'call> {
        let mut value = ptr::null_mut();
        // Refused, it leaves null, which is `undefined`.
        // SAFETY: `env` is the running call's.
        let _ = unsafe { sys::napi_create_uint32(self.env, number, &raw mut value) };
        Answer::handle(value)
    }

    /// Throws.
    pub(super) fn with_error(&self, error: Error) -> Answer<'call> {
        throw(self.env, error);
        Answer::UNDEFINED
    }
}

/// A JavaScript function in Rust, for what is called so often that the derive macro's methods are
/// too slow: see [`define`].
pub(super) trait Method<const N: usize> {
    /// What the function was defined with.
    type Data;

    /// What JavaScript calls it.
    const NAME: &'static CStr;

    /// JavaScript gets the answer, or an exception.
    fn call<'call>(data: &Self::Data, call: &Call<'call, N>) -> Answer<'call>;

    /// [`Method::call`] has panicked. JavaScript gets an exception.
    fn panicked(_data: &Self::Data) {}
}

/// # Safety
/// Called by Node-API only, for a function that was made with [`Rc<M::Data>`] as its data.
unsafe extern "C" fn method<M: Method<N>, const N: usize>(
    env: sys::napi_env,
    info: sys::napi_callback_info,
) -> sys::napi_value {
    let mut arguments = [ptr::null_mut(); N];
    let mut count = N;
    let mut data = ptr::null_mut();
    // SAFETY: `env` and `info` are the running call's; `arguments` has room for `count`.
    let status = unsafe {
        sys::napi_get_cb_info(
            env,
            info,
            &raw mut count,
            arguments.as_mut_ptr(),
            ptr::null_mut(),
            &raw mut data,
        )
    };
    if status != sys::Status::napi_ok {
        return ptr::null_mut();
    }
    // SAFETY: `define` made it from an `Rc<M::Data>`, which the function that is running owns.
    let data = unsafe { &*data.cast::<M::Data>() };
    let call = Call {
        env,
        arguments,
        running: PhantomData,
    };
    let answer = guarded(|| M::call(data, &call)).unwrap_or_else(|error| {
        let _ = guarded(|| M::panicked(data));
        call.with_error(error)
    });
    answer.value
}

/// Throws the error, unless an exception is pending already. If it cannot be thrown, the
/// environment is going down.
fn throw(env: sys::napi_env, error: Error) {
    let env = Env::from_raw(env);
    let message = error.to_string();
    let _ = if error.is_of_type() {
        env.throw_type_error(&message, Some(error.code()))
    } else {
        env.throw_error(&message, Some(error.code()))
    };
}

/// Who hears a bell, on the JavaScript thread of that.
pub(super) trait Listener {
    /// The bell was rung.
    fn hear(&self, delivery: &Delivery<'_>);

    /// [`Listener::hear`] has panicked.
    fn panicked(&self) {}
}

/// A running delivery of a ring.
pub(super) struct Delivery<'call> {
    env: sys::napi_env,
    function: sys::napi_value,
    running: PhantomData<&'call ()>,
}

impl Delivery<'_> {
    /// The environment of the callback that is running on this thread.
    pub(super) const fn env(&self) -> sys::napi_env {
        self.env
    }

    /// The function that the bell was opened with, as a handle of the running callback.
    pub(super) const fn function(&self) -> sys::napi_value {
        self.function
    }
}

/// # Safety
/// Called by Node-API only, with the environment, or null while that is torn down; for a threadsafe
/// function whose context is a live `L`.
pub(super) unsafe extern "C" fn deliver<L: Listener>(
    env: sys::napi_env,
    function: sys::napi_value,
    listener: *mut c_void,
    _data: *mut c_void,
) {
    if env.is_null() {
        return;
    }
    // SAFETY: the listener lives until the threadsafe function is finalized.
    let listener = unsafe { &*listener.cast::<L>() };
    let delivery = Delivery {
        env,
        function,
        running: PhantomData,
    };
    if guarded(|| listener.hear(&delivery)).is_err() {
        let _ = guarded(|| listener.panicked());
    }
}

/// Drops what C has held.
///
/// # Safety
/// Called by Node-API only, once, with `data` that comes from `F::into_foreign`.
pub(super) unsafe extern "C" fn finalize<F: Foreign>(
    _env: sys::napi_env,
    data: *mut c_void,
    _hint: *mut c_void,
) {
    // SAFETY: Node-API finalizes once.
    let value = unsafe { F::from_foreign(data) };
    let _ = guarded(|| drop(value));
}

/// What is done when an environment ends.
pub(super) trait Cleanup {
    /// The environment is ending.
    fn clean_up(self);
}

/// # Safety
/// Called by Node-API only, once, with `data` that comes from a box of a `C`.
pub(super) unsafe extern "C" fn clean_up<C: Cleanup>(data: *mut c_void) {
    // SAFETY: Node-API runs a hook once.
    let value = unsafe { Box::<C>::from_foreign(data) };
    let _ = guarded(|| value.clean_up());
}

/// Sets `object[M::NAME]` to a function that calls `M` with `data`, for as long as the function
/// lives. It takes 20 to 50 ns per call, one of the derive macro's 270 to 390 ns.
///
/// # Safety
/// `env` must be the environment of the callback that is running on this thread, and `object` a
/// live handle of it.
pub(super) unsafe fn define<M: Method<N>, const N: usize>(
    env: sys::napi_env,
    object: sys::napi_value,
    data: &Rc<M::Data>,
) -> Result<(), Error> {
    let owned = Rc::clone(data).into_foreign();
    let mut function = ptr::null_mut();
    // SAFETY: `env` is live by the caller's promise, the name ends with a zero byte, and `method`
    // asks for the data that it is given.
    let created = unsafe {
        sys::napi_create_function(
            env,
            M::NAME.as_ptr(),
            M::NAME.count_bytes().cast_signed(),
            Some(method::<M, N>),
            owned,
            &raw mut function,
        )
    };
    let finalized = check(created, "napi_create_function").and_then(|()| {
        // SAFETY: `function` was made in this callback's scope; the finalizer takes what `owned`
        // is.
        let added = unsafe {
            sys::napi_add_finalizer(
                env,
                function,
                owned,
                Some(finalize::<Rc<M::Data>>),
                ptr::null_mut(),
                ptr::null_mut(),
            )
        };
        check(added, "napi_add_finalizer")
    });
    if finalized.is_err() {
        // SAFETY: there is no finalizer that takes it, and no function that JavaScript can call.
        drop(unsafe { Rc::<M::Data>::from_foreign(owned) });
    }
    finalized?;
    // SAFETY: all handles are live, the name ends with a zero byte.
    let status = unsafe { sys::napi_set_named_property(env, object, M::NAME.as_ptr(), function) };
    check(status, "napi_set_named_property")
}

/// What C++ counts the uses of, in a control block of `std::shared_ptr`.
pub(super) trait Counted {
    /// The last use is over. Comes once, on any thread; the control block is dropped after it.
    ///
    /// # Safety
    /// Called by [`dispose`] only.
    unsafe fn dispose(&self);
}

/// A virtual function of the control block: the last use is over.
///
/// # Safety
/// Called once, by whoever ends the last use, with a control block that comes from a box of a `C`.
pub(super) unsafe extern "C" fn dispose<C: Counted>(control: *mut c_void) {
    // SAFETY: the control block lives until it is destroyed.
    let counted = unsafe { &*control.cast::<C>() };
    // SAFETY: it is called once.
    let _ = guarded(|| unsafe { counted.dispose() });
}

/// A virtual function of the control block: nobody refers to it any more.
///
/// # Safety
/// Called once, by whoever ends the last use, with a control block that comes from a box of a `C`.
pub(super) unsafe extern "C" fn destroy<C: Counted>(control: *mut c_void) {
    // SAFETY: it is destroyed once.
    let counted = unsafe { Box::<C>::from_foreign(control) };
    let _ = guarded(|| drop(counted));
}

/// A virtual function of the control block that C++ does not call: a destructor, because blocks of
/// ours are not deleted by it, or the look-up of a deleter, which ours have none of.
///
/// # Safety
/// Any call will do.
pub(super) const unsafe extern "C" fn unused(_control: *mut c_void) -> *mut c_void {
    ptr::null_mut()
}

/// The deleter of memory that the control block owns.
///
/// # Safety
/// Any call will do.
pub(super) const unsafe extern "C" fn keep(_data: *mut c_void, _length: usize, _: *mut c_void) {}

#[cfg(test)]
mod tests;
