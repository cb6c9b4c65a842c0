//! The numbers of the encoding that processors read and write: `lib/codec/README.md` in the
//! repository describes them. A test of async-hooks-rs compares them with its own.

/// Declares the numbers, and a list of them.
macro_rules! tags {
    ($($name:ident = $value:expr;)*) => {
        $(#[doc = concat!("`", stringify!($name), "`")]
        pub const $name: u8 = $value;)*

        /// All of them by their names.
        pub const ALL: &[(&str, u8)] = &[$((stringify!($name), $name)),*];
    };
}

tags! {
    UNDEFINED = 0x00;
    NULL = 0x01;
    FALSE = 0x02;
    TRUE = 0x03;
    INT32 = 0x04;
    FLOAT64 = 0x05;
    SHORT_LATIN1 = 0x06;
    LATIN1 = 0x07;
    UTF16 = 0x08;
    ARRAY = 0x09;
    HOLEY_ARRAY = 0x0a;
    HOLES = 0x0b;
    SHAPED = 0x0c;
    KEYED = 0x0d;
    BIGINT64 = 0x0e;
    BIGINT_DIGITS = 0x0f;
    DATE = 0x10;
    REGEXP = 0x11;
    MAP = 0x12;
    SET = 0x13;
    BOXED = 0x14;
    BYTES = 0x15;
    ATTACHED = 0x16;
    ERROR = 0x17;
    NUMBERED = 0x18;
    REFERENCE = 0x19;
    SMALL_INT = 0x80;
    PART_NAME = 0x01;
    PART_MESSAGE = 0x02;
    PART_STACK = 0x04;
    PART_CAUSE = 0x08;
    PART_ERRORS = 0x10;
    PART_PROPERTIES = 0x20;
    PART_ERROR = 0x40;
    PART_SUPPRESSED = 0x80;
    CLASS_ERROR = 0;
    KIND_ARRAY_BUFFER = 0;
    KIND_DATA_VIEW = 1;
    KIND_INT8_ARRAY = 2;
    KIND_UINT8_ARRAY = 3;
    KIND_UINT8_CLAMPED_ARRAY = 4;
    KIND_INT16_ARRAY = 5;
    KIND_UINT16_ARRAY = 6;
    KIND_INT32_ARRAY = 7;
    KIND_UINT32_ARRAY = 8;
    KIND_FLOAT32_ARRAY = 9;
    KIND_FLOAT64_ARRAY = 10;
    KIND_BIG_INT64_ARRAY = 11;
    KIND_BIG_UINT64_ARRAY = 12;
    KIND_FLOAT16_ARRAY = 13;
}
