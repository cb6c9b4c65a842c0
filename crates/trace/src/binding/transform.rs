//! The transform and the table of places, for JavaScript.

#![expect(
    clippy::needless_pass_by_value,
    reason = "Node-API hands over values, not references"
)]

use napi::bindgen_prelude::{Error, Object, Result, Status};
use napi::Env;
use napi_derive::napi;

use crate::sites;
use crate::transform::{self, Format, Mend, Options};

/// What a transform is asked for, beside the source.
#[napi(object)]
pub struct TransformOptions {
    /// Whether objects tell in which context they were made.
    pub deep: bool,
    /// Whether the code gets a source map.
    pub source_map: bool,
    /// Where functions are to be bound: a line, and a column or 0 for any.
    pub mends: Vec<Vec<u32>>,
}

/// A place in the program, as JavaScript has it.
#[napi(object)]
pub struct SitePlace {
    /// The path, or what V8 calls the source.
    pub file: String,
    /// From 1 on; 0 if unknown.
    pub line: u32,
    /// From 1 on; 0 if unknown.
    pub column: u32,
    /// The function's name; empty at the top level of a file.
    #[napi(js_name = "fn")]
    pub function: String,
}

/// Transforms a source; `null` if it does not parse, or does not want to be transformed.
#[napi(
    catch_unwind,
    js_name = "transform",
    ts_return_type = "{ code: string, unmended: number[] } | null"
)]
pub fn transform_source(
    env: &Env,
    source: String,
    file: String,
    format: String,
    options: TransformOptions,
) -> Result<Option<Object<'_>>> {
    let format = Format::from_name(&format).ok_or_else(|| {
        Error::new(
            Status::InvalidArg,
            format!(
                "The format must be one of {}, received {format}",
                Format::NAMES
            ),
        )
    })?;
    let mends: Vec<Mend> = options
        .mends
        .iter()
        .map(|mend| Mend {
            line: mend.first().copied().unwrap_or(0),
            column: mend.get(1).copied().unwrap_or(0),
        })
        .collect();
    let options = Options {
        deep: options.deep,
        source_map: options.source_map,
        mends: &mends,
    };
    let Some(output) = transform::transform(&source, &file, format, &options) else {
        return Ok(None);
    };
    let mut object = Object::new(env)?;
    // V8 does not have to decode it.
    if output.code.is_ascii() {
        object.set("code", env.create_string_latin1(output.code.as_bytes())?)?;
    } else {
        object.set("code", output.code)?;
    }
    object.set("unmended", output.unmended)?;
    Ok(Some(object))
}

/// The number of a place, the same for each call with the same place.
#[napi(catch_unwind)]
#[must_use]
pub fn place(file: String, line: u32, column: u32, function: String) -> u32 {
    sites::intern(&file, line, column, &function)
}

/// What a number stands for; `null` if for nothing.
#[napi(catch_unwind)]
#[must_use]
pub fn site(id: u32) -> Option<SitePlace> {
    sites::resolve(id).map(|place| SitePlace {
        file: place.file,
        line: place.line,
        column: place.column,
        function: place.function,
    })
}

/// The number of the function around the function `id`; 0 if there is none.
#[napi(catch_unwind)]
#[must_use]
pub fn enclosing(id: u32) -> u32 {
    sites::enclosing(id)
}

/// The number of the function that begins at a place of a file's transformed code; 0 if none does.
#[napi(catch_unwind)]
#[must_use]
pub fn function_at(file: String, line: u32, column: u32) -> u32 {
    sites::function_at(&file, line, column)
}
