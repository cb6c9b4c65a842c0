//! The orders, one by one and against a model.

use super::{Entry, Queue, QueueOrder, Waiting, STALE_BEFORE_PURGE};
use crate::pool::TaskId;
use std::cmp::Reverse;
use std::collections::HashSet;

fn entry(id: TaskId) -> Entry {
    Entry { id, generation: 0 }
}

fn push(queue: &mut Queue, priority: i32, ids: impl IntoIterator<Item = TaskId>) {
    for id in ids {
        queue.push(priority, 0.0, entry(id));
    }
}

fn pop_all(queue: &mut Queue, is_live: impl Fn(Entry) -> bool) -> Vec<TaskId> {
    std::iter::from_fn(|| queue.pop(&is_live))
        .map(|entry| entry.id)
        .collect()
}

#[test]
fn equals_leave_in_the_order_they_came() {
    let mut queue = Queue::new(QueueOrder::Fifo);
    push(&mut queue, 0, 0..5);
    assert_eq!(queue.len(), 5);
    assert_eq!(pop_all(&mut queue, |_| true), [0, 1, 2, 3, 4]);
    assert_eq!(queue.len(), 0);
}

#[test]
fn higher_priority_leaves_first() {
    let mut queue = Queue::new(QueueOrder::Fifo);
    push(&mut queue, 0, [1, 2]);
    push(&mut queue, -100, [3]);
    push(&mut queue, 100, [4, 5]);
    push(&mut queue, 7, [6]);
    push(&mut queue, 0, [7]);
    assert_eq!(pop_all(&mut queue, |_| true), [4, 5, 6, 1, 2, 7, 3]);
}

#[test]
fn lengths_count_what_is_live_at_each_priority() {
    let mut queue = Queue::new(QueueOrder::Fifo);
    let waiting = |priority, tasks| Waiting { priority, tasks };
    assert_eq!(queue.lengths(|_| true), []);
    push(&mut queue, -5, [1]);
    push(&mut queue, 5, [2, 3, 4]);
    assert_eq!(queue.lengths(|_| true), [waiting(5, 3), waiting(-5, 1)]);
    let is_live = |entry: Entry| entry.id > 2;
    queue.forget_one(is_live);
    queue.forget_one(is_live);
    assert_eq!(queue.lengths(is_live), [waiting(5, 2)]);
}

#[test]
fn an_emptied_level_is_dropped_and_may_return() {
    let mut queue = Queue::new(QueueOrder::Fifo);
    push(&mut queue, 5, [1]);
    push(&mut queue, -5, [2]);
    assert_eq!(pop_all(&mut queue, |_| true), [1, 2]);
    assert_eq!(queue.levels.len(), 1);
    push(&mut queue, 5, [3]);
    assert_eq!(pop_all(&mut queue, |_| true), [3]);
}

#[test]
fn stale_entries_are_skipped() {
    let mut queue = Queue::new(QueueOrder::Fifo);
    push(&mut queue, 0, 0..6);
    let odd = |entry: Entry| entry.id % 2 == 1;
    for _ in 0..3 {
        queue.forget_one(odd);
    }
    assert_eq!(queue.len(), 3);
    assert_eq!(pop_all(&mut queue, odd), [1, 3, 5]);
    assert_eq!((queue.live, queue.stale), (0, 0));
}

#[test]
fn stale_entries_are_purged_when_they_outnumber_the_others() {
    let mut queue = Queue::new(QueueOrder::Fifo);
    let kept = 10;
    let forgotten = TaskId::try_from(STALE_BEFORE_PURGE).expect("it is small") + 1;
    push(&mut queue, 0, 0..kept);
    push(&mut queue, 3, kept..kept + forgotten);
    for _ in 0..forgotten {
        queue.forget_one(|entry| entry.id < kept);
    }
    assert_eq!((queue.live, queue.stale), (10, 0));
    assert_eq!(queue.levels.len(), 1);
    assert_eq!(queue.levels[0].entries.len(), 10);
}

fn ranked(ranks: impl IntoIterator<Item = f64>) -> Queue {
    let mut queue = Queue::new(QueueOrder::Ranked);
    for (id, rank) in (0..).zip(ranks) {
        queue.push(0, rank, entry(id));
    }
    queue
}

#[test]
fn the_last_one_may_leave_first() {
    let mut queue = Queue::new(QueueOrder::Lifo);
    push(&mut queue, 0, 0..3);
    push(&mut queue, 5, 3..5);
    assert_eq!(
        queue.first(|_| true).map(|first| first.entry),
        Some(entry(4))
    );
    assert_eq!(queue.pop(|_| true), Some(entry(4)));
    push(&mut queue, 5, 5..6);
    assert_eq!(pop_all(&mut queue, |_| true), [5, 3, 2, 1, 0]);
}

#[test]
fn the_lowest_rank_leaves_first() {
    let ranks = [3.0, f64::MIN, -0.5, f64::MAX, 1e-300, -7.0, 3.0];
    assert_eq!(pop_all(&mut ranked(ranks), |_| true), [1, 5, 2, 4, 0, 6, 3]);
}

#[test]
fn equal_ranks_leave_in_the_order_they_came() {
    let equal = (0..50).map(|id| if id % 2 == 0 { 0.0 } else { -0.0 });
    let order: Vec<_> = (0..50).collect();
    assert_eq!(pop_all(&mut ranked(equal), |_| true), order);
}

#[test]
fn a_priority_comes_before_every_rank() {
    let mut queue = ranked([-1.0]);
    queue.push(1, f64::MAX, entry(1));
    queue.push(-1, f64::MIN, entry(2));
    assert_eq!(pop_all(&mut queue, |_| true), [1, 0, 2]);
}

#[test]
fn who_comes_late_has_the_place_of_its_submission() {
    let mut queue = Queue::new(QueueOrder::Ranked);
    let (same, higher) = (queue.standing(5.0), queue.standing(9.0));
    queue.push(0, 5.0, entry(2));
    queue.put(0, higher, entry(1));
    queue.put(0, same, entry(0));
    let first = queue.first(|_| true).expect("three wait");
    assert_eq!((first.entry, first.standing), (entry(0), Some(same)));
    assert_eq!(pop_all(&mut queue, |_| true), [0, 2, 1]);
}

#[test]
fn what_was_taken_out_leaves_an_empty_queue_of_the_same_order() {
    let mut queue = ranked([2.0, 1.0]);
    assert_eq!(queue.take().len(), 2);
    assert_eq!(queue.len(), 0);
    queue.push(0, 2.0, entry(5));
    queue.push(0, 1.0, entry(6));
    assert_eq!(pop_all(&mut queue, |_| true), [6, 5]);
}

/// Numbers that look random, and are the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// Pushes, cancels and pops at random: what leaves is what the same steps leave of a sorted list.
#[test]
fn every_order_is_that_of_a_sorted_list() {
    for order in [QueueOrder::Fifo, QueueOrder::Lifo, QueueOrder::Ranked] {
        for seed in 1..=10 {
            compare_with_list(order, &mut Random(seed));
        }
    }
}

fn compare_with_list(order: QueueOrder, random: &mut Random) {
    let mut queue = Queue::new(order);
    // Those that wait, the next one last: by priority, rank, and the number of the submission.
    let mut list: Vec<(i32, Reverse<i32>, Reverse<i32>, TaskId)> = Vec::new();
    let mut live = HashSet::new();
    for number in 0..3_000 {
        let id = TaskId::try_from(number).expect("it is small");
        // Two phases in turn: the queue grows, and is emptied.
        let pushes = if number / 300 % 2 == 0 { 60 } else { 25 };
        match random.below(100) {
            roll if roll < pushes => {
                let priority = i32::try_from(random.below(3)).expect("it is small") - 1;
                let rank = i32::try_from(random.below(20)).expect("it is small") - 10;
                queue.push(priority, f64::from(rank), entry(id));
                let (rank, number) = match order {
                    QueueOrder::Fifo => (0, number),
                    QueueOrder::Lifo => (0, -number),
                    QueueOrder::Ranked => (rank, number),
                };
                let place = (priority, Reverse(rank), Reverse(number), id);
                list.insert(list.partition_point(|other| *other < place), place);
                live.insert(id);
            }
            roll if roll < pushes + 20 && !list.is_empty() => {
                let length = u64::try_from(list.len()).expect("it is small");
                let at = usize::try_from(random.below(length)).expect("it is small");
                live.remove(&list.remove(at).3);
                queue.forget_one(|entry| live.contains(&entry.id));
            }
            _ => {
                let next = list.pop();
                let is_live = |entry: Entry| live.contains(&entry.id);
                let first = queue
                    .first(is_live)
                    .map(|first| (first.priority, first.entry));
                let expected = next.map(|(priority, .., id)| (priority, entry(id)));
                assert_eq!(first, expected);
                assert_eq!(queue.pop(is_live), expected.map(|(_, entry)| entry));
                if let Some((.., id)) = next {
                    live.remove(&id);
                }
            }
        }
        assert_eq!(queue.len(), list.len());
    }
    let rest: Vec<_> = list.iter().rev().map(|&(.., id)| id).collect();
    assert_eq!(pop_all(&mut queue, |entry| live.contains(&entry.id)), rest);
}
