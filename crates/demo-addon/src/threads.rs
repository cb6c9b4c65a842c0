//! Eight threads that the tests and the benchmark use, and that stay.

use crossbeam_channel::{unbounded, Sender};
use std::sync::LazyLock;

type Job = Box<dyn FnOnce() + Send>;

const THREADS: usize = 8;

static QUEUE: LazyLock<Sender<Job>> = LazyLock::new(|| {
    let (sender, receiver) = unbounded::<Job>();
    for _ in 0..THREADS {
        let receiver = receiver.clone();
        std::thread::spawn(move || receiver.iter().for_each(|job| job()));
    }
    sender
});

/// Runs a job on one of the threads.
pub(crate) fn submit(job: impl FnOnce() + Send + 'static) {
    // The threads live as long as the process, and so does their receiver.
    let _ = QUEUE.send(Box::new(job));
}
