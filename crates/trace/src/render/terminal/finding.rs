//! A finding, or several of one cause.

use super::style::{unbroken, Look, Page};
use super::{plural, Options};
use crate::report::model::{Context, Finding, Mend, Place, Proof};
use crate::report::paths::{dependency, exact_spot, spot};

/// Where the places of a finding begin.
const INDENT: usize = 2;

/// Prints findings of one cause.
pub(super) fn print_group(page: &mut Page, group: &[&Finding], options: &Options) {
    let Some((first, others)) = group.split_first() else {
        return;
    };
    let look = if first.certain {
        Look::Error
    } else {
        Look::Warning
    };
    let kind = if first.certain {
        format!("{}: ", first.kind)
    } else {
        format!("possibly {}: ", first.kind)
    };
    page.words_with_indent((&kind, look), INDENT, &unbroken_stores(first));
    if let Some(why) = &first.why {
        page.words("  only possible: ", Look::Dim, &format!("{why}."));
    }
    print_made(page, first, options);
    print_ran_by(page, first, options);
    print_read(page, first, options);
    for other in others {
        print_other(page, other, options);
    }
    print_counts(page, group, options);
    if let Some(mend) = &first.mend {
        print_mend(page, mend, first, options);
    }
    // Each finding of the group was tried on its own.
    for finding in group {
        if let Some(proof) = &finding.proof {
            print_proof(page, proof);
        }
    }
}

fn print_made(page: &mut Page, finding: &Finding, options: &Options) {
    let Some(made) = &finding.made else { return };
    let label = match (finding.rule.as_str(), finding.made_as.as_str()) {
        ("twins", _) => "its twin",
        (_, "listener") => "registered",
        (_, "bound function") => "bound",
        (_, "generator") => "generator",
        _ => "made",
    };
    // A shared promise is the other's.
    let context = match finding.rule.as_str() {
        "share" => finding.actual.as_ref(),
        _ => finding.expected.as_ref(),
    };
    let context = context.map(|context| format!(", in {}", context_of(context, options)));
    let words = format!("{}{}", place_of(made, options), context.unwrap_or_default());
    print_place(page, label, &words, Some(made), options);
}

fn print_ran_by(page: &mut Page, finding: &Finding, options: &Options) {
    let label = match (finding.rule.as_str(), finding.made_as.as_str()) {
        ("settle", _) => "settled by",
        ("share", _) => "awaited by",
        (_, "generator") => "resumed by",
        _ => "run by",
    };
    let ran_in = finding.ran_in.as_ref().map(|ran_in| {
        let site = ran_in.site.as_ref();
        let made = site.map_or_else(String::new, |site| {
            format!(" made at {}", spot(site, &options.cwd))
        });
        format!(", in a callback of {}{made}", ran_in.kind)
    });
    let actual = match finding.rule.as_str() {
        "share" => finding.expected.as_ref(),
        _ => finding.actual.as_ref(),
    };
    let actual = actual.map(|context| format!(", in {}", context_of(context, options)));
    let what = finding
        .ran_by
        .as_ref()
        .map(|place| place_of(place, options));
    let is_known = what.is_some() || ran_in.is_some() || actual.is_some();
    // A twin is missed wherever its storage is read.
    if !is_known || finding.rule == "twins" {
        return;
    }
    let words = format!(
        "{}{}{}",
        what.unwrap_or_else(|| "code of Node".to_owned()),
        ran_in.unwrap_or_default(),
        actual.unwrap_or_default()
    );
    print_place(page, label, &words, finding.ran_by.as_ref(), options);
}

fn print_read(page: &mut Page, finding: &Finding, options: &Options) {
    let Some(read) = &finding.read else { return };
    let words = format!("{}{}", place_of(read, options), via(finding, options));
    print_place(page, "read", &words, Some(read), options);
}

/// Another read of the same cause, in one line.
fn print_other(page: &mut Page, finding: &Finding, options: &Options) {
    let Some(read) = &finding.read else { return };
    let words = format!(
        "{}{}: {}, {}",
        place_of(read, options),
        via(finding, options),
        finding.kind,
        plural(finding.count, "time"),
    );
    print_place(page, "also read", &words, None, options);
}

fn print_counts(page: &mut Page, group: &[&Finding], options: &Options) {
    let seen: u64 = group.iter().map(|finding| finding.count).sum();
    let ids: Vec<&str> = group.iter().map(|finding| finding.id.as_str()).collect();
    let rule = group.first().map_or("", |finding| finding.rule.as_str());
    let mut words = format!(
        "{}, by the rule {rule}, {}",
        plural(seen, "time"),
        ids.join(" ")
    );
    let storage = group.first().and_then(|f| f.storage.created.as_ref());
    if let Some(created) = storage {
        words = format!("{words}, storage made at {}", spot(created, &options.cwd));
    }
    print_place(page, "seen", &words, None, options);
}

/// A labelled line, and the code of `place`.
fn print_place(
    page: &mut Page,
    label: &str,
    words: &str,
    place: Option<&Place>,
    options: &Options,
) {
    page.words(&format!("  {label:<11}"), Look::Strong, words);
    let code = place.map_or(&[][..], |place| &place.code);
    let around = if options.verbose { 2 } else { 1 };
    let marked = code.iter().position(|line| line.mark).unwrap_or(0);
    for (index, line) in code.iter().enumerate() {
        if index.abs_diff(marked) > around {
            continue;
        }
        let sign = if line.mark { '>' } else { ' ' };
        let look = (!line.mark).then_some(Look::Dim);
        let column = place.filter(|_| line.mark).map_or(0, |place| place.column);
        let focus = usize::try_from(column).map_or(0, |column| column.saturating_sub(1));
        let lead = format!("    {sign} {:>4} | ", line.line);
        page.code(look, &lead, &line.text, focus);
    }
}

fn print_mend(page: &mut Page, mend: &Mend, finding: &Finding, options: &Options) {
    let place = mend.place.as_ref().or(finding.made.as_ref());
    let spot = place.map_or_else(String::new, |place| {
        format!(", at {}", exact_spot(place, &options.cwd))
    });
    page.words(
        "  mend       ",
        Look::Strong,
        &format!("{}{spot}", mend.how),
    );
    if let (Some(before), Some(after)) = (&mend.before, &mend.after) {
        for (line, mended) in before.split('\n').zip(after.split('\n')) {
            if line == mended {
                continue;
            }
            let same = line.chars().zip(mended.chars());
            let focus = same.take_while(|(one, other)| one == other).count();
            page.code(Some(Look::Removed), "    - ", line, focus);
            page.code(Some(Look::Added), "    + ", mended, focus);
        }
    }
    if let Some(note) = &mend.note {
        page.words("    ", Look::Dim, note);
    }
}

fn print_proof(page: &mut Page, proof: &Proof) {
    let mut words = if proof.of == 0 {
        "no proof".to_owned()
    } else {
        format!("with it, {} of {} reads are right", proof.right, proof.of)
    };
    if let Some(note) = &proof.note {
        words = format!("{words}: {note}");
    }
    if !proof.left.is_empty() {
        words = format!(
            "{words}; a second cause remains ({})",
            proof.left.join(", ")
        );
    }
    page.words("  tried      ", Look::Strong, &format!("{words}."));
}

/// `onRow (lib/pool.js:33:5, generic-pool 3.9.0)`.
fn place_of(place: &Place, options: &Options) -> String {
    let spot = exact_spot(place, &options.cwd);
    let spot = dependency(place).map_or_else(|| spot.clone(), |of| format!("{spot}, {of}"));
    place
        .function
        .as_ref()
        .map_or_else(|| spot.clone(), |function| format!("{function} ({spot})"))
}

/// What called the reader.
fn via(finding: &Finding, options: &Options) -> String {
    finding.via.as_ref().map_or_else(String::new, |via| {
        format!(", called by {}", place_of(via, options))
    })
}

/// A context, as its store and where it was entered.
fn context_of(context: &Context, options: &Options) -> String {
    let store = context
        .preview
        .as_deref()
        .map_or_else(|| format!("context {}", context.id), unbroken);
    let entered = context.entered.as_ref().map(|place| {
        let state = if context.over { " and is over" } else { "" };
        format!(" (entered at {}{state})", spot(place, &options.cwd))
    });
    format!("the context of {store}{}", entered.unwrap_or_default())
}

/// The sentence of a finding, with stores that are not broken between lines.
fn unbroken_stores(finding: &Finding) -> String {
    let contexts = [&finding.expected, &finding.actual];
    let previews = contexts.into_iter().flatten();
    previews
        .filter_map(|context| context.preview.as_deref())
        .filter(|preview| !preview.is_empty())
        .fold(finding.sentence.clone(), |sentence, preview| {
            sentence.replace(preview, &unbroken(preview))
        })
}
