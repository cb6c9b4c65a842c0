//! Moments: what the pool notes of time.

use std::num::NonZeroU64;
use std::ops::Add;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// When the first moment was taken.
static FIRST: LazyLock<Instant> = LazyLock::new(Instant::now);

const NANOSECONDS_PER_SECOND: u64 = 1_000_000_000;

/// A moment, in nanoseconds since shortly before the first one: it lasts for 584 years.
///
/// A task takes some of them and asks for the time between each two. That is one subtraction here,
/// and a call of the standard library with an [`Instant`], which is twice as large.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(NonZeroU64);

impl Moment {
    /// The present one.
    pub(crate) fn now() -> Self {
        let first = *FIRST;
        Self(NonZeroU64::MIN.saturating_add(in_nanoseconds(first.elapsed())))
    }

    /// The time since an earlier one, in nanoseconds. Zero if `before` is the later one, which
    /// happens when two threads took them.
    pub(super) const fn nanoseconds_since(self, before: Self) -> u64 {
        self.0.get().saturating_sub(before.0.get())
    }

    /// The same time.
    pub(super) const fn since(self, before: Self) -> Duration {
        Duration::from_nanos(self.nanoseconds_since(before))
    }
}

const fn in_nanoseconds(time: Duration) -> u64 {
    let seconds = time.as_secs().saturating_mul(NANOSECONDS_PER_SECOND);
    seconds.saturating_add(time.subsec_nanos() as u64)
}

impl Add<Duration> for Moment {
    type Output = Self;

    fn add(self, time: Duration) -> Self {
        Self(self.0.saturating_add(in_nanoseconds(time)))
    }
}

impl From<Moment> for Instant {
    fn from(moment: Moment) -> Self {
        *FIRST + Duration::from_nanos(moment.0.get() - NonZeroU64::MIN.get())
    }
}

#[cfg(test)]
mod tests {
    use super::Moment;
    use std::time::{Duration, Instant};

    #[test]
    fn time_passes() {
        let start = Moment::now();
        let span = Duration::new(3, 7);
        assert_eq!((start + span).since(start), span);
        assert_eq!((start + span).nanoseconds_since(start), 3_000_000_007);
        assert!(Moment::now() >= start);
        assert!(start + span > start);
    }

    #[test]
    fn the_time_since_a_later_moment_is_zero() {
        let now = Moment::now();
        assert_eq!(now.nanoseconds_since(now + Duration::MAX), 0);
    }

    #[test]
    fn it_is_the_clock_of_the_standard_library() {
        let before = Instant::now();
        let moment = Moment::now();
        let after = Instant::now();
        assert!((before..=after).contains(&moment.into()));
    }

    #[test]
    fn an_optional_moment_is_no_larger() {
        assert_eq!(size_of::<Option<Moment>>(), size_of::<u64>());
    }
}
