//! `{ native: 'add' }`: the task of the documentation's example, `task.a + task.b`.

use super::{Processor, Run, TaskError};
use crate::value::{numbers_of, Value};

/// Adds two numbers, or joins two strings.
pub(super) struct Add;

impl Processor for Add {
    fn name(&self) -> &'static str {
        "add"
    }

    fn run(&self, task: &Value, _: &Run<'_>) -> Result<Value, TaskError> {
        let Value::Object(object) = task else {
            let received = task.kind();
            return Err(TaskError::refused(format!(
                "the native processor 'add' expected an object with the keys a and b, \
                 received {received}"
            )));
        };
        let of = |key| object.get(key).unwrap_or(&Value::Undefined);
        match (of("a"), of("b")) {
            (Value::Number(a), Value::Number(b)) => Ok(Value::Number(a + b)),
            (Value::String(a), Value::String(b)) => Ok(Value::String(a.concat(b)?)),
            (a, b) => Err(TaskError::refused(format!(
                "the native processor 'add' expected a and b to be two numbers or two strings, \
                 received {} and {}",
                a.kind(),
                b.kind()
            ))),
        }
    }

    fn number_of(&self, task: &[u8]) -> Option<f64> {
        let [a, b] = numbers_of(task, ["a", "b"])?;
        Some(a + b)
    }
}

#[cfg(test)]
mod tests {
    use super::{Add, Processor, TaskError};
    use crate::native::testing::run;
    use crate::value::shapes::{self, Lease};
    use crate::value::{JsString, Value};
    use crate::wire::tag;

    fn task(entries: &[(&str, Value)]) -> Value {
        let entries = entries.iter().cloned();
        Value::Object(entries.map(|(key, value)| (key.into(), value)).collect())
    }

    fn text_of(error: TaskError) -> String {
        match error {
            TaskError::Failed { code, message } => format!("{code}: {message}"),
            TaskError::OutOfMemory => "out of memory".into(),
        }
    }

    fn sum(a: Value, b: Value) -> Result<Value, String> {
        let outcome = run(&Add, &task(&[("a", a), ("b", b)]));
        outcome.map_err(text_of)
    }

    #[test]
    fn numbers_are_added_as_in_javascript() {
        let cases = [
            (42.0, 100.0, 142.0),
            (0.1, 0.2, 0.1 + 0.2),
            (f64::MAX, f64::MAX, f64::INFINITY),
        ];
        for (a, b, expected) in cases {
            assert_eq!(
                sum(Value::Number(a), Value::Number(b)),
                Ok(Value::Number(expected))
            );
        }
    }

    #[test]
    fn strings_are_joined() {
        let lone = JsString::from_iter([0xd800]);
        let joined = JsString::from_iter([0xd800, 0x61]);
        let outcome = sum(Value::String(lone), Value::String("a".into()));
        assert_eq!(outcome, Ok(Value::String(joined)));
    }

    #[test]
    fn the_encoded_task_gives_what_its_tree_gives() {
        let _lease = Lease::new();
        for keys in [r#"["a","b"]"#, r#"["b","n","a"]"#] {
            let shape = shapes::id(keys, u64::MAX).expect("room");
            let mut bytes = vec![tag::SHAPED];
            bytes.extend(shape.to_le_bytes());
            bytes.extend((1..).zip(keys.split(',')).map(|(n, _)| tag::SMALL_INT + n));
            let task = Value::decode(&bytes).expect("a task");
            let number = Add.number_of(&bytes).map(Value::Number);
            assert_eq!(number, run(&Add, &task).ok(), "{keys}");
        }
    }

    #[test]
    fn other_keys_do_not_matter() {
        let entries = [
            ("b", Value::Number(1.0)),
            ("when", Value::Other("a Date")),
            ("a", Value::Number(2.0)),
        ];
        assert_eq!(run(&Add, &task(&entries)), Ok(Value::Number(3.0)));
    }

    #[test]
    fn a_refusal_says_what_was_received() {
        let refused = sum(Value::Number(1.0), Value::String("1".into())).expect_err("mixed");
        assert!(
            refused.starts_with("ERR_WORKER_POOL_NATIVE_TASK: "),
            "{refused}"
        );
        assert!(
            refused.ends_with("received a number and a string"),
            "{refused}"
        );
        let refused = run(&Add, &Value::Null).expect_err("no object");
        assert!(text_of(refused).ends_with("received null"));
        let refused = run(&Add, &task(&[])).expect_err("no keys");
        assert!(text_of(refused).ends_with("received undefined and undefined"));
    }
}
