//! The report for a terminal: of each finding a sentence, its places with their code, the mend.

mod finding;
mod style;
mod summary;
#[cfg(test)]
mod tests;

use super::Options;
use crate::report::model::{Finding, Place, Report};
use finding::print_group;
use style::Page;
use summary::print_summary;

/// The report for a terminal.
pub(super) fn render(report: &Report, options: &Options) -> String {
    let mut page = Page::new(options.color, options.width);
    for group in groups(report, options) {
        print_group(&mut page, &group, options);
        page.gap();
    }
    print_summary(&mut page, report, options);
    page.finish()
}

/// The findings to show; those of one cause together: what was made at one place and run by another.
fn groups<'r>(report: &'r Report, options: &Options) -> Vec<Vec<&'r Finding>> {
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    for finding in &report.findings {
        let wanted = finding.certain || options.possible;
        if !wanted || finding.known == Some(true) {
            continue;
        }
        let same = |group: &&mut Vec<&Finding>| group.iter().all(|other| one_cause(other, finding));
        match groups.iter_mut().find(same) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups
}

/// Whether two findings have one cause.
fn one_cause(one: &Finding, other: &Finding) -> bool {
    let spot = |place: &Option<Place>| {
        place
            .as_ref()
            .map(|place| (place.file.clone(), place.line, place.column))
    };
    one.made.is_some()
        && one.certain == other.certain
        && one.rule == other.rule
        && spot(&one.made) == spot(&other.made)
        && spot(&one.ran_by) == spot(&other.ran_by)
}

/// `3 reads`, `1 read`.
fn plural(count: u64, noun: &str) -> String {
    match (count, noun) {
        (1, noun) => format!("1 {noun}"),
        (count, "process") => format!("{count} processes"),
        (count, noun) => format!("{count} {noun}s"),
    }
}
