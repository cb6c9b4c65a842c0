//! Workers whose tasks were cancelled or have expired, and that may go on.

use super::{call, Pool, State, WorkerId};

impl Pool {
    /// Spares workers from now on whose tasks are cancelled or expire: such a worker is condemned
    /// by [`Pool::stop_aborted`] only. If it ends its task before, the result is dropped, and the
    /// submitter learns by [`Status::Ready`](crate::wire::status::Status::Ready) that the worker
    /// goes on, or by [`Status::Left`](crate::wire::status::Status::Left) that it was leaving.
    pub(crate) fn spare_aborted(&self) {
        self.locked(State::spare_aborted);
    }

    /// Condemns the worker if it still runs a task that was cancelled or has expired. Says whether
    /// it did.
    #[must_use = "a worker that was condemned has to be stopped"]
    pub(crate) fn stop_aborted(&self, worker: WorkerId) -> bool {
        let (aborted, next) = self.locked(|state| state.stop_aborted(worker));
        call(next);
        aborted
    }
}
