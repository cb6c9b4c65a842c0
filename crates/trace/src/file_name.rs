//! Files by what V8 calls them: paths, or URLs of files.

use std::borrow::Cow;
use std::path::{Component, Path, PathBuf};

/// The path in the URL of a file, without query and fragment; all other names as they are.
pub(crate) fn path_of(name: &str) -> Cow<'_, str> {
    let Some(rest) = name.strip_prefix("file://") else {
        return Cow::Borrowed(name);
    };
    let end = rest.find(['?', '#']).unwrap_or(rest.len());
    let path = decoded(&rest[..end]);
    // The drive of Windows has a slash before it.
    let is_drive = matches!(path.as_bytes(), [b'/', _, b':', ..]);
    Cow::Owned(if is_drive {
        path[1..].replace('/', "\\")
    } else {
        path
    })
}

/// The URL of a path; all other names as they are.
pub(crate) fn url_of(name: &str) -> Cow<'_, str> {
    let is_drive = matches!(name.as_bytes(), [_, b':', b'\\' | b'/', ..]);
    if !name.starts_with('/') && !is_drive {
        return Cow::Borrowed(name);
    }
    let mut url = String::from(if is_drive { "file:///" } else { "file://" });
    for &byte in name.as_bytes() {
        match byte {
            b'\\' if is_drive => url.push('/'),
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' | b':' => {
                url.push(char::from(byte));
            }
            _ => {
                url.push('%');
                for digit in [byte >> 4, byte & 15] {
                    let digit = char::from_digit(u32::from(digit), 16).unwrap_or('0');
                    url.push(digit.to_ascii_uppercase());
                }
            }
        }
    }
    Cow::Owned(url)
}

/// What a relative name means in a folder; a name with a scheme is that of a URL.
pub(crate) fn resolved(folder: &Path, name: &str) -> String {
    if name.starts_with("file://") {
        return path_of(name).into_owned();
    }
    if name.contains("://") {
        return name.to_owned();
    }
    let mut path = PathBuf::new();
    for part in folder.join(decoded(name)).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                path.pop();
            }
            part => path.push(part),
        }
    }
    path.to_string_lossy().into_owned()
}

/// What `%20` and the like stand for.
pub(crate) fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while let Some(&byte) = bytes.get(index) {
        let escaped = (byte == b'%').then(|| text.get(index + 1..index + 3));
        let digits = escaped.flatten();
        let escape = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        decoded.push(escape.unwrap_or(byte));
        index += if escape.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests {
    use super::{path_of, resolved, url_of};
    use std::path::Path;

    #[test]
    fn urls_of_files_are_paths() {
        assert_eq!(path_of("file:///a%20b/c.mjs?v=1#x"), "/a b/c.mjs");
        assert_eq!(path_of("file:///C:/a/b.js"), "C:\\a\\b.js");
        assert_eq!(path_of("/a/b?c.js"), "/a/b?c.js");
        assert_eq!(path_of("node:fs"), "node:fs");
        assert_eq!(path_of("file:///a%"), "/a%");
    }

    #[test]
    fn paths_are_urls_of_files() {
        assert_eq!(url_of("/a b/ü.js"), "file:///a%20b/%C3%BC.js");
        assert_eq!(url_of("C:\\a\\b.js"), "file:///C:/a/b.js");
        assert_eq!(url_of("webpack://a/b.ts"), "webpack://a/b.ts");
    }

    #[test]
    fn relative_names_start_from_a_folder() {
        let folder = Path::new("/a/b");
        assert_eq!(resolved(folder, "../src/./c.ts"), "/a/src/c.ts");
        assert_eq!(resolved(folder, "/c.ts"), "/c.ts");
        assert_eq!(resolved(folder, "file:///c.ts"), "/c.ts");
        assert_eq!(resolved(folder, "webpack://a/./b.ts"), "webpack://a/./b.ts");
    }
}
