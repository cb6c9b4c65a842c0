//! The processors of an addon, and how async-hooks-rs gets to know them.

use crate::abi::{self, Entry, Header, Table};
use crate::{entry, Error, Run, Value};
use std::fmt;
use std::mem::size_of;
use std::sync::OnceLock;

/// A processor. Many threads call it at once.
pub trait Processor: Send + Sync {
    /// Its name in JavaScript: `{ native: name, addon }`.
    fn name(&self) -> &'static str;

    /// Runs one task. The result may borrow from the task. A panic fails this task only, and the
    /// thread goes on. Nothing stops it from outside: after a timeout or an abort it runs to its
    /// end, and its result is dropped. One that takes long asks [`Run::is_aborted`] now and then.
    ///
    /// # Errors
    /// What the task fails with.
    fn run<'task>(
        &self,
        task: &'task Value<'task>,
        run: &Run<'task>,
    ) -> Result<Value<'task>, Error>;
}

/// The processors of an addon, in a static.
pub struct Processors {
    list: &'static [&'static dyn Processor],
    table: OnceLock<Built>,
}

/// Its pointers lead to what lives for ever.
struct Built(Table);

#[expect(
    clippy::non_send_fields_in_send_ty,
    reason = "the pointers are what this is about"
)]
// SAFETY: its pointers lead to statics and to entries that were leaked. Nobody writes to any of them.
unsafe impl Send for Built {}
// SAFETY: as above.
unsafe impl Sync for Built {}

impl Processors {
    /// The processors, each with a name of its own.
    #[must_use]
    pub const fn new(list: &'static [&'static dyn Processor]) -> Self {
        Self {
            list,
            table: OnceLock::new(),
        }
    }

    /// The table of the ABI. It never moves, because this is a static.
    pub(crate) fn table(&'static self) -> &'static Table {
        let build = || {
            let entries: Vec<Entry> = self.list.iter().map(entry_of).collect();
            let entries = entries.leak();
            Built(Table {
                header: Header {
                    magic: abi::MAGIC,
                    major: abi::MAJOR,
                    minor: abi::MINOR,
                    size: SIZE,
                },
                entries: entries.as_ptr(),
                count: entries.len(),
                entry_size: size_of::<Entry>(),
            })
        };
        &self.table.get_or_init(build).0
    }
}

#[expect(clippy::cast_possible_truncation, reason = "it is some ten bytes")]
const SIZE: u32 = size_of::<Table>() as u32;

fn entry_of(processor: &'static &'static dyn Processor) -> Entry {
    Entry {
        name: processor.name().as_bytes().into(),
        processor: std::ptr::from_ref(processor).cast(),
        run: entry::run,
    }
}

impl fmt::Debug for Processors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.list.iter().map(|processor| processor.name());
        f.debug_list().entries(names).finish()
    }
}
