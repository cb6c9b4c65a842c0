//! One context, and one storage.

use crate::events::{kinds::how, Key};

/// What is known of a context.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Context {
    /// Its number.
    pub(crate) key: Key,
    /// In which it was entered.
    pub(crate) parent: Key,
    /// Whose store it holds.
    pub(crate) storage: Key,
    /// The first context with the same store.
    pub(crate) same: Key,
    /// The store, as text.
    pub(crate) preview: Option<Box<str>>,
    /// The place of the `run()` or `enterWith()`.
    pub(crate) entered: u32,
    /// How it was entered.
    pub(crate) flags: u32,
    /// When it was entered, in microseconds.
    pub(crate) at: u64,
    /// Whether nothing refers to it any more.
    pub(crate) over: bool,
    /// How many callbacks have run in it.
    pub(crate) activations: u64,
    /// How many resources that were made in it are neither resolved nor destroyed.
    pub(crate) pending: u64,
}

impl Context {
    /// Whether it is one without a store, by `exit()`.
    pub(crate) const fn exited(&self) -> bool {
        self.flags & how::EXIT != 0
    }

    /// Which store it holds: two contexts with the same one say the same.
    pub(crate) const fn store(&self) -> Key {
        if self.same.is_none() {
            self.key
        } else {
            self.same
        }
    }

    /// What it takes, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        // The table has a free slot for each taken one, at worst, and the order a key.
        size_of::<Self>() * 2 + size_of::<Key>() * 3 + self.preview.as_ref().map_or(0, |t| t.len())
    }
}

/// What is known of a storage.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Storage {
    /// Its name, where it has one.
    pub(crate) name: Option<String>,
    /// The place at which it was constructed.
    pub(crate) created: u32,
}
