//! The helpers that the tests of the pool share.

use super::{Completion, Lanes, Options, Pool, QueueOrder, Status, Task, TaskId, Wake, WorkerId};
use crate::sync::Arc;
use crate::transport::Message;
use crate::wire::packet::{Order, TaskHeader};
use parking_lot::{Condvar, Mutex};
use std::time::{Duration, Instant};

/// No handshake takes this long unless something is broken.
const TOO_LONG: Duration = Duration::from_secs(30);

/// A wake that is counted and can be waited for.
#[derive(Default)]
pub(crate) struct Bell {
    rung: Mutex<usize>,
    changed: Condvar,
}

impl Bell {
    pub(crate) fn new() -> Arc<Self> {
        Arc::default()
    }

    /// How often it has rung since the last question.
    pub(crate) fn rung(&self) -> usize {
        std::mem::take(&mut *self.rung.lock())
    }

    /// Waits until it has rung since the last question.
    pub(crate) fn wait(&self) {
        let mut rung = self.rung.lock();
        let outcome = self
            .changed
            .wait_while_for(&mut rung, |rung| *rung == 0, TOO_LONG);
        *rung = 0;
        drop(rung);
        assert!(!outcome.timed_out(), "nobody rang");
    }
}

impl Wake for Bell {
    fn wake(&self) {
        *self.rung.lock() += 1;
        self.changed.notify_all();
    }
}

/// A pool that does not spin, and what it rings when there are results.
pub(crate) fn pool() -> (Arc<Pool>, Arc<Bell>) {
    pool_of(Options {
        spin: Duration::ZERO,
        max_running: usize::MAX,
        max_tasks: u64::MAX,
        lanes: Lanes::new(1),
        order: QueueOrder::Fifo,
    })
}

/// A pool with these options, and what it rings when there are results.
pub(crate) fn pool_of(options: Options) -> (Arc<Pool>, Arc<Bell>) {
    let deliver = Bell::new();
    (Pool::new(deliver.clone(), options), deliver)
}

impl Pool {
    /// [`Pool::submit_batch`] of these tasks.
    pub(crate) fn submit(&self, tasks: impl IntoIterator<Item = Task>) -> bool {
        self.submit_batch(&mut tasks.into_iter().collect())
    }
}

/// A worker that takes tasks, and its wake.
pub(crate) fn attached(pool: &Pool) -> (WorkerId, Arc<Bell>) {
    let bell = Bell::new();
    let worker = pool.add_workers();
    assert!(pool.attach(worker, bell.clone()));
    (worker, bell)
}

/// A task whose message is its id.
pub(crate) fn task(id: TaskId) -> Task {
    task_of(TaskHeader {
        id,
        ..TaskHeader::default()
    })
}

/// The same, with options.
pub(crate) fn task_of(header: TaskHeader) -> Task {
    Task {
        header,
        message: Message::new(&header.id.to_le_bytes()),
    }
}

/// The same, of this key.
pub(crate) fn keyed(id: TaskId, key: u32) -> Task {
    task_of(TaskHeader {
        id,
        order: Order::new(0, key),
        ..TaskHeader::default()
    })
}

/// A timeout as a header has it.
pub(crate) fn milliseconds(timeout: Duration) -> u32 {
    u32::try_from(timeout.as_millis()).expect("a short timeout")
}

/// What is in the stream of results now.
pub(crate) fn drained(pool: &Pool) -> Vec<Completion> {
    let mut completions = Vec::new();
    pool.drain(&mut completions);
    completions
}

/// Drains until `count` entries have come, besides those with [`Status::Ready`].
pub(crate) fn drain_until(pool: &Pool, deliver: &Bell, count: usize) -> Vec<Completion> {
    let start = Instant::now();
    let mut completions = Vec::new();
    loop {
        pool.drain(&mut completions);
        completions.retain(|entry| entry.status != Status::Ready);
        if completions.len() >= count {
            return completions;
        }
        assert!(start.elapsed() < TOO_LONG, "results are missing");
        deliver.wait();
    }
}
