//! The report as JSON.

use super::Options;
use crate::report::model::Report;

/// The report as JSON, in lines; possible findings only where they are wanted.
pub(super) fn render(report: &Report, options: &Options) -> String {
    let mut report = report.clone();
    report
        .findings
        .retain(|finding| finding.certain || options.possible);
    let mut text = serde_json::to_string_pretty(&report).unwrap_or_default();
    text.push('\n');
    text
}
