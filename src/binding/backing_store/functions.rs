//! V8's functions for backing stores, as the headers of Node 20 to 26 declare them.

use super::shared_pointer::{Control, Counts, Destructor, Returned, SharedPointer};
use crate::binding::entry::keep;
use crate::error::Error;
use crate::v8::{find, RawPointer};
use napi::sys;
use std::ffi::c_void;
use std::ptr;
use std::sync::Arc;

type Deleter = unsafe extern "C" fn(*mut c_void, usize, *mut c_void);

/// The functions of one V8, all of them present.
#[derive(Debug, Clone, Copy)]
pub(super) struct Functions {
    /// `static v8::Isolate* v8::Isolate::GetCurrent()`
    current_isolate: unsafe extern "C" fn() -> RawPointer,
    /// `static std::unique_ptr<v8::BackingStore> v8::ArrayBuffer::NewBackingStore(void* data,
    /// size_t length, void (*deleter)(void*, size_t, void*), void* deleter_data)`
    new_store: unsafe extern "C" fn(RawPointer, usize, Deleter, RawPointer) -> Returned,
    /// `static v8::Local<v8::ArrayBuffer> v8::ArrayBuffer::New(v8::Isolate*,
    /// std::shared_ptr<v8::BackingStore>)`. The `shared_ptr`, which has a destructor, is passed as
    /// a pointer to one of the caller's.
    new_buffer: unsafe extern "C" fn(RawPointer, *mut SharedPointer) -> RawPointer,
    /// `std::shared_ptr<v8::BackingStore> v8::ArrayBuffer::GetBackingStore()`
    store_of: StoreOf,
    destructor: Destructor,
}

/// A method whose `this` is what a `Local<ArrayBuffer>` holds. The hidden pointer of what it
/// returns goes before that on x86-64, and in a register of its own on aarch64.
type StoreOf = unsafe extern "C" fn(RawPointer) -> Returned;

unsafe extern "C" {
    fn free(memory: *mut c_void);
}

impl Functions {
    /// Looks all functions up; the first one missing is the error.
    ///
    /// # Safety
    /// The host's V8 must be a known one, or export none of the functions.
    pub(super) unsafe fn resolve() -> Result<Self, Error> {
        let destructor = Destructor {
            // SAFETY: the known headers declare it `~BackingStore()`, not virtual.
            destroy: unsafe { find("_ZN2v812BackingStoreD1Ev") }?,
            // Where libstdc++ is part of the executable, it may not be exported; there it is `free`.
            // SAFETY: it is `void operator delete(void*)`.
            delete: unsafe { find("_ZdlPv") }.unwrap_or(free),
        };
        Ok(Self {
            // SAFETY: the known headers declare it `static Isolate* GetCurrent()`.
            current_isolate: unsafe { find("_ZN2v87Isolate10GetCurrentEv") }?,
            // SAFETY: the known headers declare it as the field's comment says.
            new_store: unsafe { find("_ZN2v811ArrayBuffer15NewBackingStoreEPvmPFvS1_mS1_ES1_") }?,
            // SAFETY: the known headers declare it as the field's comment says.
            new_buffer: unsafe {
                find("_ZN2v811ArrayBuffer3NewEPNS_7IsolateESt10shared_ptrINS_12BackingStoreEE")
            }?,
            // SAFETY: the known headers declare it as the field's comment says.
            store_of: unsafe { find("_ZN2v811ArrayBuffer15GetBackingStoreEv") }?,
            destructor,
        })
    }

    /// An `ArrayBuffer` over the block. The block comes back if the isolate that runs on this
    /// thread belongs to another V8 than the one that was found: a process may hold two.
    ///
    /// # Safety
    /// The calling thread must be inside a call from JavaScript or a Node-API callback, V8 must
    /// have no sandbox, and the block must not be empty.
    pub(super) unsafe fn array_buffer(
        &self,
        block: Vec<u8>,
        witness: Option<Arc<()>>,
    ) -> Result<Made, Vec<u8>> {
        // SAFETY: `GetCurrent` takes nothing and reads a thread-local variable of its V8.
        let isolate = unsafe { (self.current_isolate)() };
        let mut control = Box::new(Control::new(block, self.destructor, witness));
        if isolate.is_null() {
            return Err(control.into_block());
        }
        let (start, length) = control.memory();
        // SAFETY: the block is valid for its length until the control block is dropped, which
        // outlives the store: it ends the store first. The deleter has nothing to do.
        let returned = unsafe { (self.new_store)(start, length, keep, ptr::null_mut()) };
        // SAFETY: that is what `NewBackingStore` returns.
        let store = unsafe { returned.unique() };
        // SAFETY: the destructor is that of backing stores, and this one was just made for us.
        unsafe { control.own(store) };
        let control = Box::into_raw(control).cast();
        let mut argument = SharedPointer {
            object: store,
            control,
        };
        // SAFETY: `isolate` is the one entered on this thread, a handle scope is open. The control
        // block lives until its last use is over: from here on that is V8's to say, at any time and
        // on any thread. The code that it calls then stays loaded: a pool retains this module.
        let buffer = unsafe { (self.new_buffer)(isolate, &raw mut argument) };
        Ok(Made {
            buffer: buffer.cast(),
            store,
            control,
            argument,
        })
    }
}

impl Functions {
    /// A use of the store of an `ArrayBuffer`. None if another V8 runs this thread, or if there is
    /// no control block.
    ///
    /// # Safety
    /// The calling thread must be inside a call from JavaScript or a Node-API callback, and
    /// `buffer` must be a live handle to an `ArrayBuffer`.
    pub(super) unsafe fn store_of(&self, buffer: sys::napi_value) -> Option<SharedPointer> {
        // SAFETY: `GetCurrent` takes nothing and reads a thread-local variable of its V8.
        if unsafe { (self.current_isolate)() }.is_null() {
            return None;
        }
        // SAFETY: `v8::Local` and `napi_value` are the same word, a pointer to what the handle
        // holds, which is an `ArrayBuffer` of this V8.
        let returned = unsafe { (self.store_of)(buffer.cast()) };
        // SAFETY: that is what `GetBackingStore` returns.
        let store = unsafe { returned.shared() };
        Some(store).filter(|store| !store.control.is_null())
    }
}

/// An `ArrayBuffer` over a block.
pub(super) struct Made {
    /// A handle of the running call: `v8::Local` and `napi_value` are the same word.
    pub(super) buffer: sys::napi_value,
    pub(super) store: RawPointer,
    pub(super) control: *mut Counts,
    /// What V8 has left of the `shared_ptr` that it got: nothing, once it is proven. If it took
    /// none of it, the use that stays here is never given up.
    pub(super) argument: SharedPointer,
}
