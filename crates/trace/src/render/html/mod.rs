//! The report as one HTML file, which needs no network: the picture of contexts and crossings.
//!
//! The page contains the report as JSON, and a script that draws it. Its policy permits this script
//! and this style, by their hashes, and nothing else; the script makes text of data, never markup.

use base64_simd::STANDARD;
use sha2::{Digest as _, Sha256};

use super::Options;
use crate::report::model::Report;

const PAGE: &str = include_str!("page/page.html");
const STYLE: &str = include_str!("page/page.css");
const SCRIPT: &str = concat!(
    include_str!("page/elements.js"),
    include_str!("page/report.js"),
    include_str!("page/scale.js"),
    include_str!("page/list.js"),
    include_str!("page/details.js"),
    include_str!("page/lane.js"),
    include_str!("page/picture.js"),
    include_str!("page/main.js"),
);

/// The page of `report`. It shows possible findings as well, under a tab of their own.
pub(super) fn render(report: &Report, _options: &Options) -> String {
    // Reports are structures of numbers, texts and lists, of which serde makes JSON always.
    page(&serde_json::to_string(report).unwrap_or_else(|_| "{}".to_owned()))
}

fn page(json: &str) -> String {
    let report = escape(json);
    let policy = policy();
    let mut page = String::with_capacity(PAGE.len() + STYLE.len() + SCRIPT.len() + report.len());
    let mut rest = PAGE;
    // One pass over the template: marks in what is filled in stay as they are.
    while let Some((before, marked)) = rest.split_once("{{") {
        let (mark, after) = marked.split_once("}}").unwrap_or((marked, ""));
        page.push_str(before);
        page.push_str(match mark {
            "policy" => &policy,
            "style" => STYLE,
            "script" => SCRIPT,
            "report" => &report,
            _ => "",
        });
        rest = after;
    }
    page.push_str(rest);
    page
}

fn policy() -> String {
    format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; base-uri 'none'; \
         form-action 'none'",
        hash_of(SCRIPT),
        hash_of(STYLE),
    )
}

/// The hash of a text, in base64, as a policy has it.
fn hash_of(text: &str) -> String {
    STANDARD.encode_to_string(Sha256::digest(text))
}

/// JSON that can stand in a script element. What is replaced occurs in strings only.
fn escape(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            '<' => escaped.push_str("\\u003c"),
            '>' => escaped.push_str("\\u003e"),
            '&' => escaped.push_str("\\u0026"),
            '\u{2028}' => escaped.push_str("\\u2028"),
            '\u{2029}' => escaped.push_str("\\u2029"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{escape, hash_of, page, PAGE, SCRIPT, STYLE};
    use serde_json::{json, Value};

    const NASTY: &str = "</script><!--<script> & ]]> \u{2028}\u{2029} {{script}} \" \\ \0 \u{7f} é";

    /// What the page's script element with the report contains.
    fn report_in(page: &str) -> &str {
        let (_, rest) = page.split_once("id=\"report\">").expect("the element");
        let (report, _) = rest.split_once("</script>").expect("its end");
        report
    }

    #[test]
    fn data_arrives_as_it_was() {
        let report = json!({ NASTY: [NASTY], "version": 1 });
        let page = page(&report.to_string());
        let read: Value = serde_json::from_str(report_in(&page)).expect("JSON");
        assert_eq!(read, report);
    }

    #[test]
    fn a_known_hash() {
        // From the examples of FIPS 180-4.
        assert_eq!(
            hash_of("abc"),
            "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="
        );
    }

    #[test]
    fn data_cannot_end_the_element() {
        let escaped = escape(&json!(NASTY).to_string());
        assert!(!escaped.contains(['<', '>', '&', '\u{2028}', '\u{2029}']));
    }

    #[test]
    fn data_changes_nothing_else_in_the_page() {
        let [nasty, empty] = [json!(NASTY), json!("")].map(|report| {
            let page = page(&report.to_string());
            let (head, rest) = page.split_once("id=\"report\">").expect("the element");
            let (_, tail) = rest.split_once("</script>").expect("its end");
            format!("{head}{tail}")
        });
        assert_eq!(nasty, empty);
    }

    #[test]
    fn own_parts_do_not_end_their_elements() {
        assert!(!SCRIPT.contains("</script") && !SCRIPT.contains("<!--"));
        assert!(!STYLE.contains("</style"));
    }

    #[test]
    fn every_mark_of_the_template_is_filled() {
        let page = page("{}");
        assert_eq!(PAGE.matches("{{").count(), 4);
        assert!(!page.contains("{{") && !page.contains("}}\n"));
    }

    #[test]
    fn nothing_is_loaded() {
        let page = page("{}");
        for loading in ["src=", "@import", "import(", "fetch(", "<link", "<iframe"] {
            assert!(!page.contains(loading), "{loading}");
        }
        assert_eq!(page.matches("url(").count(), page.matches("url(#").count());
        assert!(page.contains("default-src 'none'"));
    }
}
