//! Binary data.

use crate::tag;
use std::borrow::Cow;

/// Binary data: the bytes of the view, as they lie in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Bytes<'task> {
    /// What it is in JavaScript.
    pub kind: BytesKind,
    /// The bytes. Those of a task are borrowed: nothing was copied since it was submitted.
    pub data: Cow<'task, [u8]>,
}

impl<'task> Bytes<'task> {
    /// A `Uint8Array`.
    #[must_use]
    pub fn new(data: impl Into<Cow<'task, [u8]>>) -> Self {
        Self::of(BytesKind::Uint8Array, data)
    }

    /// Binary data of this kind. Of a typed array, the length is a multiple of that of its
    /// elements: otherwise the task fails.
    #[must_use]
    pub fn of(kind: BytesKind, data: impl Into<Cow<'task, [u8]>>) -> Self {
        Self {
            kind,
            data: data.into(),
        }
    }
}

/// Declares the kinds with their numbers and the lengths of their elements.
macro_rules! kinds {
    ($($name:ident = $tag:ident, $element:literal;)*) => {
        /// The class of binary data in JavaScript. A `Buffer` is a `Uint8Array`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum BytesKind {
            $(#[doc = concat!("`", stringify!($name), "`.")] $name,)*
        }

        impl BytesKind {
            pub(crate) const fn tag(self) -> u8 {
                match self {
                    $(Self::$name => tag::$tag,)*
                }
            }

            pub(crate) const fn of(tag: u8) -> Option<Self> {
                match tag {
                    $(tag::$tag => Some(Self::$name),)*
                    _ => None,
                }
            }

            pub(crate) const fn element(self) -> usize {
                match self {
                    $(Self::$name => $element,)*
                }
            }
        }
    };
}

kinds! {
    ArrayBuffer = KIND_ARRAY_BUFFER, 1;
    DataView = KIND_DATA_VIEW, 1;
    Int8Array = KIND_INT8_ARRAY, 1;
    Uint8Array = KIND_UINT8_ARRAY, 1;
    Uint8ClampedArray = KIND_UINT8_CLAMPED_ARRAY, 1;
    Int16Array = KIND_INT16_ARRAY, 2;
    Uint16Array = KIND_UINT16_ARRAY, 2;
    Int32Array = KIND_INT32_ARRAY, 4;
    Uint32Array = KIND_UINT32_ARRAY, 4;
    Float32Array = KIND_FLOAT32_ARRAY, 4;
    Float64Array = KIND_FLOAT64_ARRAY, 8;
    BigInt64Array = KIND_BIG_INT64_ARRAY, 8;
    BigUint64Array = KIND_BIG_UINT64_ARRAY, 8;
    Float16Array = KIND_FLOAT16_ARRAY, 2;
}
