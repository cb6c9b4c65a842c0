//! The values that a processor receives and returns.

mod bytes;
mod decode;
mod encode;
mod object;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

pub use bytes::{Bytes, BytesKind};
pub(crate) use decode::{decode, keys_of, Keys, Refusal, Source};
pub(crate) use encode::{encode_error, Encoded};
pub use object::Object;

/// Values nest at most this deep. The encoder of JavaScript has a lower limit.
const DEEPEST: usize = 512;

/// A value of JavaScript. What is large in it, text of ASCII and binary data, is borrowed from the
/// task.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Value<'task> {
    /// `undefined`.
    Undefined,
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number.
    Number(f64),
    /// A `BigInt` of 64 bits. A larger one is [`Value::Other`].
    BigInt(i64),
    /// A string. Unpaired surrogates, which no text of Rust's can have, arrive as U+FFFD.
    String(Cow<'task, str>),
    /// A `Date`: milliseconds since 1970, NaN if it is invalid.
    Date(f64),
    /// An `ArrayBuffer`, a typed array, a `Buffer` or a `DataView`.
    Bytes(Bytes<'task>),
    /// An array without holes.
    Array(Vec<Self>),
    /// A plain object.
    Object(Object<'task>),
    /// Something that arrives as its kind only, with the article: "a Map". It cannot be returned.
    Other(&'static str),
}

impl Value<'_> {
    /// The kind of the value, with the article, for messages.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Undefined => "undefined",
            Self::Null => "null",
            Self::Boolean(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::BigInt(_) => "a BigInt",
            Self::String(_) => "a string",
            Self::Date(_) => "a Date",
            Self::Bytes(_) => "binary data",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
            Self::Other(kind) => kind,
        }
    }

    /// The value of a key, if this is an object that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(object) => object.get(key),
            _ => None,
        }
    }

    /// The number, if this is one.
    #[must_use]
    pub const fn as_number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The text, if this is a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The bytes, if this is binary data.
    #[must_use]
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes(bytes) => Some(&bytes.data),
            _ => None,
        }
    }
}

impl From<bool> for Value<'_> {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<f64> for Value<'_> {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl<'task> From<&'task str> for Value<'task> {
    fn from(text: &'task str) -> Self {
        Self::String(text.into())
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::String(text.into())
    }
}

/// A `Uint8Array`.
impl<'task> From<&'task [u8]> for Value<'task> {
    fn from(bytes: &'task [u8]) -> Self {
        Self::Bytes(Bytes::new(bytes))
    }
}

/// A `Uint8Array`.
impl From<Vec<u8>> for Value<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(Bytes::new(bytes))
    }
}

impl From<Vec<Self>> for Value<'_> {
    fn from(values: Vec<Self>) -> Self {
        Self::Array(values)
    }
}

impl<'task> From<Object<'task>> for Value<'task> {
    fn from(object: Object<'task>) -> Self {
        Self::Object(object)
    }
}
