//! Reads any bytes as a batch of tasks, and as what a worker has left in its region.

#![no_main]
#![expect(
    dead_code,
    reason = "the module is that of the package, which uses more of it"
)]

#[path = "../../src/wire/mod.rs"]
mod wire;

use libfuzzer_sys::fuzz_target;
use wire::{packet, step};

fuzz_target!(|bytes: &[u8]| {
    let mut read = 0;
    let mut broken = 0;
    for task in packet::read_tasks(bytes) {
        assert_eq!(broken, 0, "nothing follows a broken packet");
        match task {
            Some((header, value)) => {
                read += packet::HEADER + value.len();
                let _ = header.timeout();
            }
            None => broken += 1,
        }
    }
    assert!(read == bytes.len() || (broken == 1 && read < bytes.len()));
    // A region is never smaller than that.
    if bytes.len() >= step::HEADER {
        let _ = step::read_status(bytes);
        let value = step::read_value(bytes);
        assert!(bytes.get(value).is_some());
    }
});
