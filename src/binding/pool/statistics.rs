//! The counters and times of a pool, as JavaScript gets them.

use crate::pool::{Details, Statistics, Summary, ThreadStatistics, Waiting};
use napi_derive::napi;

/// Counters of a pool.
#[napi(object)]
pub struct PoolStatistics {
    /// Tasks that wait.
    pub waiting: u32,
    /// Workers that could run one of these now, if there were as many.
    pub wanted: u32,
    /// Tasks that a worker runs.
    pub running: u32,
    /// Workers that have yet to end a task which was aborted.
    pub aborted: u32,
    /// How many of these two are workers of threads that leave.
    pub leaving: u32,
}

/// How many tasks of one priority wait.
#[napi(object)]
pub struct QueueLength {
    /// The priority.
    pub priority: i32,
    /// How many, at least one.
    pub waiting: u32,
}

/// A thread at one moment.
#[napi(object)]
pub struct ThreadDetails {
    /// The number of its first worker.
    pub worker_id: u32,
    /// How many tasks it runs.
    pub running: u32,
    /// Tasks that it has taken and that have ended.
    pub tasks: f64,
    /// For how long its workers have run tasks, with the present ones, in milliseconds.
    pub busy: f64,
}

/// The parts of a pool at one moment.
#[napi(object)]
pub struct PoolDetails {
    /// The priorities of which tasks wait, the highest first.
    pub queue: Vec<QueueLength>,
    /// All threads.
    pub threads: Vec<ThreadDetails>,
}

/// A distribution of times, in milliseconds.
#[napi(object)]
pub struct TimeSummary {
    /// How many there are; the rest is zero if there are none.
    pub count: f64,
    /// The smallest.
    pub min: f64,
    /// The largest.
    pub max: f64,
    /// The average.
    pub mean: f64,
    /// The standard deviation.
    pub stddev: f64,
    /// The median.
    pub p50: f64,
    /// Nine of ten are not above it.
    pub p90: f64,
    /// 99 of 100 are not above it.
    pub p99: f64,
    /// 999 of 1,000 are not above it.
    pub p999: f64,
}

/// The times of a pool's tasks.
#[napi(object)]
pub struct PoolHistogram {
    /// From submission to the start.
    pub wait_time: TimeSummary,
    /// From the start to the end.
    pub run_time: TimeSummary,
}

fn count(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

impl From<Statistics> for PoolStatistics {
    fn from(
        Statistics {
            waiting,
            wanted,
            running,
            aborted,
            leaving,
        }: Statistics,
    ) -> Self {
        Self {
            waiting: count(waiting),
            wanted: count(wanted),
            running: count(running),
            aborted: count(aborted),
            leaving: count(leaving),
        }
    }
}

impl From<Waiting> for QueueLength {
    fn from(Waiting { priority, tasks }: Waiting) -> Self {
        Self {
            priority,
            waiting: count(tasks),
        }
    }
}

impl From<ThreadStatistics> for ThreadDetails {
    #[expect(
        clippy::cast_precision_loss,
        reason = "a thread runs fewer than 2^53 tasks"
    )]
    fn from(statistics: ThreadStatistics) -> Self {
        Self {
            worker_id: statistics.worker,
            running: count(statistics.running),
            tasks: statistics.tasks as f64,
            busy: statistics.busy,
        }
    }
}

impl From<Details> for PoolDetails {
    fn from(Details { queue, threads }: Details) -> Self {
        Self {
            queue: queue.into_iter().map(QueueLength::from).collect(),
            threads: threads.into_iter().map(ThreadDetails::from).collect(),
        }
    }
}

impl From<Summary> for TimeSummary {
    #[expect(
        clippy::cast_precision_loss,
        reason = "a pool runs fewer than 2^53 tasks"
    )]
    fn from(summary: Summary) -> Self {
        Self {
            count: summary.count as f64,
            min: summary.min,
            max: summary.max,
            mean: summary.mean,
            stddev: summary.stddev,
            p50: summary.p50,
            p90: summary.p90,
            p99: summary.p99,
            p999: summary.p999,
        }
    }
}
