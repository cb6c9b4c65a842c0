//! The report in the format of static analysis results.

use super::Options;
use crate::report::model::Report;

/// The report in the format of static analysis results.
pub(super) fn render(_report: &Report, _options: &Options) -> String {
    String::new()
}
