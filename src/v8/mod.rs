//! What V8 exports, looked up in the running process. Nothing is linked.
//!
//! [`require_known`] says which V8s are known, [`find`] finds a function of theirs.

mod lookup;
mod version;

pub(crate) use lookup::{find, RawPointer};
pub(crate) use version::require_known;
