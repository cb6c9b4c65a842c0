//! What an author writes. `docs/guides/native-processors.md` quotes the parts between the marks.

// #region imports
use async_hooks_rs_processor::{Error, Processor, Processors, Run, Value};
use napi::bindgen_prelude::{Env, Object};
use napi_derive::napi;
// #endregion

// #region hash
/// The BLAKE3 hash of binary data.
struct Blake3;

impl Processor for Blake3 {
    fn name(&self) -> &'static str {
        "blake3"
    }

    fn run<'task>(&self, task: &'task Value<'task>, _: &Run<'task>) -> Result<Value<'task>, Error> {
        let Some(bytes) = task.as_bytes() else {
            return Err(Error::new(format!(
                "the native processor 'blake3' expected binary data, received {}",
                task.kind()
            )));
        };
        Ok(blake3::hash(bytes).as_bytes().to_vec().into())
    }
}
// #endregion

// #region long
/// Hashes in pieces: it tells how far it is, and ends soon when nobody waits any more.
struct Blake3InPieces;

impl Processor for Blake3InPieces {
    fn name(&self) -> &'static str {
        "blake3-in-pieces"
    }

    fn run<'task>(
        &self,
        task: &'task Value<'task>,
        run: &Run<'task>,
    ) -> Result<Value<'task>, Error> {
        const PIECE: usize = 1024 * 1024;
        let bytes = task
            .get("bytes")
            .and_then(Value::as_bytes)
            .ok_or_else(|| Error::new("expected an object with binary data under the key bytes"))?;
        let mut hasher = blake3::Hasher::new();
        for (index, piece) in bytes.chunks(PIECE).enumerate() {
            if run.is_aborted() {
                return Ok(Value::Undefined); // it reaches nobody
            }
            hasher.update(piece);
            let done = index * PIECE + piece.len();
            run.progress(&Value::Number(done as f64 / bytes.len() as f64))?;
        }
        Ok(hasher.finalize().as_bytes().to_vec().into())
    }
}
// #endregion

// #region context
/// Answers with the store of the context whose name is the task.
struct Context;

impl Processor for Context {
    fn name(&self) -> &'static str {
        "context"
    }

    fn run<'task>(
        &self,
        task: &'task Value<'task>,
        run: &Run<'task>,
    ) -> Result<Value<'task>, Error> {
        let name = task.as_str().unwrap_or_default();
        Ok(run.context(name).unwrap_or(Value::Undefined))
    }
}
// #endregion

// #region export
static PROCESSORS: Processors = Processors::new(&[&Blake3, &Blake3InPieces, &Context]);

/// Called when the addon is loaded.
#[napi(module_exports)]
pub fn init(exports: Object<'_>, env: Env) -> napi::Result<()> {
    PROCESSORS.export(&env, &exports)
}
// #endregion
