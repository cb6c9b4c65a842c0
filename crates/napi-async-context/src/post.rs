//! Running something on the JavaScript thread.

#![forbid(unsafe_code)]

use crate::exception::{end_callback, Failure};
use crate::AsyncContext;
use napi::{Env, Result};
use std::convert::identity;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::Arc;

/// Runs `body` on the JavaScript thread, in `context`; on any thread. False if the environment has
/// ended: `body` is dropped then.
///
/// Each body runs in a callback scope of its own, in the order in which they were posted, which is
/// one order with the calls of functions and the ends of jobs. Its error, an exception that it leaves pending, and a panic (as an error with the code
/// `ERR_ASYNC_CONTEXT_PANIC`) go to 'uncaughtException' in the context. It does not keep the process
/// alive: what is posted when nothing else is going on may not run.
pub fn post(context: AsyncContext, body: impl FnOnce(&Env) -> Result<()> + Send + 'static) -> bool {
    let shared = Arc::clone(context.shared());
    shared.send(move |env| {
        let run = || {
            let entered = context.run(env, body);
            entered.and_then(identity).map_err(Failure::Error)
        };
        end_callback(env, &context, catch_unwind(AssertUnwindSafe(run)));
    })
}
