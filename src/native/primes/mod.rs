//! `{ native: 'primes' }`: counts the primes up to `task.limit`.

use super::{Processor, Run, TaskError};
use crate::value::{OutOfMemory, Value};

/// The largest limit. The primes up to its square root take 0.6 MB.
const LARGEST: u64 = 1_000_000_000_000;

/// How many odd numbers are sieved at once, one byte each: what the caches of a core hold.
const SEGMENT: usize = 128 * 1024;

/// Progress is reported when so much of the limit is done since the last report: one part of these.
const PARTS: u64 = 100;

/// Or so many numbers, which takes some tenths of a second: a part of a large limit takes minutes.
const NUMBERS: u64 = 256 * 2 * SEGMENT as u64;

/// Counts primes.
pub(super) struct Primes;

impl Processor for Primes {
    fn name(&self) -> &'static str {
        "primes"
    }

    fn run(&self, task: &Value, run: &Run<'_>) -> Result<Value, TaskError> {
        count(limit_of(task)?, run)
    }
}

fn limit_of(task: &Value) -> Result<u64, TaskError> {
    let Value::Object(object) = task else {
        let received = task.kind();
        return Err(TaskError::refused(format!(
            "the native processor 'primes' expected an object with the key limit, received \
             {received}"
        )));
    };
    match object.get("limit").unwrap_or(&Value::Undefined) {
        &Value::Number(limit) => whole(limit).ok_or_else(|| {
            TaskError::refused(format!(
                "the native processor 'primes' expected limit to be an integer >= 0 and <= \
                 {LARGEST}, received {limit}"
            ))
        }),
        other => Err(TaskError::refused(format!(
            "the native processor 'primes' expected limit to be a number, received {}",
            other.kind()
        ))),
    }
}

/// The number as a limit. None if it is no whole one, or out of range.
fn whole(number: f64) -> Option<u64> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number of the range"
    )]
    let limit = number as u64;
    ((0.0..=exact(LARGEST)).contains(&number) && number.fract() == 0.0).then_some(limit)
}

/// A number that a double has exactly: all up to [`LARGEST`] are such.
#[expect(clippy::cast_precision_loss, reason = "none below 2^53")]
const fn exact(number: u64) -> f64 {
    number as f64
}

/// An odd prime and its next odd multiple that has not been struck out.
struct Striking {
    prime: u64,
    multiple: u64,
}

/// The sieve of Eratosthenes, segment by segment. Tells progress as a fraction, up to 1.
fn count(limit: u64, run: &Run<'_>) -> Result<Value, TaskError> {
    let mut striking = odd_primes(limit.isqrt())?;
    let mut composite = Vec::new();
    composite
        .try_reserve_exact(SEGMENT)
        .map_err(|_| OutOfMemory)?;
    let mut primes: u64 = (limit >= 2).into(); // 2 itself
    let mut reported = 0; // the number up to which all was done
    let mut start = 3;
    while start <= limit {
        if run.is_cancelled() {
            return Ok(Value::Undefined); // nobody hears of it
        }
        let odds =
            usize::try_from((limit - start) / 2 + 1).map_or(SEGMENT, |odds| odds.min(SEGMENT));
        let end = start + 2 * odds as u64; // behind the segment
        composite.clear();
        composite.resize(odds, false);
        for Striking { prime, multiple } in &mut striking {
            if *prime * *prime >= end {
                break;
            }
            while *multiple < end {
                composite[offset(start, *multiple)] = true;
                *multiple += 2 * *prime;
            }
        }
        primes += composite.iter().filter(|&&struck| !struck).count() as u64;
        start = end;
        let done = start - 1;
        if done < limit && done - reported >= NUMBERS.min(limit / PARTS) {
            reported = done;
            run.progress(&Value::Number(exact(done) / exact(limit)))?;
        }
    }
    run.progress(&Value::Number(1.0))?;
    Ok(Value::Number(exact(primes)))
}

/// Where an odd number lies in the segment that begins at `start`.
const fn offset(start: u64, odd: u64) -> usize {
    ((odd - start) / 2) as usize
}

/// The odd primes up to `largest`, which is small, each with its square.
fn odd_primes(largest: u64) -> Result<Vec<Striking>, OutOfMemory> {
    let length = usize::try_from(largest).map_err(|_| OutOfMemory)? + 1;
    let mut composite = Vec::new();
    composite
        .try_reserve_exact(length)
        .map_err(|_| OutOfMemory)?;
    composite.resize(length, false);
    let mut primes = Vec::new();
    for number in (3..length).step_by(2) {
        if composite[number] {
            continue;
        }
        for multiple in (number * number..length).step_by(2 * number) {
            composite[multiple] = true;
        }
        let prime = number as u64;
        primes.try_reserve(1).map_err(|_| OutOfMemory)?;
        primes.push(Striking {
            prime,
            multiple: prime * prime,
        });
    }
    Ok(primes)
}

#[cfg(test)]
mod tests;
