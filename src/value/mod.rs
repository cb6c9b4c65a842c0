//! The values that a native processor receives and returns.
//!
//! `lib/codec/README.md` describes the format, which JavaScript defines. Native processors work
//! with plain values. The decoder reads everything else and keeps only its kind: a processor that
//! does not look at it works, and one that does can name it.

mod decode;
mod encode;
mod flat;
pub(crate) mod shapes;
mod string;

use crate::sync::Arc;
use crate::wire::tag;
use shapes::Shape;

pub(crate) use decode::DecodeError;
pub(crate) use encode::{encode_error, encode_number, encode_string, EncodeError};
pub(crate) use flat::numbers_of;
pub(crate) use string::JsString;

/// Values nest at most this deep. The codec's own limit is lower, so the codec decides.
const DEEPEST: usize = tag::MAX_DEPTH + 12;

/// There is not enough memory for a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OutOfMemory;

/// An empty vector with room for `count` elements.
fn room_for<T>(count: usize) -> Result<Vec<T>, OutOfMemory> {
    let mut vector = Vec::new();
    vector.try_reserve_exact(count).map_err(|_| OutOfMemory)?;
    Ok(vector)
}

/// A JavaScript value.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub(crate) enum Value {
    /// `undefined`.
    Undefined,
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number.
    Number(f64),
    /// A string.
    String(JsString),
    /// An array without holes.
    Array(Vec<Self>),
    /// A plain object.
    Object(Object),
    /// A value that has no form in Rust. Holds its kind, with the article: "a Date".
    Other(&'static str),
}

impl Value {
    /// The kind of the value, with the article, for messages.
    #[must_use]
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Undefined => "undefined",
            Self::Null => "null",
            Self::Boolean(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
            Self::Other(kind) => kind,
        }
    }
}

#[derive(Debug, Clone)]
enum Keys {
    /// Those of a registered shape, shared with it.
    Shape(Arc<Shape>),
    Own(Vec<JsString>),
}

/// A plain object: keys and values in order. Of equal keys the last one counts.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    keys: Keys,
    /// One for each key.
    values: Vec<Value>,
}

impl Object {
    /// The value of a key.
    #[must_use]
    pub(crate) fn get(&self, key: &str) -> Option<&Value> {
        let place = self.keys().iter().rposition(|own| own == key)?;
        self.values.get(place)
    }

    fn keys(&self) -> &[JsString] {
        match &self.keys {
            Keys::Shape(shape) => shape.keys(),
            Keys::Own(keys) => keys,
        }
    }
}

impl FromIterator<(JsString, Value)> for Object {
    fn from_iter<I: IntoIterator<Item = (JsString, Value)>>(entries: I) -> Self {
        let (keys, values) = entries.into_iter().unzip();
        Self {
            keys: Keys::Own(keys),
            values,
        }
    }
}

impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        self.keys() == other.keys() && self.values == other.values
    }
}

#[cfg(test)]
mod tests;
