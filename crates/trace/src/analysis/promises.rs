//! The rules about promises of several contexts: settle (R5), batch (R6) and share (R7).

use rustc_hash::FxHashSet;

use super::evidence::Sighting;
use super::timeline::Read;
use super::Analysis;
use crate::events::Key;

/// Waiters of one promise that are looked at.
const SHARERS: u32 = 20;

/// A promise whose fate another context decides, or waits for.
struct Blamed {
    rule: &'static str,
    expected: Key,
    made: u32,
    ran_by: u32,
}

impl Analysis {
    /// The promise `id` is resolved by the run `run`, in the context `ctx`, at the place `by`.
    pub(super) fn resolved(&mut self, id: Key, run: u64, ctx: Key, by: u32) {
        let Some(resource) = self.timeline.resource_mut(id) else {
            return;
        };
        let first = resource.resolved_in == 0;
        if first {
            resource.resolved_in = run;
        }
        let (made_in, made_ctx, site) = (resource.run, resource.ctx, resource.site);
        if self.statistics.is_none() {
            return;
        }
        if first {
            self.tell_sharers(id);
        }
        if !made_ctx.is_none() && made_in != run {
            self.settle(id, (run, ctx, by), (made_ctx, site));
        }
    }

    /// R5: code without a context settles the promise of one. R6: one run settles promises of
    /// several contexts, its own among them.
    fn settle(&mut self, id: Key, (run, ctx, by): (u64, Key, u32), (owner, site): (Key, u32)) {
        let own = owner == ctx;
        let nested = self.registry.descends(ctx, owner) || self.registry.descends(owner, ctx);
        if !own && !ctx.is_none() && nested {
            return;
        }
        // Of what is made at a place that is not known, nothing tells that it is made together.
        if site != 0 {
            self.timeline.resolve(run, id, site, own);
        }
        if ctx.is_none() {
            self.blame_reads("settle", id, run, ctx, by);
            return;
        }
        for other in self.timeline.take_batch(run, site) {
            self.blame_reads("batch", other, run, ctx, by);
        }
    }

    /// Blames the reads that led to the end of the promise `id`, as far as they saw another store
    /// than its own context has.
    fn blame_reads(&mut self, rule: &'static str, id: Key, run: u64, ctx: Key, by: u32) {
        let Some(promise) = self.timeline.resource(id) else {
            return;
        };
        let blamed = Blamed {
            rule,
            expected: promise.ctx,
            made: promise.site,
            ran_by: by,
        };
        // One promise counts once for a line, however often that has read for others.
        let mut lines = FxHashSet::default();
        for (number, read) in self.timeline.reads_before(run, promise.run) {
            let wrong = !self
                .registry
                .is_right(read.ctx, blamed.expected, read.storage);
            if read.ctx == ctx && wrong && lines.insert((read.storage, read.site)) {
                self.blame(&blamed, number, read);
            }
        }
    }

    /// A promise `id` has been made to wait for `awaited`, while `runner` ran.
    ///
    /// Where `runner` is a pending promise of another context, it has adopted `awaited`: the engine
    /// makes `id` in the job that does so.
    pub(super) fn awaited(&mut self, id: Key, awaited: Key, runner: Key) {
        let Some(promise) = self.timeline.resource(awaited).filter(|r| r.promise) else {
            return;
        };
        let owner = promise.ctx;
        if owner.is_none() || promise.shared >= SHARERS {
            return;
        }
        let adopts = self.timeline.resource(runner).is_some_and(|other| {
            let pending = other.promise && other.resolved_in == 0;
            pending && !other.ctx.is_none() && other.ctx != owner
        });
        let waiter = if adopts { runner } else { id };
        let ctx = self.timeline.resource(waiter).map_or(Key::NONE, |w| w.ctx);
        let related = self.registry.descends(ctx, owner) || self.registry.descends(owner, ctx);
        if ctx.is_none() || related {
            return;
        }
        let Some(promise) = self.timeline.resource_mut(awaited) else {
            return;
        };
        promise.shared += 1;
        promise.sharers.push(waiter);
        if promise.resolved_in != 0 {
            self.tell_sharers(awaited);
        }
    }

    /// R7: the promise `id`, whose making read the store of its own context, is one of others too.
    fn tell_sharers(&mut self, id: Key) {
        let Some(promise) = self.timeline.resource_mut(id) else {
            return;
        };
        let sharers = std::mem::take(&mut promise.sharers);
        if sharers.is_empty() {
            return;
        }
        let (owner, made) = (promise.ctx, promise.site);
        let (from, since) = (promise.resolved_in, promise.run);
        let reads = self.timeline.reads_before(from, since);
        let Some((number, read)) = reads.into_iter().find(|(_, read)| read.ctx == owner) else {
            return;
        };
        for sharer in sharers {
            let Some(waiter) = self.timeline.resource(sharer) else {
                continue;
            };
            let blamed = Blamed {
                rule: "share",
                expected: waiter.ctx,
                made,
                ran_by: waiter.site,
            };
            if !self
                .registry
                .is_right(read.ctx, blamed.expected, read.storage)
            {
                self.blame(&blamed, number, read);
            }
        }
    }

    /// The read in the run `number` is a finding.
    fn blame(&mut self, blamed: &Blamed, number: u64, read: Read) {
        let sighting = Sighting {
            rule: blamed.rule.to_owned(),
            storage: read.storage.id(),
            read: read.site,
            via: read.via,
            expected: blamed.expected.id(),
            actual: read.ctx.id(),
            made: blamed.made,
            made_as: "promise".to_owned(),
            ran_by: blamed.ran_by,
            ran_in: self.ran_in(number),
            ..Sighting::default()
        };
        self.sighted(read.storage.thread(), sighting);
    }
}
