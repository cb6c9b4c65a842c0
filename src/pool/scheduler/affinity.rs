//! Keys of tasks.

use super::{call, Pool};
use crate::pool::WorkerId;

impl Pool {
    /// [`Pool::unlist`] for a worker that may not come back soon: no key has its home there any
    /// more.
    pub(crate) fn pause(&self, worker: WorkerId) {
        call(self.locked(|state| state.pause(worker)));
    }

    /// No task has this key any more: its number may be another one's.
    pub(crate) fn forget_key(&self, key: u32) {
        self.locked(|state| state.forget_key(key));
    }

    /// The first worker of the thread that alone takes the tasks of this key, if there is one.
    pub(crate) fn key_home(&self, key: u32) -> Option<WorkerId> {
        let home = self.locked(|state| state.key_home(key))?;
        Some(self.options.lanes.first_in(home))
    }
}
