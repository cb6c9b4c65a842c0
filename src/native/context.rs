//! `{ native: 'context' }`: what a native processor sees of a context.

use super::{Processor, Run, TaskError};
use crate::value::Value;

/// Answers with the store of the context whose name is the task; `undefined` if there is none.
pub(super) struct Context;

impl Processor for Context {
    fn name(&self) -> &'static str {
        "context"
    }

    fn run(&self, task: &Value, run: &Run<'_>) -> Result<Value, TaskError> {
        let name = match task {
            Value::String(name) => name.to_string(),
            other => {
                return Err(TaskError::refused(format!(
                    "the native processor 'context' expected the name of a context, received {}",
                    other.kind()
                )))
            }
        };
        Ok(run.context(&name).unwrap_or(Value::Undefined))
    }
}
