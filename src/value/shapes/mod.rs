//! The process-wide registry of object shapes.
//!
//! A shape is an ordered list of keys. Objects travel as the number of their shape and their
//! values. A number means the same in every thread, so any worker can decode any task.
//!
//! Keys may come from outside, and a program that uses objects as maps makes new ones all the time.
//! So the registry is bounded in bytes, and a list must be used more often the less room is left:
//! every [`STEP`] that is taken doubles the price of a number. It takes tens of gigabytes of
//! traffic to fill the registry, and a list that a program uses often still gets a number.
//!
//! A shape is never replaced, because a waiting message may refer to it. All are dropped together
//! with the last pool of the process, when no message is left. Their numbers are not used again.

use super::JsString;
use crate::sync::process::RwLock;
use crate::sync::Arc;
use std::collections::HashMap;
use std::mem::size_of;

mod json;

/// The registry holds at most this many bytes.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// Every this many bytes that are taken, the price of a number doubles.
const STEP: usize = 256 * 1024;

/// The price of a number, in uses of its list, in an empty registry. JavaScript does not ask
/// sooner.
const LEAST_USES: u64 = 3;

/// The registry holds at most this many shapes: each thread has a table of them.
const MOST: u32 = 65_536;

/// The bytes that a shape takes besides its text and its keys: its entries in the registry.
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
    pub(crate) const fn id(&self) -> u32 {
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
        let index = self.count();
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

    fn shape(&self, id: u32) -> Option<&Arc<Shape>> {
        let index = id.checked_sub(self.first)?;
        self.shapes.get(index as usize)
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "there are at most MOST shapes"
    )]
    const fn count(&self) -> u32 {
        self.shapes.len() as u32
    }

    /// An empty registry whose numbers begin where those of this one end.
    fn successor(&self) -> Self {
        Self {
            // At the end of the numbers, no shape gets one any more.
            first: self.first.saturating_add(self.count()),
            ..Self::new()
        }
    }
}

static REGISTRY: RwLock<Registry> = RwLock::new(Registry::new());

/// Keeps the shapes: the registry is emptied when the last lease is dropped. Each pool has one, and
/// so has everyone who uses a pool.
#[derive(Debug)]
pub(crate) struct Lease(());

impl Lease {
    /// A further lease.
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
        drop(emptied); // after the lock, because these may be megabytes
    }
}

/// The number of the shape with these keys: a JSON array of strings that was used `uses` times. The
/// same text has the same number in every thread, as long as there is a pool. None if the list is
/// not used often enough, or if the text is not such an array.
#[must_use]
pub(crate) fn id(json: &str, uses: u64) -> Option<u32> {
    let known = REGISTRY.read().known(json);
    if let Some(id) = known {
        return Some(id);
    }
    let keys = json::strings(json)?;
    REGISTRY.write().register(json, keys, uses)
}

/// The shape with this number.
#[must_use]
pub(crate) fn keys(id: u32) -> Option<Arc<Shape>> {
    REGISTRY.read().shape(id).cloned()
}

/// What `read` makes of the keys of the shape with this number, if there is one. No shape can be
/// registered meanwhile.
pub(super) fn with_keys<T>(id: u32, read: impl FnOnce(&[JsString]) -> T) -> Option<T> {
    REGISTRY.read().shape(id).map(|shape| read(shape.keys()))
}

/// The smallest number of a shape. When it changes, all earlier shapes are gone.
#[must_use]
pub(crate) fn first() -> u32 {
    REGISTRY.read().first
}

#[cfg(test)]
mod tests;
