//! The numbers of the format of values, which `lib/codec/README.md` describes.

use super::constants;

constants! {
    /// `undefined`.
    UNDEFINED: u8 = 0x00;
    /// `null`.
    NULL: u8 = 0x01;
    /// `false`.
    FALSE: u8 = 0x02;
    /// `true`.
    TRUE: u8 = 0x03;
    /// A number, as an integer of 32 bits.
    INT32: u8 = 0x04;
    /// A number, as a double.
    FLOAT64: u8 = 0x05;
    /// A string of up to 255 code units, each one byte.
    SHORT_LATIN1: u8 = 0x06;
    /// A string of code units of one byte.
    LATIN1: u8 = 0x07;
    /// A string of code units of two bytes.
    UTF16: u8 = 0x08;
    /// An array.
    ARRAY: u8 = 0x09;
    /// An array in which elements are absent.
    HOLEY_ARRAY: u8 = 0x0a;
    /// A run of absent elements.
    HOLES: u8 = 0x0b;
    /// A plain object whose keys are a registered shape's.
    SHAPED: u8 = 0x0c;
    /// A plain object with its keys.
    KEYED: u8 = 0x0d;
    /// A `BigInt` of 64 bits.
    BIGINT64: u8 = 0x0e;
    /// A `BigInt` of any size, as digits.
    BIGINT_DIGITS: u8 = 0x0f;
    /// A `Date`.
    DATE: u8 = 0x10;
    /// A `RegExp`.
    REGEXP: u8 = 0x11;
    /// A `Map`.
    MAP: u8 = 0x12;
    /// A `Set`.
    SET: u8 = 0x13;
    /// A boxed primitive.
    BOXED: u8 = 0x14;
    /// Binary data inside the packet.
    BYTES: u8 = 0x15;
    /// Binary data beside the packet.
    ATTACHED: u8 = 0x16;
    /// An `Error`.
    ERROR: u8 = 0x17;
    /// Objects have numbers, to which references refer. Only as the very first byte.
    NUMBERED: u8 = 0x18;
    /// An object that was met before.
    REFERENCE: u8 = 0x19;
    /// The integer 0. The tags above it are the integers up to 127.
    SMALL_INT: u8 = 0x80;

    /// A part of an error: its own name.
    PART_NAME: u8 = 0x01;
    /// A part of an error: its message.
    PART_MESSAGE: u8 = 0x02;
    /// A part of an error: its stack.
    PART_STACK: u8 = 0x04;
    /// A part of an error: its cause.
    PART_CAUSE: u8 = 0x08;
    /// A part of an error: the errors of an `AggregateError`.
    PART_ERRORS: u8 = 0x10;
    /// A part of an error: its own, enumerable properties.
    PART_PROPERTIES: u8 = 0x20;
    /// A part of an error: the error of a `SuppressedError`.
    PART_ERROR: u8 = 0x40;
    /// A part of an error: what a `SuppressedError` suppresses.
    PART_SUPPRESSED: u8 = 0x80;

    /// A class of errors: `Error`.
    CLASS_ERROR: u8 = 0;
    /// A class of errors: `EvalError`.
    CLASS_EVAL_ERROR: u8 = 1;
    /// A class of errors: `RangeError`.
    CLASS_RANGE_ERROR: u8 = 2;
    /// A class of errors: `ReferenceError`.
    CLASS_REFERENCE_ERROR: u8 = 3;
    /// A class of errors: `SyntaxError`.
    CLASS_SYNTAX_ERROR: u8 = 4;
    /// A class of errors: `TypeError`.
    CLASS_TYPE_ERROR: u8 = 5;
    /// A class of errors: `URIError`.
    CLASS_URI_ERROR: u8 = 6;
    /// A class of errors: `AggregateError`.
    CLASS_AGGREGATE_ERROR: u8 = 7;
    /// A class of errors: `DOMException`.
    CLASS_DOM_EXCEPTION: u8 = 8;
    /// A class of errors: `SuppressedError`.
    CLASS_SUPPRESSED_ERROR: u8 = 9;
    /// A class of errors: `QuotaExceededError`.
    CLASS_QUOTA_EXCEEDED_ERROR: u8 = 10;
    /// A class of errors: `WebAssembly.CompileError`.
    CLASS_COMPILE_ERROR: u8 = 11;
    /// A class of errors: `WebAssembly.LinkError`.
    CLASS_LINK_ERROR: u8 = 12;
    /// A class of errors: `WebAssembly.RuntimeError`.
    CLASS_RUNTIME_ERROR: u8 = 13;
    /// A class of errors: `WebAssembly.SuspendError`.
    CLASS_SUSPEND_ERROR: u8 = 14;

    /// A kind of binary data: `ArrayBuffer`.
    KIND_ARRAY_BUFFER: u8 = 0;
    /// A kind of binary data: `DataView`.
    KIND_DATA_VIEW: u8 = 1;
    /// A kind of binary data: `Int8Array`.
    KIND_INT8_ARRAY: u8 = 2;
    /// A kind of binary data: `Uint8Array`.
    KIND_UINT8_ARRAY: u8 = 3;
    /// A kind of binary data: `Uint8ClampedArray`.
    KIND_UINT8_CLAMPED_ARRAY: u8 = 4;
    /// A kind of binary data: `Int16Array`.
    KIND_INT16_ARRAY: u8 = 5;
    /// A kind of binary data: `Uint16Array`.
    KIND_UINT16_ARRAY: u8 = 6;
    /// A kind of binary data: `Int32Array`.
    KIND_INT32_ARRAY: u8 = 7;
    /// A kind of binary data: `Uint32Array`.
    KIND_UINT32_ARRAY: u8 = 8;
    /// A kind of binary data: `Float32Array`.
    KIND_FLOAT32_ARRAY: u8 = 9;
    /// A kind of binary data: `Float64Array`.
    KIND_FLOAT64_ARRAY: u8 = 10;
    /// A kind of binary data: `BigInt64Array`.
    KIND_BIG_INT64_ARRAY: u8 = 11;
    /// A kind of binary data: `BigUint64Array`.
    KIND_BIG_UINT64_ARRAY: u8 = 12;
    /// A kind of binary data: `Float16Array`.
    KIND_FLOAT16_ARRAY: u8 = 13;

    /// How deep values nest at most, as an encoder of JavaScript's has it.
    MAX_DEPTH: usize = 500;
}
