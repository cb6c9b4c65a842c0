//! From a value to bytes.

use super::string::Units;
use super::{JsString, Keys, Object, Value, DEEPEST};
use crate::wire::tag;
use std::fmt;

/// A value that the format cannot hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub(crate) enum EncodeError {
    /// It has no form in Rust. Holds its kind, with the article.
    NotPlain(&'static str),
    /// A string or array has more than `u32::MAX` bytes or elements.
    TooLarge,
    /// Values nest too deeply.
    TooDeep,
    /// There is not enough memory.
    OutOfMemory,
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotPlain(kind) => write!(f, "expected a plain value, received {kind}"),
            Self::TooLarge => f.write_str("the value is too large"),
            Self::TooDeep => write!(f, "the value nests more than {DEEPEST} deep"),
            Self::OutOfMemory => f.write_str("there is not enough memory"),
        }
    }
}

impl std::error::Error for EncodeError {}

impl Value {
    /// Appends the encoding of the value to `into`. After an error, `into` ends with a part of it.
    ///
    /// # Errors
    /// The format cannot hold it.
    pub(crate) fn encode(&self, into: &mut Vec<u8>) -> Result<(), EncodeError> {
        self.encode_at(into, 0)
    }

    /// A value inside of `depth` others.
    fn encode_at(&self, into: &mut Vec<u8>, depth: usize) -> Result<(), EncodeError> {
        reserve(into, LARGEST_START)?;
        match self {
            Self::Undefined => into.push(tag::UNDEFINED),
            Self::Null => into.push(tag::NULL),
            Self::Boolean(false) => into.push(tag::FALSE),
            Self::Boolean(true) => into.push(tag::TRUE),
            Self::Number(number) => push_number(*number, into),
            Self::String(string) => encode_string(string, into)?,
            Self::Other(kind) => return Err(EncodeError::NotPlain(kind)),
            Self::Array(_) | Self::Object(_) if depth == DEEPEST => {
                return Err(EncodeError::TooDeep)
            }
            Self::Array(values) => {
                into.push(tag::ARRAY);
                encode_count(values.len(), into)?;
                encode_all(values, into, depth + 1)?;
            }
            Self::Object(object) => encode_object(object, into, depth + 1)?,
        }
        Ok(())
    }
}

/// The most bytes with which a value begins: a tag and a number.
const LARGEST_START: usize = 9;

/// Makes room, in steps that grow with the size of `into`.
fn reserve(into: &mut Vec<u8>, bytes: usize) -> Result<(), EncodeError> {
    into.try_reserve(bytes)
        .map_err(|_| EncodeError::OutOfMemory)
}

fn encode_all(values: &[Value], into: &mut Vec<u8>, depth: usize) -> Result<(), EncodeError> {
    values
        .iter()
        .try_for_each(|value| value.encode_at(into, depth))
}

fn encode_object(object: &Object, into: &mut Vec<u8>, depth: usize) -> Result<(), EncodeError> {
    match &object.keys {
        Keys::Shape(shape) => {
            into.push(tag::SHAPED);
            into.extend(shape.id().to_le_bytes());
            encode_all(&object.values, into, depth)
        }
        Keys::Own(keys) => {
            into.push(tag::KEYED);
            encode_count(keys.len(), into)?;
            encode_all(&object.values, into, depth)?;
            keys.iter().try_for_each(|key| encode_string(key, into))
        }
    }
}

fn encode_count(count: usize, into: &mut Vec<u8>) -> Result<(), EncodeError> {
    let count = u32::try_from(count).map_err(|_| EncodeError::TooLarge)?;
    into.extend(count.to_le_bytes());
    Ok(())
}

/// Appends the encoding of a number.
///
/// # Errors
/// There is not enough memory.
pub(crate) fn encode_number(number: f64, into: &mut Vec<u8>) -> Result<(), EncodeError> {
    reserve(into, LARGEST_START)?;
    push_number(number, into);
    Ok(())
}

/// The same, where there is room.
fn push_number(number: f64, into: &mut Vec<u8>) {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "compared with the number right after"
    )]
    let integer = number as i32;
    // Compared by their bits, because -0 is no integer here.
    if f64::from(integer).to_bits() != number.to_bits() {
        into.push(tag::FLOAT64);
        into.extend(number.to_le_bytes());
    } else if let Ok(small @ 0..=0x7f) = u8::try_from(integer) {
        into.push(tag::SMALL_INT + small);
    } else {
        into.push(tag::INT32);
        into.extend(integer.to_le_bytes());
    }
}

/// Appends the encoding of a string.
///
/// # Errors
/// The string is too large.
pub(crate) fn encode_string(string: &JsString, into: &mut Vec<u8>) -> Result<(), EncodeError> {
    reserve(into, LARGEST_START + string.len() * 2)?;
    match &string.0 {
        Units::Latin1(units) => {
            if let Ok(count) = u8::try_from(units.len()) {
                into.extend([tag::SHORT_LATIN1, count]);
            } else {
                into.push(tag::LATIN1);
                encode_count(units.len(), into)?;
            }
            into.extend_from_slice(units);
        }
        Units::Utf16(units) => {
            into.push(tag::UTF16);
            encode_count(units.len() * 2, into)?;
            into.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
        }
    }
    Ok(())
}

/// Appends the encoding of an `Error` with this message and `code`.
///
/// # Errors
/// The message is too large.
pub(crate) fn encode_error(
    code: &str,
    message: &str,
    into: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let parts = tag::PART_MESSAGE | tag::PART_PROPERTIES;
    reserve(into, LARGEST_START)?;
    into.extend([tag::ERROR, tag::CLASS_ERROR, parts]);
    encode_string(&message.into(), into)?;
    reserve(into, LARGEST_START)?;
    encode_count(1, into)?;
    encode_string(&"code".into(), into)?;
    encode_string(&code.into(), into)
}
