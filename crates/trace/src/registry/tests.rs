//! Tests of the registry.

use super::*;
use crate::events::kinds::how;

const STORAGE: Key = Key::new(0, 1);
const OTHER: Key = Key::new(0, 2);

fn key(id: u32) -> Key {
    Key::new(0, id)
}

/// A registry with contexts of (id, parent, storage, flags, same).
fn registry(contexts: &[(u32, u32, Key, u32, u32)]) -> Registry {
    let mut registry = Registry::new(1 << 20);
    for &(id, parent, storage, flags, same) in contexts {
        registry.enter(Context {
            key: key(id),
            parent: key(parent),
            storage,
            flags,
            same: key(same),
            ..Context::default()
        });
    }
    registry
}

#[test]
fn another_context_is_wrong_and_a_nested_one_right() {
    let registry = registry(&[
        (1, 0, STORAGE, 1, 0),
        (2, 0, STORAGE, 1, 0),
        (3, 1, STORAGE, 1, 0),
    ]);
    assert!(!registry.is_right(key(2), key(1), STORAGE));
    assert!(!registry.is_right(Key::NONE, key(1), STORAGE));
    assert!(registry.is_right(key(3), key(1), STORAGE));
    assert!(!registry.is_right(key(1), key(3), STORAGE));
    assert!(registry.is_right(key(2), Key::NONE, STORAGE));
}

#[test]
fn one_is_followed_by_what_is_entered_later_at_its_place_and_not_inside_of_it() {
    let mut registry = Registry::new(1 << 20);
    let mut enter = |id: u32, parent: u32, storage: Key, entered: u32| {
        let context = Context {
            key: key(id),
            parent: key(parent),
            storage,
            entered,
            ..Context::default()
        };
        registry.enter(context.clone());
        registry.is_followed(&Context {
            key: key(1),
            storage: STORAGE,
            entered: 7,
            ..context
        })
    };
    assert!(!enter(1, 0, STORAGE, 7));
    assert!(!enter(2, 0, STORAGE, 8));
    assert!(!enter(3, 0, OTHER, 7));
    assert!(!enter(4, 1, STORAGE, 7));
    assert!(enter(5, 0, STORAGE, 7));
}

#[test]
fn the_same_store_by_hand_is_right() {
    let registry = registry(&[(1, 0, STORAGE, 1, 0), (2, 0, STORAGE, 1, 1)]);
    assert!(registry.is_right(key(2), key(1), STORAGE));
    assert!(registry.is_right(key(1), key(2), STORAGE));
}

#[test]
fn leaving_on_purpose_is_right_and_contexts_of_other_storages_do_not_count() {
    let registry = registry(&[
        (1, 0, STORAGE, 1, 0),
        (2, 1, STORAGE, how::EXIT, 0),
        (3, 0, STORAGE, how::EXIT, 0),
        (4, 0, OTHER, 1, 0),
    ]);
    assert!(registry.is_right(key(2), key(1), STORAGE));
    assert!(registry.is_right(key(1), key(2), STORAGE));
    assert!(!registry.is_right(key(3), key(1), STORAGE));
    assert!(registry.is_right(Key::NONE, key(4), STORAGE));
    assert!(!registry.is_right(key(4), key(1), STORAGE));
}

#[test]
fn a_circle_of_parents_ends() {
    let registry = registry(&[(1, 2, STORAGE, 1, 0), (2, 1, STORAGE, 1, 0)]);
    assert!(!registry.descends(key(1), key(7)));
}

#[test]
fn a_preview_is_bounded_and_stays_text() {
    let mut registry = registry(&[(1, 0, STORAGE, 1, 0)]);
    registry.preview(key(1), &"ä".repeat(1000));
    let preview = registry.get(key(1)).unwrap().preview.clone().unwrap();
    assert_eq!(&*preview, format!("{}…", "ä".repeat(100)));
    registry.preview(key(9), "of a context that is not known");
}

#[test]
fn the_oldest_contexts_are_forgotten() {
    let mut registry = Registry::new(100 * Context::default().bytes());
    for id in 1..=1000 {
        registry.enter(Context {
            key: key(id),
            ..Context::default()
        });
    }
    assert!(registry.get(key(1)).is_none());
    assert!(registry.get(key(1000)).is_some());
    assert!(registry.bytes <= registry.limit);
    assert_eq!(registry.iter().count(), 100);
    assert_eq!(registry.entered(), 1000);
}
