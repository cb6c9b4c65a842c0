//! Files of the program: excerpts, and the packages that they belong to.
//!
//! Both are read when a report is made, and only for the places in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use crate::file_name::path_of;

use super::model::{Line, Package, Place};

/// A place in the program, before its file has been read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Location {
    /// The file: a path, a URL, or a module of Node.
    pub(crate) file: String,
    /// The line, from 1.
    pub(crate) line: u32,
    /// The column, from 1.
    pub(crate) column: u32,
    /// The function.
    pub(crate) function: Option<String>,
}

/// Lines of an excerpt before the marked one, and after it.
const AROUND: u32 = 2;

/// What functions without a name are called, by the engine and by the transform.
const NAMELESS: [&str; 2] = ["", "<anonymous>"];

/// Longest line of an excerpt in characters: bundles have lines of megabytes.
const WIDTH: usize = 240;

/// Largest file that is read.
const LARGEST: u64 = 32 << 20;

/// Files and packages that have been read.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    files: FxHashMap<String, Option<Rc<str>>>,
    packages: FxHashMap<PathBuf, Option<Package>>,
}

impl Sources {
    /// The place `location`, with its excerpt and package.
    pub(crate) fn place(&mut self, location: Location) -> Place {
        let place = Self::bare_place(location);
        Place {
            code: self.excerpt(&place.file, place.line),
            package: self.package(&place.file),
            ..place
        }
    }

    /// The place `location` without either.
    pub(crate) fn bare_place(location: Location) -> Place {
        Place {
            file: path_of(&location.file).into_owned(),
            line: location.line,
            column: location.column,
            function: location
                .function
                .filter(|name| !NAMELESS.contains(&name.as_str())),
            ..Place::default()
        }
    }

    /// The text of the line of `place`, without the space around.
    pub(crate) fn text(place: &Place) -> &str {
        place
            .code
            .iter()
            .find(|line| line.mark)
            .map_or("", |line| line.text.trim())
    }

    /// The contents of `file`.
    pub(crate) fn read(&mut self, file: &str) -> Option<Rc<str>> {
        if let Some(known) = self.files.get(file) {
            return known.clone();
        }
        let text = read_text(Path::new(file)).map(Rc::from);
        self.files.insert(file.to_owned(), text.clone());
        text
    }

    fn excerpt(&mut self, file: &str, line: u32) -> Vec<Line> {
        let Some(text) = self.read(file).filter(|_| line > 0) else {
            return Vec::new();
        };
        let first = line.saturating_sub(AROUND).max(1);
        text.lines()
            .zip(1..)
            .skip(first as usize - 1)
            .take_while(|(_, number)| *number <= line.saturating_add(AROUND))
            .map(|(text, number)| Line {
                line: number,
                text: text.chars().take(WIDTH).collect(),
                mark: number == line,
            })
            .collect()
    }

    /// The package of `file`: the nearest package.json with a name.
    fn package(&mut self, file: &str) -> Option<Package> {
        let path = Path::new(file);
        if !path.is_absolute() {
            return None;
        }
        let folder = path.parent()?;
        if let Some(known) = self.packages.get(folder) {
            return known.clone();
        }
        let package = folder.ancestors().find_map(read_package);
        self.packages.insert(folder.to_owned(), package.clone());
        package
    }
}

/// The package.json of `folder`, if it has a name.
fn read_package(folder: &Path) -> Option<Package> {
    #[derive(Deserialize)]
    struct Manifest {
        name: String,
        version: Option<String>,
    }
    let text = read_text(&folder.join("package.json"))?;
    let manifest: Manifest = serde_json::from_str(&text).ok()?;
    Some(Package {
        name: manifest.name,
        version: manifest.version,
    })
}

/// The text of a regular file of bearable length: a pipe would never end.
fn read_text(path: &Path) -> Option<String> {
    let metadata = fs::metadata(path).ok()?;
    let readable = path.is_absolute() && metadata.is_file() && metadata.len() <= LARGEST;
    readable.then(|| fs::read_to_string(path).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_has_two_lines_around_and_a_package_its_name() {
        let manifest = env!("CARGO_MANIFEST_DIR");
        let folder = Path::new(manifest).join("src/report");
        let file = folder.join("source.rs").to_str().unwrap().to_owned();
        let mut sources = Sources::default();
        let place = sources.place(Location {
            file: file.clone(),
            line: 1,
            column: 1,
            function: Some(String::new()),
        });
        let numbers: Vec<u32> = place.code.iter().map(|line| line.line).collect();
        assert_eq!(numbers, [1, 2, 3]);
        assert!(Sources::text(&place).starts_with("//! Files"));
        assert_eq!(place.function, None);
        assert_eq!(place.package.unwrap().name, "async-hooks-rs");
        let far = sources.place(Location {
            file,
            line: u32::MAX,
            function: Some("<anonymous>".to_owned()),
            ..Location::default()
        });
        assert_eq!((far.code, far.function), (Vec::new(), None));
    }

    #[test]
    fn a_module_of_node_has_neither() {
        let place = Sources::default().place(Location {
            file: "node:events".to_owned(),
            line: 500,
            ..Location::default()
        });
        assert_eq!((place.package, place.code), (None, Vec::new()));
    }
}
