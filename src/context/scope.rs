//! A frame entered for the length of a Rust scope.

use std::marker::PhantomData;

/// Reads and replaces the current frame of this thread.
///
/// The contract: after `set(&frame)`, `current()` gives `frame` until something else is set, and
/// neither call runs user code.
pub trait Carrier {
    /// A frame, as the host holds it. Cheap to move; says nothing about which thread it is of.
    type Frame;

    /// The frame that is current now.
    fn current(&self) -> Self::Frame;

    /// Makes `frame` the current one.
    fn set(&self, frame: &Self::Frame);
}

/// An entered frame. Dropping it puts the frame back that was current before, whatever happened in
/// between: an early return, a JavaScript exception, or a panic.
///
/// Scopes nest like the call stack, so a scope must be dropped before the one it was opened in; the
/// borrow of the carrier and the raw-pointer marker keep it on its thread.
#[must_use = "dropping the scope leaves the frame at once"]
#[derive(Debug)]
pub struct Scope<'carrier, C: Carrier> {
    carrier: &'carrier C,
    /// The frame to put back; written once, when the scope is opened.
    previous: C::Frame,
    /// Frames belong to one thread's JavaScript, so a scope must not be sent to another.
    not_send: PhantomData<*const ()>,
}

impl<'carrier, C: Carrier> Scope<'carrier, C> {
    /// Makes `frame` current until the returned scope is dropped.
    pub fn enter(carrier: &'carrier C, frame: &C::Frame) -> Self {
        let previous = carrier.current();
        carrier.set(frame);
        Self {
            carrier,
            previous,
            not_send: PhantomData,
        }
    }
}

impl<C: Carrier> Drop for Scope<'_, C> {
    fn drop(&mut self) {
        self.carrier.set(&self.previous);
    }
}

#[cfg(test)]
mod tests {
    use super::{Carrier, Scope};
    use std::cell::Cell;
    use std::panic::{catch_unwind, AssertUnwindSafe};

    struct Variable(Cell<u32>);

    impl Carrier for Variable {
        type Frame = u32;

        fn current(&self) -> u32 {
            self.0.get()
        }

        fn set(&self, frame: &u32) {
            self.0.set(*frame);
        }
    }

    #[test]
    fn a_scope_enters_and_puts_back() {
        let carrier = Variable(Cell::new(1));
        {
            let _scope = Scope::enter(&carrier, &2);
            assert_eq!(carrier.current(), 2);
        }
        assert_eq!(carrier.current(), 1);
    }

    #[test]
    fn scopes_nest() {
        let carrier = Variable(Cell::new(1));
        let outer = Scope::enter(&carrier, &2);
        let inner = Scope::enter(&carrier, &3);
        assert_eq!(carrier.current(), 3);
        drop(inner);
        assert_eq!(carrier.current(), 2);
        drop(outer);
        assert_eq!(carrier.current(), 1);
    }

    #[test]
    fn what_was_set_inside_does_not_leak_out() {
        let carrier = Variable(Cell::new(1));
        let scope = Scope::enter(&carrier, &2);
        carrier.set(&9);
        drop(scope);
        assert_eq!(carrier.current(), 1);
    }

    #[test]
    fn a_panic_puts_the_previous_frame_back() {
        let carrier = Variable(Cell::new(1));
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let _scope = Scope::enter(&carrier, &2);
            panic!("in the scope");
        }));
        assert!(outcome.is_err());
        assert_eq!(carrier.current(), 1);
    }
}
