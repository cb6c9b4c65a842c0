//! From bytes to a value. It bears any bytes: it never panics or recurses without bound, and takes
//! no more memory than a fixed multiple of the bytes.

use super::{Bytes, BytesKind, Object, Value, DEEPEST};
use crate::tag;
use std::borrow::Cow;
use std::sync::Arc;

/// The keys of an object.
pub(crate) type Keys = Arc<[Box<str>]>;

/// Why bytes are not a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// They are not the encoding of exactly one value.
    Malformed,
    /// Values nest too deeply.
    TooDeep,
    /// There is not enough memory.
    OutOfMemory,
}

/// What a value refers to besides its own bytes.
pub(crate) struct Source<'task, 'source> {
    /// The binary data beside it.
    pub(crate) attachments: &'source [&'task [u8]],
    /// The keys of a shape.
    pub(crate) keys: &'source dyn Fn(u32) -> Option<Keys>,
}

/// The value that these bytes encode.
pub(crate) fn decode<'task>(
    bytes: &'task [u8],
    source: &Source<'task, '_>,
) -> Result<Value<'task>, Refusal> {
    let rest = bytes.strip_prefix(&[tag::NUMBERED]).unwrap_or(bytes);
    let mut reader = Reader {
        rest,
        source,
        shapes: Vec::new(),
    };
    let value = reader.value(0)?;
    if reader.rest.is_empty() {
        Ok(value)
    } else {
        Err(Refusal::Malformed)
    }
}

/// The keys that these bytes list.
pub(crate) fn keys_of(bytes: &[u8]) -> Option<Keys> {
    let source = Source {
        attachments: &[],
        keys: &|_| None,
    };
    let mut reader = Reader {
        rest: bytes,
        source: &source,
        shapes: Vec::new(),
    };
    let count = reader.count().ok()?;
    reader.keys(count).ok()
}

struct Reader<'task, 'source> {
    rest: &'task [u8],
    source: &'source Source<'task, 'source>,
    /// The shapes that have come, by their numbers.
    shapes: Vec<(u32, Keys)>,
}

fn room_for<T>(count: usize) -> Result<Vec<T>, Refusal> {
    let mut vector = Vec::new();
    vector
        .try_reserve_exact(count)
        .map_err(|_| Refusal::OutOfMemory)?;
    Ok(vector)
}

impl<'task> Reader<'task, '_> {
    fn take(&mut self, count: usize) -> Result<&'task [u8], Refusal> {
        let (taken, rest) = self
            .rest
            .split_at_checked(count)
            .ok_or(Refusal::Malformed)?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const COUNT: usize>(&mut self) -> Result<[u8; COUNT], Refusal> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(Refusal::Malformed)?;
        self.rest = rest;
        Ok(*taken)
    }

    fn u8(&mut self) -> Result<u8, Refusal> {
        self.array().map(|[byte]| byte)
    }

    fn u32(&mut self) -> Result<u32, Refusal> {
        self.array().map(u32::from_le_bytes)
    }

    /// A count of parts that take at least one byte each. A count beyond the bytes that are left is
    /// refused before anything is allocated.
    fn count(&mut self) -> Result<usize, Refusal> {
        let count = self.u32()? as usize;
        if count > self.rest.len() {
            return Err(Refusal::Malformed);
        }
        Ok(count)
    }

    fn values(&mut self, count: usize, depth: usize) -> Result<Vec<Value<'task>>, Refusal> {
        let mut values = room_for(count)?;
        for _ in 0..count {
            values.push(self.value(depth)?);
        }
        Ok(values)
    }

    fn keys(&mut self, count: usize) -> Result<Keys, Refusal> {
        let mut keys: Vec<Box<str>> = room_for(count)?;
        for _ in 0..count {
            keys.push(self.string()?.into());
        }
        Ok(keys.into())
    }

    fn skip(&mut self, count: usize, depth: usize) -> Result<(), Refusal> {
        (0..count).try_for_each(|_| self.value(depth).map(drop))
    }

    fn string(&mut self) -> Result<Cow<'task, str>, Refusal> {
        let tag = self.u8()?;
        self.string_of(tag)
    }

    fn string_of(&mut self, tag: u8) -> Result<Cow<'task, str>, Refusal> {
        let count = match tag {
            tag::SHORT_LATIN1 => self.u8()?.into(),
            tag::LATIN1 | tag::UTF16 => self.count()?,
            _ => return Err(Refusal::Malformed),
        };
        let units = self.take(count)?;
        if tag == tag::UTF16 {
            return utf16(units).map(Cow::Owned);
        }
        match std::str::from_utf8(units) {
            Ok(text) if text.is_ascii() => Ok(Cow::Borrowed(text)),
            _ => latin1(units).map(Cow::Owned),
        }
    }

    /// A value inside of `depth` others.
    fn value(&mut self, depth: usize) -> Result<Value<'task>, Refusal> {
        let tag = self.u8()?;
        Ok(match tag {
            tag::SMALL_INT.. => Value::Number(f64::from(tag - tag::SMALL_INT)),
            tag::UNDEFINED => Value::Undefined,
            tag::NULL => Value::Null,
            tag::FALSE => Value::Boolean(false),
            tag::TRUE => Value::Boolean(true),
            tag::INT32 => Value::Number(i32::from_le_bytes(self.array()?).into()),
            tag::FLOAT64 => Value::Number(f64::from_le_bytes(self.array()?)),
            tag::BIGINT64 => Value::BigInt(i64::from_le_bytes(self.array()?)),
            tag::DATE => Value::Date(f64::from_le_bytes(self.array()?)),
            tag::SHORT_LATIN1 | tag::LATIN1 | tag::UTF16 => Value::String(self.string_of(tag)?),
            tag::BYTES | tag::ATTACHED => Value::Bytes(self.bytes(tag)?),
            // It stands for an object that was read before. Processors get trees.
            tag::REFERENCE => {
                self.u32()?;
                Value::Other("an object that occurs twice")
            }
            _ if depth == DEEPEST => return Err(Refusal::TooDeep),
            tag::ARRAY => {
                let count = self.count()?;
                Value::Array(self.values(count, depth + 1)?)
            }
            tag::SHAPED => Value::Object(self.shaped_object(depth + 1)?),
            tag::KEYED => {
                let count = self.count()?;
                let values = self.values(count, depth + 1)?;
                Value::Object(Object::of(self.keys(count)?, values))
            }
            other => Value::Other(self.other(other, depth + 1)?),
        })
    }

    fn bytes(&mut self, tag: u8) -> Result<Bytes<'task>, Refusal> {
        let kind = BytesKind::of(self.u8()?).ok_or(Refusal::Malformed)?;
        let bytes = if tag == tag::BYTES {
            let count = self.count()?;
            self.take(count)?
        } else {
            let index = self.u32()? as usize;
            let attachments = self.source.attachments;
            attachments.get(index).copied().ok_or(Refusal::Malformed)?
        };
        Ok(Bytes::of(kind, bytes))
    }

    fn shaped_object(&mut self, depth: usize) -> Result<Object<'task>, Refusal> {
        let id = self.u32()?;
        let known = self.shapes.iter().find(|(known, _)| *known == id);
        let keys = if let Some((_, keys)) = known {
            Arc::clone(keys)
        } else {
            let keys = (self.source.keys)(id).ok_or(Refusal::Malformed)?;
            self.shapes.push((id, Arc::clone(&keys)));
            keys
        };
        if keys.len() > self.rest.len() {
            return Err(Refusal::Malformed);
        }
        let values = self.values(keys.len(), depth)?;
        Ok(Object::of(keys, values))
    }

    /// Reads over a value that arrives as its kind only.
    fn other(&mut self, tag: u8, depth: usize) -> Result<&'static str, Refusal> {
        Ok(match tag {
            tag::HOLEY_ARRAY => {
                self.sparse_array(depth)?;
                "an array with holes"
            }
            tag::BIGINT_DIGITS => {
                self.u8()?;
                self.string()?;
                "a BigInt of more than 64 bits"
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
            tag::ERROR => {
                self.error(depth)?;
                "an Error"
            }
            _ => return Err(Refusal::Malformed),
        })
    }

    /// Reads elements and runs of holes up to the length. A run may stand for any number of
    /// elements, none of which is made.
    fn sparse_array(&mut self, depth: usize) -> Result<(), Refusal> {
        let mut missing = self.u32()?;
        while missing > 0 {
            let run = if self.rest.first() == Some(&tag::HOLES) {
                self.u8()?;
                self.u32()?
            } else {
                self.value(depth)?;
                1
            };
            missing = missing.checked_sub(run).ok_or(Refusal::Malformed)?;
        }
        Ok(())
    }

    fn error(&mut self, depth: usize) -> Result<(), Refusal> {
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

/// Each byte is a code unit, which takes up to two bytes in UTF-8.
fn latin1(units: &[u8]) -> Result<String, Refusal> {
    let mut text = String::new();
    let wide = units.iter().filter(|unit| !unit.is_ascii()).count();
    text.try_reserve_exact(units.len() + wide)
        .map_err(|_| Refusal::OutOfMemory)?;
    text.extend(units.iter().map(|&unit| char::from(unit)));
    Ok(text)
}

/// Each pair of bytes is a code unit, which takes up to three bytes in UTF-8.
fn utf16(bytes: &[u8]) -> Result<String, Refusal> {
    let pairs = bytes.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return Err(Refusal::Malformed);
    }
    let mut text = String::new();
    text.try_reserve_exact(pairs.len().saturating_mul(3))
        .map_err(|_| Refusal::OutOfMemory)?;
    let units = pairs.map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    text.extend(char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)));
    Ok(text)
}
