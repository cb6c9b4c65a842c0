//! That no panic gets out, and that nothing else is called by C.

use super::{clean_up, deliver, finalize, guarded, Cleanup, Delivery, Listener};
use crate::binding::foreign::Foreign;
use crate::error::Error;
use std::cell::Cell;
use std::fs;
use std::path::Path;
use std::ptr;
use std::rc::Rc;

/// Counts how often it is dropped, and panics each time.
struct Fragile(Rc<Cell<u32>>);

impl Drop for Fragile {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
        panic!("in drop");
    }
}

/// Panics when it is run.
struct Doomed(Rc<Cell<u32>>);

impl Cleanup for Doomed {
    fn clean_up(self) {
        self.0.set(self.0.get() + 1);
        panic!("in a hook");
    }
}

struct Failing {
    heard: Cell<u32>,
    panicked: Cell<u32>,
}

impl Listener for Failing {
    fn hear(&self, _: &Delivery<'_>) {
        self.heard.set(self.heard.get() + 1);
        panic!("in a delivery");
    }

    fn panicked(&self) {
        self.panicked.set(self.panicked.get() + 1);
        panic!("once more");
    }
}

#[test]
fn a_panic_becomes_an_error() {
    assert_eq!(guarded(|| 1), Ok(1));
    let outcome: Result<(), Error> = guarded(|| panic!("in a callback"));
    assert_eq!(outcome, Err(Error::Panicked));
}

#[test]
fn a_finalizer_bears_a_panic() {
    let dropped = Rc::new(Cell::new(0));
    let data = Box::new(Fragile(Rc::clone(&dropped))).into_foreign();
    // SAFETY: `data` comes from a box of this type, and is taken back here only.
    unsafe { finalize::<Box<Fragile>>(ptr::null_mut(), data, ptr::null_mut()) };
    assert_eq!(dropped.get(), 1);
}

#[test]
fn a_hook_bears_a_panic() {
    let dropped = Rc::new(Cell::new(0));
    let data = Box::new(Doomed(Rc::clone(&dropped))).into_foreign();
    // SAFETY: `data` comes from a box of this type, and is taken back here only.
    unsafe { clean_up::<Doomed>(data) };
    assert_eq!(dropped.get(), 1);
}

#[test]
fn a_listener_learns_of_its_panic() {
    let listener = Failing {
        heard: Cell::new(0),
        panicked: Cell::new(0),
    };
    let mut environment = 0; // only compared with null
    let context = ptr::from_ref(&listener).cast_mut().cast();
    let env = (&raw mut environment).cast();
    // SAFETY: the listener lives.
    unsafe { deliver::<Failing>(env, ptr::null_mut(), context, ptr::null_mut()) };
    assert_eq!((listener.heard.get(), listener.panicked.get()), (1, 1));
}

#[test]
fn nobody_hears_a_ring_after_the_environment() {
    let listener = Failing {
        heard: Cell::new(0),
        panicked: Cell::new(0),
    };
    let context = ptr::from_ref(&listener).cast_mut().cast();
    // SAFETY: the listener lives.
    unsafe { deliver::<Failing>(ptr::null_mut(), ptr::null_mut(), context, ptr::null_mut()) };
    assert_eq!(listener.heard.get(), 0);
}

#[test]
fn c_calls_no_function_of_other_files() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![sources.clone()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of the sources") {
            let path = entry.expect("an entry of it").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).expect("a source");
            // A type of functions has no name before its parenthesis.
            let defines = |(at, start): (usize, &str)| !text[at + start.len()..].starts_with('(');
            if text.match_indices("extern \"C\" fn").any(defines) && !path.ends_with("tests.rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    let expected = ["binding/entry/mod.rs", "native/addon/host.rs"];
    assert_eq!(found, expected.map(|file| sources.join(file)));
}
