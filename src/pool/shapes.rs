//! The process-wide registry of object shapes.
//!
//! A shape is an ordered list of keys. Objects travel as the number of their shape and their values;
//! the numbers are the same in every thread, so that any worker can decode any task.

use super::value::JsString;
use crate::sync::process::RwLock;
use crate::sync::Arc;
use std::collections::HashMap;

mod json;

/// As many shapes are registered: numbers are below this. Programs have a few hundred; who uses
/// objects as maps would fill any registry.
const MOST: usize = 65_536;

/// The keys of an object, in order.
#[derive(Debug, PartialEq, Eq)]
pub struct Shape {
    id: u32,
    json: Arc<str>,
    keys: Box<[JsString]>,
}

impl Shape {
    /// Its number.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.id
    }

    /// The keys as they were registered: a JSON array of strings.
    #[must_use]
    pub fn json(&self) -> &str {
        &self.json
    }

    /// The keys.
    #[must_use]
    pub fn keys(&self) -> &[JsString] {
        &self.keys
    }
}

#[derive(Default)]
struct Registry {
    shapes: Vec<Arc<Shape>>,
    ids: HashMap<Arc<str>, u32>,
}

impl Registry {
    fn register(&mut self, json: &str, keys: Vec<JsString>, most: usize) -> Option<u32> {
        if let Some(id) = self.ids.get(json) {
            return Some(*id);
        }
        if self.shapes.len() >= most {
            return None;
        }
        let id = u32::try_from(self.shapes.len()).ok()?;
        let json: Arc<str> = json.into();
        let keys = keys.into_boxed_slice();
        self.ids.insert(Arc::clone(&json), id);
        self.shapes.push(Arc::new(Shape { id, json, keys }));
        Some(id)
    }
}

static REGISTRY: RwLock<Option<Registry>> = RwLock::new(None);

/// The number of the shape with these keys, a JSON array of strings. The same text gives the same
/// number ever after, in every thread. None if the registry is full, or the text is something else.
#[must_use]
pub fn id(json: &str) -> Option<u32> {
    if let Some(registry) = REGISTRY.read().as_ref() {
        if let Some(id) = registry.ids.get(json) {
            return Some(*id);
        }
    }
    let keys = json::strings(json)?;
    let mut registry = REGISTRY.write();
    registry.get_or_insert_default().register(json, keys, MOST)
}

/// The shape with this number.
#[must_use]
pub fn keys(id: u32) -> Option<Arc<Shape>> {
    let registry = REGISTRY.read();
    registry.as_ref()?.shapes.get(id as usize).cloned()
}

#[cfg(test)]
mod tests {
    use super::{id, json, keys, JsString, Registry};

    #[test]
    fn the_same_keys_have_the_same_number() {
        let first = id(r#"["a","b"]"#).expect("room");
        assert_eq!(id(r#"["a","b"]"#), Some(first));
        assert_ne!(id(r#"["b","a"]"#), Some(first));
        let shape = keys(first).expect("registered");
        assert_eq!(shape.id(), first);
        assert_eq!(shape.json(), r#"["a","b"]"#);
        assert_eq!(shape.keys(), ["a", "b"].map(JsString::from));
    }

    #[test]
    fn an_unknown_number_has_no_shape() {
        assert!(keys(u32::MAX).is_none());
    }

    #[test]
    fn what_is_no_array_of_strings_is_refused() {
        assert_eq!(id("{}"), None);
        assert_eq!(id("[1]"), None);
    }

    #[test]
    fn a_full_registry_still_knows_what_it_has() {
        let mut registry = Registry::default();
        let mut register = |text| {
            let keys = json::strings(text).expect("strings");
            registry.register(text, keys, 2)
        };
        assert_eq!(register(r#"["a"]"#), Some(0));
        assert_eq!(register(r#"["b"]"#), Some(1));
        assert_eq!(register(r#"["c"]"#), None);
        assert_eq!(register(r#"["b"]"#), Some(1));
    }

    #[test]
    fn threads_agree() {
        let texts: Vec<String> = (0..50).map(|n| format!(r#"["agree",":{n}"]"#)).collect();
        let all = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| texts.iter().map(|text| id(text)).collect::<Vec<_>>()))
                .collect();
            let ids = threads
                .into_iter()
                .map(|thread| thread.join().expect("no panic"));
            ids.collect::<Vec<_>>()
        });
        assert!(all.iter().all(|ids| *ids == all[0]));
        for (text, id) in texts.iter().zip(&all[0]) {
            assert_eq!(keys(id.expect("room")).expect("registered").json(), text);
        }
    }
}
