//! What crosses between the addon of a program and that of async-hooks-rs: a C ABI with a version.
//!
//! Both addons are built apart, perhaps by different compilers, so no type of Rust crosses: only
//! what is declared here, `#[repr(C)]` all of it. An addon in another language may implement it,
//! too.
//!
//! # How they meet
//!
//! The exports of the addon have an object under [`EXPORT`], which bears [`TYPE_TAG`] and wraps a
//! pointer to a [`Table`] (`napi_wrap`). JavaScript cannot make such an object. The table, all that
//! it leads to, and the code of the addon stay where they are until the process ends: Node unloads
//! an addon with the last environment that has loaded it, so an addon pins itself.
//!
//! # Versions
//!
//! The [`Header`] is the same in every version. What changes the meaning or the layout of anything
//! else gets another major version; both sides need the same one. What is added at the end of
//! [`Table`], [`Entry`], [`Task`] or [`Host`] gets another minor version; the sizes say what is
//! there. The encoding of values is that of `lib/codec/README.md` in the repository. What
//! processors read of it changes with the major version only.
//!
//! # Rules
//!
//! - [`Entry::run`] is called by many threads at once. It does not unwind.
//! - What a [`Task`] leads to may be read until `run` returns. Likewise the functions of its
//!   [`Host`] may be called until then, by any thread; but [`Host::answer`] only by the one that
//!   `run` was called on. They do not unwind.
//! - A [`Slice`] that is passed to a function may be freed when the function returns.

use std::ffi::{c_void, CStr};

/// The property of the addon's exports.
pub const EXPORT: &CStr = c"asyncHooksRsProcessors";

/// The type tag of the object there.
pub const TYPE_TAG: [u64; 2] = [0x8d5f_06c4_3b1a_4e72, 0xa94c_d7e0_61f2_58b3];

/// The first bytes of every table.
pub const MAGIC: u64 = u64::from_be_bytes(*b"AHRS-PRO");

/// Both sides need the same one.
pub const MAJOR: u16 = 1;

/// Goes up with what is added.
pub const MINOR: u16 = 0;

/// The beginning of a table, in every version.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub struct Header {
    /// [`MAGIC`].
    pub magic: u64,
    /// [`MAJOR`] of the addon.
    pub major: u16,
    /// [`MINOR`] of the addon.
    pub minor: u16,
    /// The size of the table.
    pub size: u32,
}

/// The processors of an addon.
#[derive(Debug)]
#[repr(C)]
pub struct Table {
    /// The version.
    pub header: Header,
    /// `count` entries, one behind the other, at distances of `entry_size`.
    pub entries: *const Entry,
    /// How many there are.
    pub count: usize,
    /// The size of one.
    pub entry_size: usize,
}

/// A processor.
#[derive(Debug)]
#[repr(C)]
pub struct Entry {
    /// Its name, in UTF-8.
    pub name: Slice,
    /// What `run` is called with.
    pub processor: *const c_void,
    /// Runs a task and returns a [`Status`].
    pub run: unsafe extern "C" fn(processor: *const c_void, task: *const Task) -> Status,
}

/// How a task has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(transparent)]
pub struct Status(pub u32);

impl Status {
    /// The answer is the result.
    pub const RESULT: Self = Self(0);
    /// The answer is an error.
    pub const ERROR: Self = Self(1);
    /// There is not enough memory, and no answer.
    pub const OUT_OF_MEMORY: Self = Self(2);
}

/// Bytes of somebody else.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub struct Slice {
    /// The first of them. Null only without any.
    pub data: *const u8,
    /// How many there are.
    pub length: usize,
}

impl Slice {
    /// The bytes as a slice.
    ///
    /// # Safety
    /// Until `'a` ends, they may be read, and nobody writes to them.
    #[must_use]
    pub const unsafe fn bytes<'a>(self) -> &'a [u8] {
        if self.length == 0 {
            return &[];
        }
        // SAFETY: by the caller's promise. A slice that is not empty has an address.
        unsafe { std::slice::from_raw_parts(self.data, self.length) }
    }
}

impl From<&[u8]> for Slice {
    fn from(bytes: &[u8]) -> Self {
        Self {
            data: bytes.as_ptr(),
            length: bytes.len(),
        }
    }
}

/// An encoded value, and the binary data to which it refers by index. Nothing is no value: there is
/// one byte at least.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub struct Message {
    /// The encoded value.
    pub value: Slice,
    /// `count` pieces of binary data. Null only without any.
    pub attachments: *const Slice,
    /// How many there are.
    pub count: usize,
}

impl Message {
    /// A message of these parts, which has to be gone before they are.
    #[must_use]
    pub fn new(value: &[u8], attachments: &[Slice]) -> Self {
        Self {
            value: value.into(),
            attachments: attachments.as_ptr(),
            count: attachments.len(),
        }
    }

    /// The attachments as a slice.
    ///
    /// # Safety
    /// Until `'a` ends, the list may be read, and nobody writes to it.
    #[must_use]
    pub const unsafe fn attachments<'a>(self) -> &'a [Slice] {
        if self.count == 0 {
            return &[];
        }
        // SAFETY: by the caller's promise. A list that is not empty has an address.
        unsafe { std::slice::from_raw_parts(self.attachments, self.count) }
    }
}

/// A task that runs.
#[derive(Debug)]
#[repr(C)]
pub struct Task {
    /// The size of this structure.
    pub size: usize,
    /// The functions that the processor may call.
    pub host: *const Host,
    /// What they are called with.
    pub run: *const c_void,
    /// The value of the task.
    pub message: Message,
    /// 1 if the submitter wants to hear of progress, else 0.
    pub is_heard: u32,
}

/// Takes bytes that are gone when it returns.
pub type Sink = unsafe extern "C" fn(place: *mut c_void, bytes: Slice);

/// What async-hooks-rs offers to processors.
#[derive(Debug)]
#[repr(C)]
pub struct Host {
    /// The size of this structure.
    pub size: usize,
    /// 1 if the task is settled already: aborted, timed out, or its pool was closed. Else 0.
    pub is_aborted: unsafe extern "C" fn(run: *const c_void) -> u32,
    /// Tells the submitter how far the task is. [`Status::RESULT`], or [`Status::OUT_OF_MEMORY`];
    /// [`Status::ERROR`] if that is no value.
    pub progress: unsafe extern "C" fn(run: *const c_void, value: *const Message) -> Status,
    /// The contexts of the task: an encoded object with a value for each name. 0 if it has none,
    /// and nothing is written. What is written may be read as long as the task.
    pub contexts: unsafe extern "C" fn(run: *const c_void, contexts: *mut Message) -> u32,
    /// Passes the keys of objects of this shape to `sink`, which is called with `place`: their
    /// number as an `u32`, then that many encoded strings. 0 if there is no such shape, and `sink`
    /// is not called.
    pub keys:
        unsafe extern "C" fn(run: *const c_void, shape: u32, sink: Sink, place: *mut c_void) -> u32,
    /// Takes the result, or an encoded `Error`, before `run` returns. The last one counts.
    pub answer: unsafe extern "C" fn(run: *const c_void, value: *const Message),
}
