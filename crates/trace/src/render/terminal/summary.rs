//! The last lines: how much was found, and what was not seen.

use super::style::{Look, Page};
use super::{plural, Options};
use crate::report::model::{Finding, Process, Report};

/// The kinds of findings, the dangerous first.
const KINDS: [&str; 4] = ["foreign", "lost", "outer", "twins"];

/// Prints the summary.
pub(super) fn print_summary(page: &mut Page, report: &Report, options: &Options) {
    let (known, new): (Vec<&Finding>, Vec<&Finding>) = report
        .findings
        .iter()
        .partition(|finding| finding.known == Some(true));
    let (certain, possible): (Vec<&Finding>, Vec<&Finding>) =
        new.into_iter().partition(|finding| finding.certain);
    let processes = &report.processes;
    let mut words = if certain.is_empty() {
        "no certain finding".to_owned()
    } else {
        let found = plural(certain.len() as u64, "certain finding");
        format!("{found} ({})", kinds(&certain))
    };
    if !possible.is_empty() {
        let hidden = if options.possible {
            ""
        } else {
            ", which --possible shows"
        };
        words = format!("{words}, {} possible{hidden}", possible.len());
    }
    if !known.is_empty() {
        words = format!("{words}, {} known by the baseline", known.len());
    }
    let look = if certain.is_empty() {
        Look::Strong
    } else {
        Look::Error
    };
    page.words("context: ", look, &format!("{words}; {}.", seen(processes)));
    for note in notes(processes) {
        page.words("note: ", Look::Warning, &note);
    }
}

/// `2 lost, 1 foreign`.
fn kinds(findings: &[&Finding]) -> String {
    let count = |kind: &&str| {
        let count = findings.iter().filter(|f| f.kind == *kind).count();
        (count > 0).then(|| format!("{count} {kind}"))
    };
    KINDS
        .iter()
        .filter_map(count)
        .collect::<Vec<_>>()
        .join(", ")
}

/// What was seen of the program.
fn seen(processes: &[Process]) -> String {
    let sum = |part: fn(&Process) -> u64| processes.iter().map(part).sum::<u64>();
    [
        plural(processes.len() as u64, "process"),
        plural(sum(|process| u64::from(process.threads)), "thread"),
        plural(sum(|process| process.contexts), "context"),
        plural(sum(|process| process.reads), "read"),
        plural(sum(|process| process.crossings), "crossing"),
    ]
    .join(", ")
}

/// What the reader must know to trust the rest.
fn notes(processes: &[Process]) -> Vec<String> {
    let mut notes = Vec::new();
    let dropped: u64 = processes.iter().map(|process| process.dropped).sum();
    if dropped > 0 {
        notes.push(format!(
            "{} dropped, because the analysis was behind: the picture and the possible findings \
             have gaps.",
            plural(dropped, "event")
        ));
    }
    let forgotten: u64 = processes.iter().map(|process| process.forgotten).sum();
    if forgotten > 0 {
        notes.push(format!(
            "The ring has forgotten the oldest {}: possible findings that need them are missing.",
            plural(forgotten, "run")
        ));
    }
    for process in processes {
        let unparsed = &process.transformed.unparsed;
        if let Some(first) = unparsed.first() {
            notes.push(format!(
                "{} could not be parsed, so their functions are not seen: {first}{}",
                plural(unparsed.len() as u64, "file"),
                if unparsed.len() > 1 {
                    " and others."
                } else {
                    "."
                }
            ));
        }
        for note in &process.notes {
            if !notes.contains(note) {
                notes.push(note.clone());
            }
        }
    }
    notes
}
