//! A frame entered for the length of a Rust scope.

use std::marker::PhantomData;

/// Enters frames on this thread and leaves them again.
///
/// The contract: `leave` undoes the `enter` that returned its argument, and all that was entered
/// since; calls nest like the call stack; neither runs user code.
pub(crate) trait Carrier {
    /// A frame in the host's form.
    type Frame;

    /// The state before, for `leave`.
    type Previous;

    /// Why a frame could not be entered.
    type Error;

    /// Makes `frame` the current one. An error changes nothing, and needs no `leave`.
    ///
    /// # Errors
    /// The carrier's own.
    fn enter(&self, frame: Self::Frame) -> Result<Self::Previous, Self::Error>;

    /// Makes current what was current before the matching `enter`.
    fn leave(&self, previous: Self::Previous);
}

/// An entered frame. Dropping it puts back the frame that was current before, also after an early
/// return, a JavaScript exception, or a panic.
///
/// A scope must be dropped before the one in which it was opened. The raw-pointer marker keeps it
/// on its thread.
#[must_use = "dropping the scope leaves the frame at once"]
#[derive(Debug)]
pub(crate) struct Scope<'carrier, C: Carrier> {
    carrier: &'carrier C,
    /// Written once, when the scope is opened; taken by `drop`.
    previous: Option<C::Previous>,
    /// Frames belong to one thread's JavaScript, so a scope must not be sent to another.
    not_send: PhantomData<*const ()>,
}

impl<'carrier, C: Carrier> Scope<'carrier, C> {
    /// Makes `frame` current until the returned scope is dropped.
    ///
    /// # Errors
    /// The error of [`Carrier::enter`]; then no scope is open.
    pub(crate) fn enter(carrier: &'carrier C, frame: C::Frame) -> Result<Self, C::Error> {
        let previous = Some(carrier.enter(frame)?);
        Ok(Self {
            carrier,
            previous,
            not_send: PhantomData,
        })
    }
}

impl<C: Carrier> Drop for Scope<'_, C> {
    fn drop(&mut self) {
        if let Some(previous) = self.previous.take() {
            self.carrier.leave(previous);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Carrier, Scope};
    use std::cell::Cell;
    use std::panic::{catch_unwind, AssertUnwindSafe};

    const REFUSED: u32 = 99;

    struct Variable(Cell<u32>);

    impl Carrier for Variable {
        type Frame = u32;
        type Previous = u32;
        type Error = &'static str;

        fn enter(&self, frame: u32) -> Result<u32, &'static str> {
            if frame == REFUSED {
                return Err("refused");
            }
            Ok(self.0.replace(frame))
        }

        fn leave(&self, previous: u32) {
            self.0.set(previous);
        }
    }

    #[test]
    fn a_scope_enters_and_puts_back() {
        let carrier = Variable(Cell::new(1));
        {
            let _scope = Scope::enter(&carrier, 2).expect("a frame that is not refused");
            assert_eq!(carrier.0.get(), 2);
        }
        assert_eq!(carrier.0.get(), 1);
    }

    #[test]
    fn scopes_nest() {
        let carrier = Variable(Cell::new(1));
        let outer = Scope::enter(&carrier, 2).expect("a frame that is not refused");
        let inner = Scope::enter(&carrier, 3).expect("a frame that is not refused");
        assert_eq!(carrier.0.get(), 3);
        drop(inner);
        assert_eq!(carrier.0.get(), 2);
        drop(outer);
        assert_eq!(carrier.0.get(), 1);
    }

    #[test]
    fn what_was_set_inside_does_not_leak_out() {
        let carrier = Variable(Cell::new(1));
        let scope = Scope::enter(&carrier, 2).expect("a frame that is not refused");
        carrier.0.set(9);
        drop(scope);
        assert_eq!(carrier.0.get(), 1);
    }

    #[test]
    fn a_frame_that_is_refused_changes_nothing() {
        let carrier = Variable(Cell::new(1));
        assert!(Scope::enter(&carrier, REFUSED).is_err());
        assert_eq!(carrier.0.get(), 1);
    }

    #[test]
    fn a_panic_puts_the_previous_frame_back() {
        let carrier = Variable(Cell::new(1));
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let _scope = Scope::enter(&carrier, 2).expect("a frame that is not refused");
            panic!("in the scope");
        }));
        assert!(outcome.is_err());
        assert_eq!(carrier.0.get(), 1);
    }
}
