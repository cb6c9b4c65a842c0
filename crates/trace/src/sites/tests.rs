//! The numbers of places.

use super::{fill, function_at, intern, reserve, resolve, FileSites, FunctionSite, Place, Shift};

fn sites(file: &str) -> FileSites {
    FileSites {
        file: file.to_owned(),
        names: "ab".to_owned(),
        functions: vec![
            FunctionSite {
                line: 1,
                column: 5,
                name_start: 0,
                name_length: 1,
                enclosing: 0,
            },
            FunctionSite {
                line: 1,
                column: 9,
                name_start: 1,
                name_length: 1,
                enclosing: 0,
            },
        ],
        shifts: vec![Shift {
            line: 1,
            column: 17,
            by: 10,
        }],
        map_url: None,
        map: std::sync::OnceLock::new(),
    }
}

fn place(file: &str, column: u32, function: &str) -> Place {
    Place {
        file: file.to_owned(),
        line: 1,
        column,
        function: function.to_owned(),
    }
}

#[test]
fn a_place_has_one_number() {
    let number = intern("/sites/one.js", 1, 2, "f");
    assert_ne!(number, 0);
    assert_eq!(intern("/sites/one.js", 1, 2, "f"), number);
    assert_ne!(intern("/sites/one.js", 1, 3, "f"), number);
    assert_eq!(resolve(number), Some(place("/sites/one.js", 2, "f")));
    assert_eq!(resolve(0), None);
}

#[test]
fn the_same_source_keeps_its_numbers() {
    let first = reserve("/sites/two.js", 7, 2);
    assert_eq!(resolve(first), None);
    fill(first, sites("/sites/two.js"));
    assert_eq!(reserve("file:///sites/two.js", 7, 2), first);
    assert_ne!(reserve("/sites/two.js", 8, 2), first);
    assert_eq!(resolve(first), Some(place("/sites/two.js", 5, "a")));
    assert_eq!(resolve(first + 1), Some(place("/sites/two.js", 9, "b")));
}

#[test]
fn places_on_stacks_are_told_as_they_were_written() {
    let first = reserve("/sites/three.mjs", 7, 2);
    fill(first, sites("/sites/three.mjs"));
    let number = intern("file:///sites/three.mjs", 1, 19, "b");
    assert_eq!(resolve(number), Some(place("/sites/three.mjs", 9, "b")));
    assert_eq!(function_at("file:///sites/three.mjs", 1, 19), first + 1);
    assert_eq!(function_at("/sites/three.mjs", 1, 18), 0);
    assert_eq!(function_at("/sites/unknown.mjs", 1, 18), 0);
}
