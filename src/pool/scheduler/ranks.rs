//! Pools whose tasks have ranks.

use super::{Pool, QueueOrder, Task};

impl Pool {
    /// Whether the tasks have ranks, by which they are taken.
    #[must_use]
    pub(crate) fn is_ranked(&self) -> bool {
        self.options.order == QueueOrder::Ranked
    }

    /// [`Pool::submit_batch`] of tasks with their ranks, at which only a pool looks that [ranks
    /// them](Pool::is_ranked).
    pub(crate) fn submit_ranked(&self, tasks: impl IntoIterator<Item = (Task, f64)>) -> bool {
        let (mut tasks, ranks): (Vec<_>, Vec<_>) = tasks.into_iter().unzip();
        self.enter(&mut tasks, &ranks)
    }
}
