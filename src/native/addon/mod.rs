//! Processors of other addons. The ABI between both is the module `abi` of the crate
//! `async-hooks-rs-processor`, which has the rules, too.

mod host;

use super::{Run, PANICKED};
use crate::pool::Status;
use crate::transport::{blocks, Message};
use crate::value::{encode_error, encode_string, shapes};
use crate::wire::packet::LARGEST_VALUE;
use async_hooks_rs_processor::abi::{self, Entry, Header, Table};
use host::{Answering, HOST};
use std::mem::size_of;
use std::ptr::NonNull;

/// The processors that an addon has.
#[derive(Clone, Copy)]
pub(crate) struct Addon(&'static Table);

/// The version of the ABI that an addon was built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Version(pub(crate) u16, pub(crate) u16);

/// The version of this addon.
pub(crate) const VERSION: Version = Version(abi::MAJOR, abi::MINOR);

/// Why there is no [`Addon`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// There is no table.
    Foreign,
    /// The version is another one.
    Version(Version),
}

impl Addon {
    /// The processors behind this pointer.
    ///
    /// # Errors
    /// They are not for this version of the ABI.
    ///
    /// # Safety
    /// An addon has passed it under the type tag of the ABI, by whose rules it leads to a [`Header`],
    /// and with the major version of this addon to a whole [`Table`], for ever.
    pub(crate) const unsafe fn new(header: NonNull<Header>) -> Result<Self, Unfit> {
        // SAFETY: by the caller's promise, it leads to a header, in every version.
        let Header {
            magic,
            major,
            minor,
            size,
        } = unsafe { *header.as_ref() };
        if magic != abi::MAGIC {
            return Err(Unfit::Foreign);
        }
        if major != abi::MAJOR || (size as usize) < size_of::<Table>() {
            return Err(Unfit::Version(Version(major, minor)));
        }
        // SAFETY: by the caller's promise, because major version and size are right.
        let table: &Table = unsafe { header.cast().as_ref() };
        if table.entry_size < size_of::<Entry>() {
            return Err(Unfit::Version(Version(major, minor)));
        }
        Ok(Self(table))
    }

    /// The names of the processors.
    pub(crate) fn names(self) -> Vec<String> {
        self.processors().map(Foreign::name).collect()
    }

    /// The processor of this name.
    pub(crate) fn find(self, name: &str) -> Option<Foreign> {
        self.processors().find(|processor| processor.name() == name)
    }

    fn processors(self) -> impl Iterator<Item = Foreign> {
        let Table {
            entries,
            count,
            entry_size,
            ..
        } = *self.0;
        (0..count).map(move |index| {
            // SAFETY: by the rules of the ABI there are `count` entries at these distances, each of
            // which is at least as large as the type, which was seen in `new`.
            let entry = unsafe { entries.byte_add(index * entry_size) };
            // SAFETY: by the rules of the ABI the entry stays as it is for ever.
            Foreign(unsafe { &*entry })
        })
    }
}

/// A processor of another addon.
#[derive(Clone, Copy)]
pub(crate) struct Foreign(&'static Entry);

// SAFETY: by the rules of the ABI nobody writes to the entry or to its name, and many threads may
// call its function with its pointer.
unsafe impl Send for Foreign {}

impl Foreign {
    fn name(self) -> String {
        // SAFETY: by the rules of the ABI the name stays as it is for ever.
        let name = unsafe { self.0.name.bytes() };
        String::from_utf8_lossy(name).into_owned()
    }

    /// Runs a task, and returns how it has ended, and its result or error.
    pub(super) fn run(self, task: &Message, run: &Run<'_>) -> (Status, Message) {
        let (value, attachments) = super::thread::parts_of(task);
        let attachments: Vec<abi::Slice> = attachments
            .iter()
            .map(|attachment| attachment.bytes().into())
            .collect();
        let answering = Answering::new(run);
        let task = abi::Task {
            size: size_of::<abi::Task>(),
            host: &raw const HOST,
            run: std::ptr::from_ref(&answering).cast(),
            message: abi::Message::new(value, &attachments),
            is_heard: run.is_heard().into(),
        };
        // SAFETY: by the rules of the ABI the function may be called with this pointer, and does
        // not unwind. What the task leads to lives until the call returns: the message by the
        // caller's reference, the rest as locals of this function, which nobody writes to but by
        // their locks.
        let status = unsafe { (self.0.run)(self.0.processor, &raw const task) };
        match (status, answering.into_answer()) {
            (abi::Status::OUT_OF_MEMORY, _) => (Status::OutOfMemory, Message::empty()),
            (_, Some(answer)) if answer.is_lost() => (Status::OutOfMemory, Message::empty()),
            (abi::Status::RESULT, Some(answer)) => (Status::Result, answer),
            (abi::Status::ERROR, Some(answer)) => (Status::Error, answer),
            (abi::Status(status), _) => self.misbehaved(status),
        }
    }

    /// The processor has broken the rules, but not so that it would matter to anybody else.
    fn misbehaved(self, status: u32) -> (Status, Message) {
        let name = self.name();
        let text =
            format!("the native processor '{name}' ended with status {status}, and no answer");
        let mut bytes = Vec::new();
        match encode_error(PANICKED, &text, &mut bytes) {
            Ok(()) => (Status::Error, Message::new(&bytes)),
            Err(_) => (Status::OutOfMemory, Message::empty()),
        }
    }
}

/// A copy of a message of the ABI. None without a value, which breaks the rules: the first
/// attachment would pass for it.
///
/// # Safety
/// By the rules of the ABI, it may be read until this returns.
unsafe fn copied(message: abi::Message) -> Option<Message> {
    if message.value.length == 0 {
        return None;
    }
    // SAFETY: by the caller's promise.
    let value = unsafe { message.value.bytes() };
    // SAFETY: by the caller's promise.
    let attachments = unsafe { message.attachments() };
    let attachments = attachments.iter().map(|slice| {
        // SAFETY: by the caller's promise.
        blocks::take(unsafe { slice.bytes() })
    });
    if value.len() <= LARGEST_VALUE {
        return Some(Message::new(value).with_attachments(attachments));
    }
    let value = std::iter::once_with(|| blocks::take(value));
    Some(Message::empty().with_attachments(value.chain(attachments)))
}

/// The keys of a shape as the ABI has them: their number, and then the encoded strings.
fn keys_of(shape: u32) -> Option<Vec<u8>> {
    let shape = shapes::keys(shape)?;
    let count = u32::try_from(shape.keys().len()).ok()?;
    let mut bytes = count.to_le_bytes().to_vec();
    for key in shape.keys() {
        encode_string(key, &mut bytes).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests;
