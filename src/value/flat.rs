//! Numbers of an object, read where it is encoded: no value is made of it.

use super::shapes;
use crate::wire::tag;

/// What a plain object has under these keys, if it has all of them and nothing but numbers, and if
/// its shape is registered, as that of a frequent one is. None says nothing about the bytes:
/// [`Value::decode`](super::Value::decode) does.
#[must_use]
pub(crate) fn numbers_of<const COUNT: usize>(
    bytes: &[u8],
    wanted: [&str; COUNT],
) -> Option<[f64; COUNT]> {
    let (&[tag::SHAPED, ref id @ ..], mut rest) = bytes.split_first_chunk::<5>()? else {
        return None;
    };
    let numbers = shapes::with_keys(u32::from_le_bytes(*id), |keys| {
        let mut numbers = [None; COUNT];
        for key in keys {
            let number;
            (number, rest) = split_number(rest)?;
            // Of equal keys the last one counts.
            for (place, wanted) in numbers.iter_mut().zip(wanted) {
                if *key == *wanted {
                    *place = Some(number);
                }
            }
        }
        Some(numbers)
    })??;
    if !rest.is_empty() || numbers.contains(&None) {
        return None;
    }
    Some(numbers.map(Option::unwrap_or_default))
}

/// The number that these bytes begin with, and what follows it.
fn split_number(bytes: &[u8]) -> Option<(f64, &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    match tag {
        tag::SMALL_INT.. => Some((f64::from(tag - tag::SMALL_INT), rest)),
        tag::INT32 => {
            let (number, rest) = rest.split_first_chunk()?;
            Some((i32::from_le_bytes(*number).into(), rest))
        }
        tag::FLOAT64 => {
            let (number, rest) = rest.split_first_chunk()?;
            Some((f64::from_le_bytes(*number), rest))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::numbers_of;
    use crate::value::shapes::{self, Lease};
    use crate::value::Value;
    use crate::wire::tag;

    const OFTEN: u64 = u64::MAX;

    fn encoded(number: f64) -> Vec<u8> {
        let mut bytes = Vec::new();
        Value::Number(number).encode(&mut bytes).expect("a number");
        bytes
    }

    fn shaped(keys: &str, values: &[Vec<u8>]) -> Vec<u8> {
        let id = shapes::id(keys, OFTEN).expect("room");
        let mut bytes = vec![tag::SHAPED];
        bytes.extend(id.to_le_bytes());
        bytes.extend(values.concat());
        bytes
    }

    /// What the tree says of the same bytes.
    fn of_tree(bytes: &[u8], keys: [&str; 2]) -> [Value; 2] {
        let Ok(Value::Object(object)) = Value::decode(bytes) else {
            panic!("no object");
        };
        keys.map(|key| object.get(key).expect("the key").clone())
    }

    #[test]
    fn numbers_of_every_form_are_those_of_the_tree() {
        let _lease = Lease::new();
        let numbers = [0.0, 127.0, 128.0, -1.0, f64::MAX, 0.5, f64::INFINITY];
        for keys in [
            r#"["a","b"]"#,
            r#"["b","a"]"#,
            r#"["c","b","a"]"#,
            r#"["a","b","a"]"#,
        ] {
            let count = keys.matches(',').count() + 1;
            for window in numbers.windows(count) {
                let values: Vec<_> = window.iter().map(|number| encoded(*number)).collect();
                let bytes = shaped(keys, &values);
                let found = numbers_of(&bytes, ["a", "b"]).expect("numbers");
                assert_eq!(
                    found.map(Value::Number),
                    of_tree(&bytes, ["a", "b"]),
                    "{keys} {window:?}"
                );
            }
        }
        let bytes = shaped(r#"["a","b"]"#, &[encoded(-0.0), encoded(f64::NAN)]);
        let [zero, nan] = numbers_of(&bytes, ["a", "b"]).expect("numbers");
        assert!(zero.is_sign_negative() && nan.is_nan());
    }

    #[test]
    fn everything_else_is_left_to_the_tree() {
        let _lease = Lease::new();
        let keys = r#"["a","b"]"#;
        let numbers = [encoded(1.0), encoded(1000.0)];
        let whole = shaped(keys, &numbers);
        for length in 0..whole.len() {
            assert_eq!(numbers_of(&whole[..length], ["a", "b"]), None, "{length}");
        }
        let excess = [whole.as_slice(), &[tag::NULL]].concat();
        assert_eq!(numbers_of(&excess, ["a", "b"]), None);
        assert_eq!(numbers_of(&whole, ["a", "c"]), None);
        let unknown = [&[tag::SHAPED, 0xff, 0xff, 0xff, 0xff], &whole[5..]].concat();
        assert_eq!(numbers_of(&unknown, ["a", "b"]), None);
        let mixed = shaped(keys, &[encoded(1.0), vec![tag::TRUE]]);
        assert_eq!(numbers_of(&mixed, ["a", "b"]), None);
        let object = Value::Object(
            [("a", 1.0)]
                .map(|(key, n)| (key.into(), Value::Number(n)))
                .into_iter()
                .collect(),
        );
        let mut keyed = Vec::new();
        object.encode(&mut keyed).expect("plain");
        assert_eq!(numbers_of(&keyed, ["a"]), None);
    }
}
