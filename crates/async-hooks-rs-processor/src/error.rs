//! Why a processor gave no result.

use std::borrow::Cow;
use std::fmt;

/// The code of a task that a processor refuses.
const REFUSED: &str = "ERR_WORKER_POOL_NATIVE_TASK";

/// The code of a task whose processor panicked.
const PANICKED: &str = "ERR_WORKER_POOL_NATIVE_PANIC";

/// Why a processor gave no result: in JavaScript, an `Error` with a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(Kind);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Failed {
        code: Cow<'static, str>,
        message: Cow<'static, str>,
    },
    OutOfMemory,
}

impl Error {
    /// The processor does not take this task. `error.code` is `ERR_WORKER_POOL_NATIVE_TASK`; the
    /// message says what was expected and what was received.
    #[must_use]
    pub fn new(message: impl Into<Cow<'static, str>>) -> Self {
        Self::with_code(REFUSED, message)
    }

    /// An error with a code of the processor's own.
    #[must_use]
    pub fn with_code(
        code: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self(Kind::Failed {
            code: code.into(),
            message: message.into(),
        })
    }

    /// There is not enough memory for the task or its result. `error.code` is
    /// `ERR_WORKER_POOL_OUT_OF_MEMORY`.
    #[must_use]
    pub const fn out_of_memory() -> Self {
        Self(Kind::OutOfMemory)
    }

    /// The processor panicked.
    pub(crate) fn panicked(message: String) -> Self {
        Self::with_code(PANICKED, message)
    }

    /// The code and the message. None if there is not enough memory.
    pub(crate) fn parts(&self) -> Option<(&str, &str)> {
        match &self.0 {
            Kind::Failed { code, message } => Some((code, message)),
            Kind::OutOfMemory => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = self.parts().map(|(_, message)| message);
        f.write_str(message.unwrap_or("there is not enough memory"))
    }
}

impl std::error::Error for Error {}
