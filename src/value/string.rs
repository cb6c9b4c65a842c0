//! JavaScript's strings: sequences of UTF-16 code units, not always well-formed.

use super::{room_for, OutOfMemory};
use std::fmt;

#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Units {
    /// Each byte is a code unit.
    Latin1(Box<[u8]>),
    /// At least one code unit is above 255, so that equal strings have equal units.
    Utf16(Box<[u16]>),
}

/// A JavaScript string. It may hold unpaired surrogates, which no Rust `str` can.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct JsString(pub(super) Units);

impl JsString {
    /// The string of these code units, each 0 to 255.
    ///
    /// # Errors
    /// There is not enough memory.
    pub(crate) fn from_latin1(units: &[u8]) -> Result<Self, OutOfMemory> {
        let mut copy = room_for(units.len())?;
        copy.extend_from_slice(units);
        Ok(Self(Units::Latin1(copy.into())))
    }

    /// The string of these code units.
    ///
    /// # Errors
    /// There is not enough memory.
    pub(crate) fn from_units(
        units: impl ExactSizeIterator<Item = u16> + Clone,
    ) -> Result<Self, OutOfMemory> {
        if units.clone().any(|unit| unit > 0xff) {
            let mut wide = room_for(units.len())?;
            wide.extend(units);
            return Ok(Self(Units::Utf16(wide.into())));
        }
        let mut narrow = room_for(units.len())?;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "no unit is above 255, as was seen above"
        )]
        narrow.extend(units.map(|unit| unit as u8));
        Ok(Self(Units::Latin1(narrow.into())))
    }

    /// This string and then the other one.
    ///
    /// # Errors
    /// There is not enough memory.
    pub(crate) fn concat(&self, other: &Self) -> Result<Self, OutOfMemory> {
        if let (Units::Latin1(first), Units::Latin1(second)) = (&self.0, &other.0) {
            let mut both = room_for(first.len() + second.len())?;
            both.extend_from_slice(first);
            both.extend_from_slice(second);
            return Ok(Self(Units::Latin1(both.into())));
        }
        // At least one of them is wide, so the whole is.
        let mut both = room_for(self.len() + other.len())?;
        both.extend(self.units().chain(other.units()));
        Ok(Self(Units::Utf16(both.into())))
    }

    /// The number of its code units, which is `length` in JavaScript.
    #[must_use]
    pub(crate) fn len(&self) -> usize {
        match &self.0 {
            Units::Latin1(units) => units.len(),
            Units::Utf16(units) => units.len(),
        }
    }

    /// Its code units.
    pub(crate) fn units(&self) -> impl Iterator<Item = u16> + '_ {
        let (narrow, wide): (&[u8], &[u16]) = match &self.0 {
            Units::Latin1(units) => (units, &[]),
            Units::Utf16(units) => (&[], units),
        };
        narrow
            .iter()
            .copied()
            .map(u16::from)
            .chain(wide.iter().copied())
    }
}

impl From<&str> for JsString {
    fn from(text: &str) -> Self {
        if text.is_ascii() {
            Self(Units::Latin1(text.as_bytes().into()))
        } else {
            text.encode_utf16().collect()
        }
    }
}

impl FromIterator<u16> for JsString {
    fn from_iter<I: IntoIterator<Item = u16>>(units: I) -> Self {
        let units: Box<[u16]> = units.into_iter().collect();
        let narrow: Result<Box<[u8]>, _> = units.iter().map(|unit| u8::try_from(*unit)).collect();
        Self(narrow.map_or(Units::Utf16(units), Units::Latin1))
    }
}

impl PartialEq<str> for JsString {
    fn eq(&self, text: &str) -> bool {
        match &self.0 {
            Units::Latin1(units) if text.is_ascii() => **units == *text.as_bytes(),
            _ => self.units().eq(text.encode_utf16()),
        }
    }
}

/// Writes unpaired surrogates as the replacement character.
impl fmt::Display for JsString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        char::decode_utf16(self.units())
            .try_for_each(|unit| write!(f, "{}", unit.unwrap_or(char::REPLACEMENT_CHARACTER)))
    }
}

impl fmt::Debug for JsString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_string(), f)
    }
}

#[cfg(test)]
mod tests {
    use super::{JsString, Units};

    #[test]
    fn equal_strings_have_equal_units() {
        assert_eq!(
            JsString::from_units([0x61, 0xe4].into_iter()),
            JsString::from_latin1(b"a\xe4")
        );
        assert_eq!(Ok(JsString::from("aä")), JsString::from_latin1(b"a\xe4"));
        assert!(matches!(JsString::from("ä").0, Units::Latin1(_)));
        assert!(matches!(JsString::from("€").0, Units::Utf16(_)));
    }

    #[test]
    fn strings_compare_with_rust_text() {
        for text in ["", "a", "ä", "€", "😀"] {
            let string = JsString::from(text);
            assert!(string == *text);
            assert!(string != *"b");
        }
        // The bytes of the UTF-8 form are another string.
        let bytes = JsString::from_latin1("ä".as_bytes()).expect("memory");
        assert!(bytes != *"ä");
    }

    #[test]
    fn concatenation_keeps_every_code_unit() {
        let texts = ["", "ab", "ä", "€", "😀"];
        for first in texts {
            for second in texts {
                let both = JsString::from(first).concat(&second.into());
                let expected = JsString::from(format!("{first}{second}").as_str());
                assert_eq!(both, Ok(expected));
            }
        }
        let (high, low) = (JsString::from_iter([0xd83d]), JsString::from_iter([0xde00]));
        assert_eq!(high.concat(&low), Ok(JsString::from("😀")));
        assert_eq!(high.to_string(), "\u{fffd}");
        assert_eq!(high.len(), 1);
    }
}
