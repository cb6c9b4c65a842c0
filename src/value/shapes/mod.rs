//! The process-wide registry of object shapes.
//!
//! A shape is an ordered list of keys. Objects travel as the number of their shape and their values;
//! the numbers are the same in every thread, so that any worker can decode any task.
//!
//! Keys may come from outside, and programs that use objects as maps have new ones all the time. So
//! the registry is bounded in bytes, and a list has to come the more often the less room is left:
//! with every [`STEP`] that is taken the price doubles. To fill it takes tens of gigabytes of
//! traffic, and what a program uses often gets a number even so.
//!
//! A shape is never replaced: a message that waits may refer to it. All are dropped together with
//! the last pool of the process, and with the pools the messages are gone; their numbers are not used
//! again.

use super::JsString;
use crate::sync::process::RwLock;
use crate::sync::Arc;
use std::collections::HashMap;
use std::mem::size_of;

mod json;

/// As many bytes are kept.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// When so many more are taken, a shape costs twice as many uses.
const STEP: usize = 256 * 1024;

/// So many uses of a list are worth a number when there is all the room. JavaScript does not ask
/// sooner.
const LEAST_USES: u64 = 3;

/// As many shapes are kept: each thread has a table of them.
const MOST: u32 = 65_536;

/// What a shape takes besides its text and its keys: the entries of the registry.
const SHAPE_BYTES: usize = 128;

/// The keys of an object, in order.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    id: u32,
    json: Arc<str>,
    keys: Box<[JsString]>,
}

impl Shape {
    /// Its number.
    #[must_use]
    pub(crate) fn id(&self) -> u32 {
        self.id
    }

    /// The keys as they were registered: a JSON array of strings.
    #[must_use]
    pub(crate) fn json(&self) -> &str {
        &self.json
    }

    /// The keys.
    #[must_use]
    pub(crate) fn keys(&self) -> &[JsString] {
        &self.keys
    }
}

struct Registry {
    /// The number of the first shape.
    first: u32,
    shapes: Vec<Arc<Shape>>,
    ids: Option<HashMap<Arc<str>, u32>>,
    bytes: usize,
    leases: usize,
}

impl Registry {
    const fn new() -> Self {
        Self {
            first: 0,
            shapes: Vec::new(),
            ids: None,
            bytes: 0,
            leases: 0,
        }
    }

    fn known(&self, json: &str) -> Option<u32> {
        self.ids.as_ref()?.get(json).copied()
    }

    fn is_worth_it(&self, json: &str, keys: &[JsString], uses: u64) -> Option<usize> {
        let of_keys = keys.iter().map(|key| size_of::<JsString>() + key.len());
        let bytes = SHAPE_BYTES + json.len() + of_keys.sum::<usize>();
        let taken = self.bytes + bytes;
        let price = LEAST_USES << (taken / STEP).min(MOST_BYTES / STEP);
        (taken <= MOST_BYTES && uses >= price).then_some(bytes)
    }

    fn register(&mut self, json: &str, keys: Vec<JsString>, uses: u64) -> Option<u32> {
        if let Some(id) = self.known(json) {
            return Some(id);
        }
        let bytes = self.is_worth_it(json, &keys, uses)?;
        let index = u32::try_from(self.shapes.len()).ok()?;
        if index >= MOST {
            return None;
        }
        let id = self.first.checked_add(index)?;
        let json: Arc<str> = json.into();
        let keys = keys.into_boxed_slice();
        let ids = self.ids.get_or_insert_default();
        ids.insert(Arc::clone(&json), id);
        self.shapes.push(Arc::new(Shape { id, json, keys }));
        self.bytes += bytes;
        Some(id)
    }

    fn keys(&self, id: u32) -> Option<Arc<Shape>> {
        let index = id.checked_sub(self.first)?;
        self.shapes.get(index as usize).cloned()
    }

    /// An empty one, whose numbers begin where those of this one end.
    fn successor(&self) -> Self {
        Self {
            // Fewer than MOST. At the end of the numbers, none is given any more.
            first: self.first.saturating_add(self.shapes.len() as u32),
            ..Self::new()
        }
    }
}

static REGISTRY: RwLock<Registry> = RwLock::new(Registry::new());

/// Keeps the shapes: the registry is emptied when nobody has one any more. Each pool has one, and so
/// have all that use a pool.
#[derive(Debug)]
pub(crate) struct Lease(());

impl Lease {
    /// One more.
    #[must_use]
    pub(crate) fn new() -> Self {
        REGISTRY.write().leases += 1;
        Self(())
    }
}

impl Default for Lease {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let mut registry = REGISTRY.write();
        registry.leases -= 1;
        if registry.leases > 0 || registry.shapes.is_empty() {
            return;
        }
        let successor = registry.successor();
        let emptied = std::mem::replace(&mut *registry, successor);
        drop(registry);
        drop(emptied); // after the lock: megabytes
    }
}

/// The number of the shape with these keys, a JSON array of strings which has come so many times. The
/// same text gives the same number as long as there is a pool, in every thread. None if it is not
/// worth one, or is something else.
#[must_use]
pub(crate) fn id(json: &str, uses: u64) -> Option<u32> {
    if let Some(id) = REGISTRY.read().known(json) {
        return Some(id);
    }
    let keys = json::strings(json)?;
    REGISTRY.write().register(json, keys, uses)
}

/// The shape with this number.
#[must_use]
pub(crate) fn keys(id: u32) -> Option<Arc<Shape>> {
    REGISTRY.read().keys(id)
}

/// The smallest number of a shape. If it is another one than before, the shapes of before are gone.
#[must_use]
pub(crate) fn first() -> u32 {
    REGISTRY.read().first
}

#[cfg(test)]
mod tests;
