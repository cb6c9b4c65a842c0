//! The report for a terminal.

use super::Options;
use crate::report::model::Report;

/// The report for a terminal.
pub(super) fn render(report: &Report, options: &Options) -> String {
    let wanted = |certain: bool| certain || options.possible;
    report
        .findings
        .iter()
        .filter(|finding| wanted(finding.certain))
        .map(|finding| format!("{}\n", finding.sentence))
        .collect()
}
