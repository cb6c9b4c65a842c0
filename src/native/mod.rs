//! Processors that run on Rust threads.
//!
//! Some are compiled into the addon: a further one is a file beside `add.rs` and a line in
//! `PROCESSORS`. Others are those of a program's own addon ([`addon`]), which is written with the
//! crate `async-hooks-rs-processor`.

mod add;
pub(crate) mod addon;
mod context;
mod primes;
mod run;
#[cfg(test)]
mod testing;
mod thread;

use crate::value::{OutOfMemory, Value};
use std::borrow::Cow;

pub(crate) use run::Run;
pub(crate) use thread::{spawn, spawn_foreign};

/// All processors.
static PROCESSORS: [&dyn Processor; 3] = [&add::Add, &context::Context, &primes::Primes];

/// The code of a task whose processor failed because of a bug in it.
const PANICKED: &str = "ERR_WORKER_POOL_NATIVE_PANIC";

/// A processor. Many threads call it at once.
pub(crate) trait Processor: Send + Sync {
    /// Its name in JavaScript: `{ native: name }`.
    fn name(&self) -> &'static str;

    /// Runs one task. A panic fails this task only, and the thread goes on. Nothing stops it from
    /// outside: after a timeout or an abort it runs to its end, and its result is dropped. One that
    /// takes long asks [`Run::is_cancelled`] now and then.
    ///
    /// # Errors
    /// The task does not have the form that this processor takes.
    fn run(&self, task: &Value, run: &Run<'_>) -> Result<Value, TaskError>;

    /// What [`Processor::run`] would answer to the encoded task, if that is a number that takes no
    /// tree of values to find. Most of the time of a short task goes into its tree.
    fn number_of(&self, _task: &[u8]) -> Option<f64> {
        None
    }
}

/// Why a native processor gave no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TaskError {
    /// It failed with an error of its own.
    Failed {
        /// The stable code, `error.code` in JavaScript.
        code: &'static str,
        /// What happened.
        message: Cow<'static, str>,
    },
    /// There is not enough memory for the task or its result.
    OutOfMemory,
}

impl From<OutOfMemory> for TaskError {
    fn from(_: OutOfMemory) -> Self {
        Self::OutOfMemory
    }
}

impl TaskError {
    /// The task does not have the form that the processor takes. The message says what was expected
    /// and what was received.
    #[must_use]
    pub(crate) fn refused(message: impl Into<Cow<'static, str>>) -> Self {
        Self::Failed {
            code: "ERR_WORKER_POOL_NATIVE_TASK",
            message: message.into(),
        }
    }

    /// The processor panicked.
    fn panicked(message: String) -> Self {
        Self::Failed {
            code: PANICKED,
            message: message.into(),
        }
    }
}

/// The processor of this name.
#[must_use]
pub(crate) fn find(name: &str) -> Option<&'static dyn Processor> {
    PROCESSORS
        .into_iter()
        .find(|processor| processor.name() == name)
}

/// The names of all processors.
#[must_use]
pub(crate) fn names() -> Vec<&'static str> {
    PROCESSORS
        .iter()
        .map(|processor| processor.name())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{find, names, Processor};
    use std::collections::HashSet;

    #[test]
    fn every_processor_is_found_by_its_name() {
        let names = names();
        assert!(names.contains(&"add"));
        assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len());
        for name in names {
            assert_eq!(find(name).map(Processor::name), Some(name));
        }
        assert!(find("no such processor").is_none());
    }
}
