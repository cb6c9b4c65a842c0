//! Reads a JSON array of strings as `JSON.stringify` writes it.

use crate::value::JsString;
use std::str::Chars;

/// The strings. None if the text is anything else.
pub(super) fn strings(json: &str) -> Option<Vec<JsString>> {
    let mut rest = json.trim().strip_prefix('[')?.strip_suffix(']')?.chars();
    let mut strings = Vec::new();
    if rest.as_str().trim().is_empty() {
        return Some(strings);
    }
    loop {
        strings.push(string(&mut rest)?);
        match after_space(&mut rest) {
            None => return Some(strings),
            Some(',') => {}
            Some(_) => return None,
        }
    }
}

fn after_space(rest: &mut Chars<'_>) -> Option<char> {
    rest.find(|character| !matches!(character, ' ' | '\t' | '\n' | '\r'))
}

fn string(rest: &mut Chars<'_>) -> Option<JsString> {
    if after_space(rest)? != '"' {
        return None;
    }
    let mut units = Vec::new();
    loop {
        match rest.next()? {
            '"' => return Some(units.into_iter().collect()),
            '\\' => units.push(escape(rest)?),
            // JSON forbids them unescaped.
            '\0'..='\x1f' => return None,
            character => units.extend_from_slice(character.encode_utf16(&mut [0; 2])),
        }
    }
}

/// Reads an escape after its backslash. It is always one UTF-16 code unit, so an unpaired surrogate
/// stays one.
fn escape(rest: &mut Chars<'_>) -> Option<u16> {
    Some(match rest.next()? {
        'u' => {
            let digits = rest.as_str().get(..4)?;
            if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
                return None;
            }
            rest.nth(3);
            u16::from_str_radix(digits, 16).ok()?
        }
        'b' => 0x08,
        't' => 0x09,
        'n' => 0x0a,
        'f' => 0x0c,
        'r' => 0x0d,
        '"' => 0x22,
        '/' => 0x2f,
        '\\' => 0x5c,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::strings;
    use crate::value::JsString;

    #[test]
    fn strings_are_read() {
        let cases: [(&str, &[&str]); 5] = [
            ("[]", &[]),
            (r#"[""]"#, &[""]),
            (r#"["a","b"]"#, &["a", "b"]),
            (r#" [ "a" , "ä€😀" ] "#, &["a", "ä€😀"]),
            (
                r#"["\"\\\/\b\f\n\r\t\u00e4\ud83d\ude00"]"#,
                &["\"\\/\u{8}\u{c}\n\r\tä😀"],
            ),
        ];
        for (json, expected) in cases {
            let expected: Vec<JsString> = expected.iter().map(|text| (*text).into()).collect();
            assert_eq!(strings(json), Some(expected), "{json}");
        }
    }

    #[test]
    fn an_unpaired_surrogate_stays_one() {
        let lone = JsString::from_iter([0xd83d]);
        assert_eq!(strings(r#"["\ud83d"]"#), Some(vec![lone]));
    }

    #[test]
    fn anything_else_is_refused() {
        for json in [
            "",
            "[",
            "]",
            "{}",
            "null",
            "[1]",
            "[\"a\"",
            "\"a\"",
            r#"["a",]"#,
            r#"["a""b"]"#,
            r#"[,"a"]"#,
            r#"["a]"#,
            r#"["\x"]"#,
            r#"["\u12"]"#,
            r#"["\u+123"]"#,
            r#"["\u€€"]"#,
            "[\"\n\"]",
            r#"["a"] x"#,
            r#"["\"]"#,
            r#"[["a"]]"#,
        ] {
            assert_eq!(strings(json), None, "{json}");
        }
    }
}
