//! Models for the checker loom, which tries every order of what the threads do: see `ci/loom.sh`.

use super::{Release, Releases, Slots};
use loom::sync::atomic::{AtomicUsize, Ordering};
use loom::thread;
use std::sync::Arc;

/// An environment: its table, and the wakes that are under way to it.
struct Model {
    releases: Releases,
    wakes: AtomicUsize,
}

impl Model {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            releases: Releases::new(),
            wakes: AtomicUsize::new(0),
        })
    }

    /// A token is dropped.
    fn drop_token(&self, index: u32) {
        if self.releases.release(index) == Release::Wake {
            self.wakes.fetch_add(1, Ordering::AcqRel);
        }
    }

    /// The JavaScript thread takes a wake that is under way, if there is one.
    fn turn(&self, slots: &mut Slots<u32>) -> bool {
        if self.wakes.load(Ordering::Acquire) == 0 {
            return false;
        }
        self.wakes.fetch_sub(1, Ordering::AcqRel);
        free(slots, self.releases.arrive());
        true
    }
}

/// Frees slots, each of which must be in use.
fn free(slots: &mut Slots<u32>, indices: Vec<u32>) {
    for index in indices {
        let handle = slots.remove(index).expect("an index is given up once");
        assert_eq!(handle, index + 100, "nobody else's handle is freed");
    }
}

fn slots_with(count: u32) -> Slots<u32> {
    let mut slots = Slots::new();
    for index in 0..count {
        assert_eq!(slots.insert(index + 100), Ok(index));
    }
    slots
}

#[test]
fn every_index_is_freed_by_a_wake_that_is_under_way() {
    loom::model(|| {
        let model = Model::new();
        let mut slots = slots_with(3);
        let others = [vec![0, 1], vec![2]].map(|indices| {
            let model = Arc::clone(&model);
            thread::spawn(move || indices.into_iter().for_each(|i| model.drop_token(i)))
        });
        model.turn(&mut slots); // a wake may arrive before the last release
        for other in others {
            other.join().expect("the thread ends");
        }
        while model.turn(&mut slots) {}
        assert_eq!(slots.drain(), [], "nothing waits without a wake");
    });
}

#[test]
fn a_capture_takes_what_waits_and_uses_its_slot_again() {
    loom::model(|| {
        let model = Model::new();
        let mut slots = slots_with(1);
        let other = {
            let model = Arc::clone(&model);
            thread::spawn(move || model.drop_token(0))
        };
        // As Environment::capture: what waits is freed before the table grows.
        free(&mut slots, model.releases.take(Vec::new()));
        let grew = slots.is_full();
        let index = slots.insert(if grew { 101 } else { 100 }).expect("a slot");
        assert_eq!(index, u32::from(grew));
        other.join().expect("the thread ends");
        model.drop_token(index);
        while model.turn(&mut slots) {}
        assert_eq!(slots.drain(), []);
    });
}

#[test]
fn the_end_of_the_environment_frees_each_slot_once() {
    loom::model(|| {
        let model = Model::new();
        let mut slots = slots_with(2);
        let other = {
            let model = Arc::clone(&model);
            thread::spawn(move || {
                model.drop_token(0);
                model.drop_token(1);
            })
        };
        model.turn(&mut slots);
        model.releases.end();
        let _ = slots.drain();
        other.join().expect("the thread ends");
        // A wake that was under way is delivered to an environment that keeps nothing.
        while model.turn(&mut slots) {}
        assert_eq!(model.releases.take(Vec::new()), []);
    });
}
