//! A closure for the JavaScript thread behind one thin pointer, which is what Node-API carries.

use napi::Env;
use std::ffi::c_void;
use std::mem::ManuallyDrop;
use std::ptr::NonNull;

/// Opened once, or dropped with what its closure has captured.
pub(crate) struct Parcel(NonNull<Head>);

// SAFETY: it owns its closure and nothing else, and `new` takes only one that may be sent.
unsafe impl Send for Parcel {}

/// What every parcel begins with.
struct Head {
    /// Frees the parcel, after a call of its closure if there is an environment. It is the one of
    /// the closure's type, and the parcel is not used afterwards.
    end: unsafe fn(NonNull<Self>, Option<&Env>),
}

#[repr(C)]
struct Contents<F> {
    head: Head,
    closure: F,
}

impl<F: FnOnce(&Env)> Contents<F> {
    /// # Safety
    /// See [`Head::end`].
    unsafe fn end(head: NonNull<Head>, env: Option<&Env>) {
        // SAFETY: the caller's. The pointer is that of the whole box, which begins with the head.
        let contents = unsafe { Box::from_raw(head.cast::<Self>().as_ptr()) };
        if let Some(env) = env {
            (contents.closure)(env);
        }
    }
}

impl Parcel {
    pub(crate) fn new<F: FnOnce(&Env) + Send + 'static>(closure: F) -> Self {
        let head = Head {
            end: Contents::<F>::end,
        };
        let contents = Box::new(Contents { head, closure });
        Self(NonNull::from(Box::leak(contents)).cast())
    }

    /// Calls the closure.
    pub(crate) fn open(self, env: &Env) {
        let mut parcel = ManuallyDrop::new(self);
        // SAFETY: nobody uses it afterwards: it was taken, and is not dropped.
        unsafe { parcel.end(Some(env)) };
    }

    pub(crate) fn into_raw(self) -> *mut c_void {
        ManuallyDrop::new(self).0.as_ptr().cast()
    }

    /// # Safety
    /// `raw` is what [`into_raw`](Self::into_raw) returned, and is taken back once.
    pub(crate) const unsafe fn from_raw(raw: *mut c_void) -> Self {
        // SAFETY: it was a NonNull.
        Self(unsafe { NonNull::new_unchecked(raw.cast()) })
    }

    /// # Safety
    /// The parcel is not used afterwards.
    unsafe fn end(&mut self, env: Option<&Env>) {
        // SAFETY: the head is alive: only this function frees it, which is not called twice.
        let end = unsafe { self.0.as_ref() }.end;
        // SAFETY: `new` stored it for the type of this closure; the rest is the caller's.
        unsafe { end(self.0, env) };
    }
}

impl Drop for Parcel {
    fn drop(&mut self) {
        // SAFETY: it is being dropped.
        unsafe { self.end(None) };
    }
}

#[cfg(all(test, not(napi_async_context_loom)))]
mod tests {
    use super::Parcel;
    use napi::Env;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::sync::Arc;

    fn parcel(opened: &Arc<AtomicU32>) -> Parcel {
        let opened = Arc::clone(opened);
        let big = [7; 9];
        Parcel::new(move |_| {
            opened.fetch_add(big.iter().sum(), Ordering::Relaxed);
        })
    }

    #[test]
    fn an_opened_parcel_calls_its_closure_once_and_frees_it() {
        let opened = Arc::new(AtomicU32::new(0));
        let raw = parcel(&opened).into_raw();
        // SAFETY: it is what `into_raw` returned, and is taken back here.
        let parcel = unsafe { Parcel::from_raw(raw) };
        parcel.open(&Env::from_raw(std::ptr::null_mut()));
        assert_eq!(opened.load(Ordering::Relaxed), 63);
        assert_eq!(Arc::strong_count(&opened), 1);
    }

    #[test]
    fn a_dropped_parcel_frees_its_closure_and_does_not_call_it() {
        let opened = Arc::new(AtomicU32::new(0));
        drop(parcel(&opened));
        assert_eq!(opened.load(Ordering::Relaxed), 0);
        assert_eq!(Arc::strong_count(&opened), 1);
    }

    #[test]
    fn a_closure_that_panics_is_freed() {
        let captured = Arc::new(());
        let inner = Arc::clone(&captured);
        let parcel = Parcel::new(move |_| {
            assert_eq!(Arc::strong_count(&inner), 0, "expected");
        });
        let open = || parcel.open(&Env::from_raw(std::ptr::null_mut()));
        assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(open)).is_err());
        assert_eq!(Arc::strong_count(&captured), 1);
    }
}
