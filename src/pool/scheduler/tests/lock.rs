//! What must not happen under the pool's lock.

use super::{finish, take};
use crate::pool::testing::task;
use crate::pool::{Cancelled, Finished, Lanes, Options, Pool, QueueOrder, Task, Wake};
use crate::sync::{Arc, Weak};
use std::sync::OnceLock;
use std::time::Duration;

/// Looks at the pool whenever it is woken or dropped: under the lock that would never return.
struct Curious(OnceLock<Weak<Pool>>);

impl Curious {
    fn look(&self) {
        if let Some(pool) = self.0.get().and_then(Weak::upgrade) {
            let _ = pool.statistics();
        }
    }
}

impl Wake for Curious {
    fn wake(&self) {
        self.look();
    }
}

impl Drop for Curious {
    fn drop(&mut self) {
        self.look();
    }
}

#[test]
fn nobody_is_called_under_the_lock() {
    let deliver = Arc::new(Curious(OnceLock::new()));
    let options = Options {
        spin: Duration::ZERO,
        max_running: usize::MAX,
        max_tasks: u64::MAX,
        lanes: Lanes::new(1),
        order: QueueOrder::Fifo,
    };
    let pool = Pool::new(deliver.clone(), options);
    assert!(deliver.0.set(Arc::downgrade(&pool)).is_ok());
    let curious = || Arc::new(Curious(Arc::downgrade(&pool).into()));
    let attach = || {
        let worker = pool.add_workers();
        assert!(pool.attach(worker, curious()));
        let _ = pool.take(worker, &mut Task::default());
        worker
    };
    let [first, second] = [attach(), attach()];
    pool.submit((0..4).map(task));
    assert!(take(&pool, second).is_some() && take(&pool, first).is_some());
    assert_eq!(finish(&pool, first), Finished::Delivered);
    assert!(take(&pool, first).is_some());
    assert_eq!(pool.cancel(&[0])[0], Cancelled::Running(second));
    assert_eq!(pool.remove_worker(first), Some(2));
    assert_eq!(pool.remove_worker(second), None);
    assert!(!pool.attach(99, curious()));
    attach();
    pool.close();
}
