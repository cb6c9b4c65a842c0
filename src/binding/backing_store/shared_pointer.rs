//! `std::shared_ptr` of libstdc++, with a control block of ours, or one of C++'s.
//!
//! Its layout is part of libstdc++'s ABI, which has been the same since GCC 5 (`shared_ptr_base.h`:
//! `__shared_ptr`, `_Sp_counted_base`). That V8 was built with it is in the names of the functions:
//! `std::shared_ptr` of another library is in an inline namespace, as `std::__1` of libc++.

use crate::binding::entry::{destroy, dispose, unused, Counted};
use crate::transport::blocks;
use crate::v8::RawPointer;
use std::ffi::c_void;
use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::Arc;

/// `std::shared_ptr<T>`
#[repr(C)]
pub(super) struct SharedPointer {
    pub(super) object: RawPointer,
    pub(super) control: *mut Counts,
}

// SAFETY: the control block counts by atomic operations. Where its use may end is a promise of
// whoever calls `release`.
unsafe impl Send for SharedPointer {}

impl SharedPointer {
    /// Gives its use up, as `~shared_ptr()` does (`_Sp_counted_base::_M_release`).
    ///
    /// # Safety
    /// The use is the caller's, and the object's end must be allowed on this thread at this time.
    pub(super) unsafe fn release(self) {
        // SAFETY: the control block lives as long as there is a use, which is the caller's.
        let counts = unsafe { &*self.control };
        let (uses, weak) = (&counts.uses, &counts.weak);
        let VirtualFunctions {
            dispose, destroy, ..
        } = counts.functions;
        if uses.fetch_sub(1, Ordering::AcqRel) != 1 {
            return;
        }
        // SAFETY: the last use is over, and the uses together have one of the weak references: the
        // control block lives.
        unsafe { dispose(self.control.cast()) };
        if weak.fetch_sub(1, Ordering::AcqRel) == 1 {
            // SAFETY: that was the last reference.
            unsafe { destroy(self.control.cast()) };
        }
    }
}

/// What a C++ function returns in memory of its caller, for which it gets a hidden pointer: an
/// object with a destructor, here of one or two words. A third one makes Rust pass that pointer,
/// too: x86-64 and aarch64 return up to 16 bytes in registers.
#[repr(C)]
pub(super) struct Returned([MaybeUninit<RawPointer>; 3]);

impl Returned {
    /// A `std::unique_ptr<T>` with the default deleter.
    ///
    /// # Safety
    /// That must be what the function has returned.
    pub(super) const unsafe fn unique(self) -> RawPointer {
        let Self([object, ..]) = self;
        // SAFETY: the pointer is a `unique_ptr`'s only word, so the function has written it.
        unsafe { object.assume_init() }
    }

    /// A `std::shared_ptr<T>`, whose use is the caller's from now on.
    ///
    /// # Safety
    /// That must be what the function has returned.
    pub(super) const unsafe fn shared(self) -> SharedPointer {
        let Self([object, control, _]) = self;
        SharedPointer {
            // SAFETY: it is the first of the two words of a `shared_ptr`.
            object: unsafe { object.assume_init() },
            // SAFETY: it is the second of the two words of a `shared_ptr`.
            control: unsafe { control.assume_init() }.cast(),
        }
    }
}

/// The virtual functions of `std::_Sp_counted_base`, in their order. They are called with `this`,
/// the last one with another argument, too, which ours ignores.
#[derive(Clone, Copy)]
#[repr(C)]
struct VirtualFunctions {
    complete_destructor: unsafe extern "C" fn(*mut c_void) -> *mut c_void,
    deleting_destructor: unsafe extern "C" fn(*mut c_void) -> *mut c_void,
    dispose: unsafe extern "C" fn(*mut c_void),
    destroy: unsafe extern "C" fn(*mut c_void),
    get_deleter: unsafe extern "C" fn(*mut c_void) -> *mut c_void,
}

static VIRTUAL_FUNCTIONS: VirtualFunctions = VirtualFunctions {
    complete_destructor: unused,
    deleting_destructor: unused,
    dispose: dispose::<Control>,
    destroy: destroy::<Control>,
    get_deleter: unused,
};

/// How an object of C++ ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Destructor {
    /// The complete object destructor.
    pub(super) destroy: unsafe extern "C" fn(RawPointer),
    /// `operator delete`
    pub(super) delete: unsafe extern "C" fn(RawPointer),
}

/// `std::_Sp_counted_base<_S_atomic>`
#[repr(C)]
pub(super) struct Counts {
    functions: &'static VirtualFunctions,
    pub(super) uses: AtomicI32,
    weak: AtomicI32,
}

/// A control block of ours, and what it owns: a V8 backing store and the block that is its memory.
/// It is dropped when V8 has no use for it any more, on any thread.
#[repr(C)]
pub(super) struct Control {
    counts: Counts,
    store: RawPointer,
    destructor: Destructor,
    block: Vec<u8>,
    _witness: Option<Arc<()>>,
}

impl Control {
    /// With one use, that of the `shared_ptr` that is made of it. The witness is dropped with it.
    pub(super) const fn new(
        block: Vec<u8>,
        destructor: Destructor,
        witness: Option<Arc<()>>,
    ) -> Self {
        Self {
            counts: Counts {
                functions: &VIRTUAL_FUNCTIONS,
                uses: AtomicI32::new(1),
                weak: AtomicI32::new(1),
            },
            store: std::ptr::null_mut(),
            destructor,
            block,
            _witness: witness,
        }
    }

    /// The address and the length of the block.
    pub(super) const fn memory(&mut self) -> (RawPointer, usize) {
        (self.block.as_mut_ptr().cast(), self.block.len())
    }

    /// Gives it the store over its block.
    ///
    /// # Safety
    /// The destructor must be that of the store, which nobody else may end.
    pub(super) const unsafe fn own(&mut self, store: RawPointer) {
        self.store = store;
    }

    /// Takes the block out, before there is a store over it.
    pub(super) fn into_block(mut self) -> Vec<u8> {
        std::mem::take(&mut self.block)
    }
}

impl Counted for Control {
    unsafe fn dispose(&self) {
        // SAFETY: the store is a live one that nobody else ends, by the promise of `own`, and C++
        // disposes of it once.
        unsafe { (self.destructor.destroy)(self.store) };
        // SAFETY: the object has ended, and its memory came from the matching `operator new`.
        unsafe { (self.destructor.delete)(self.store) };
    }
}

impl Drop for Control {
    fn drop(&mut self) {
        blocks::put(std::mem::take(&mut self.block));
    }
}
