//! Names of findings that stay the same between runs, and when lines move.

use super::model::Place;
use super::paths::relative;
use super::source::Sources;

/// The id of a finding: 12 hexadecimal digits of its kind, its rule, and its places without the
/// numbers of their lines.
pub(crate) fn finding_id(kind: &str, rule: &str, places: [Option<&Place>; 3], cwd: &str) -> String {
    let mut hash = Fnv::default();
    hash.part(kind);
    hash.part(rule);
    for place in places {
        match place {
            Some(place) => {
                hash.part(&relative(&place.file, cwd));
                hash.part(place.function.as_deref().unwrap_or(""));
                hash.part(Sources::text(place));
            }
            None => hash.part("-"),
        }
    }
    format!("{:012x}", hash.0 >> 16 ^ hash.0 & 0xffff)
}

/// FNV-1a of 64 bits: it must never change, as baselines keep what it gave.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    /// Takes `text`, and that it has ended.
    fn part(&mut self, text: &str) {
        for byte in text.bytes().chain([0]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::model::Line;

    fn place(file: &str, line: u32, text: &str) -> Place {
        Place {
            file: file.to_owned(),
            line,
            function: Some("f".to_owned()),
            code: vec![Line {
                line,
                text: text.to_owned(),
                mark: true,
            }],
            ..Place::default()
        }
    }

    fn id(read: &Place) -> String {
        finding_id("lost", "birth", [None, None, Some(read)], "/app")
    }

    #[test]
    fn ids_do_not_change_with_lines_folders_and_indentation() {
        let first = id(&place("/app/a.js", 3, "als.getStore()"));
        assert_eq!(first.len(), 12);
        assert_eq!(first, id(&place("/app/a.js", 30, "  als.getStore()")));
        let elsewhere = place("/other/a.js", 3, "als.getStore()");
        assert_eq!(
            first,
            finding_id("lost", "birth", [None, None, Some(&elsewhere)], "/other")
        );
    }

    #[test]
    fn ids_tell_findings_apart() {
        let read = place("/app/a.js", 3, "als.getStore()");
        let ids = [
            id(&read),
            id(&place("/app/b.js", 3, "als.getStore()")),
            id(&place("/app/a.js", 3, "other.getStore()")),
            finding_id("foreign", "birth", [None, None, Some(&read)], "/app"),
            finding_id("lost", "emitter", [None, None, Some(&read)], "/app"),
            finding_id("lost", "birth", [None, Some(&read), None], "/app"),
        ];
        for (index, one) in ids.iter().enumerate() {
            assert!(!ids[index + 1..].contains(one), "{ids:?}");
        }
    }

    #[test]
    fn an_id_is_what_it_was() {
        // Baselines of users have such ids.
        let read = place("/app/a.js", 3, "als.getStore()");
        assert_eq!(id(&read), "6afc68c20704");
    }
}
