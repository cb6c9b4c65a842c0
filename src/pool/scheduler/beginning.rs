//! How workers begin.

use super::{Pool, State};
use crate::pool::{Status, Wake, WorkerId};
use crate::sync::Arc;
use crate::transport::Message;
use std::ops::Range;

impl Pool {
    /// Reserves the workers of a thread, and gives the first one. They take nothing before
    /// [`Pool::attach`].
    #[must_use]
    pub(crate) fn add_workers(&self) -> WorkerId {
        self.locked(State::add_workers)
    }

    /// All workers of the thread of this one.
    #[must_use]
    pub(crate) const fn workers_with(&self, worker: WorkerId) -> Range<WorkerId> {
        self.options.lanes.of(worker)
    }

    /// The worker's own thread calls this when it is ready: from now on it may take, and `wake`
    /// reaches it. False if the pool is closed or the worker condemned: then the thread ends.
    #[must_use]
    pub(crate) fn attach(&self, worker: WorkerId, wake: Arc<dyn Wake>) -> bool {
        let refused = self.locked(|state| state.attach(worker, wake));
        refused.is_ok()
    }

    /// Tells the submitter by [`Status::Ready`] that this worker takes tasks from now on, if it is
    /// the first one of its thread.
    pub(crate) fn announce(&self, worker: WorkerId) {
        if worker != self.options.lanes.first_of(worker) {
            return;
        }
        let first = self.locked(|state| state.tell(worker, Status::Ready, 0, Message::empty()));
        self.deliver_if(first);
    }
}
