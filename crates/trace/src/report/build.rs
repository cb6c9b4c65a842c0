//! From the analysis to a report.

use rustc_hash::{FxHashMap, FxHashSet};

use super::ids::finding_id;
use super::mend::mend;
use super::model;
use super::sentence::sentence;
use super::source::{Location, Sources};
use super::Settings;
use crate::analysis::findings::{Finding, Instance, Kind};
use crate::analysis::timeline::Mark;
use crate::analysis::Analysis;
use crate::events::Key;
use crate::registry::Context;

/// Contexts, runs and crossings in a report with a picture, of each.
const PICTURED: usize = 4_000;

/// As many are in a report without one.
const LISTED: usize = 200;

/// What makes reports of an analysis.
pub(crate) struct Builder<'a> {
    analysis: &'a Analysis,
    settings: &'a Settings,
    locate: &'a dyn Fn(u32) -> Option<Location>,
    sources: Sources,
}

impl<'a> Builder<'a> {
    /// A builder that finds places by `locate`.
    pub(crate) fn new(
        analysis: &'a Analysis,
        settings: &'a Settings,
        locate: &'a dyn Fn(u32) -> Option<Location>,
    ) -> Self {
        Self {
            analysis,
            settings,
            locate,
            sources: Sources::default(),
        }
    }

    /// The whole report.
    pub(crate) fn report(&mut self, dropped: u64) -> model::Report {
        let limit = if self.settings.picture {
            PICTURED
        } else {
            LISTED
        };
        let analysis = self.analysis;
        let mut ids: FxHashMap<Instance, String> = FxHashMap::default();
        let mut findings = Vec::new();
        for raw in analysis.findings.telling() {
            let finding = self.finding(raw);
            for instance in &raw.instances {
                ids.insert(*instance, finding.id.clone());
            }
            findings.push(finding);
        }
        model::Report {
            version: model::VERSION,
            node: self.settings.node.clone(),
            processes: vec![self.process(dropped)],
            findings: super::merge::united(findings),
            contexts: self.contexts(limit),
            runs: self.runs(limit),
            crossings: self.crossings(limit, &ids),
        }
    }

    /// One finding.
    pub(crate) fn finding(&mut self, raw: &Finding) -> model::Finding {
        let seen = &raw.sighting;
        let storage = self.storage(raw.storage);
        let kind = match raw.kind {
            Kind::Lost => "lost",
            Kind::Foreign => "foreign",
            Kind::Outer => "outer",
            Kind::Twins => "twins",
        };
        let why = self.analysis.findings.doubt(raw);
        let (read, made) = (self.place(seen.read), self.place(seen.made));
        let places = [storage.created.as_ref(), made.as_ref(), read.as_ref()];
        let id = finding_id(kind, &seen.rule, places, self.settings.root());
        let mut finding = model::Finding {
            id,
            certain: why.is_none(),
            kind: kind.to_owned(),
            rule: seen.rule.clone(),
            storage,
            read,
            via: self.place(seen.via),
            expected: raw.expected.as_ref().map(|context| self.context(context)),
            actual: raw.actual.as_ref().map(|context| self.context(context)),
            made,
            made_as: seen.made_as.clone(),
            made_name: seen.made_name.clone(),
            ran_by: self.place(seen.ran_by),
            ran_in: seen.ran_in.as_ref().map(|ran_in| model::RanIn {
                kind: ran_in.kind.clone(),
                site: self.place(ran_in.site),
            }),
            registered: self.place(seen.registered),
            count: raw.count,
            why: why.map(str::to_owned),
            ..model::Finding::default()
        };
        finding.sentence = sentence(&finding, self.settings.root());
        finding.mend = mend(&finding, &mut self.sources);
        finding
    }

    /// The process itself.
    fn process(&self, dropped: u64) -> model::Process {
        let (analysis, settings) = (self.analysis, self.settings);
        let counts = analysis.counts.values();
        let (reads, crossings) = counts.fold((0, 0), |(reads, crossings), count| {
            (reads + count.reads, crossings + count.crossings)
        });
        let transformed = analysis.transformed.clone();
        let left_out = analysis.findings.left_out();
        let mut notes = analysis.notes.clone();
        if left_out > 0 {
            notes.push(format!(
                "There were too many findings: {left_out} wrong reads were left out."
            ));
        }
        model::Process {
            pid: settings.pid,
            argv: settings.argv.clone(),
            cwd: settings.cwd.clone(),
            node: settings.node.clone(),
            threads: u32::try_from(analysis.threads()).unwrap_or(u32::MAX),
            contexts: analysis.registry.entered(),
            reads: reads.max(analysis.reads),
            crossings: crossings.max(analysis.crossings),
            transformed: model::Transformed {
                files: transformed.files,
                bytes: transformed.bytes,
                ms: transformed.ms,
                unparsed: transformed.unparsed,
            },
            events: analysis.events,
            dropped,
            forgotten: analysis.timeline.forgotten(),
            notes,
            watched: self.watched(),
            unmended: analysis.unmended.iter().map(spot).collect(),
        }
    }

    /// Reads of watched places, of all threads together.
    fn watched(&self) -> Vec<model::Watched> {
        let mut sums: Vec<model::Watched> = Vec::new();
        for watched in self.analysis.watched.values().flatten() {
            let place = spot(&watched.spot);
            if let Some(sum) = sums.iter_mut().find(|sum| sum.spot == place) {
                sum.reads += watched.reads;
                sum.wrong += watched.wrong;
            } else {
                sums.push(model::Watched {
                    spot: place,
                    reads: watched.reads,
                    wrong: watched.wrong,
                });
            }
        }
        sums
    }

    fn storage(&mut self, key: Key) -> model::Storage {
        let Some(storage) = self.analysis.registry.storage(key) else {
            return model::Storage::default();
        };
        model::Storage {
            name: storage.name.clone(),
            created: self.place(storage.created),
        }
    }

    /// A context with the excerpt of its place, as it is now.
    fn context(&mut self, kept: &Context) -> model::Context {
        let entered = self.place(kept.entered);
        let now = self.analysis.registry.get(kept.key).unwrap_or(kept);
        model::Context {
            entered,
            ..self.bare_context(now)
        }
    }

    /// A context without an excerpt.
    fn bare_context(&self, context: &Context) -> model::Context {
        let storage = self.analysis.registry.storage(context.storage);
        model::Context {
            id: context.key.id(),
            thread: context.key.thread(),
            pid: self.settings.pid,
            parent: context.parent.id(),
            storage: storage.and_then(|storage| storage.name.clone()),
            preview: context.preview.as_deref().map(str::to_owned),
            entered: self.bare_place(context.entered),
            at: context.at,
            over: context.over,
            activations: context.activations,
            pending: context.pending,
        }
    }

    /// The contexts of findings, and the last `limit` others.
    fn contexts(&self, limit: usize) -> Vec<model::Context> {
        let analysis = self.analysis;
        let of_findings = analysis
            .findings
            .all()
            .iter()
            .flat_map(|finding| [&finding.expected, &finding.actual])
            .flatten();
        let all: Vec<_> = analysis.registry.iter().collect();
        let last = &all[all.len().saturating_sub(limit)..];
        let mut seen = FxHashSet::default();
        let mut contexts: Vec<_> = of_findings
            .chain(last.iter().copied())
            .filter(|context| seen.insert(context.key))
            .map(|context| self.bare_context(analysis.registry.get(context.key).unwrap_or(context)))
            .collect();
        contexts.sort_by_key(|context| (context.thread, context.id));
        contexts
    }

    /// The last `limit` runs.
    fn runs(&self, limit: usize) -> Vec<model::Run> {
        let (analysis, pid) = (self.analysis, self.settings.pid);
        let callbacks = analysis.timeline.runs().rev().take(limit).map(|run| {
            let resource = analysis.timeline.resource(run.resource);
            let kind = resource.and_then(|resource| analysis.types.get(&resource.kind));
            model::Run {
                pid,
                thread: run.thread,
                ctx: run.ctx.id(),
                from: run.from,
                to: run.to,
                what: kind.map_or_else(|| "script".to_owned(), Clone::clone),
                site: resource.and_then(|resource| self.bare_place(resource.site)),
            }
        });
        let entered = analysis.timeline.marks().rev().filter_map(|mark| {
            let Mark::Entered { ctx, from, to } = *mark else {
                return None;
            };
            let context = analysis.registry.get(ctx);
            Some(model::Run {
                pid,
                thread: ctx.thread(),
                ctx: ctx.id(),
                from,
                to,
                what: "run".to_owned(),
                site: context.and_then(|context| self.bare_place(context.entered)),
            })
        });
        let mut runs: Vec<_> = callbacks.chain(entered.take(limit)).collect();
        runs.sort_by_key(|run| (run.thread, run.from, std::cmp::Reverse(run.to)));
        runs
    }

    /// The last `limit` crossings, and the findings that they led to.
    fn crossings(&self, limit: usize, ids: &FxHashMap<Instance, String>) -> Vec<model::Crossing> {
        let marks = self.analysis.timeline.marks().rev();
        let mut crossings: Vec<_> = marks
            .filter_map(|mark| match *mark {
                Mark::Crossed {
                    thread,
                    at,
                    from,
                    to,
                    site,
                } => Some(model::Crossing {
                    pid: self.settings.pid,
                    thread,
                    at,
                    from: from.id(),
                    to: to.id(),
                    finding: ids.get(&(from, site)).cloned(),
                }),
                Mark::Entered { .. } => None,
            })
            .take(limit)
            .collect();
        crossings.reverse();
        crossings
    }

    /// The place `id` with its excerpt.
    fn place(&mut self, id: u32) -> Option<model::Place> {
        let location = (self.locate)(id)?;
        Some(self.sources.place(location))
    }

    /// The place `id` without an excerpt.
    fn bare_place(&self, id: u32) -> Option<model::Place> {
        (self.locate)(id).map(Sources::bare_place)
    }
}

/// A position, as the report has it.
fn spot(spot: &crate::analysis::evidence::Spot) -> model::Spot {
    model::Spot {
        file: spot.file.clone(),
        line: spot.line,
        column: spot.column,
    }
}
