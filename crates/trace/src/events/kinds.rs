//! What an event's first word says. `lib/trace/event-kinds.js` has the same numbers.

/// `run()` or `enterWith()` has entered a context: `id` is the context, `a` its parent, `b` the
/// storage, `ctx` the first context with the same store (0: no other has it), `c` how it was
/// entered.
pub(crate) const ENTER: u32 = 1;
/// The synchronous part of `run()` has ended: `id` is the context.
pub(crate) const LEAVE: u32 = 2;
/// Nothing refers to the context `id` any more.
pub(crate) const COLLECTED: u32 = 3;
/// The storage `id` has been constructed.
pub(crate) const STORAGE: u32 = 4;
/// An asynchronous resource has been made: `a` is its trigger, `b` the resource that ran, `c` the
/// number of its type.
pub(crate) const INIT: u32 = 5;
/// A callback of the resource `id` begins.
pub(crate) const BEFORE: u32 = 6;
/// A callback of the resource `id` has ended.
pub(crate) const AFTER: u32 = 7;
/// The resource `id` is gone.
pub(crate) const DESTROY: u32 = 8;
/// The promise `id` is resolved.
pub(crate) const RESOLVE: u32 = 9;
/// `getStore()` of the storage `id`: `a` is 1 if it gave undefined, `b` the caller of the reader.
pub(crate) const READ: u32 = 10;
/// A function made in the context `a` runs in the context `ctx`: `b` is what ran it.
pub(crate) const CROSSED: u32 = 11;

/// How a context was entered, in the word `c` of [`ENTER`].
pub(crate) mod how {
    /// `exit()`: there is no store on purpose.
    pub(crate) const EXIT: u32 = 4;
}

/// Words of an event.
pub(crate) const WORDS: usize = 8;
