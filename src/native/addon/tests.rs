//! Processors of another addon, here with the crate that such addons are written with, and by hand.

use super::{Addon, Foreign, Unfit, Version};
use crate::native::spawn_foreign;
use crate::pool::testing::{drain_until, pool, task};
use crate::pool::{Status, Task};
use crate::transport::Message;
use crate::value::shapes;
use crate::wire::tag;
use async_hooks_rs_processor::abi::{self, Entry, Header, Table};
use async_hooks_rs_processor::tag as their_tag;
use std::ffi::c_void;
use std::mem::size_of;
use std::ptr::{self, NonNull};

#[expect(clippy::cast_possible_truncation, reason = "it is some ten bytes")]
const HEADER: Header = Header {
    magic: abi::MAGIC,
    major: abi::MAJOR,
    minor: abi::MINOR,
    size: size_of::<Table>() as u32,
};

fn entry(run: unsafe extern "C" fn(*const c_void, *const abi::Task) -> abi::Status) -> Entry {
    Entry {
        name: b"hand-made".as_slice().into(),
        processor: ptr::null(),
        run,
    }
}

/// A table that lives for ever, as those of addons do.
fn table(header: Header, entries: Vec<Entry>) -> NonNull<Header> {
    let entries = entries.leak();
    let table = Table {
        header,
        entries: entries.as_ptr(),
        count: entries.len(),
        entry_size: size_of::<Entry>(),
    };
    NonNull::from(Box::leak(Box::new(table))).cast()
}

fn opened(header: Header) -> Result<Addon, Unfit> {
    // SAFETY: the table is a whole one, and lives for ever.
    unsafe { Addon::new(table(header, vec![entry(echo)])) }
}

/// Answers with the task.
unsafe extern "C" fn echo(_: *const c_void, task: *const abi::Task) -> abi::Status {
    // SAFETY: the test is called with a task of the ABI.
    let task = unsafe { &*task };
    // SAFETY: as above.
    let host = unsafe { &*task.host };
    // SAFETY: as above.
    unsafe { (host.answer)(task.run, &raw const task.message) };
    abi::Status::RESULT
}

/// Says that there is a result, and gives none.
unsafe extern "C" fn silent(_: *const c_void, _: *const abi::Task) -> abi::Status {
    abi::Status::RESULT
}

/// Ends in a way that there is none of.
unsafe extern "C" fn strange(processor: *const c_void, task: *const abi::Task) -> abi::Status {
    // SAFETY: the arguments are passed on.
    let _ = unsafe { echo(processor, task) };
    abi::Status(77)
}

/// Answers with binary data beside no value.
unsafe extern "C" fn hollow(_: *const c_void, task: *const abi::Task) -> abi::Status {
    // SAFETY: the test is called with a task of the ABI.
    let task = unsafe { &*task };
    // SAFETY: as above.
    let host = unsafe { &*task.host };
    let beside = [abi::Slice::from(&[tag::NULL][..])];
    let answer = abi::Message::new(&[], &beside);
    // SAFETY: the answer lives until the call returns.
    unsafe { (host.answer)(task.run, &raw const answer) };
    abi::Status::RESULT
}

unsafe extern "C" fn exhausted(_: *const c_void, _: *const abi::Task) -> abi::Status {
    abi::Status::OUT_OF_MEMORY
}

/// Answers with the keys of the shape whose number the task begins with.
unsafe extern "C" fn keys(_: *const c_void, task: *const abi::Task) -> abi::Status {
    unsafe extern "C" fn sink(place: *mut c_void, bytes: abi::Slice) {
        // SAFETY: the place is the vector below, which nobody else uses.
        let keys = unsafe { &mut *place.cast::<Vec<u8>>() };
        // SAFETY: the bytes live as long as this call.
        keys.extend(unsafe { bytes.bytes() });
    }
    // SAFETY: the test is called with a task of the ABI.
    let task = unsafe { &*task };
    // SAFETY: as above.
    let host = unsafe { &*task.host };
    // SAFETY: as above.
    let bytes = unsafe { task.message.value.bytes() };
    let shape = bytes.first_chunk().map_or(0, |id| u32::from_le_bytes(*id));
    let mut keys: Vec<u8> = Vec::new();
    let place = (&raw mut keys).cast();
    // SAFETY: the sink is for this place.
    let known = unsafe { (host.keys)(task.run, shape, sink, place) };
    keys.push(u8::from(known != 0));
    let answer = abi::Message::new(&keys, &[]);
    // SAFETY: the answer lives until the call returns.
    unsafe { (host.answer)(task.run, &raw const answer) };
    abi::Status::RESULT
}

/// What becomes of a task with this message.
fn outcome(
    run: unsafe extern "C" fn(*const c_void, *const abi::Task) -> abi::Status,
    message: Message,
) -> (Status, Vec<u8>, Vec<Vec<u8>>) {
    let (pool, deliver) = pool();
    let entry: &'static Entry = Box::leak(Box::new(entry(run)));
    let worker = spawn_foreign(&pool, Foreign(entry)).expect("a thread");
    pool.submit([Task { message, ..task(0) }]);
    let mut told = drain_until(&pool, &deliver, 1);
    pool.close();
    let _ = drain_until(&pool, &deliver, 1);
    assert_eq!(pool.remove_worker(worker), None);
    let completion = &mut told[0];
    let attachments = completion.message.take_blocks();
    (
        completion.status,
        completion.message.bytes().to_vec(),
        attachments,
    )
}

#[test]
fn both_ends_have_the_same_numbers() {
    let ours = tag::CONSTANTS;
    for (name, number) in their_tag::ALL {
        assert!(ours.contains(&(name, i128::from(*number))), "{name}");
    }
    let classes = ours.iter().filter(|(name, _)| name.starts_with("CLASS_"));
    // And none is missing but the depth, which is no tag, and the classes that they do not write.
    assert_eq!(ours.len(), their_tag::ALL.len() + classes.count());
}

#[test]
fn an_addon_has_its_processors() {
    let addon = opened(HEADER).unwrap_or_else(|unfit| panic!("{unfit:?}"));
    assert_eq!(addon.names(), ["hand-made"]);
    assert!(addon.find("hand-made").is_some());
    assert!(addon.find("echo").is_none());
}

#[test]
fn another_version_is_refused_and_a_later_minor_one_is_not() {
    let refused = |header| opened(header).err();
    let newer = Header {
        major: 2,
        minor: 5,
        ..HEADER
    };
    assert_eq!(refused(newer), Some(Unfit::Version(Version(2, 5))));
    let short = Header { size: 16, ..HEADER };
    assert_eq!(refused(short), Some(Unfit::Version(super::VERSION)));
    let stranger = Header { magic: 1, ..HEADER };
    assert_eq!(refused(stranger), Some(Unfit::Foreign));
    let later = Header {
        minor: 9,
        size: 4096,
        ..HEADER
    };
    assert_eq!(refused(later), None);
}

#[test]
fn values_and_attachments_reach_the_processor_and_come_back() {
    let large = vec![7; 100_000];
    let beside =
        Message::new(&[tag::ATTACHED, 3, 0, 0, 0, 0]).with_attachments([Some(large.clone())]);
    let (status, bytes, attachments) = outcome(echo, beside);
    assert_eq!(
        (status, bytes.len(), &attachments[0]),
        (Status::Result, 6, &large)
    );
    // A value that is too large for a packet is the first attachment, in both directions.
    let within = Message::empty().with_attachments([Some(large.clone()), Some(vec![1])]);
    let (status, bytes, attachments) = outcome(echo, within);
    assert_eq!((status, bytes.len()), (Status::Result, 0));
    assert_eq!(attachments, [large, vec![1]]);
}

#[test]
fn a_processor_that_breaks_the_rules_fails_its_task() {
    for run in [silent, hollow, strange] {
        let (status, bytes, _) = outcome(run, Message::new(&[tag::NULL]));
        assert_eq!(status, Status::Error);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(text.contains("ERR_WORKER_POOL_NATIVE_PANIC"), "{text}");
        assert!(text.contains("'hand-made' ended with status"), "{text}");
    }
    let (status, bytes, _) = outcome(exhausted, Message::new(&[tag::NULL]));
    assert_eq!((status, bytes.len()), (Status::OutOfMemory, 0));
}

#[test]
fn a_processor_learns_the_keys_of_a_shape() {
    let _lease = shapes::Lease::new();
    let id = shapes::id(r#"["a","€"]"#, u64::MAX).expect("room");
    let (_, bytes, _) = outcome(keys, Message::new(&id.to_le_bytes()));
    assert_eq!(bytes, b"\x02\0\0\0\x06\x01a\x08\x02\0\0\0\xac\x20\x01");
    let (_, bytes, _) = outcome(keys, Message::new(&u32::MAX.to_le_bytes()));
    assert_eq!(bytes, [0]);
}
