//! The session of the process, for JavaScript.

#![expect(
    clippy::needless_pass_by_value,
    reason = "Node-API hands over values, not references"
)]

use std::sync::Arc;

use napi::bindgen_prelude::{
    retain_current_module_for_unload_safety, Error, Result, Status, Uint32ArraySlice,
};
use napi_derive::napi;

use crate::events::queue::{Sought, Wanted};
use crate::events::{kinds, Batch};
use crate::session::{self, Session};

/// Begins the session of the process, or joins it; gives how often that was done.
#[napi(catch_unwind)]
pub fn start(options: String) -> Result<u32> {
    let settings = serde_json::from_str(&options)
        .map_err(|error| invalid(format!("The options of start() are wrong: {error}")))?;
    // The analysis thread outlives the worker that may have loaded the addon.
    retain_current_module_for_unload_safety();
    session::start(settings).map_err(|error| {
        let text = format!("The analysis thread cannot be started: {error}");
        Error::new(Status::GenericFailure, text)
    })
}

/// A JavaScript thread begins; gives its number, which is 0 for the first.
#[napi(catch_unwind)]
pub fn attach() -> Result<u32> {
    Ok(current()?.attach())
}

/// A JavaScript thread ends.
#[napi(catch_unwind)]
pub fn detach(thread: u32) -> Result<()> {
    current()?.detach(thread);
    Ok(())
}

/// Hands over the first `used` words of `words`, which are copied, and previews of stores: the
/// number of the context, a space, the text.
#[napi(catch_unwind)]
pub fn hand(thread: u32, words: Uint32ArraySlice, used: u32, previews: Vec<String>) -> Result<()> {
    let used = words.get(..used as usize).ok_or_else(|| {
        let length = words.len();
        invalid(format!(
            "hand() takes at most {length} words of {length}, received {used}"
        ))
    })?;
    if used.len() % kinds::WORDS != 0 {
        return Err(invalid(format!(
            "hand() takes whole events of {} words, received {} words",
            kinds::WORDS,
            used.len()
        )));
    }
    current()?.hand(Batch {
        thread,
        words: used.to_vec(),
        previews,
        torn: false,
    });
    Ok(())
}

/// Hands over a piece of evidence, as JSON; it comes after the events handed over before.
#[napi(catch_unwind)]
pub fn evidence(thread: u32, json: String) -> Result<()> {
    current()?.evidence(thread, json);
    Ok(())
}

/// The report of this process, as JSON; the last one goes to the file of the process, too.
#[napi(catch_unwind)]
pub fn report(thread: u32, last: bool) -> Result<String> {
    let wanted = if last {
        Wanted::LastReport
    } else {
        Wanted::Report
    };
    ask(thread, wanted)
}

/// The findings that this thread has not been told of, as a JSON array.
#[napi(catch_unwind)]
pub fn news(thread: u32) -> Result<String> {
    ask(thread, Wanted::News)
}

/// The finding that something seen by this thread has become, as JSON; `null` if there is none.
#[napi(catch_unwind)]
pub fn finding(thread: u32, rule: String, storage: u32, read: u32, made: u32) -> Result<String> {
    let sought = Sought {
        rule,
        storage,
        read,
        made,
    };
    ask(thread, Wanted::Finding(sought))
}

/// The session, which must have begun.
fn current() -> Result<Arc<Session>> {
    session::current().ok_or_else(|| {
        let text = "There is no session: start() must be called first";
        Error::new(Status::GenericFailure, text.to_owned())
    })
}

/// The answer to `wanted`.
fn ask(thread: u32, wanted: Wanted) -> Result<String> {
    current()?.ask(thread, wanted).ok_or_else(|| {
        let text = "The analysis thread does not answer";
        Error::new(Status::GenericFailure, text.to_owned())
    })
}

/// An argument is wrong.
fn invalid(text: String) -> Error {
    Error::new(Status::InvalidArg, text)
}
