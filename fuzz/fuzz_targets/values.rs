//! Decodes any bytes as a value. What is one must also be one after it was encoded again.

#![no_main]
#![expect(
    dead_code,
    reason = "the modules are those of the package, which uses more of them"
)]

#[path = "../../src/sync.rs"]
mod sync;
#[path = "../../src/value/mod.rs"]
mod value;
#[path = "../../src/wire/mod.rs"]
mod wire;

use libfuzzer_sys::fuzz_target;
use value::{EncodeError, Value};

fuzz_target!(|bytes: &[u8]| {
    let Ok(value) = Value::decode(bytes) else {
        return;
    };
    let mut encoded = Vec::new();
    match value.encode(&mut encoded) {
        Ok(()) => {
            let again = Value::decode(&encoded).expect("what was encoded can be decoded");
            assert_eq!(format!("{value:?}"), format!("{again:?}"));
        }
        // What is not plain is decoded without its content.
        Err(EncodeError::NotPlain(_)) => {}
        Err(error) => panic!("a decoded value cannot be encoded: {error}"),
    }
});
