//! Plain objects.

use super::{Keys, Value};

/// A plain object: keys and values in order. Of equal keys the last one counts.
#[derive(Debug, Clone)]
pub struct Object<'task> {
    /// Objects of one shape share them.
    keys: Keys,
    /// One for each key.
    values: Vec<Value<'task>>,
}

impl<'task> Object<'task> {
    /// There are as many keys as values.
    pub(super) const fn of(keys: Keys, values: Vec<Value<'task>>) -> Self {
        Self { keys, values }
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value<'task>> {
        let place = self.keys.iter().rposition(|own| **own == *key)?;
        self.values.get(place)
    }

    /// The keys and values in order.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Value<'task>)> {
        self.keys.iter().map(|key| &**key).zip(&self.values)
    }
}

impl<'task, K: Into<Box<str>>> FromIterator<(K, Value<'task>)> for Object<'task> {
    fn from_iter<I: IntoIterator<Item = (K, Value<'task>)>>(entries: I) -> Self {
        let (keys, values): (Vec<Box<str>>, _) = entries
            .into_iter()
            .map(|(key, value)| (key.into(), value))
            .unzip();
        Self::of(keys.into(), values)
    }
}

impl PartialEq for Object<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}
