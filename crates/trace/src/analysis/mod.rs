//! From events and evidence to findings.
//!
//! The certain rules are decided where the program runs, because they compare stores; what comes
//! here is deduplicated, counted and demoted ([`findings`]). The possible rules are decided here,
//! over the ring of what ran when ([`timeline`]): [`promises`] has settle, batch and share,
//! [`statistics`] the last.

pub(crate) mod evidence;
pub(crate) mod findings;
mod promises;
mod statistics;
#[cfg(test)]
mod tests;
mod thread;
pub(crate) mod timeline;

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::events::{kinds, Batch, Event, Key};
use crate::registry::{Context, Registry};
use evidence::{Counts, Evidence, Sighting, Spot, Watched};
use findings::Findings;
use statistics::Statistics;
use thread::Thread;
use timeline::{Mark, Read, Resource, Run, Timeline};

/// Notes and files without a parse that are kept.
const NOTES: usize = 200;

/// The type of promises in `async_hooks`.
const PROMISE: &str = "PROMISE";

/// What the transform has done.
#[derive(Debug, Default, Clone)]
pub(crate) struct Transformed {
    /// Files.
    pub(crate) files: u64,
    /// Their length in bytes.
    pub(crate) bytes: u64,
    /// How long it took, in milliseconds.
    pub(crate) ms: f64,
    /// Files that could not be parsed.
    pub(crate) unparsed: Vec<String>,
}

/// Everything that is known of the process.
#[derive(Debug)]
pub(crate) struct Analysis {
    /// The contexts.
    pub(crate) registry: Registry,
    /// What ran when.
    pub(crate) timeline: Timeline,
    /// The findings.
    pub(crate) findings: Findings,
    /// Names of types of resources.
    pub(crate) types: FxHashMap<Key, String>,
    /// What the threads counted.
    pub(crate) counts: BTreeMap<u32, Counts>,
    /// What the transform has done.
    pub(crate) transformed: Transformed,
    /// What the report must say.
    pub(crate) notes: Vec<String>,
    /// Reads of watched places, by thread.
    pub(crate) watched: BTreeMap<u32, Vec<Watched>>,
    /// Mends that could not be put in.
    pub(crate) unmended: Vec<Spot>,
    /// How many events there were.
    pub(crate) events: u64,
    /// How many of them were reads.
    pub(crate) reads: u64,
    /// How many of them were crossings.
    pub(crate) crossings: u64,
    threads: BTreeMap<u32, Thread>,
    promise_types: FxHashSet<Key>,
    statistics: Option<Statistics>,
    fresh: Vec<usize>,
}

impl Analysis {
    /// An analysis whose ring has `ring` bytes; `possible` asks for the rules that can be wrong.
    pub(crate) fn new(ring: usize, possible: bool) -> Self {
        // The contexts take a quarter: without them, the rest says nothing.
        Self {
            registry: Registry::new(ring / 4),
            timeline: Timeline::new(ring / 4 * 3),
            findings: Findings::default(),
            types: FxHashMap::default(),
            counts: BTreeMap::new(),
            transformed: Transformed::default(),
            notes: Vec::new(),
            watched: BTreeMap::new(),
            unmended: Vec::new(),
            events: 0,
            reads: 0,
            crossings: 0,
            threads: BTreeMap::new(),
            promise_types: FxHashSet::default(),
            statistics: possible.then(Statistics::default),
            fresh: Vec::new(),
        }
    }

    /// How many threads there have been.
    pub(crate) fn threads(&self) -> usize {
        self.threads.len().max(1)
    }

    /// A thread has begun or ended.
    pub(crate) fn thread(&mut self, thread: u32, begun: bool) {
        let state = self.threads.entry(thread).or_default();
        if !begun {
            state.tear();
        }
    }

    /// Takes the events of a thread.
    pub(crate) fn batch(&mut self, batch: &Batch) {
        if batch.torn {
            self.threads.entry(batch.thread).or_default().tear();
        }
        self.events += batch.count();
        for event in batch.events() {
            self.event(batch.thread, event);
        }
        for preview in &batch.previews {
            let parts = preview.split_once(' ');
            if let Some((Ok(id), text)) = parts.map(|(id, text)| (id.parse(), text)) {
                self.registry.preview(Key::new(batch.thread, id), text);
            }
        }
    }

    /// Takes a piece of evidence.
    pub(crate) fn evidence(&mut self, thread: u32, json: &str) {
        match serde_json::from_str(json) {
            Ok(evidence) => self.known_evidence(thread, evidence),
            Err(error) => self.note(format!("Evidence that was not understood: {error}.")),
        }
    }

    /// The findings that are new since the last call, by their indices.
    pub(crate) fn take_fresh(&mut self) -> Vec<usize> {
        std::mem::take(&mut self.fresh)
    }

    /// What only the end can tell: lines that usually see a store.
    pub(crate) fn conclude(&mut self) {
        let Some(statistics) = &mut self.statistics else {
            return;
        };
        for (thread, sighting) in statistics.take() {
            self.sighted(thread, sighting);
        }
    }

    /// A sentence for the report.
    pub(crate) fn note(&mut self, text: String) {
        if self.notes.len() < NOTES && !self.notes.contains(&text) {
            self.notes.push(text);
        }
    }

    fn known_evidence(&mut self, thread: u32, evidence: Evidence) {
        let key = |id| Key::new(thread, id);
        match evidence {
            Evidence::Finding(sighting) => self.sighted(thread, *sighting),
            Evidence::Context { id, preview } => self.registry.preview(key(id), &preview),
            Evidence::Storage { id, name } => self.registry.storage_mut(key(id)).name = Some(name),
            Evidence::ResourceType { id, name } => {
                if name == PROMISE {
                    self.promise_types.insert(key(id));
                }
                self.types.insert(key(id), name);
            }
            Evidence::Counts(counts) => {
                self.counts.insert(thread, counts);
            }
            Evidence::Transformed { files, bytes, ms } => {
                self.transformed.files += files;
                self.transformed.bytes += bytes;
                self.transformed.ms += ms;
            }
            Evidence::Unparsed { file } => {
                let unparsed = &mut self.transformed.unparsed;
                if unparsed.len() < NOTES && !unparsed.contains(&file) {
                    unparsed.push(file);
                }
            }
            Evidence::Note { text } => self.note(text),
            Evidence::Watched(watched) => {
                let all = self.watched.entry(thread).or_default();
                all.retain(|other| other.spot != watched.spot);
                all.push(watched);
            }
            Evidence::Unmended(spot) => {
                if !self.unmended.contains(&spot) {
                    self.unmended.push(spot);
                }
            }
        }
    }

    /// Somebody saw a wrong store.
    fn sighted(&mut self, thread: u32, sighting: Sighting) {
        // Of functions that the transform knows, an event has told it; of twins nothing has crossed.
        let is_told = matches!(sighting.rule.as_str(), "birth" | "twins");
        if !is_told && sighting.expected != 0 {
            let (from, site) = findings::instance_of(thread, &sighting);
            self.timeline.mark(Mark::Crossed {
                thread,
                at: self.threads.entry(thread).or_default().now(),
                from,
                to: Key::new(thread, sighting.actual),
                site,
            });
        }
        if let Some(index) = self.findings.add(thread, sighting, &self.registry) {
            self.fresh.push(index);
        }
    }

    fn event(&mut self, number: u32, event: Event) {
        let timeline = &mut self.timeline;
        let thread = self.threads.entry(number).or_default();
        let now = thread.time(event.time);
        let key = |id| Key::new(number, id);
        let (id, ctx) = (key(event.id), key(event.ctx));
        match event.kind {
            kinds::ENTER => {
                thread.entered(id, now);
                self.entered(number, event, now);
            }
            kinds::LEAVE => {
                if let Some(from) = thread.left(id) {
                    timeline.mark(Mark::Entered {
                        ctx: id,
                        from,
                        to: now,
                    });
                }
            }
            kinds::COLLECTED => self.registry.update(id, |context| context.over = true),
            kinds::STORAGE => self.registry.storage_mut(id).created = event.site,
            kinds::INIT => {
                let run = thread.current(number, timeline, now);
                self.made(number, event, run);
            }
            kinds::BEFORE => {
                let cause = timeline.resource(id).map_or(0, |resource| resource.run);
                let run = timeline.begin(Run {
                    thread: number,
                    resource: id,
                    cause,
                    ctx,
                    from: now,
                    to: now,
                    ..Run::default()
                });
                thread.began(id, run);
                self.registry
                    .update(ctx, |context| context.activations += 1);
            }
            kinds::AFTER => {
                if let Some(run) = thread.ended(id).and_then(|run| timeline.run_mut(run)) {
                    run.to = now;
                }
            }
            kinds::DESTROY => self.settled(id),
            kinds::RESOLVE => {
                let run = thread.current(number, timeline, now);
                self.settled(id);
                self.resolved(id, run, ctx, event.site);
            }
            kinds::READ => {
                let run = thread.current(number, timeline, now);
                self.read(number, event, run);
            }
            kinds::CROSSED => {
                let from = key(event.a);
                self.crossings += 1;
                self.findings.crossed((from, event.site), ctx);
                self.timeline.mark(Mark::Crossed {
                    thread: number,
                    at: now,
                    from,
                    to: ctx,
                    site: event.site,
                });
            }
            unknown => self.note(format!("An event of an unknown kind: {unknown}.")),
        }
    }

    fn entered(&mut self, thread: u32, event: Event, now: u64) {
        self.registry.enter(Context {
            key: Key::new(thread, event.id),
            parent: Key::new(thread, event.a),
            storage: Key::new(thread, event.b),
            same: Key::new(thread, event.ctx),
            entered: event.site,
            flags: event.c,
            at: now,
            activations: 1,
            ..Context::default()
        });
    }

    fn made(&mut self, thread: u32, event: Event, run: u64) {
        let key = |id| Key::new(thread, id);
        let kind = key(event.c);
        let (id, ctx) = (key(event.id), key(event.ctx));
        let promise = self.promise_types.contains(&kind);
        self.registry.update(ctx, |context| context.pending += 1);
        self.timeline.add(
            id,
            Resource {
                kind,
                promise,
                trigger: key(event.a),
                ctx,
                run,
                site: event.site,
                pending: true,
                ..Resource::default()
            },
        );
        if promise && self.statistics.is_some() {
            self.awaited(id, key(event.a), key(event.b));
        }
    }

    /// The resource `id` is no longer pending.
    fn settled(&mut self, id: Key) {
        let Some(resource) = self.timeline.resource_mut(id) else {
            return;
        };
        if std::mem::take(&mut resource.pending) {
            self.registry.update(resource.ctx, |context| {
                context.pending = context.pending.saturating_sub(1);
            });
        }
    }

    fn read(&mut self, thread: u32, event: Event, run: u64) {
        let read = Read {
            storage: Key::new(thread, event.id),
            ctx: Key::new(thread, event.ctx),
            site: event.site,
            via: event.b,
        };
        self.timeline.read(run, read);
        self.reads += 1;
        if self.statistics.is_some() {
            let ran_in = self.ran_in(run);
            let undefined = event.a == 1;
            if let Some(statistics) = &mut self.statistics {
                statistics.read(&read, undefined, ran_in);
            }
        }
    }

    /// The resource in whose callback the run `number` is.
    fn ran_in(&self, number: u64) -> Option<evidence::RanIn> {
        let resource = self
            .timeline
            .resource(self.timeline.run(number)?.resource)?;
        Some(evidence::RanIn {
            kind: self.types.get(&resource.kind)?.clone(),
            site: resource.site,
        })
    }
}
