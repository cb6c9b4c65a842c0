//! Places as SARIF has them: by URIs that are relative to the root of the sources.

use serde_json::{json, Map, Value};

use crate::file_name::url_of;
use crate::report::model::Place;
use crate::report::paths::relative;

/// The name of the root.
const ROOT: &str = "SRCROOT";

/// Makes locations.
#[derive(Debug)]
pub(super) struct Locations<'a> {
    cwd: &'a str,
}

impl<'a> Locations<'a> {
    /// Locations relative to the folder `cwd`.
    pub(super) const fn new(cwd: &'a str) -> Self {
        Self { cwd }
    }

    /// The root, if there is one.
    pub(super) fn bases(&self) -> Value {
        if self.cwd.is_empty() {
            return json!({});
        }
        let folder = format!("{}/", self.cwd.trim_end_matches(['/', '\\']));
        json!({ ROOT: { "uri": url_of(&folder) } })
    }

    /// `place` as a `location`.
    pub(super) fn location(&self, place: &Place) -> Map<String, Value> {
        let mut physical = Map::new();
        physical.insert("artifactLocation".to_owned(), self.artifact(&place.file));
        if place.line > 0 {
            physical.insert("region".to_owned(), region(place));
        }
        let mut location = Map::new();
        location.insert("physicalLocation".to_owned(), Value::Object(physical));
        if let Some(function) = &place.function {
            let logical = json!([{ "name": function, "kind": "function" }]);
            location.insert("logicalLocations".to_owned(), logical);
        }
        location
    }

    fn artifact(&self, file: &str) -> Value {
        let below = relative(file, self.cwd);
        if below == file {
            json!({ "uri": url_of(file) })
        } else {
            json!({ "uri": encoded(&below), "uriBaseId": ROOT })
        }
    }
}

/// The line of `place`.
fn region(place: &Place) -> Value {
    let mut region = Map::new();
    region.insert("startLine".to_owned(), json!(place.line));
    if place.column > 0 {
        region.insert("startColumn".to_owned(), json!(place.column));
    }
    if let Some(line) = place.code.iter().find(|line| line.mark) {
        region.insert("snippet".to_owned(), json!({ "text": line.text }));
    }
    Value::Object(region)
}

/// `path`, which is relative, as a part of a URI.
fn encoded(path: &str) -> String {
    let url = url_of(&format!("/{path}")).into_owned();
    url.strip_prefix("file:///").unwrap_or(&url).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_the_program_are_relative_and_others_absolute() {
        let locations = Locations::new("/my app");
        let uri_of = |file: &str| locations.artifact(file);
        assert_eq!(
            uri_of("/my app/lib/é.js"),
            json!({ "uri": "lib/%C3%A9.js", "uriBaseId": "SRCROOT" })
        );
        assert_eq!(
            uri_of("/else/a b.js"),
            json!({ "uri": "file:///else/a%20b.js" })
        );
        assert_eq!(uri_of("node:events"), json!({ "uri": "node:events" }));
        assert_eq!(uri_of("C:\\x\\a.js"), json!({ "uri": "file:///C:/x/a.js" }));
        assert_eq!(
            locations.bases(),
            json!({ "SRCROOT": { "uri": "file:///my%20app/" } })
        );
        assert_eq!(Locations::new("").bases(), json!({}));
    }
}
