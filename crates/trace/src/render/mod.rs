//! A report for people and for machines.

mod html;
mod json;
mod sarif;
mod terminal;
#[cfg(test)]
mod testing;

use crate::report::model::Report;

/// How a report is rendered.
#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    /// Whether colours are wanted.
    pub(crate) color: bool,
    /// How many columns there are; 0 for no limit.
    pub(crate) width: usize,
    /// The folder that paths are told from.
    pub(crate) cwd: String,
    /// Whether possible findings are wanted.
    pub(crate) possible: bool,
    /// Whether everything is wanted that is known of a finding.
    pub(crate) verbose: bool,
}

/// The form of a rendered report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// For a terminal.
    Terminal,
    /// As it is.
    Json,
    /// The format of static analysis results, version 2.1.0.
    Sarif,
    /// A page.
    Html,
}

impl Form {
    /// The names of the forms.
    pub(crate) const NAMES: &str = "'terminal', 'json', 'sarif', 'html'";

    /// The form of the name `name`.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "terminal" => Some(Self::Terminal),
            "json" => Some(Self::Json),
            "sarif" => Some(Self::Sarif),
            "html" => Some(Self::Html),
            _ => None,
        }
    }
}

/// Renders `report`.
pub(crate) fn render(form: Form, report: &Report, options: &Options) -> String {
    match form {
        Form::Terminal => terminal::render(report, options),
        Form::Json => json::render(report, options),
        Form::Sarif => sarif::render(report, options),
        Form::Html => html::render(report, options),
    }
}
