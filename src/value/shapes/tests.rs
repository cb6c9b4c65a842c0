//! Numbers, the price of a number, and what a lease keeps.

use super::{first, id, json, keys, JsString, Lease, Registry, LEAST_USES, MOST_BYTES};

const OFTEN: u64 = u64::MAX;

fn register(registry: &mut Registry, text: &str, uses: u64) -> Option<u32> {
    registry.register(text, json::strings(text).expect("strings"), uses)
}

/// A list of one long key.
fn list(number: usize) -> String {
    format!("[\"{number}_{}\"]", "x".repeat(40_000))
}

#[test]
fn the_same_keys_have_the_same_number() {
    let _lease = Lease::new();
    let number = id(r#"["a","b"]"#, LEAST_USES).expect("room");
    assert_eq!(id(r#"["a","b"]"#, 0), Some(number));
    assert_ne!(id(r#"["b","a"]"#, LEAST_USES), Some(number));
    let shape = keys(number).expect("registered");
    assert_eq!(shape.id(), number);
    assert_eq!(shape.json(), r#"["a","b"]"#);
    assert_eq!(shape.keys(), ["a", "b"].map(JsString::from));
}

#[test]
fn an_unknown_number_has_no_shape() {
    assert!(keys(u32::MAX).is_none());
}

#[test]
fn what_is_no_array_of_strings_is_refused() {
    assert_eq!(id("{}", OFTEN), None);
    assert_eq!(id("[1]", OFTEN), None);
}

#[test]
fn a_list_that_comes_seldom_gets_no_number() {
    let mut registry = Registry::new();
    assert_eq!(register(&mut registry, r#"["a"]"#, LEAST_USES - 1), None);
    assert_eq!(register(&mut registry, r#"["a"]"#, LEAST_USES), Some(0));
    assert_eq!(register(&mut registry, r#"["a"]"#, 0), Some(0));
}

#[test]
fn the_fuller_the_more_uses_and_never_beyond_the_bound() {
    let mut registry = Registry::new();
    let mut refused = 0;
    for number in 0..60 {
        let text = list(number);
        // JavaScript asks like this, with ever more uses.
        let mut uses = LEAST_USES;
        while register(&mut registry, &text, uses).is_none() && uses < 1 << 20 {
            uses *= 2;
        }
        refused += usize::from(registry.known(&text).is_none());
        assert!(registry.bytes <= MOST_BYTES);
    }
    assert!(refused > 0, "it was never full");
    assert!(registry.bytes > MOST_BYTES - 100_000);
    assert_eq!(register(&mut registry, &list(0), 0), Some(0));
}

#[test]
fn what_comes_often_gets_a_number_after_much_that_comes_seldom() {
    let mut registry = Registry::new();
    for number in 0..60 {
        register(&mut registry, &list(number), LEAST_USES << 3);
    }
    assert!(registry.bytes < MOST_BYTES / 2);
    assert_eq!(register(&mut registry, r#"["own"]"#, LEAST_USES), None);
    assert!(register(&mut registry, r#"["own"]"#, LEAST_USES << 3).is_some());
}

#[test]
fn numbers_are_not_used_again() {
    let mut registry = Registry::new();
    register(&mut registry, r#"["a"]"#, OFTEN);
    register(&mut registry, r#"["b"]"#, OFTEN);
    let mut next = registry.successor();
    assert_eq!((next.bytes, next.shapes.len()), (0, 0));
    assert_eq!(next.shape(0), None);
    assert_eq!(register(&mut next, r#"["b"]"#, OFTEN), Some(2));
    assert_eq!(next.shape(2).expect("registered").json(), r#"["b"]"#);
    assert_eq!(next.shape(1), None);
    assert_eq!(next.shape(3), None);
}

#[test]
fn a_lease_keeps_the_shapes() {
    let lease = Lease::new();
    let number = id(r#"["kept","by","a","lease"]"#, OFTEN).expect("room");
    let another = Lease::new();
    drop(lease);
    assert!(keys(number).is_some());
    assert!(first() <= number);
    drop(another);
}

#[test]
fn threads_agree() {
    let _lease = Lease::new();
    let texts: Vec<String> = (0..50).map(|n| format!(r#"["agree",":{n}"]"#)).collect();
    let ask = || texts.iter().map(|text| id(text, OFTEN)).collect::<Vec<_>>();
    let all = std::thread::scope(|scope| {
        [(); 4]
            .map(|()| scope.spawn(ask))
            .map(|thread| thread.join().expect("no panic"))
    });
    assert!(all.iter().all(|ids| *ids == all[0]));
    for (text, id) in texts.iter().zip(&all[0]) {
        assert_eq!(keys(id.expect("room")).expect("registered").json(), text);
    }
}
