//! Tests of the rules: of each what it finds, and a healthy program that it must not blame.

mod certain;
mod possible;
mod robust;

use super::findings::{Finding, Kind};
use super::Analysis;
use crate::events::{kinds, Batch, Key};

/// The storage of all tests.
const STORAGE: u32 = 1;

/// The type of promises.
const PROMISE: u32 = 1;

/// The type of timers.
const TIMEOUT: u32 = 2;

/// A thread that writes events, as JavaScript does.
struct Program {
    analysis: Analysis,
    now: u32,
    thread: u32,
    words: Vec<u32>,
}

impl Program {
    /// A program with contexts 1, 2 and 3 of one storage, each of its own.
    fn new() -> Self {
        let mut program = Self {
            analysis: Analysis::new(1 << 20, true),
            now: 0,
            thread: 0,
            words: Vec::new(),
        };
        for (id, name) in [(PROMISE, "PROMISE"), (TIMEOUT, "Timeout")] {
            let json = format!(r#"{{"type":"resource-type","id":{id},"name":"{name}"}}"#);
            program.analysis.evidence(0, &json);
        }
        for id in 1..=3 {
            program.enter(id, 0);
        }
        program
    }

    fn event(&mut self, kind: u32, id: u32, [a, b, c]: [u32; 3], ctx: u32, site: u32) {
        self.now = self.now.wrapping_add(10);
        self.words.extend([kind, id, a, b, ctx, site, self.now, c]);
        let batch = Batch {
            thread: self.thread,
            words: std::mem::take(&mut self.words),
            ..Batch::default()
        };
        self.analysis.batch(&batch);
    }

    /// `run()` of the context `id` inside `parent`.
    fn enter(&mut self, id: u32, parent: u32) {
        self.event(kinds::ENTER, id, [parent, STORAGE, 1], 0, 100 + id);
    }

    /// A promise, made at `site` in the context `ctx`.
    fn promise(&mut self, id: u32, ctx: u32, site: u32) {
        self.event(kinds::INIT, id, [0, 0, PROMISE], ctx, site);
    }

    /// A promise that waits for `awaited`, made while the resource `runner` runs.
    fn waiter(&mut self, id: u32, awaited: u32, runner: u32, (ctx, site): (u32, u32)) {
        self.event(kinds::INIT, id, [awaited, runner, PROMISE], ctx, site);
    }

    /// A timer.
    fn timer(&mut self, id: u32, ctx: u32) {
        self.event(kinds::INIT, id, [0, 0, TIMEOUT], ctx, 0);
    }

    /// A callback of the resource `id` in the context `ctx`, which does `body`.
    fn callback(&mut self, id: u32, ctx: u32, body: impl FnOnce(&mut Self)) {
        self.event(kinds::BEFORE, id, [0; 3], ctx, 0);
        body(self);
        self.event(kinds::AFTER, id, [0; 3], 0, 0);
    }

    /// `getStore()` at `site` in the context `ctx`.
    fn read(&mut self, ctx: u32, site: u32) {
        let undefined = u32::from(ctx == 0);
        self.event(kinds::READ, STORAGE, [undefined, 0, 0], ctx, site);
    }

    /// The promise `id` is resolved.
    fn resolve(&mut self, id: u32, ctx: u32, by: u32) {
        self.event(kinds::RESOLVE, id, [0; 3], ctx, by);
    }

    /// A wrong read under a crossing, as JavaScript reports it.
    fn sighting(&mut self, rule: &str, contexts: (u32, u32), made: u32) {
        self.sighting_via(rule, contexts, made, 0, false);
    }

    /// The same, where `via` called the reader; `elsewhere`: what makes the function ran in others.
    fn sighting_via(
        &mut self,
        rule: &str,
        (expected, actual): (u32, u32),
        made: u32,
        via: u32,
        elsewhere: bool,
    ) {
        let json = format!(
            r#"{{"type":"finding","rule":"{rule}","storage":{STORAGE},"read":50,"via":{via},
            "expected":{expected},"actual":{actual},"made":{made},"madeAs":"function",
            "madeName":"f","ranBy":null,"ranIn":null,"instance":"{expected}:{made}",
            "foreign":1,"elsewhere":{elsewhere},"mendable":true,"registered":0}}"#
        );
        self.analysis.evidence(self.thread, &json);
    }

    /// The findings of `rule`.
    fn found(&mut self, rule: &str) -> Vec<&Finding> {
        self.analysis.conclude();
        assert_eq!(self.analysis.notes, Vec::<String>::new());
        let all = self.analysis.findings.all().iter();
        all.filter(|finding| finding.sighting.rule == rule)
            .collect()
    }

    /// The reads, makings and expected contexts of the findings of `rule`.
    fn blamed(&mut self, rule: &str) -> Vec<(Kind, u32, u32, u32)> {
        let found = self.found(rule);
        let blamed = |finding: &&Finding| {
            let seen = &finding.sighting;
            (finding.kind, seen.read, seen.made, seen.expected)
        };
        found.iter().map(blamed).collect()
    }

    /// Whether all findings of `rule` are certain.
    fn is_certain(&mut self, rule: &str) -> bool {
        self.found(rule);
        let findings = &self.analysis.findings;
        let mut of_rule = findings
            .all()
            .iter()
            .filter(|finding| finding.sighting.rule == rule);
        of_rule.all(|finding| findings.doubt(finding).is_none())
    }
}

/// The context `id` of the first thread.
fn context(id: u32) -> Key {
    Key::new(0, id)
}
