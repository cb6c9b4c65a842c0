//! From bytes to a value. It bears any bytes: it never panics or recurses without bound, and takes
//! no more memory than a fixed multiple of the bytes.

use super::{room_for, JsString, Keys, Object, OutOfMemory, Value, DEEPEST};
use crate::value::shapes;
use crate::wire::tag;
use std::fmt;

/// Bytes that are not a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub(crate) enum DecodeError {
    /// The value does not end within the bytes.
    Truncated,
    /// Bytes follow the value.
    Excess,
    /// The format has no such tag, or none in this place.
    UnknownTag(u8),
    /// No shape is registered under this number.
    UnknownShape(u32),
    /// The tag's content is not well-formed. Holds the tag's kind.
    Malformed(&'static str),
    /// Values nest too deeply.
    TooDeep,
    /// There is not enough memory.
    OutOfMemory,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated => f.write_str("the encoded value ends too early"),
            Self::Excess => f.write_str("bytes follow the encoded value"),
            Self::UnknownTag(tag) => write!(f, "the encoded value has the unknown tag {tag:#04x}"),
            Self::UnknownShape(id) => write!(f, "the encoded value has the unknown shape {id}"),
            Self::Malformed(what) => write!(f, "the encoded value has {what} that is malformed"),
            Self::TooDeep => write!(f, "the value nests more than {DEEPEST} deep"),
            Self::OutOfMemory => f.write_str("there is not enough memory"),
        }
    }
}

impl std::error::Error for DecodeError {}

impl From<OutOfMemory> for DecodeError {
    fn from(_: OutOfMemory) -> Self {
        Self::OutOfMemory
    }
}

impl Value {
    /// The value that these bytes encode.
    ///
    /// # Errors
    /// The bytes are not the encoding of exactly one value.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let bytes = bytes.strip_prefix(&[tag::NUMBERED]).unwrap_or(bytes);
        let mut reader = Reader { rest: bytes };
        let value = reader.value(0)?;
        match reader.rest {
            [] => Ok(value),
            _ => Err(DecodeError::Excess),
        }
    }
}

struct Reader<'bytes> {
    rest: &'bytes [u8],
}

impl<'bytes> Reader<'bytes> {
    fn take(&mut self, count: usize) -> Result<&'bytes [u8], DecodeError> {
        let (taken, rest) = self
            .rest
            .split_at_checked(count)
            .ok_or(DecodeError::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const COUNT: usize>(&mut self) -> Result<[u8; COUNT], DecodeError> {
        let (taken, rest) = self
            .rest
            .split_first_chunk()
            .ok_or(DecodeError::Truncated)?;
        self.rest = rest;
        Ok(*taken)
    }

    fn u8(&mut self) -> Result<u8, DecodeError> {
        self.array().map(|[byte]| byte)
    }

    fn u32(&mut self) -> Result<u32, DecodeError> {
        self.array().map(u32::from_le_bytes)
    }

    /// A count of parts that take at least one byte each. A count beyond the bytes that are left is
    /// refused before anything is allocated.
    fn count(&mut self) -> Result<usize, DecodeError> {
        let count = self.u32()? as usize;
        if count > self.rest.len() {
            return Err(DecodeError::Truncated);
        }
        Ok(count)
    }

    fn values(&mut self, count: usize, depth: usize) -> Result<Vec<Value>, DecodeError> {
        let mut values = room_for(count)?;
        for _ in 0..count {
            values.push(self.value(depth)?);
        }
        Ok(values)
    }

    fn skip(&mut self, count: usize, depth: usize) -> Result<(), DecodeError> {
        (0..count).try_for_each(|_| self.value(depth).map(drop))
    }

    fn string(&mut self) -> Result<JsString, DecodeError> {
        let tag = self.u8()?;
        self.string_of(tag)
    }

    fn string_of(&mut self, tag: u8) -> Result<JsString, DecodeError> {
        match tag {
            tag::SHORT_LATIN1 => {
                let count = self.u8()?;
                Ok(JsString::from_latin1(self.take(count.into())?)?)
            }
            tag::LATIN1 => {
                let count = self.count()?;
                Ok(JsString::from_latin1(self.take(count)?)?)
            }
            tag::UTF16 => {
                let count = self.count()?;
                let pairs = self.take(count)?.chunks_exact(2);
                if !pairs.remainder().is_empty() {
                    return Err(DecodeError::Malformed("a string"));
                }
                let units = pairs.map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
                Ok(JsString::from_units(units)?)
            }
            other => Err(DecodeError::UnknownTag(other)),
        }
    }

    /// A value inside of `depth` others.
    fn value(&mut self, depth: usize) -> Result<Value, DecodeError> {
        let tag = self.u8()?;
        Ok(match tag {
            tag::SMALL_INT.. => Value::Number(f64::from(tag - tag::SMALL_INT)),
            tag::UNDEFINED => Value::Undefined,
            tag::NULL => Value::Null,
            tag::FALSE => Value::Boolean(false),
            tag::TRUE => Value::Boolean(true),
            tag::INT32 => Value::Number(i32::from_le_bytes(self.array()?).into()),
            tag::FLOAT64 => Value::Number(f64::from_le_bytes(self.array()?)),
            tag::SHORT_LATIN1 | tag::LATIN1 | tag::UTF16 => Value::String(self.string_of(tag)?),
            // It stands for an object that was read before. Processors get trees.
            tag::REFERENCE => {
                self.u32()?;
                Value::Other("an object that occurs twice")
            }
            _ if depth == DEEPEST => return Err(DecodeError::TooDeep),
            tag::ARRAY => {
                let count = self.count()?;
                Value::Array(self.values(count, depth + 1)?)
            }
            tag::SHAPED => Value::Object(self.shaped_object(depth + 1)?),
            tag::KEYED => Value::Object(self.keyed_object(depth + 1)?),
            other => Value::Other(self.other(other, depth + 1)?),
        })
    }

    fn shaped_object(&mut self, depth: usize) -> Result<Object, DecodeError> {
        let id = self.u32()?;
        let shape = shapes::keys(id).ok_or(DecodeError::UnknownShape(id))?;
        let count = shape.keys().len();
        if count > self.rest.len() {
            return Err(DecodeError::Truncated);
        }
        let values = self.values(count, depth)?;
        let keys = Keys::Shape(shape);
        Ok(Object { keys, values })
    }

    fn keyed_object(&mut self, depth: usize) -> Result<Object, DecodeError> {
        let count = self.count()?;
        let values = self.values(count, depth)?;
        let mut keys = room_for(count)?;
        for _ in 0..count {
            keys.push(self.string()?);
        }
        let keys = Keys::Own(keys);
        Ok(Object { keys, values })
    }

    /// Reads over a value that has no form in Rust, and returns its kind.
    fn other(&mut self, tag: u8, depth: usize) -> Result<&'static str, DecodeError> {
        Ok(match tag {
            tag::HOLEY_ARRAY => {
                self.sparse_array(depth)?;
                "an array with holes"
            }
            tag::BIGINT64 => {
                self.take(8)?;
                "a BigInt"
            }
            tag::BIGINT_DIGITS => {
                self.u8()?;
                self.string()?;
                "a BigInt"
            }
            tag::DATE => {
                self.take(8)?;
                "a Date"
            }
            tag::REGEXP => {
                self.string()?;
                self.string()?;
                "a RegExp"
            }
            tag::MAP => {
                let count = self.count()?;
                self.skip(count, depth)?;
                self.skip(count, depth)?;
                "a Map"
            }
            tag::SET => {
                let count = self.count()?;
                self.skip(count, depth)?;
                "a Set"
            }
            tag::BOXED => {
                self.skip(1, depth)?;
                "a boxed primitive"
            }
            tag::BYTES => {
                self.u8()?;
                let count = self.count()?;
                self.take(count)?;
                "binary data"
            }
            tag::ATTACHED => {
                self.take(5)?;
                "binary data"
            }
            tag::ERROR => {
                self.error(depth)?;
                "an Error"
            }
            other => return Err(DecodeError::UnknownTag(other)),
        })
    }

    /// Reads elements and runs of holes up to the length. A run may stand for any number of
    /// elements, none of which is made.
    fn sparse_array(&mut self, depth: usize) -> Result<(), DecodeError> {
        let mut missing = self.u32()?;
        while missing > 0 {
            let run = if self.rest.first() == Some(&tag::HOLES) {
                self.u8()?;
                self.u32()?
            } else {
                self.value(depth)?;
                1
            };
            missing = missing
                .checked_sub(run)
                .ok_or(DecodeError::Malformed("an array with holes"))?;
        }
        Ok(())
    }

    fn error(&mut self, depth: usize) -> Result<(), DecodeError> {
        let [_class, parts] = self.array()?;
        for part in [tag::PART_NAME, tag::PART_MESSAGE, tag::PART_STACK] {
            if parts & part != 0 {
                self.string()?;
            }
        }
        for part in [
            tag::PART_CAUSE,
            tag::PART_ERRORS,
            tag::PART_ERROR,
            tag::PART_SUPPRESSED,
        ] {
            if parts & part != 0 {
                self.value(depth)?;
            }
        }
        if parts & tag::PART_PROPERTIES != 0 {
            for _ in 0..self.count()? {
                self.string()?;
                self.value(depth)?;
            }
        }
        Ok(())
    }
}
