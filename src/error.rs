//! The failures that the addon's own functions throw, each with its stable code.
//!
//! `binding` makes JavaScript exceptions of them, with the code as `error.code`. A code is part of
//! the interface and is never used again for another meaning. The failure of one task is none of
//! these: that is a [`TaskError`](crate::native::TaskError), or a
//! [`DecodeError`](crate::value::DecodeError) or [`EncodeError`](crate::value::EncodeError) of its
//! value, and reaches JavaScript as the task's outcome.

use std::fmt;

/// A failure of the native part. It is as public as the exported classes whose methods return it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The platform's C++ calling convention for V8's handles is not proven (Windows, wasm).
    UnsupportedPlatform,
    /// The host's V8 is not one of those whose functions are known. Holds its version, 0.0 if that
    /// cannot be read.
    V8Unknown {
        /// The first number of the version.
        major: u32,
        /// The second one.
        minor: u32,
    },
    /// The host does not export a V8 function. Holds its mangled name.
    SymbolMissing(&'static str),
    /// V8's extras object has no function of this name.
    AccessorMissing(&'static str),
    /// V8 did not behave as expected. Holds the step of the self-test.
    SelfTestFailed(&'static str),
    /// The operating system refused to start a thread.
    ThreadNotStarted,
    /// The operating system gave no random bytes.
    NothingRandom,
    /// An argument is no bytes that only this thread has: a `Uint8Array` over an `ArrayBuffer`, or
    /// an array of them. Holds its name.
    NotBytes(&'static str),
    /// An argument names something that does not exist. Holds the argument's name.
    Unknown(&'static str),
    /// A value is larger than the byte region for it.
    RegionTooSmall,
    /// A byte region is no `SharedArrayBuffer`, so a program could take its memory away.
    RegionNotShared,
    /// There is not enough memory for a value.
    OutOfMemory,
    /// A bug of this crate.
    Panicked,
    /// A Node-API call failed. Holds the function's name.
    NodeApi(&'static str),
}

impl Error {
    /// The stable code, `error.code` in JavaScript.
    #[must_use]
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::UnsupportedPlatform => "ERR_NATIVE_PLATFORM",
            Self::V8Unknown { .. } => "ERR_NATIVE_V8_UNKNOWN",
            Self::SymbolMissing(_) => "ERR_NATIVE_SYMBOL_MISSING",
            Self::AccessorMissing(_) => "ERR_NATIVE_ACCESSOR_MISSING",
            Self::SelfTestFailed(_) => "ERR_NATIVE_SELF_TEST",
            Self::ThreadNotStarted => "ERR_NATIVE_THREAD",
            Self::NothingRandom => "ERR_NATIVE_RANDOM",
            Self::NotBytes(_) => "ERR_NATIVE_BYTES",
            Self::Unknown(_) => "ERR_NATIVE_UNKNOWN",
            Self::RegionTooSmall => "ERR_NATIVE_REGION",
            Self::RegionNotShared => "ERR_NATIVE_REGION_NOT_SHARED",
            Self::OutOfMemory => "ERR_NATIVE_MEMORY",
            Self::Panicked => "ERR_NATIVE_PANIC",
            Self::NodeApi(_) => "ERR_NATIVE_NODE_API",
        }
    }

    /// Whether an argument has the wrong type. The exception is a `TypeError` then.
    #[must_use]
    pub(crate) const fn is_of_type(self) -> bool {
        matches!(self, Self::NotBytes(_))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnsupportedPlatform => {
                f.write_str("direct access to V8 is not supported on this platform")
            }
            Self::V8Unknown { major, minor } => {
                write!(f, "direct access to V8 {major}.{minor} is not supported")
            }
            Self::SymbolMissing(symbol) => {
                write!(
                    f,
                    "expected the host to export the V8 function {symbol}, found none"
                )
            }
            Self::AccessorMissing(name) => {
                write!(
                    f,
                    "expected V8's extras object to have the function {name}, found none"
                )
            }
            Self::SelfTestFailed(what) => {
                write!(f, "V8 failed the self-test: {what}")
            }
            Self::ThreadNotStarted => f.write_str("the operating system refused to start a thread"),
            Self::NothingRandom => f.write_str("the operating system gave no random bytes"),
            Self::NotBytes(name) => {
                write!(
                    f,
                    "the argument {name} must be a Uint8Array over an ArrayBuffer, or an array of \
                     them, received something else"
                )
            }
            Self::Unknown(name) => {
                write!(f, "the argument {name} names nothing that exists")
            }
            Self::RegionTooSmall => f.write_str("the byte region is too small for one packet"),
            Self::RegionNotShared => f.write_str("the byte region is not a SharedArrayBuffer"),
            Self::OutOfMemory => f.write_str("there is not enough memory"),
            Self::Panicked => f.write_str("the native part panicked, which is a bug"),
            Self::NodeApi(function) => write!(f, "the Node-API call {function} failed"),
        }
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::Error;
    use std::collections::HashSet;

    const ALL: [Error; 14] = [
        Error::UnsupportedPlatform,
        Error::V8Unknown {
            major: 15,
            minor: 0,
        },
        Error::SymbolMissing("symbol"),
        Error::AccessorMissing("accessor"),
        Error::SelfTestFailed("step"),
        Error::ThreadNotStarted,
        Error::NothingRandom,
        Error::NotBytes("attachments"),
        Error::Unknown("processor"),
        Error::RegionTooSmall,
        Error::RegionNotShared,
        Error::OutOfMemory,
        Error::Panicked,
        Error::NodeApi("napi_call_function"),
    ];

    #[test]
    fn codes_are_distinct_and_prefixed() {
        let codes: HashSet<_> = ALL.iter().map(|error| error.code()).collect();
        assert_eq!(codes.len(), ALL.len());
        assert!(codes.iter().all(|code| code.starts_with("ERR_NATIVE_")));
    }

    #[test]
    fn a_message_names_its_subject() {
        assert!(Error::SymbolMissing("symbol")
            .to_string()
            .contains("symbol"));
        assert!(Error::AccessorMissing("accessor")
            .to_string()
            .contains("accessor"));
        assert!(Error::SelfTestFailed("step").to_string().contains("step"));
        assert!(Error::NodeApi("napi_call_function")
            .to_string()
            .contains("napi_call_function"));
    }
}
