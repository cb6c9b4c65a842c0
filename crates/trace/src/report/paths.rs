//! Paths as a reader wants them.

use super::model::Place;

/// `file` seen from the folder `cwd`: with forward slashes, and as it is where it lies elsewhere.
pub(crate) fn relative(file: &str, cwd: &str) -> String {
    let folder = cwd.trim_end_matches(['/', '\\']);
    let below = file
        .strip_prefix(folder)
        .filter(|_| !folder.is_empty())
        .and_then(|rest| rest.strip_prefix(['/', '\\']));
    below.map_or_else(|| file.to_owned(), |rest| rest.replace('\\', "/"))
}

/// `place` as `file:line`, seen from `cwd`.
pub(crate) fn spot(place: &Place, cwd: &str) -> String {
    let file = relative(&place.file, cwd);
    if place.line == 0 {
        file
    } else {
        format!("{file}:{}", place.line)
    }
}

/// `place` with its column.
pub(crate) fn exact_spot(place: &Place, cwd: &str) -> String {
    let spot = spot(place, cwd);
    if place.column == 0 {
        spot
    } else {
        format!("{spot}:{}", place.column)
    }
}

/// The package of `place` if it is not the program's own: name and version.
pub(crate) fn dependency(place: &Place) -> Option<String> {
    let package = place.package.as_ref()?;
    let foreign = place.file.replace('\\', "/").contains("/node_modules/");
    foreign.then(|| {
        let version = package.version.as_deref();
        version.map_or_else(
            || package.name.clone(),
            |version| format!("{} {version}", package.name),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_below_the_folder_only() {
        assert_eq!(relative("/app/lib/a.js", "/app"), "lib/a.js");
        assert_eq!(relative("/app/lib/a.js", "/app/"), "lib/a.js");
        assert_eq!(relative("/application/a.js", "/app"), "/application/a.js");
        assert_eq!(relative("C:\\app\\lib\\a.js", "C:\\app"), "lib/a.js");
        assert_eq!(relative("node:events", "/app"), "node:events");
        assert_eq!(relative("/a.js", ""), "/a.js");
    }
}
