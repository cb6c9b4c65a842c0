//! How one task and its result lie in the regions of a worker: a header of two numbers, then the
//! value.
//!
//! | | offset 0 | 4 | 8 |
//! |---|---|---|---|
//! | task | flags | length of the value | value |
//! | result | status | length of the value | value |
//!
//! A task without a value but with attachments has its value in the first attachment. Regions are
//! never smaller than the header of a packet.

use super::status::Status;
use super::{constants, read, write};
use std::ops::Range;

constants! {
    /// Of a task: its flags, see [`super::packet`].
    FLAGS: usize = 0;
    /// Of a result: what became of the task.
    STATUS: usize = 0;
    /// The length of the value.
    LENGTH: usize = 4;
    /// Bytes before the value, in both regions.
    HEADER: usize = 8;

    /// In place of a status: there is no result yet.
    PENDING: u32 = 0xffff_ffff;
}

const _: () = assert!(Status::from_number(PENDING).is_none());

/// Writes a task. None if it does not fit.
#[must_use]
pub(crate) fn write_task(region: &mut [u8], flags: u32, value: &[u8]) -> Option<()> {
    let length = u32::try_from(value.len()).ok()?;
    region
        .get_mut(HEADER..)?
        .get_mut(..value.len())?
        .copy_from_slice(value);
    write(region, FLAGS, flags);
    write(region, LENGTH, length);
    Some(())
}

/// Says that there is no result yet.
pub(crate) fn write_pending(region: &mut [u8]) {
    write(region, STATUS, PENDING);
}

/// What became of the task; None if there is no result yet.
pub(crate) fn read_status(region: &[u8]) -> Option<Status> {
    match read(region, STATUS) {
        PENDING => None,
        number => Some(Status::from_number(number).unwrap_or(Status::Error)),
    }
}

/// Where the value of the result lies: nowhere if the length is more than there is.
pub(crate) fn read_value(region: &[u8]) -> Range<usize> {
    let end = HEADER + read(region, LENGTH) as usize;
    if end > region.len() {
        HEADER..HEADER
    } else {
        HEADER..end
    }
}

#[cfg(test)]
mod tests {
    use super::{read_status, read_value, write, write_pending, write_task, LENGTH, STATUS};
    use crate::wire::status::Status;

    #[test]
    fn a_task_is_written_where_it_fits() {
        let mut region = [9; 11];
        assert_eq!(write_task(&mut region, 0x0102, b"ab"), Some(()));
        assert_eq!(region, [2, 1, 0, 0, 2, 0, 0, 0, b'a', b'b', 9]);
        assert_eq!(write_task(&mut region, 0, b"abcd"), None);
    }

    #[test]
    fn a_result_is_there_once_it_has_a_status() {
        let mut region = [9; 11];
        write_pending(&mut region);
        assert_eq!(read_status(&region), None);
        write(&mut region, STATUS, Status::ByPort as u32);
        assert_eq!(read_status(&region), Some(Status::ByPort));
        write(&mut region, STATUS, 1_000);
        assert_eq!(read_status(&region), Some(Status::Error));
    }

    #[test]
    fn a_length_beyond_the_region_is_no_value() {
        let mut region = [9; 11];
        for (length, value) in [(0, 8..8), (3, 8..11), (4, 8..8), (u32::MAX, 8..8)] {
            write(&mut region, LENGTH, length);
            assert_eq!(read_value(&region), value, "{length}");
        }
    }
}
