//! What an addon without a pool does: each task is a piece of work for libuv's thread pool.

use napi::bindgen_prelude::AsyncTask;
use napi::{Env, Result, Task};
use napi_derive::napi;

/// Adds two numbers on a thread of libuv's.
pub struct Add {
    a: f64,
    b: f64,
}

impl Task for Add {
    type Output = f64;
    type JsValue = f64;

    fn compute(&mut self) -> Result<f64> {
        Ok(self.a + self.b)
    }

    fn resolve(&mut self, _env: Env, output: f64) -> Result<f64> {
        Ok(output)
    }
}

/// A promise of the sum.
#[napi]
pub fn add(a: f64, b: f64) -> AsyncTask<Add> {
    AsyncTask::new(Add { a, b })
}
