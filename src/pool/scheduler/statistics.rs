//! What a pool does, and how long that takes.

use super::Pool;
use crate::pool::{Details, Moment, Statistics, Summary};

impl Pool {
    /// How many tasks wait and run at this moment.
    #[must_use]
    pub(crate) fn statistics(&self) -> Statistics {
        self.locked(|state| state.statistics())
    }

    /// What waits at which priority, and what each thread does, at this moment.
    #[must_use]
    pub(crate) fn details(&self) -> Details {
        self.locked(|state| state.details(Moment::now()))
    }

    /// How long tasks waited before a worker took them, and how long the finished ones ran.
    #[must_use]
    pub(crate) fn histograms(&self) -> (Summary, Summary) {
        let (waits, runs) = self.locked(|state| state.times());
        (waits.summary(), runs.summary())
    }
}
