//! From a value to bytes.

use super::{Bytes, Object, Value, DEEPEST};
use crate::abi;
use crate::tag;
use crate::Error;
use std::marker::PhantomData;

/// Binary data from this length on travels beside the value.
const ATTACHED_FROM: usize = 8192;

/// An encoded value, and the binary data to which it refers.
#[derive(Default)]
pub(crate) struct Encoded<'value> {
    bytes: Vec<u8>,
    /// The value that was encoded has them.
    attachments: Vec<abi::Slice>,
    value: PhantomData<&'value [u8]>,
}

impl<'value> Encoded<'value> {
    /// The encoding of a value, which lives as long as this.
    ///
    /// # Errors
    /// The format cannot hold it.
    pub(crate) fn new(value: &'value Value<'_>) -> Result<Self, Error> {
        let mut encoded = Self::default();
        encoded.value(value, 0)?;
        Ok(encoded)
    }

    /// The message, for as long as this lives.
    pub(crate) fn message(&self) -> abi::Message {
        abi::Message::new(&self.bytes, &self.attachments)
    }

    /// The encoded value alone.
    #[cfg(test)]
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// A value inside of `depth` others.
    fn value(&mut self, value: &Value<'_>, depth: usize) -> Result<(), Error> {
        match value {
            Value::Undefined => self.put(&[tag::UNDEFINED]),
            Value::Null => self.put(&[tag::NULL]),
            Value::Boolean(false) => self.put(&[tag::FALSE]),
            Value::Boolean(true) => self.put(&[tag::TRUE]),
            Value::Number(number) => self.number(*number),
            Value::BigInt(number) => {
                self.put(&[tag::BIGINT64])?;
                self.put(&number.to_le_bytes())
            }
            Value::Date(milliseconds) => {
                self.put(&[tag::DATE])?;
                self.put(&milliseconds.to_le_bytes())
            }
            Value::String(text) => self.string(text),
            Value::Bytes(bytes) => self.binary(bytes),
            Value::Other(kind) => Err(Error::new(format!("{kind} cannot be sent to JavaScript"))),
            Value::Array(_) | Value::Object(_) if depth == DEEPEST => Err(Error::new(format!(
                "the value nests more than {DEEPEST} deep"
            ))),
            Value::Array(values) => {
                self.put(&[tag::ARRAY])?;
                self.count(values.len())?;
                values
                    .iter()
                    .try_for_each(|value| self.value(value, depth + 1))
            }
            Value::Object(object) => self.object(object, depth + 1),
        }
    }

    /// Appends bytes.
    fn put(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.bytes
            .try_reserve(bytes.len())
            .map_err(|_| Error::out_of_memory())?;
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    fn count(&mut self, count: usize) -> Result<(), Error> {
        let count = u32::try_from(count).map_err(|_| Error::new("the value is too large"))?;
        self.put(&count.to_le_bytes())
    }

    fn number(&mut self, number: f64) -> Result<(), Error> {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "compared with the number right after"
        )]
        let integer = number as i32;
        // Compared by their bits, because -0 is no integer here.
        if f64::from(integer).to_bits() != number.to_bits() {
            self.put(&[tag::FLOAT64])?;
            self.put(&number.to_le_bytes())
        } else if let Ok(small @ 0..=0x7f) = u8::try_from(integer) {
            self.put(&[tag::SMALL_INT + small])
        } else {
            self.put(&[tag::INT32])?;
            self.put(&integer.to_le_bytes())
        }
    }

    fn string(&mut self, text: &str) -> Result<(), Error> {
        if text.is_ascii() {
            self.start_latin1(text.len())?;
            return self.put(text.as_bytes());
        }
        if text.chars().all(|unit| u8::try_from(unit).is_ok()) {
            self.start_latin1(text.chars().count())?;
            let mut units = text.chars().filter_map(|unit| u8::try_from(unit).ok());
            return units.try_for_each(|unit| self.put(&[unit]));
        }
        self.put(&[tag::UTF16])?;
        self.count(text.encode_utf16().count() * 2)?;
        text.encode_utf16()
            .try_for_each(|unit| self.put(&unit.to_le_bytes()))
    }

    /// What stands before the units of a string of Latin-1.
    fn start_latin1(&mut self, units: usize) -> Result<(), Error> {
        if let Ok(count) = u8::try_from(units) {
            return self.put(&[tag::SHORT_LATIN1, count]);
        }
        self.put(&[tag::LATIN1])?;
        self.count(units)
    }

    fn binary(&mut self, Bytes { kind, data }: &Bytes<'_>) -> Result<(), Error> {
        if data.len() % kind.element() != 0 {
            return Err(Error::new(format!(
                "{kind:?} has elements of {} bytes, received {} bytes",
                kind.element(),
                data.len()
            )));
        }
        if data.len() < ATTACHED_FROM {
            self.put(&[tag::BYTES, kind.tag()])?;
            self.count(data.len())?;
            return self.put(data);
        }
        self.put(&[tag::ATTACHED, kind.tag()])?;
        self.count(self.attachments.len())?;
        self.attachments.push((&**data).into());
        Ok(())
    }

    fn object(&mut self, object: &Object<'_>, depth: usize) -> Result<(), Error> {
        self.put(&[tag::KEYED])?;
        self.count(object.iter().len())?;
        object
            .iter()
            .try_for_each(|(_, value)| self.value(value, depth))?;
        object.iter().try_for_each(|(key, _)| self.string(key))
    }
}

/// The encoding of an `Error` with this message and `code`.
///
/// # Errors
/// There is not enough memory, or the text is too large.
pub(crate) fn encode_error(code: &str, message: &str) -> Result<Encoded<'static>, Error> {
    let mut encoded = Encoded::default();
    let parts = tag::PART_MESSAGE | tag::PART_PROPERTIES;
    encoded.put(&[tag::ERROR, tag::CLASS_ERROR, parts])?;
    encoded.string(message)?;
    encoded.count(1)?;
    encoded.string("code")?;
    encoded.string(code)?;
    Ok(encoded)
}
