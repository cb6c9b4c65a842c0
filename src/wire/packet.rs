//! Packets: how tasks and completions lie in the regions of the thread that owns the pool.
//!
//! A batch of tasks, written by JavaScript, and a batch of completions, written by Rust, are
//! packets back to back. All fields of a header are 32 bits wide:
//!
//! | | offset 0 | 4 | 8 | 12 | 16 | 20 |
//! |---|---|---|---|---|---|---|
//! | task | length of the packet | task id | flags | timeout in ms | key, priority | value |
//! | completion | length of the packet | task id | status | worker id | attachments | value |
//!
//! In a pool that ranks its tasks, the rank of a task lies before its value, as a float of 64 bits.
//!
//! A packet without a value but with attachments has its value in the first attachment: that is how
//! values larger than a region travel.

use super::status::Status;
use super::{constants, read, step, write};
use std::time::Duration;

constants! {
    /// The length of the packet, header included.
    LENGTH: usize = 0;
    /// The task, or what stands in its place.
    ID: usize = 4;
    /// Of a task: a set of flags, and above them the number of its context.
    FLAGS: usize = 8;
    /// Of a task: how long it may run, in milliseconds.
    TIMEOUT: usize = 12;
    /// Of a task: its priority, a signed number of 8 bits, and above them the number of its key.
    ORDER: usize = 16;
    /// Of a completion: what happened.
    STATUS: usize = 8;
    /// Of a completion: to which worker.
    WORKER_ID: usize = 12;
    /// Of a completion: how many attachments it has.
    ATTACHMENTS: usize = 16;
    /// Bytes before the value, in packets of both kinds.
    HEADER: usize = 20;
    /// Of a task, in a pool that ranks its tasks: its rank, as a float of 64 bits.
    RANK: usize = 20;
    /// Bytes before the value of a task that has a rank.
    RANKED_HEADER: usize = 28;
    /// In a completion [`Status::Started`] or [`Status::Times`]: how long the task has waited, in
    /// milliseconds, as a float of 64 bits.
    WAIT_TIME: usize = 20;
    /// In a completion [`Status::Times`]: how long the task has run, likewise.
    RUN_TIME: usize = 28;

    /// Bytes of a region: of that for tasks, and of both regions of a worker.
    REGION: usize = 256 * 1024;
    /// Bytes of the region for completions. A result that fits into a worker's region fits here.
    INBOX: usize = REGION + HEADER;

    /// A flag: the value comes through the worker's port, once the worker has claimed it.
    FLAG_BY_PORT: u32 = 1;
    /// A flag: the submitter wants to hear how far the task is.
    FLAG_PROGRESS: u32 = 2;
    /// A flag: the value is `[name, spread, value]`, for the export of that name. With `spread`, the
    /// value is the list of its arguments, else the one argument. For a stream there is a fourth
    /// element, `[number, credits]`: its number, and how many values it may give at first. A fifth
    /// one says which attempt this is, if it is not the first, and a sixth one is the URL of the file
    /// whose export it is, if that is not the pool's. It may be for the function that takes the other
    /// tasks: then there is no name.
    FLAG_EXPORT: u32 = 4;
    /// A flag: the submitter wants to hear when the task starts.
    FLAG_START: u32 = 32;
    /// A flag: the submitter wants to hear how long the task has waited and run.
    FLAG_TIMES: u32 = 64;

    /// Of the flags: from this bit on, the number of the context.
    CONTEXT_SHIFT: u32 = 8;
    /// The number of a context: the task has none.
    NO_CONTEXT: u32 = 0;
    /// The number of a context: the largest one.
    LAST_CONTEXT: u32 = 0x00ff_ffff;

    /// Of the order: from this bit on, the number of the key.
    KEY_SHIFT: u32 = 8;
    /// The number of a key: the task has none.
    NO_KEY: u32 = 0;
    /// The number of a key: the largest one.
    LAST_KEY: u32 = 0x00ff_ffff;

    /// A timeout: there is none.
    NO_TIMEOUT: u32 = 0;

    /// An id: the worker was not running a task.
    NO_TASK: u32 = 0xffff_ffff;
    /// An id: the worker has never taken a task.
    NEVER_A_TASK: u32 = 0xffff_fffe;
    /// An id: the worker's thread was running several tasks.
    SEVERAL_TASKS: u32 = 0xffff_fffd;
    /// An id, with [`Status::Output`]: the standard output.
    STDOUT: u32 = 1;
    /// An id, with [`Status::Output`]: the standard error.
    STDERR: u32 = 2;
}

/// The longest value that Rust makes itself. A larger result travels as an attachment, larger
/// output in several packets.
pub(crate) const LARGEST_VALUE: usize = 64 * 1024;

// The rank is what follows the header.
const _: () = assert!(RANK == HEADER && RANKED_HEADER == RANK + size_of::<f64>());
// A completion that does not fit into an empty inbox would never be delivered.
const _: () = assert!(HEADER + LARGEST_VALUE <= INBOX);
const _: () = assert!(HEADER + REGION - step::HEADER <= INBOX);
// A task that does not fit into the worker's region could not be run.
const _: () = assert!(step::HEADER + REGION - HEADER <= REGION);

/// What a task packet says before the value.
///
/// Its fields have no value that is none of theirs, where an enum around a task would keep its tag:
/// then the task would be copied in parts, and slowly (see [`crate::transport::Message`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(C, align(16))]
pub(crate) struct TaskHeader {
    /// Names the task until it is settled.
    pub(crate) id: u32,
    /// Flags and the number of the context, handed to the worker as they are.
    pub(crate) flags: u32,
    /// How long it may run, in milliseconds, or [`NO_TIMEOUT`]: see [`TaskHeader::timeout`].
    pub(crate) timeout: u32,
    /// When it may run.
    pub(crate) order: Order,
}

/// When a task may run: in one number, so that the header is no longer for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(transparent)]
pub(crate) struct Order(u32);

impl Order {
    /// Higher priorities run first.
    pub(crate) const fn priority(self) -> i32 {
        self.0.to_le_bytes()[0].cast_signed() as i32
    }

    /// The number of its key, or [`NO_KEY`]: tasks of one key run one after the other.
    pub(crate) const fn key(self) -> u32 {
        self.0 >> KEY_SHIFT
    }
}

#[cfg(test)]
impl Order {
    pub(crate) const fn new(priority: i8, key: u32) -> Self {
        Self(priority.cast_unsigned() as u32 | key << KEY_SHIFT)
    }
}

impl TaskHeader {
    fn read(header: &[u8; HEADER]) -> Self {
        Self {
            id: read(header, ID),
            flags: read(header, FLAGS),
            timeout: read(header, TIMEOUT),
            order: Order(read(header, ORDER)),
        }
    }

    /// How long the task may run.
    pub(crate) const fn timeout(self) -> Option<Duration> {
        match self.timeout {
            NO_TIMEOUT => None,
            milliseconds => Some(Duration::from_millis(milliseconds as u64)),
        }
    }
}

/// The headers and values of a batch of tasks. A None among them is a broken packet: nothing can be
/// said of what follows it.
pub(crate) fn read_tasks(mut batch: &[u8]) -> impl Iterator<Item = Option<(TaskHeader, &[u8])>> {
    std::iter::from_fn(move || {
        if batch.is_empty() {
            return None;
        }
        let packet = split_task(batch);
        batch = packet.map_or(&[], |(_, _, rest)| rest);
        Some(packet.map(|(header, value, _)| (header, value)))
    })
}

/// The header of the first packet, its value, and what follows it.
fn split_task(batch: &[u8]) -> Option<(TaskHeader, &[u8], &[u8])> {
    let header = batch.first_chunk::<HEADER>()?;
    let (packet, rest) = batch.split_at_checked(read(header, LENGTH) as usize)?;
    let value = packet.get(HEADER..)?;
    Some((TaskHeader::read(header), value, rest))
}

/// The rank of a task, and its value: of what follows its header in a pool that ranks its tasks. None
/// if there is no rank.
pub(crate) fn split_rank(rest: &[u8]) -> Option<(f64, &[u8])> {
    let (rank, value) = rest.split_first_chunk()?;
    Some((f64::from_le_bytes(*rank), value))
}

/// What a completion packet says before the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CompletionHeader {
    /// The task, or what stands in its place.
    pub(crate) id: u32,
    /// What happened.
    pub(crate) status: Status,
    /// To which worker.
    pub(crate) worker_id: u32,
    /// How many attachments there are beside the packet.
    pub(crate) attachments: usize,
}

impl CompletionHeader {
    /// Writes a packet to the start of `region` and gives its length. None if it does not fit.
    pub(crate) fn write(&self, value: &[u8], region: &mut [u8]) -> Option<usize> {
        let length = HEADER + value.len();
        let packet = region.get_mut(..length)?;
        write(packet, LENGTH, u32::try_from(length).ok()?);
        write(packet, ID, self.id);
        write(packet, STATUS, self.status as u32);
        write(packet, WORKER_ID, self.worker_id);
        write(packet, ATTACHMENTS, u32::try_from(self.attachments).ok()?);
        packet[HEADER..].copy_from_slice(value);
        Some(length)
    }
}

#[cfg(test)]
mod tests {
    use super::{
        read_tasks, split_rank, CompletionHeader, Order, Status, TaskHeader, HEADER, LAST_KEY,
        NO_TIMEOUT,
    };
    use std::time::Duration;

    fn packet(fields: [u32; 5], value: &[u8]) -> Vec<u8> {
        let header = fields.into_iter().flat_map(u32::to_le_bytes);
        header.chain(value.iter().copied()).collect()
    }

    #[test]
    fn tasks_lie_back_to_back() {
        let batch = [
            packet([22, 7, 1, 0, 0], b"ab"),
            packet([20, 8, 0, 1500, u32::MAX], b""),
        ]
        .concat();
        let tasks: Option<Vec<_>> = read_tasks(&batch).collect();
        let first = TaskHeader {
            id: 7,
            flags: 1,
            timeout: NO_TIMEOUT,
            order: Order::new(0, 0),
        };
        let second = TaskHeader {
            id: 8,
            flags: 0,
            timeout: 1500,
            order: Order::new(-1, LAST_KEY),
        };
        assert_eq!(first.timeout(), None);
        assert_eq!(second.timeout(), Some(Duration::from_millis(1500)));
        let expected: [(_, &[u8]); 2] = [(first, b"ab"), (second, b"")];
        assert_eq!(tasks, Some(expected.to_vec()));
        assert_eq!(read_tasks(&[]).count(), 0);
    }

    #[test]
    fn nothing_is_read_behind_a_broken_packet() {
        let whole = packet([21, 0, 0, 0, 0], b"x");
        for length in [0, 1, 19, 22, u32::MAX] {
            let broken = packet([length, 1, 0, 0, 0], b"x");
            let batch = [whole.clone(), broken].concat();
            let tasks: Vec<_> = read_tasks(&batch).collect();
            assert_eq!((tasks.len(), tasks[1]), (2, None), "{length}");
        }
        assert_eq!(read_tasks(&whole[..HEADER - 1]).next(), Some(None));
    }

    #[test]
    fn a_rank_lies_before_the_value() {
        let rest = [&(-0.5_f64).to_le_bytes()[..], b"ab"].concat();
        let value: &[u8] = b"ab";
        assert_eq!(split_rank(&rest), Some((-0.5, value)));
        assert_eq!(split_rank(&rest[..7]), None);
    }

    #[test]
    fn a_completion_is_written_where_it_fits() {
        let header = CompletionHeader {
            id: 3,
            status: Status::Expired,
            worker_id: 5,
            attachments: 2,
        };
        let mut region = [0; HEADER + 3];
        assert_eq!(header.write(b"ab", &mut region), Some(HEADER + 2));
        assert_eq!(
            region.to_vec(),
            packet([22, 3, Status::Expired as u32, 5, 2], b"ab\0")
        );
        assert_eq!(header.write(b"abcd", &mut region), None);
    }
}
