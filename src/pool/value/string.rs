//! A JavaScript string: a sequence of UTF-16 code units, not always well-formed.

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
pub struct JsString(pub(super) Units);

impl JsString {
    /// The string of these code units, each 0 to 255.
    #[must_use]
    pub fn from_latin1(units: &[u8]) -> Self {
        Self(Units::Latin1(units.into()))
    }

    /// The string of these code units.
    #[must_use]
    pub fn from_utf16(units: &[u16]) -> Self {
        let narrow: Result<Box<[u8]>, _> = units.iter().map(|unit| u8::try_from(*unit)).collect();
        Self(match narrow {
            Ok(narrow) => Units::Latin1(narrow),
            Err(_) => Units::Utf16(units.into()),
        })
    }

    /// Both, one after the other.
    #[must_use]
    pub fn concat(&self, other: &Self) -> Self {
        if let (Units::Latin1(first), Units::Latin1(second)) = (&self.0, &other.0) {
            return Self(Units::Latin1([&first[..], &second[..]].concat().into()));
        }
        // At least one of them is wide, so the whole is.
        Self(Units::Utf16(self.units().chain(other.units()).collect()))
    }

    /// How many code units it has: `length` in JavaScript.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.0 {
            Units::Latin1(units) => units.len(),
            Units::Utf16(units) => units.len(),
        }
    }

    /// Has it no code unit?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Its code units.
    pub fn units(&self) -> impl Iterator<Item = u16> + '_ {
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
        match text.is_ascii() {
            true => Self::from_latin1(text.as_bytes()),
            false => Self::from_utf16(&text.encode_utf16().collect::<Vec<u16>>()),
        }
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

/// With the replacement character for unpaired surrogates.
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
            JsString::from_utf16(&[0x61, 0xe4]),
            JsString::from_latin1(b"a\xe4")
        );
        assert_eq!(JsString::from("aä"), JsString::from_latin1(b"a\xe4"));
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
        // The bytes of the UTF-8 form, which are something else.
        let bytes = JsString::from_latin1("ä".as_bytes());
        assert!(bytes != *"ä");
    }

    #[test]
    fn concatenation_keeps_every_code_unit() {
        let texts = ["", "ab", "ä", "€", "😀"];
        for first in texts {
            for second in texts {
                let both = JsString::from(first).concat(&second.into());
                assert_eq!(both, JsString::from(format!("{first}{second}").as_str()));
            }
        }
        let (high, low) = (
            JsString::from_utf16(&[0xd83d]),
            JsString::from_utf16(&[0xde00]),
        );
        assert_eq!(high.concat(&low), JsString::from("😀"));
        assert_eq!(high.to_string(), "\u{fffd}");
        assert_eq!(high.len(), 1);
    }
}
