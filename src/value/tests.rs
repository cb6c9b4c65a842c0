//! The format, against the bytes that JavaScript writes and against bytes that nobody writes.

use super::{encode_error, DecodeError, EncodeError, JsString, Object, Value, DEEPEST};
use crate::value::shapes;
use crate::wire::tag;

fn encoded(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    value.encode(&mut bytes).expect("a plain value");
    bytes
}

fn object(entries: &[(&str, Value)]) -> Value {
    let entries = entries.iter().cloned();
    Value::Object(entries.map(|(key, value)| (key.into(), value)).collect())
}

fn nested(depth: usize) -> Vec<u8> {
    let mut bytes = [0x09, 1, 0, 0, 0].repeat(depth);
    bytes.push(0x80);
    bytes
}

#[test]
fn plain_values_have_the_documented_bytes() {
    let cases: [(Value, &[u8]); 16] = [
        (Value::Undefined, &[0]),
        (Value::Null, &[1]),
        (Value::Boolean(false), &[2]),
        (Value::Boolean(true), &[3]),
        (Value::Number(0.0), &[0x80]),
        (Value::Number(127.0), &[0xff]),
        (Value::Number(128.0), &[4, 128, 0, 0, 0]),
        (Value::Number(-1.0), &[4, 255, 255, 255, 255]),
        (Value::Number(-0.0), &[5, 0, 0, 0, 0, 0, 0, 0, 0x80]),
        (Value::Number(0.5), &[5, 0, 0, 0, 0, 0, 0, 0xe0, 0x3f]),
        (Value::String("".into()), &[6, 0]),
        (Value::String("aä".into()), &[6, 2, 0x61, 0xe4]),
        (Value::String("€".into()), &[8, 2, 0, 0, 0, 0xac, 0x20]),
        (
            Value::String(JsString::from_iter([0xd800])),
            &[8, 2, 0, 0, 0, 0, 0xd8],
        ),
        (
            Value::Array(vec![Value::Null, Value::Number(1.0)]),
            &[9, 2, 0, 0, 0, 1, 0x81],
        ),
        (
            object(&[("k", Value::Boolean(true))]),
            &[0x0d, 1, 0, 0, 0, 3, 6, 1, b'k'],
        ),
    ];
    for (value, bytes) in cases {
        assert_eq!(encoded(&value), bytes, "{value:?}");
        assert_eq!(Value::decode(bytes), Ok(value));
    }
}

#[test]
fn every_tag_is_known() {
    let groups = ["PART_", "CLASS_", "KIND_", "MAX_"];
    for (name, number) in tag::CONSTANTS {
        let not_of_a_value = matches!(*name, "HOLES" | "NUMBERED");
        if not_of_a_value || groups.iter().any(|group| name.starts_with(group)) {
            continue;
        }
        let tag = u8::try_from(*number).expect("a tag is a byte");
        let outcome = Value::decode(&[tag]);
        assert_ne!(outcome, Err(DecodeError::UnknownTag(tag)), "{name}");
    }
}

#[test]
fn numbers_and_long_strings_survive() {
    for number in [
        f64::INFINITY,
        f64::MIN,
        2_147_483_648.0,
        -2_147_483_648.0,
        1e-300,
    ] {
        let value = Value::Number(number);
        assert_eq!(Value::decode(&encoded(&value)), Ok(value));
    }
    let not_a_number = Value::decode(&encoded(&Value::Number(f64::NAN)));
    assert!(matches!(not_a_number, Ok(Value::Number(number)) if number.is_nan()));
    for text in ["x".repeat(255), "x".repeat(256), "€".repeat(300)] {
        let value = Value::String(text.as_str().into());
        assert_eq!(Value::decode(&encoded(&value)), Ok(value));
    }
}

#[test]
fn an_object_of_a_shape_has_its_keys() {
    let _lease = shapes::Lease::new();
    let id = shapes::id(r#"["a","b"]"#, u64::MAX).expect("room");
    let mut bytes = vec![0x0c];
    bytes.extend(id.to_le_bytes());
    bytes.extend([0x81, 0x82]);
    let value = Value::decode(&bytes).expect("well-formed");
    assert_eq!(encoded(&value), bytes);
    let Value::Object(object) = value else {
        panic!("expected an object, received {}", value.kind());
    };
    assert_eq!(object.get("b"), Some(&Value::Number(2.0)));
    assert_eq!(object.get("c"), None);
    assert_eq!(object.keys().len(), 2);
}

#[test]
fn of_equal_keys_the_later_one_counts() {
    let entries = [("k", Value::Null), ("k", Value::Undefined)];
    let entries = entries.into_iter().map(|(key, value)| (key.into(), value));
    let object: Object = entries.collect();
    assert_eq!(object.get("k"), Some(&Value::Undefined));
}

#[test]
fn an_error_has_the_documented_bytes() {
    let mut bytes = Vec::new();
    encode_error("E", "no", &mut bytes).expect("small");
    let expected = b"\x17\x00\x22\x06\x02no\x01\x00\x00\x00\x06\x04code\x06\x01E";
    assert_eq!(bytes, expected);
    assert_eq!(Value::decode(&bytes), Ok(Value::Other("an Error")));
}

#[test]
fn what_is_not_plain_is_read_over_and_named() {
    let cases: [(&str, &[u8]); 13] = [
        ("a BigInt", &[0x0e, 0, 0, 0, 0, 0, 0, 0, 0]),
        ("a BigInt", b"\x0f\x01\x06\x02ff"),
        ("a Date", &[0x10, 0, 0, 0, 0, 0, 0, 0, 0]),
        ("a RegExp", b"\x11\x06\x01a\x06\x01g"),
        ("a Map", &[0x12, 1, 0, 0, 0, 0x81, 0x82]),
        ("a Set", &[0x13, 1, 0, 0, 0, 0x81]),
        ("a boxed primitive", &[0x14, 3]),
        ("binary data", &[0x15, 3, 2, 0, 0, 0, 9, 9]),
        ("binary data", &[0x16, 3, 0, 0, 0, 0]),
        (
            "an Error",
            b"\x17\x05\x3f\x06\x00\x06\x00\x06\x00\x01\x01\x00\x00\x00\x00",
        ),
        ("an object that occurs twice", &[0x19, 0, 0, 0, 0]),
        (
            "an array with holes",
            &[0x0a, 3, 0, 0, 0, 0x0b, 1, 0, 0, 0, 0x81, 0x82],
        ),
        (
            "an array with holes",
            &[0x0a, 255, 255, 255, 255, 0x0b, 255, 255, 255, 255],
        ),
    ];
    for (kind, bytes) in cases {
        assert_eq!(Value::decode(bytes), Ok(Value::Other(kind)), "{bytes:?}");
        // Inside a plain value, the decoder finds what follows.
        let pair = [&[9, 2, 0, 0, 0], bytes, &[3]].concat();
        let expected = vec![Value::Other(kind), Value::Boolean(true)];
        assert_eq!(Value::decode(&pair), Ok(Value::Array(expected)));
        let mut into = Vec::new();
        let refused = Value::Other(kind).encode(&mut into);
        assert_eq!(refused, Err(EncodeError::NotPlain(kind)));
    }
}

#[test]
fn numbered_values_are_read() {
    let bytes = [0x18, 9, 2, 0, 0, 0, 9, 0, 0, 0, 0, 0x19, 1, 0, 0, 0];
    let elements = vec![
        Value::Array(Vec::new()),
        Value::Other("an object that occurs twice"),
    ];
    assert_eq!(Value::decode(&bytes), Ok(Value::Array(elements)));
    let inside = [9, 1, 0, 0, 0, 0x18, 0];
    assert_eq!(Value::decode(&inside), Err(DecodeError::UnknownTag(0x18)));
}

#[test]
fn what_is_malformed_is_refused() {
    let cases: [(DecodeError, &[u8]); 10] = [
        (DecodeError::Truncated, &[]),
        (DecodeError::Truncated, &[4, 0]),
        (DecodeError::Truncated, &[9, 255, 255, 255, 255]),
        (DecodeError::Truncated, &[7, 255, 255, 255, 255, 0]),
        (DecodeError::Excess, &[0, 0]),
        (DecodeError::UnknownTag(0x1a), &[0x1a]),
        (DecodeError::UnknownTag(0x0b), &[0x0b, 1, 0, 0, 0]),
        (
            DecodeError::UnknownShape(u32::MAX),
            &[0x0c, 255, 255, 255, 255],
        ),
        (DecodeError::Malformed("a string"), &[8, 1, 0, 0, 0, 9]),
        (
            DecodeError::Malformed("an array with holes"),
            &[0x0a, 1, 0, 0, 0, 0x0b, 2, 0, 0, 0],
        ),
    ];
    for (error, bytes) in cases {
        assert_eq!(Value::decode(bytes), Err(error), "{bytes:?}");
    }
}

#[test]
fn nesting_is_bounded() {
    let value = Value::decode(&nested(DEEPEST)).expect("as deep as allowed");
    assert_eq!(encoded(&value), nested(DEEPEST));
    assert_eq!(
        Value::decode(&nested(DEEPEST + 1)),
        Err(DecodeError::TooDeep)
    );
    assert_eq!(Value::decode(&nested(1_000_000)), Err(DecodeError::TooDeep));
    let refused = Value::Array(vec![value]).encode(&mut Vec::new());
    assert_eq!(refused, Err(EncodeError::TooDeep));
}

/// The bytes come from a generator (xorshift). Half of them are tags, so many are values.
#[test]
fn any_bytes_are_survived() {
    let _lease = shapes::Lease::new();
    let _ = shapes::id(r#"["a","b"]"#, u64::MAX);
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let mut understood = 0;
    for _ in 0..200_000 {
        let bytes: Vec<u8> = (0..random() % 40)
            .map(|_| match random() % 4 {
                0 => random().to_le_bytes()[0],
                1 => 0,
                _ => random().to_le_bytes()[0] % 0x1a,
            })
            .collect();
        if let Ok(value) = Value::decode(&bytes) {
            understood += 1;
            let mut again = Vec::new();
            if value.encode(&mut again).is_ok() {
                // Compared by their text, because NaN is not equal to itself.
                let twice = Value::decode(&again).expect("our own bytes");
                assert_eq!(format!("{twice:?}"), format!("{value:?}"));
            }
        }
    }
    assert!(understood > 1_000, "{understood}");
}
