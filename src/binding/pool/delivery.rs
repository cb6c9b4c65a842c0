//! A ring of the owner's bell: it has completions delivered.

use crate::binding::entry::{Delivery, Listener};
use crate::binding::exception::report_exception;
use crate::binding::value::call;

/// Calls `deliver()`, once per ring.
pub(super) struct DeliverCompletions;

impl Listener for DeliverCompletions {
    fn hear(&self, delivery: &Delivery<'_>) {
        // What it throws is a callback's exception, reported below; the outcome says nothing more.
        // SAFETY: environment and function are the running delivery's.
        let _ = unsafe { call(delivery.env(), delivery.function(), &[]) };
        // If it cannot be reported, the environment is going down.
        // SAFETY: the environment is the running delivery's.
        let _ = unsafe { report_exception(delivery.env()) };
    }
}
