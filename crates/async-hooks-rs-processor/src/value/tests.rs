//! The encoding, against the bytes that JavaScript writes and against bytes that nobody writes.

use super::{
    decode, encode_error, keys_of, Bytes, BytesKind, Encoded, Keys, Object, Refusal, Source, Value,
    DEEPEST,
};
use crate::tag;
use std::borrow::Cow;

fn decoded<'task>(
    bytes: &'task [u8],
    attachments: &[&'task [u8]],
) -> Result<Value<'task>, Refusal> {
    let keys = |shape| (shape == 5).then(|| Keys::from(["a".into(), "b".into()]));
    let source = Source {
        attachments,
        keys: &keys,
    };
    decode(bytes, &source)
}

fn encoded(value: &Value<'_>) -> Vec<u8> {
    Encoded::new(value).expect("a plain value").bytes().to_vec()
}

#[test]
fn plain_values_have_the_documented_bytes() {
    let cases: [(Value<'_>, &[u8]); 18] = [
        (Value::Undefined, &[0]),
        (Value::Null, &[1]),
        (false.into(), &[2]),
        (true.into(), &[3]),
        (0.0.into(), &[0x80]),
        (127.0.into(), &[0xff]),
        (128.0.into(), &[4, 128, 0, 0, 0]),
        ((-1.0).into(), &[4, 255, 255, 255, 255]),
        ((-0.0).into(), &[5, 0, 0, 0, 0, 0, 0, 0, 0x80]),
        (0.5.into(), &[5, 0, 0, 0, 0, 0, 0, 0xe0, 0x3f]),
        ("aä".into(), &[6, 2, 0x61, 0xe4]),
        ("€".into(), &[8, 2, 0, 0, 0, 0xac, 0x20]),
        (
            Value::BigInt(-2),
            &[0x0e, 0xfe, 255, 255, 255, 255, 255, 255, 255],
        ),
        (Value::Date(0.0), &[0x10, 0, 0, 0, 0, 0, 0, 0, 0]),
        (vec![7, 8].into(), &[0x15, 3, 2, 0, 0, 0, 7, 8]),
        (
            Value::Bytes(Bytes::of(BytesKind::Uint16Array, vec![7, 8])),
            &[0x15, 6, 2, 0, 0, 0, 7, 8],
        ),
        (
            vec![Value::Null, 1.0.into()].into(),
            &[9, 2, 0, 0, 0, 1, 0x81],
        ),
        (
            Object::from_iter([("k", Value::from(true))]).into(),
            &[0x0d, 1, 0, 0, 0, 3, 6, 1, b'k'],
        ),
    ];
    for (value, bytes) in cases {
        assert_eq!(encoded(&value), bytes, "{value:?}");
        assert_eq!(decoded(bytes, &[]), Ok(value));
    }
}

#[test]
fn long_strings_survive() {
    for text in ["x".repeat(255), "ä".repeat(256), "€😀".repeat(300)] {
        let value = Value::from(text);
        assert_eq!(decoded(&encoded(&value), &[]), Ok(value));
    }
    let lone = decoded(&[8, 2, 0, 0, 0, 0, 0xd8], &[]);
    assert_eq!(lone, Ok("\u{fffd}".into()));
}

#[test]
fn what_is_large_is_borrowed_on_the_way_in_and_attached_on_the_way_out() {
    let large = vec![9; 8192];
    let value = decoded(&[tag::ATTACHED, 3, 0, 0, 0, 0], &[&large]).expect("well-formed");
    assert_eq!(value.as_bytes().map(<[u8]>::as_ptr), Some(large.as_ptr()));
    let encoded = Encoded::new(&value).expect("binary data");
    assert_eq!(encoded.bytes(), [tag::ATTACHED, 3, 0, 0, 0, 0]);
    assert_eq!(encoded.message().count, 1);
    let text = [&[tag::LATIN1, 3, 0, 0, 0][..], b"abc"].concat();
    let text = decoded(&text, &[]).expect("well-formed");
    assert!(matches!(text, Value::String(Cow::Borrowed("abc"))));
}

#[test]
fn an_object_of_a_shape_has_its_keys() {
    let bytes = [0x0c, 5, 0, 0, 0, 0x81, 0x82];
    let value = decoded(&bytes, &[]).expect("well-formed");
    assert_eq!(value.get("b"), Some(&2.0.into()));
    assert_eq!(value.get("c"), None);
    let unknown = decoded(&[0x0c, 6, 0, 0, 0, 0x81, 0x82], &[]);
    assert_eq!(unknown, Err(Refusal::Malformed));
    let keys = keys_of(b"\x02\0\0\0\x06\x01a\x08\x02\0\0\0\xac\x20");
    assert_eq!(keys, Some(Keys::from(["a".into(), "€".into()])));
}

#[test]
fn of_equal_keys_the_later_one_counts() {
    let object = Object::from_iter([("k", Value::Null), ("k", Value::Undefined)]);
    assert_eq!(object.get("k"), Some(&Value::Undefined));
}

#[test]
fn what_is_not_plain_is_read_over_and_named() {
    let cases: [(&str, &[u8]); 8] = [
        ("a BigInt of more than 64 bits", b"\x0f\x01\x06\x02ff"),
        ("a RegExp", b"\x11\x06\x01a\x06\x01g"),
        ("a Map", &[0x12, 1, 0, 0, 0, 0x81, 0x82]),
        ("a Set", &[0x13, 1, 0, 0, 0, 0x81]),
        ("a boxed primitive", &[0x14, 3]),
        (
            "an Error",
            b"\x17\x05\x3f\x06\x00\x06\x00\x06\x00\x01\x01\x00\x00\x00\x00",
        ),
        ("an object that occurs twice", &[0x19, 0, 0, 0, 0]),
        (
            "an array with holes",
            &[0x0a, 3, 0, 0, 0, 0x81, 0x0b, 2, 0, 0, 0],
        ),
    ];
    for (kind, bytes) in cases {
        assert_eq!(decoded(bytes, &[]), Ok(Value::Other(kind)));
        assert!(Encoded::new(&Value::Other(kind)).is_err());
    }
}

#[test]
fn an_error_has_the_documented_bytes() {
    let error = encode_error("E", "no").expect("small");
    let expected = b"\x17\x00\x22\x06\x02no\x01\x00\x00\x00\x06\x04code\x06\x01E";
    assert_eq!(error.bytes(), expected);
}

#[test]
fn broken_bytes_are_refused() {
    let cases: [&[u8]; 10] = [
        &[],
        &[0, 0],
        &[0x0b],
        &[4, 0],
        &[6, 2, 0x61],
        &[8, 1, 0, 0, 0, 0],
        &[9, 255, 255, 255, 255],
        &[0x0d, 1, 0, 0, 0, 0, 0],
        &[0x15, 99, 0, 0, 0, 0],
        &[0x16, 3, 0, 0, 0, 0],
    ];
    for bytes in cases {
        assert_eq!(decoded(bytes, &[]), Err(Refusal::Malformed), "{bytes:?}");
    }
}

#[test]
fn depth_is_bounded_in_both_directions() {
    let nested = |depth: usize| {
        let mut bytes = [9, 1, 0, 0, 0].repeat(depth);
        bytes.push(0x80);
        bytes
    };
    let bytes = nested(DEEPEST);
    let deepest = decoded(&bytes, &[]).expect("not too deep");
    assert_eq!(encoded(&deepest), bytes);
    assert_eq!(decoded(&nested(DEEPEST + 1), &[]), Err(Refusal::TooDeep));
    assert!(Encoded::new(&vec![deepest].into()).is_err());
}

#[test]
fn a_typed_array_has_whole_elements() {
    let odd = Value::Bytes(Bytes::of(BytesKind::Float64Array, vec![0; 9]));
    assert!(Encoded::new(&odd).is_err());
}
