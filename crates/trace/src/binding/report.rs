//! Reports, for JavaScript.

#![expect(
    clippy::needless_pass_by_value,
    reason = "Node-API hands over values, not references"
)]

use napi::bindgen_prelude::{Error, Result, Status};
use napi_derive::napi;

use crate::render::{self, Form, Options};
use crate::report::{self, model::Report};

/// How a report is rendered.
#[napi(object)]
#[derive(Default)]
pub struct RenderOptions {
    /// Whether colours are wanted.
    pub color: Option<bool>,
    /// How many columns there are; 0 for no limit.
    pub width: Option<u32>,
    /// The folder that paths are told from.
    pub cwd: Option<String>,
    /// Whether possible findings are wanted.
    pub possible: Option<bool>,
    /// Whether everything is wanted that is known of a finding.
    pub verbose: Option<bool>,
}

/// The reports of several processes as one.
#[napi(catch_unwind)]
pub fn merge(reports: Vec<String>) -> Result<String> {
    let reports = reports.iter().map(|report| parsed(report));
    let merged = report::merge(reports.collect::<Result<_>>()?);
    serde_json::to_string(&merged).map_err(|error| invalid(error.to_string()))
}

/// A report in another form.
#[napi(catch_unwind)]
pub fn render(kind: String, report: String, options: Option<RenderOptions>) -> Result<String> {
    let form = Form::from_name(&kind).ok_or_else(|| {
        let text = format!(
            "The kind of a rendered report must be one of {}, received {kind:?}",
            Form::NAMES
        );
        Error::new(Status::InvalidArg, text)
    })?;
    let options = options.unwrap_or_default();
    let options = Options {
        color: options.color.unwrap_or(false),
        width: options.width.unwrap_or(0) as usize,
        cwd: options.cwd.unwrap_or_default(),
        possible: options.possible.unwrap_or(false),
        verbose: options.verbose.unwrap_or(false),
    };
    Ok(render::render(form, &parsed(&report)?, &options))
}

/// The report in `json`.
fn parsed(json: &str) -> Result<Report> {
    let report: Report = serde_json::from_str(json)
        .map_err(|error| invalid(format!("A report must be JSON of this format: {error}")))?;
    if report.version > report::model::VERSION {
        return Err(invalid(format!(
            "A report must be of version {} or older, received version {}",
            report::model::VERSION,
            report.version
        )));
    }
    Ok(report)
}

/// An argument is wrong.
fn invalid(text: String) -> Error {
    Error::new(Status::InvalidArg, text)
}
