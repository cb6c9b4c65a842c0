//! The contexts of submissions, which travel beside the tasks: many tasks have the same one.
//!
//! The submitter defines a context before the first task that has its number, and forgets it after
//! the last one of them is settled. A worker asks for it when it runs such a task.

use crate::sync::{Arc, Mutex};
use std::collections::HashMap;

/// The contexts of a pool, by their numbers. They have a lock of their own, and nobody holds it
/// together with that of the pool's state.
pub(crate) struct Contexts {
    known: Mutex<HashMap<u32, Arc<Vec<u8>>>>,
}

impl Contexts {
    pub(super) fn new() -> Self {
        Self {
            known: Mutex::new(HashMap::new()),
        }
    }

    /// From now on the number means these bytes. False, and nothing is defined, if there is no
    /// memory.
    #[must_use = "a task must not name a context that is not defined"]
    pub(crate) fn define(&self, number: u32, bytes: &[u8]) -> bool {
        let mut copy = Vec::new();
        if copy.try_reserve_exact(bytes.len()).is_err() {
            return false;
        }
        copy.extend_from_slice(bytes);
        let mut known = self.known.lock();
        if known.try_reserve(1).is_err() {
            return false;
        }
        let former = known.insert(number, Arc::new(copy));
        drop(known);
        drop(former);
        true
    }

    /// The number means nothing any more. Whoever has the bytes keeps them.
    pub(crate) fn forget(&self, number: u32) {
        let forgotten = self.known.lock().remove(&number);
        drop(forgotten);
    }

    /// What the number means. None for a task that was settled otherwise: nobody waits for its
    /// outcome.
    #[must_use]
    pub(crate) fn get(&self, number: u32) -> Option<Arc<Vec<u8>>> {
        self.known.lock().get(&number).map(Arc::clone)
    }
}

#[cfg(test)]
mod tests {
    use super::Contexts;

    #[test]
    fn a_number_means_what_was_defined_last_until_it_is_forgotten() {
        let contexts = Contexts::new();
        assert!(contexts.get(1).is_none());
        assert!(contexts.define(1, b"first"));
        let kept = contexts.get(1).expect("defined");
        assert!(contexts.define(1, b"second"));
        assert!(contexts.define(2, b"other"));
        assert_eq!(*contexts.get(1).expect("defined"), b"second");
        contexts.forget(1);
        assert!(contexts.get(1).is_none());
        assert_eq!(*contexts.get(2).expect("defined"), b"other");
        assert_eq!(*kept, b"first");
    }
}
