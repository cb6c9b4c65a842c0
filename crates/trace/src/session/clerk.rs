//! What the analysis thread does with messages: it asks the analysis, answers, and keeps the file.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;
use serde_json::json;

use crate::analysis::Analysis;
use crate::events::queue::{Message, Queue, Sought, Wanted};
use crate::report::model::{Finding, Report};
use crate::report::{Builder, Location, Settings};
use crate::sites;

/// The findings that a thread has been told of.
#[derive(Debug, Default)]
struct Told {
    /// How many of the analysis; threads may see the same.
    count: usize,
    /// Their ids.
    ids: FxHashSet<String>,
}

/// The keeper of the analysis.
#[derive(Debug)]
pub(super) struct Clerk {
    analysis: Analysis,
    settings: Settings,
    file: Option<File>,
    /// What each thread has been told of.
    told: FxHashMap<u32, Told>,
}

impl Clerk {
    /// A clerk, which opens the file of the process.
    pub(super) fn new(settings: Settings) -> Self {
        let mut clerk = Self {
            analysis: Analysis::new(settings.ring_size, settings.possible),
            file: None,
            told: FxHashMap::default(),
            settings,
        };
        if let Some(path) = clerk.settings.file.clone() {
            match open(&path) {
                Ok(file) => clerk.file = Some(file),
                Err(error) => clerk.cannot_write(&error),
            }
        }
        let settings = &clerk.settings;
        let process = json!({
            "type": "process",
            "pid": settings.pid,
            "argv": settings.argv,
            "cwd": settings.cwd,
            "node": settings.node,
        });
        clerk.write(&process);
        clerk
    }

    /// Handles `message`, which came through `queue`.
    pub(super) fn handle(&mut self, message: Message, queue: &Queue) {
        match message {
            Message::Events(batch) => self.analysis.batch(&batch),
            Message::Evidence { thread, json } => self.analysis.evidence(thread, &json),
            Message::Thread { thread, begun } => self.analysis.thread(thread, begun),
            Message::Question {
                thread,
                wanted,
                reply,
            } => {
                let answer = match wanted {
                    Wanted::News => text(&self.news(thread)),
                    Wanted::Finding(sought) => text(&self.finding(thread, &sought)),
                    Wanted::Report => text(&self.report(queue)),
                    Wanted::LastReport => self.last_report(queue),
                };
                // Who does not wait any more does not want it.
                let _ = reply.send(answer);
            }
        }
        self.write_fresh();
    }

    /// The analysis has panicked.
    pub(super) fn failed(&mut self) {
        let text = "The analysis failed at an event, which is an error of the finder.";
        self.analysis.note(text.to_owned());
    }

    fn report(&mut self, queue: &Queue) -> Report {
        self.analysis.conclude();
        let lost = queue.evidence_dropped();
        if lost > 0 {
            self.analysis
                .note("Evidence was dropped, so counts are too low.".to_owned());
        }
        self.builder().report(queue.dropped() + lost)
    }

    fn last_report(&mut self, queue: &Queue) -> String {
        let report = self.report(queue);
        self.write_fresh();
        self.write(&json!({ "type": "report", "report": report }));
        text(&report)
    }

    /// The findings that `thread` has not been told of.
    fn news(&mut self, thread: u32) -> Vec<Finding> {
        let mut told = self.told.remove(&thread).unwrap_or_default();
        let mut builder = self.builder();
        let all = self.analysis.findings.all();
        let new = all.iter().skip(told.count);
        let news = new
            .map(|finding| builder.finding(finding))
            .filter(|finding| told.ids.insert(finding.id.clone()))
            .collect();
        told.count = all.len();
        self.told.insert(thread, told);
        news
    }

    /// One finding of `thread`, as it is now.
    fn finding(&self, thread: u32, sought: &Sought) -> Option<Finding> {
        let finding = self.analysis.findings.find(thread, sought)?;
        Some(self.builder().finding(finding))
    }

    /// Writes the findings that are new to the file.
    fn write_fresh(&mut self) {
        let fresh = self.analysis.take_fresh();
        if fresh.is_empty() || self.file.is_none() {
            return;
        }
        let mut builder = self.builder();
        let all = self.analysis.findings.all();
        let findings: Vec<_> = fresh
            .into_iter()
            .filter_map(|index| all.get(index))
            .map(|finding| builder.finding(finding))
            .collect();
        for finding in findings {
            self.write(&json!({ "type": "finding", "finding": finding }));
        }
    }

    fn builder(&self) -> Builder<'_> {
        Builder::new(&self.analysis, &self.settings, &locate)
    }

    /// Writes a line to the file of the process, in one piece.
    fn write(&mut self, line: &serde_json::Value) {
        let Some(file) = &mut self.file else { return };
        if let Err(error) = file.write_all(format!("{line}\n").as_bytes()) {
            self.file = None;
            self.cannot_write(&error);
        }
    }

    fn cannot_write(&mut self, error: &std::io::Error) {
        let path = self.settings.file.as_deref().map(Path::display);
        let path = path.map_or_else(String::new, |path| path.to_string());
        self.analysis
            .note(format!("{path} cannot be written: {error}."));
    }
}

/// The file at `path`, to append to it.
fn open(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().create(true).append(true).open(path)
}

/// `value` as JSON.
fn text(value: &impl Serialize) -> String {
    // Only maps with keys that are no text, and failing writers, could fail.
    serde_json::to_string(value).unwrap_or_default()
}

/// The place that the number `id` stands for.
fn locate(id: u32) -> Option<Location> {
    if id == 0 {
        return None;
    }
    sites::resolve(id).map(|place| Location {
        file: place.file,
        line: place.line,
        column: place.column,
        function: Some(place.function),
    })
}
