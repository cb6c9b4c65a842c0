//! That primes are counted as tables have them, and how far that is told.

use super::{Primes, LARGEST, NUMBERS, PARTS, SEGMENT};
use crate::native::testing::{run, run_with_progress};
use crate::native::TaskError;
use crate::pool::PROGRESS_KEPT;
use crate::value::Value;
use std::iter;

fn task(limit: Value) -> Value {
    Value::Object(iter::once(("limit".into(), limit)).collect())
}

fn count(limit: u32) -> Result<Value, TaskError> {
    run(&Primes, &task(Value::Number(limit.into())))
}

#[test]
fn primes_are_counted() {
    let mut primes: Vec<u32> = Vec::new();
    for limit in 0..2_000 {
        if limit >= 2 && primes.iter().all(|prime| limit % prime != 0) {
            primes.push(limit);
        }
        let known = u32::try_from(primes.len()).expect("a few");
        assert_eq!(count(limit), Ok(Value::Number(known.into())), "{limit}");
    }
}

#[test]
fn segments_meet_without_a_gap() {
    // From tables of the prime-counting function.
    for (limit, primes) in [(1_000_000, 78_498), (10_000_000, 664_579)] {
        assert_eq!(count(limit), Ok(Value::Number(f64::from(primes))));
    }
    // The edges of the first two segments, which begin at 3: against the count of a number less.
    let segment = u32::try_from(2 * SEGMENT).expect("a small one");
    for edge in [3 + segment, 3 + 2 * segment] {
        for number in edge - 3..edge + 3 {
            let is_prime = number % 2 == 1 && (3..=724).all(|divisor| number % divisor != 0);
            let (Ok(Value::Number(with)), Ok(Value::Number(without))) =
                (count(number), count(number - 1))
            else {
                panic!("no numbers for {number}");
            };
            assert_eq!(with - without > 0.5, is_prime, "{number}");
        }
    }
}

#[test]
fn progress_grows_to_one() {
    for limit in [0_u32, 1, 2, 3, 1_000, 30_000_000] {
        let (outcome, told) = run_with_progress(&Primes, &task(Value::Number(limit.into())));
        assert!(outcome.is_ok());
        let told: Vec<f64> = told
            .into_iter()
            .map(|value| match value {
                Value::Number(number) => number,
                other => panic!("{other:?} is no number"),
            })
            .collect();
        assert!(told.is_sorted_by(|one, next| one < next), "{told:?}");
        assert!(told.first().is_some_and(|&first| first > 0.0), "{told:?}");
        assert_eq!(told.last(), Some(&1.0));
        // A part of the larger limit is more than one segment and less than two.
        let expected = if limit == 30_000_000 {
            30_000_000_usize.div_ceil(2 * SEGMENT).div_ceil(2)
        } else {
            1
        };
        assert_eq!(told.len(), expected, "{limit}");
    }
    // None is missed, whenever the submitter looks.
    const { assert!(PARTS <= PROGRESS_KEPT as u64) };
    // One part of the largest limit would take minutes.
    const { assert!(NUMBERS < LARGEST / PARTS) };
}

#[test]
fn a_wrong_limit_is_refused() {
    let beyond = super::exact(LARGEST) + 1.0;
    for (limit, received) in [
        (Value::Number(-1.0), "<= 1000000000000, received -1"),
        (Value::Number(0.5), "received 0.5"),
        (Value::Number(f64::NAN), "received NaN"),
        (Value::Number(f64::INFINITY), "received inf"),
        (Value::Number(beyond), "received 1000000000001"),
        (
            Value::String("5".into()),
            "to be a number, received a string",
        ),
        (Value::Undefined, "to be a number, received undefined"),
    ] {
        let Err(TaskError::Failed { code, message }) = run(&Primes, &task(limit)) else {
            panic!("it was not refused: {received}");
        };
        assert_eq!(code, "ERR_WORKER_POOL_NATIVE_TASK");
        assert!(message.ends_with(received), "{message}");
    }
    assert!(run(&Primes, &Value::Null).is_err());
}
