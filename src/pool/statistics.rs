//! How many tasks wait and run, and how long they did.

use super::WorkerId;
use hdrhistogram::Histogram;

/// Two significant digits keep every value within 1 %, and a histogram at about 40 KB.
const DIGITS: u8 = 2;

/// One hour, in nanoseconds. A longer time is recorded as this. The model checker makes pools by
/// the hundred thousand, so its histograms are small.
const LONGEST: u64 = if cfg!(async_hooks_rs_loom) {
    1_000
} else {
    3_600_000_000_000
};

/// How many times are recorded at once.
const BATCH: usize = 32;

const NANOSECONDS_PER_MILLISECOND: f64 = 1e6;

/// A time in milliseconds.
#[expect(
    clippy::cast_precision_loss,
    reason = "2^53 nanoseconds are more than three months; beyond, a microsecond is no matter"
)]
pub(super) fn in_milliseconds(nanoseconds: u64) -> f64 {
    nanoseconds as f64 / NANOSECONDS_PER_MILLISECOND
}

/// A distribution of times that still grows, in nanoseconds.
#[derive(Debug, Clone)]
pub(super) struct Times {
    histogram: Histogram<u64>,
    /// What is not in the histogram yet. To record a time waits for memory that is in no near
    /// cache; several at once wait together.
    recent: [u64; BATCH],
    /// How many of them there are.
    count: usize,
}

impl Times {
    pub(super) fn new() -> Self {
        let histogram = Histogram::new_with_bounds(1, LONGEST, DIGITS);
        Self {
            histogram: histogram.expect("the bounds and digits are within the library's limits"),
            recent: [0; BATCH],
            count: 0,
        }
    }

    /// Records a time, in nanoseconds.
    pub(super) fn record(&mut self, nanoseconds: u64) {
        self.recent[self.count] = nanoseconds;
        self.count += 1;
        if self.count == BATCH {
            self.flush();
        }
    }

    fn flush(&mut self) {
        for nanoseconds in &self.recent[..std::mem::take(&mut self.count)] {
            self.histogram.saturating_record(*nanoseconds);
        }
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "the longest time, one hour, is below 2^53 nanoseconds"
    )]
    pub(super) fn summary(mut self) -> Summary {
        self.flush();
        let times = self.histogram;
        if times.is_empty() {
            return Summary::default();
        }
        let at = |quantile| times.value_at_quantile(quantile) as f64 / NANOSECONDS_PER_MILLISECOND;
        Summary {
            count: times.len(),
            min: at(0.0),
            max: at(1.0),
            mean: times.mean() / NANOSECONDS_PER_MILLISECOND,
            stddev: times.stdev() / NANOSECONDS_PER_MILLISECOND,
            p50: at(0.5),
            p90: at(0.9),
            p99: at(0.99),
            p999: at(0.999),
        }
    }
}

/// The pool at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Statistics {
    /// Tasks that wait.
    pub(crate) waiting: usize,
    /// Workers that could run one of these now, if there were as many.
    pub(crate) wanted: usize,
    /// Tasks that a worker runs.
    pub(crate) running: usize,
    /// Workers that have yet to end a task which was aborted.
    pub(crate) aborted: usize,
    /// How many of these two are workers of threads that leave.
    pub(crate) leaving: usize,
}

/// A thread at one moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ThreadStatistics {
    /// Its first worker.
    pub(crate) worker: WorkerId,
    /// How many tasks it runs, some of which may be settled already: they were aborted.
    pub(crate) running: usize,
    /// Tasks that it has taken and that have ended.
    pub(crate) tasks: u64,
    /// For how long it has run tasks, with the present ones, in milliseconds: the sum of what its
    /// workers have. Those that were aborted do not count.
    pub(crate) busy: f64,
}

/// How many tasks of one priority wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Waiting {
    /// The priority.
    pub(crate) priority: i32,
    /// How many, at least one.
    pub(crate) tasks: usize,
}

/// The parts of the pool at one moment.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Details {
    /// The priorities of which tasks wait, the highest first.
    pub(crate) queue: Vec<Waiting>,
    /// All threads.
    pub(crate) threads: Vec<ThreadStatistics>,
}

/// A distribution of times, in milliseconds. Every field is zero if nothing was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Summary {
    /// How many times were recorded.
    pub(crate) count: u64,
    /// The shortest.
    pub(crate) min: f64,
    /// The longest.
    pub(crate) max: f64,
    /// The average.
    pub(crate) mean: f64,
    /// The standard deviation.
    pub(crate) stddev: f64,
    /// The median.
    pub(crate) p50: f64,
    /// The 90th percentile.
    pub(crate) p90: f64,
    /// The 99th percentile.
    pub(crate) p99: f64,
    /// The 99.9th percentile.
    pub(crate) p999: f64,
}

#[cfg(test)]
mod tests {
    use super::{Summary, Times, LONGEST};

    fn near(actual: f64, expected: f64) -> bool {
        (actual - expected).abs() <= expected * 0.01
    }

    #[test]
    fn nothing_recorded_is_all_zero() {
        assert_eq!(Times::new().summary(), Summary::default());
    }

    #[test]
    fn a_summary_is_in_milliseconds() {
        let mut times = Times::new();
        for milliseconds in 1..=1000 {
            times.record(milliseconds * 1_000_000);
        }
        let summary = times.summary();
        assert_eq!(summary.count, 1000);
        for (actual, expected) in [
            (summary.min, 1.0),
            (summary.p50, 500.0),
            (summary.mean, 500.5),
            (summary.p90, 900.0),
            (summary.p99, 990.0),
            (summary.p999, 999.0),
            (summary.max, 1000.0),
            (summary.stddev, 288.7),
        ] {
            assert!(near(actual, expected), "{actual} instead of {expected}");
        }
    }

    #[test]
    fn no_time_and_absurd_lengths_are_recorded() {
        let mut times = Times::new();
        times.record(0);
        times.record(24 * LONGEST);
        let summary = times.summary();
        assert_eq!(summary.count, 2);
        assert!(summary.min.abs() < f64::EPSILON);
        assert!(near(summary.max, 3_600_000.0));
    }
}
