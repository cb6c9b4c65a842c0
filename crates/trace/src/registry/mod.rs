//! The contexts of the process: who made whom, with which store, where, and whether they are over.

mod context;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

pub(crate) use context::{Context, Storage};

use crate::events::Key;

/// Longest preview of a store, in bytes.
const PREVIEW: usize = 200;

/// How far up a chain of parents is looked: a program that calls `enterWith()` in a loop makes a
/// chain without end.
const GENERATIONS: usize = 4096;

/// All contexts and storages that are remembered.
#[derive(Debug)]
pub(crate) struct Registry {
    contexts: FxHashMap<Key, Context>,
    storages: FxHashMap<Key, Storage>,
    order: VecDeque<Key>,
    /// The context that was entered last, by its storage and the place.
    latest: FxHashMap<(Key, u32), Key>,
    bytes: usize,
    limit: usize,
    entered: u64,
}

impl Registry {
    /// A registry whose contexts take about `limit` bytes.
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            contexts: FxHashMap::default(),
            storages: FxHashMap::default(),
            order: VecDeque::new(),
            latest: FxHashMap::default(),
            bytes: 0,
            limit,
            entered: 0,
        }
    }

    /// A context has been entered.
    pub(crate) fn enter(&mut self, context: Context) {
        let key = context.key;
        if key.is_none() {
            return;
        }
        self.entered += 1;
        self.bytes += context.bytes();
        if context.entered != 0 {
            self.latest.insert((context.storage, context.entered), key);
        }
        if let Some(before) = self.contexts.insert(key, context) {
            self.bytes -= before.bytes();
        } else {
            self.order.push_back(key);
        }
        self.forget_oldest();
    }

    /// The context `key`, to change it.
    pub(crate) fn update(&mut self, key: Key, change: impl FnOnce(&mut Context)) {
        if let Some(context) = self.contexts.get_mut(&key) {
            change(context);
        }
    }

    /// Keeps `text` as the preview of the store of `key`.
    pub(crate) fn preview(&mut self, key: Key, text: &str) {
        let Some(context) = self.contexts.get_mut(&key) else {
            return;
        };
        self.bytes -= context.bytes();
        context.preview = Some(shortened(text).into());
        self.bytes += context.bytes();
    }

    /// The storage `key`, to change it; it is made where it is not known yet.
    pub(crate) fn storage_mut(&mut self, key: Key) -> &mut Storage {
        self.storages.entry(key).or_default()
    }

    /// The storage `key`.
    pub(crate) fn storage(&self, key: Key) -> Option<&Storage> {
        self.storages.get(&key)
    }

    /// The context `key`.
    pub(crate) fn get(&self, key: Key) -> Option<&Context> {
        self.contexts.get(&key)
    }

    /// All contexts that are remembered, the oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Context> {
        self.order.iter().filter_map(|key| self.contexts.get(key))
    }

    /// How many contexts have been entered.
    pub(crate) const fn entered(&self) -> u64 {
        self.entered
    }

    /// The context that says what `storage` holds in the context `key`: it, or an ancestor.
    pub(crate) fn effective(&self, key: Key, storage: Key) -> Option<&Context> {
        self.lineage(key).find(|context| context.storage == storage)
    }

    /// Whether `ancestor` is `key` itself, or one of those it was entered in.
    pub(crate) fn descends(&self, key: Key, ancestor: Key) -> bool {
        let made_in = |context: &Context| context.parent == ancestor;
        key == ancestor || !ancestor.is_none() && self.lineage(key).any(made_in)
    }

    /// Whether another context was entered later at the same place, and not inside of it.
    pub(crate) fn is_followed(&self, context: &Context) -> bool {
        let latest = self.latest.get(&(context.storage, context.entered));
        latest.is_some_and(|&key| key > context.key && !self.descends(key, context.key))
    }

    /// Whether who expects the store of `expected` may see that of `current`.
    ///
    /// So it is when both are one context, when the program entered the same store by hand or a
    /// nested context, and when there was nothing to expect.
    pub(crate) fn is_right(&self, current: Key, expected: Key, storage: Key) -> bool {
        let Some(expected) = self.effective(expected, storage) else {
            return true;
        };
        if expected.exited() {
            return true;
        }
        let Some(current) = self.effective(current, storage) else {
            return false;
        };
        let same_store = !current.exited() && current.store() == expected.store();
        same_store || self.descends(current.key, expected.key)
    }

    /// `key` and its ancestors.
    fn lineage(&self, key: Key) -> impl Iterator<Item = &Context> {
        std::iter::successors(self.contexts.get(&key), |context| {
            self.contexts.get(&context.parent)
        })
        .take(GENERATIONS)
    }

    /// Forgets contexts until the rest fits; those that are over first would need a search, and
    /// the oldest are over in any program but one that leaks contexts.
    fn forget_oldest(&mut self) {
        while self.bytes > self.limit {
            let Some(oldest) = self.order.pop_front() else {
                return;
            };
            if let Some(context) = self.contexts.remove(&oldest) {
                self.bytes -= context.bytes();
            }
        }
    }
}

/// As much of `text` as a preview has.
fn shortened(text: &str) -> String {
    if text.len() <= PREVIEW {
        return text.to_owned();
    }
    let mut end = PREVIEW;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}…", &text[..end])
}
