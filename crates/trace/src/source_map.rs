//! Source maps: where a source was made from another one, places are told as that has them.

use std::fs;
use std::path::Path;

use memchr::memmem;
use oxc_sourcemap::{SourceMap, SourceMapParts, Token};

use crate::file_name::{decoded, path_of, resolved, url_of};
use crate::sites::Shift;

const COMMENT: &str = "sourceMappingURL=";
const BASE64: &str = ";base64,";

/// What a source was made from.
#[derive(Debug)]
pub(crate) struct Original {
    map: SourceMap<'static>,
    /// Paths, or what else the map calls them.
    sources: Vec<String>,
    count: u32,
}

impl Original {
    /// The map at a URL that a file names: inline, or in a file beside.
    pub(crate) fn read(url: &str, file: &str) -> Option<Self> {
        let path = path_of(file);
        let folder = Path::new(path.as_ref()).parent()?;
        if let Some(data) = url.strip_prefix("data:") {
            return Self::parse(&inline(data)?, folder);
        }
        if url.contains("://") && !url.starts_with("file://") {
            return None;
        }
        let place = resolved(folder, url);
        let json = fs::read_to_string(&place).ok()?;
        Self::parse(&json, Path::new(&place).parent()?)
    }

    fn parse(json: &str, folder: &Path) -> Option<Self> {
        // Some begin with what keeps them from being run as a script.
        let json = json.strip_prefix(")]}'").unwrap_or(json);
        let map = SourceMap::from_json_string(json).ok()?.into_owned();
        let root = map.get_source_root().unwrap_or("");
        let sources = map.get_sources().map(|source| {
            let separator = if root.is_empty() || root.ends_with('/') {
                ""
            } else {
                "/"
            };
            resolved(folder, &format!("{root}{separator}{source}"))
        });
        let sources = sources.collect();
        let count = u32::try_from(map.get_tokens().len()).ok()?;
        Some(Self {
            map,
            sources,
            count,
        })
    }

    /// The last token of the line that does not stand behind a place.
    fn token(&self, line: u32, column: u32) -> Option<Token> {
        let (line, column) = (line.checked_sub(1)?, column.checked_sub(1)?);
        let at = |index| self.map.get_token(index);
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = low + (high - low) / 2;
            let token = at(middle)?;
            if (token.get_dst_line(), token.get_dst_col()) <= (line, column) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let token = at(low.checked_sub(1)?)?;
        (token.get_dst_line() == line && token.get_source_id().is_some()).then_some(token)
    }

    /// Line and column in the original, of a place.
    pub(crate) fn position(&self, line: u32, column: u32) -> Option<(u32, u32)> {
        let token = self.token(line, column)?;
        Some((token.get_src_line() + 1, token.get_src_col() + 1))
    }

    /// File, line and column of the original, of a place.
    pub(crate) fn place(&self, line: u32, column: u32) -> Option<(&str, u32, u32)> {
        let token = self.token(line, column)?;
        let source = self.sources.get(token.get_source_id()? as usize)?;
        Some((source, token.get_src_line() + 1, token.get_src_col() + 1))
    }

    /// The inline map of the transformed code to the original.
    fn shifted(&self, shifts: &[Shift]) -> String {
        let tokens = self.map.get_tokens().map(|token| {
            let column = shifted(shifts, token.get_dst_line() + 1, token.get_dst_col() + 1);
            Token::new(
                token.get_dst_line(),
                column - 1,
                token.get_src_line(),
                token.get_src_col(),
                token.get_source_id(),
                token.get_name_id(),
            )
        });
        let tokens = tokens.collect();
        let sources = self.sources.iter();
        let mut parts = self.map.clone().into_parts();
        parts.tokens = tokens;
        parts.token_chunks = None;
        parts.source_root = None;
        parts.sources = sources
            .map(|source| url_of(source).into_owned().into())
            .collect();
        SourceMap::from_parts(parts).to_data_url()
    }
}

/// The column that what stood at a line and column has in the transformed code.
fn shifted(shifts: &[Shift], line: u32, column: u32) -> u32 {
    let after =
        shifts.partition_point(|shift| (shift.line, shift.column - shift.by) <= (line, column));
    let last = shifts[..after].last();
    column
        + last
            .filter(|shift| shift.line == line)
            .map_or(0, |shift| shift.by)
}

/// The map in a `data:` URL, of which `data` is what follows the scheme.
fn inline(data: &str) -> Option<String> {
    if let Some((_, encoded)) = data.split_once(BASE64) {
        let bytes = base64_simd::STANDARD.decode_to_vec(encoded.trim()).ok()?;
        return String::from_utf8(bytes).ok();
    }
    let (_, text) = data.split_once(',')?;
    Some(decoded(text))
}

/// Where a source says that its map is: the range of the last such comment's URL.
pub(crate) fn named_map(source: &str) -> Option<(usize, usize)> {
    // Forwards is several times as fast as backwards.
    let found = memmem::find_iter(source.as_bytes(), COMMENT).last()?;
    let before = source[..found].trim_end_matches([' ', '\t']);
    if !["//#", "//@", "/*#", "/*@"]
        .iter()
        .any(|start| before.ends_with(start))
    {
        return None;
    }
    let start = found + COMMENT.len();
    let rest = &source[start..];
    let length = rest
        .find(|character: char| character.is_whitespace())
        .unwrap_or(rest.len());
    let length = rest[..length].find("*/").unwrap_or(length);
    let url = &rest[..length];
    (!url.is_empty() && !url.contains(['"', '\'', '`'])).then_some((start, start + length))
}

/// The code with a map to what was written: to the original if the source has a map itself, or to
/// the source. A map that the code names already is replaced.
pub(crate) fn with_map(
    code: &str,
    source: &str,
    file: &str,
    shifts: &[Shift],
    original: Option<&Original>,
) -> String {
    let url = original.map_or_else(
        || identity(source, file, shifts),
        |original| original.shifted(shifts),
    );
    match named_map(code) {
        Some((start, end)) => [&code[..start], &url, &code[end..]].concat(),
        None => [code, "\n//# ", COMMENT, &url].concat(),
    }
}

/// A map from the transformed code to the source, with a token wherever V8 may say that a call is.
fn identity(source: &str, file: &str, shifts: &[Shift]) -> String {
    let mut tokens = Vec::new();
    let mut shifts = shifts.iter().peekable();
    let (mut line, mut column, mut by) = (1, 1, 0);
    let mut was_word = false;
    let mut characters = source.chars().peekable();
    while let Some(character) = characters.next() {
        while let Some(shift) =
            shifts.next_if(|shift| shift.line == line && shift.column - shift.by == column)
        {
            by = shift.by;
            was_word = false;
        }
        let is_word = character.is_alphanumeric() || matches!(character, '_' | '$' | '#');
        let is_start = is_word && !was_word || matches!(character, '(' | '[' | '`' | '"' | '\'');
        if is_start || column == 1 {
            let (line, column) = (line - 1, column - 1);
            tokens.push(Token::new(line, column + by, line, column, Some(0), None));
        }
        was_word = is_word;
        let ends_line = match character {
            '\n' | '\u{2028}' | '\u{2029}' => true,
            '\r' => characters.peek() != Some(&'\n'),
            _ => false,
        };
        if ends_line {
            (line, column, by) = (line + 1, 1, 0);
        } else {
            column += u32::try_from(character.len_utf16()).unwrap_or(1);
        }
    }
    let url = url_of(&path_of(file)).into_owned();
    SourceMap::from_parts(SourceMapParts {
        sources: vec![url.into()],
        source_contents: vec![None],
        tokens: tokens.into_boxed_slice(),
        ..SourceMapParts::default()
    })
    .to_data_url()
}
