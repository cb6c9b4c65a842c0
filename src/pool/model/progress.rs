//! Models of progress: it comes before what settles its task, and none after a cancel.

use super::{attached, check, drain, pool};
use crate::pool::testing::task;
use crate::pool::{Cancelled, Finished, Status, Taken, Task};
use crate::sync::Arc;
use crate::transport::Message;
use loom::thread;
use std::time::Duration;

#[test]
fn progress_precedes_the_result_however_the_submitter_looks() {
    check(|| {
        let (pool, deliver) = pool(Duration::ZERO);
        let (worker, _) = attached(&pool);
        pool.submit([task(0)]);
        let running = Arc::clone(&pool);
        let running = thread::spawn(move || {
            assert!(matches!(
                running.take(worker, &mut Task::default()),
                Taken::Task
            ));
            for number in 0..2 {
                assert!(running.progress(worker, Message::new(&[number])));
            }
            let finished = running.finish(worker, Status::Result, Message::empty());
            assert_eq!(finished, Finished::Delivered);
        });
        let entries = drain(&pool, &deliver, 3);
        let told: Vec<_> = entries
            .iter()
            .map(|entry| (entry.status, entry.message.bytes().to_vec()))
            .collect();
        let expected = [
            (Status::Progress, vec![0]),
            (Status::Progress, vec![1]),
            (Status::Result, vec![]),
        ];
        assert_eq!(told, expected);
        running.join().unwrap();
    });
}

#[test]
fn no_progress_enters_the_stream_after_a_cancel() {
    check(|| {
        let (pool, _) = pool(Duration::ZERO);
        let (worker, _) = attached(&pool);
        pool.submit([task(0)]);
        assert!(matches!(
            pool.take(worker, &mut Task::default()),
            Taken::Task
        ));
        let running = Arc::clone(&pool);
        let running = thread::spawn(move || {
            let told = running.progress(worker, Message::empty());
            // Once it is cancelled it stays so.
            assert!(told || !running.is_running(worker));
        });
        assert_eq!(pool.cancel(&[0])[0], Cancelled::Running(worker));
        let mut before = Vec::new();
        pool.drain(&mut before);
        running.join().unwrap();
        let mut after = Vec::new();
        pool.drain(&mut after);
        assert!(before.len() <= 1 && after.is_empty());
    });
}
