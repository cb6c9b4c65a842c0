//! The session of the process: one analysis thread, for all its JavaScript threads.

mod clerk;

use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::Arc;
use std::time::Duration;
use std::{io, thread};

use crossbeam_channel::bounded;
use parking_lot::Mutex;

use crate::events::queue::{Message, Queue, Wanted};
use crate::events::Batch;
use crate::report::Settings;
use clerk::Clerk;

/// How long an answer is waited for. The queue is bounded, so this is reached only by a process
/// whose other threads do not let the analysis run.
const PATIENCE: Duration = Duration::from_secs(60);

/// The session of this process.
static SESSION: Mutex<Option<Arc<Session>>> = Mutex::new(None);

/// A session.
#[derive(Debug)]
pub(crate) struct Session {
    queue: Arc<Queue>,
    starts: AtomicU32,
    threads: AtomicU32,
}

/// Begins the session of the process, or joins it: how often that was done.
pub(crate) fn start(settings: Settings) -> io::Result<u32> {
    let mut current = SESSION.lock();
    let session = match &*current {
        Some(session) => Arc::clone(session),
        None => Session::new(settings)?,
    };
    let starts = session.starts.fetch_add(1, Ordering::Relaxed) + 1;
    *current = Some(session);
    drop(current);
    Ok(starts)
}

/// The session of the process, if it has begun.
pub(crate) fn current() -> Option<Arc<Session>> {
    SESSION.lock().clone()
}

impl Session {
    /// A session with a thread of its own, which lasts as long as the process.
    fn new(settings: Settings) -> io::Result<Arc<Self>> {
        let queue = Arc::new(Queue::new(settings.buffers));
        // Here, and not on its thread: the first line of the file must be there even when the
        // program ends at once.
        let clerk = Clerk::new(settings);
        let session = Self {
            queue: Arc::clone(&queue),
            starts: AtomicU32::new(0),
            threads: AtomicU32::new(0),
        };
        thread::Builder::new()
            .name("async-hooks-rs-trace".to_owned())
            .spawn(move || analyse(&queue, clerk))?;
        Ok(Arc::new(session))
    }

    /// A JavaScript thread begins: its number.
    pub(crate) fn attach(&self) -> u32 {
        let thread = self.threads.fetch_add(1, Ordering::Relaxed);
        self.queue.push(Message::Thread {
            thread,
            begun: true,
        });
        thread
    }

    /// A JavaScript thread ends.
    pub(crate) fn detach(&self, thread: u32) {
        self.queue.push(Message::Thread {
            thread,
            begun: false,
        });
    }

    /// A JavaScript thread hands over its events.
    pub(crate) fn hand(&self, batch: Batch) {
        self.queue.push(Message::Events(batch));
    }

    /// A JavaScript thread has found something out.
    pub(crate) fn evidence(&self, thread: u32, json: String) {
        self.queue.push(Message::Evidence { thread, json });
    }

    /// The answer to `wanted`, of all that was handed over before; nothing if it does not come.
    pub(crate) fn ask(&self, thread: u32, wanted: Wanted) -> Option<String> {
        let (reply, answer) = bounded(1);
        self.queue.push(Message::Question {
            thread,
            wanted,
            reply,
        });
        answer.recv_timeout(PATIENCE).ok()
    }
}

/// What the analysis thread does.
fn analyse(queue: &Queue, mut clerk: Clerk) {
    loop {
        queue.take(&mut |message| {
            // A panic is an error of the analysis, and must not end it: threads wait for answers.
            let outcome = catch_unwind(AssertUnwindSafe(|| clerk.handle(message, queue)));
            if outcome.is_err() {
                clerk.failed();
            }
        });
    }
}
