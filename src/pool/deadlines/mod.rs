//! The timeouts of running tasks: one timer for the whole process, one sleeper for each pool.
//!
//! A worker runs one task at a time, so a pool has at most as many deadlines as workers. They live
//! with the workers, and the walk to the earliest is short. Only a deadline before the one it
//! sleeps for disturbs the sleeper: with equal timeouts none does.

use super::outcome::Alarm;
use super::{Moment, Pool};
use crate::error::Error;
use crate::sync::process::Mutex;
use crate::sync::{Arc, Weak};
use std::future::pending;
use std::thread;
use std::time::Instant;
use tokio::runtime::{Builder, Handle};
use tokio::sync::Notify;
use tokio::time::timeout_at;

/// A pool's part of the timer.
#[derive(Default)]
pub(super) struct Deadlines {
    /// Tells the sleeper to look again. It keeps one call that comes while the sleeper is awake.
    changed: Arc<Notify>,
    /// Whether the sleeper has been started.
    started: Mutex<bool>,
}

impl Deadlines {
    /// Starts this pool's sleeper, and before it the process's timer, unless they run.
    pub(super) fn start(&self, pool: Weak<Pool>) -> Result<(), Error> {
        if cfg!(async_hooks_rs_loom) {
            // A model calls `expire_due` itself: loom's types work only on loom's threads.
            return Ok(());
        }
        let mut started = self.started.lock();
        if !*started {
            timer()?.spawn(sleep(pool, Arc::clone(&self.changed)));
            *started = true;
        }
        drop(started);
        Ok(())
    }

    /// The earliest deadline is earlier than before, or the pool has ended.
    pub(super) fn changed(&self) {
        self.changed.notify_one();
    }
}

/// The timer: a thread that sleeps until the next deadline of any pool. It lives as long as the
/// process.
fn timer() -> Result<Handle, Error> {
    static TIMER: Mutex<Option<Handle>> = Mutex::new(None);
    let mut timer = TIMER.lock();
    if let Some(handle) = timer.as_ref() {
        return Ok(handle.clone());
    }
    let runtime = Builder::new_current_thread()
        .enable_time()
        .build()
        .map_err(|_| Error::ThreadNotStarted)?;
    let handle = runtime.handle().clone();
    thread::Builder::new()
        .name("async-hooks-rs-timer".into())
        .spawn(move || runtime.block_on(pending::<()>()))
        .map_err(|_| Error::ThreadNotStarted)?;
    Ok(timer.insert(handle).clone())
}

/// Sleeps from deadline to deadline, without keeping the pool alive.
async fn sleep(pool: Weak<Pool>, changed: Arc<Notify>) {
    loop {
        let look = |pool: Arc<Pool>| pool.expire_due(Moment::now());
        match pool.upgrade().map_or(Alarm::Never, look) {
            Alarm::At(deadline) => {
                // Both outcomes mean that it is time to look.
                let _ = timeout_at(Instant::from(deadline).into(), changed.notified()).await;
            }
            Alarm::None => changed.notified().await,
            Alarm::Never => return,
        }
    }
}

#[cfg(test)]
mod tests;
