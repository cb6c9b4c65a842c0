//! The findings: what was seen several times is one, with a count.

use rustc_hash::{FxHashMap, FxHashSet};

use super::evidence::Sighting;
use crate::events::queue::Sought;
use crate::events::Key;
use crate::registry::{Context, Registry};

/// Findings that are kept; a program that has more has one cause in many places.
const MOST: usize = 5_000;

/// Functions whose runs in other contexts are counted.
const INSTANCES: usize = 1 << 16;

/// What kind of wrong store was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// None at all.
    Lost,
    /// Another's.
    Foreign,
    /// That of the context around the expected one.
    Outer,
    /// Another storage of the same code has it.
    Twins,
}

/// A function: where it was made, and in which context.
pub(crate) type Instance = (Key, u32);

/// One finding.
#[derive(Debug, Clone)]
pub(crate) struct Finding {
    /// The kind.
    pub(crate) kind: Kind,
    /// The storage.
    pub(crate) storage: Key,
    /// The context that was expected, as it was at the first sighting.
    pub(crate) expected: Option<Context>,
    /// The context that there was.
    pub(crate) actual: Option<Context>,
    /// The first sighting.
    pub(crate) sighting: Sighting,
    /// How often it was seen.
    pub(crate) count: u64,
    /// The functions with which it was seen.
    pub(crate) instances: FxHashSet<Instance>,
    /// In how many contexts of others one of them ran, as far as JavaScript knows.
    pub(crate) foreign: u32,
    /// Whether each time the function had run in its own context, too.
    pub(crate) always_home: bool,
    /// Whether what makes the function has run in other contexts, too.
    pub(crate) elsewhere: bool,
    /// Whether a context that was entered later at the same place has made none.
    pub(crate) is_followed: bool,
}

impl Finding {
    /// Whether its rule only guesses.
    fn is_guess(&self) -> bool {
        let rule = self.sighting.rule.as_str();
        matches!(
            rule,
            "settle" | "batch" | "share" | "witness" | "statistics"
        )
    }
}

/// All findings, and in which contexts functions have run that are not theirs.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    all: Vec<Finding>,
    index: FxHashMap<(String, Kind, Key, u32, u32), usize>,
    ran_in: FxHashMap<Instance, FxHashSet<Key>>,
    left_out: u64,
}

impl Findings {
    /// Notes a sighting of the thread `thread`: its index, if nothing like it was seen before.
    pub(crate) fn add(
        &mut self,
        thread: u32,
        sighting: Sighting,
        registry: &Registry,
    ) -> Option<usize> {
        let storage = Key::new(thread, sighting.storage);
        let expected = Key::new(thread, sighting.expected);
        let actual = Key::new(thread, sighting.actual);
        let kind = kind_of(&sighting.rule, expected, actual, storage, registry);
        let instance = instance_of(thread, &sighting);
        if sighting.instance.is_some() {
            self.crossed(instance, actual);
        }
        let wanted = view(expected, storage, registry);
        let is_followed = !sighting.by_others
            && wanted
                .as_ref()
                .is_some_and(|wanted| registry.is_followed(wanted));
        let key = (
            sighting.rule.clone(),
            kind,
            storage,
            sighting.read,
            sighting.made,
        );
        if let Some(finding) = self.index.get(&key).and_then(|at| self.all.get_mut(*at)) {
            finding.count += 1;
            finding.foreign = finding.foreign.max(sighting.foreign);
            finding.always_home &= sighting.was_home;
            finding.elsewhere |= sighting.elsewhere;
            finding.is_followed |= is_followed;
            finding.instances.insert(instance);
            return None;
        }
        if self.all.len() == MOST {
            self.left_out += 1;
            return None;
        }
        self.index.insert(key, self.all.len());
        self.all.push(Finding {
            kind,
            storage,
            expected: match kind {
                // The twin's context is one of the twin.
                Kind::Twins => registry.get(expected).cloned(),
                _ => wanted,
            },
            actual: view(actual, storage, registry),
            count: sighting.times.max(1),
            instances: FxHashSet::from_iter([instance]),
            foreign: sighting.foreign,
            always_home: sighting.was_home,
            elsewhere: sighting.elsewhere,
            is_followed,
            sighting,
        });
        Some(self.all.len() - 1)
    }

    /// The function `instance` ran in the context `ctx`, which is not its own.
    pub(crate) fn crossed(&mut self, instance: Instance, ctx: Key) {
        if self.ran_in.len() < INSTANCES || self.ran_in.contains_key(&instance) {
            let contexts = self.ran_in.entry(instance).or_default();
            // More than a few say no more than a few.
            if contexts.len() < 4 {
                contexts.insert(ctx);
            }
        }
    }

    /// The findings, in the order in which they were first seen.
    pub(crate) fn all(&self) -> &[Finding] {
        &self.all
    }

    /// The last one of a thread that is what is sought.
    pub(crate) fn find(&self, thread: u32, sought: &Sought) -> Option<&Finding> {
        let storage = Key::new(thread, sought.storage);
        self.all.iter().rev().find(|finding| {
            let Sighting {
                rule, read, made, ..
            } = &finding.sighting;
            finding.storage == storage
                && (*read, *made) == (sought.read, sought.made)
                && *rule == sought.rule
        })
    }

    /// How many sightings found no place.
    pub(crate) const fn left_out(&self) -> u64 {
        self.left_out
    }

    /// Why `finding` is only a possible one; nothing if it is certain.
    pub(crate) fn doubt(&self, finding: &Finding) -> Option<&'static str> {
        match finding.sighting.rule.as_str() {
            "birth" | "emitter" | "bind" => self.demotion(finding),
            "twins" | "own" | "check" | "expect" => None,
            "settle" => {
                Some("the code that settles the promise may not have known for whom it worked")
            }
            "batch" => Some("one batch may be meant to work for several contexts"),
            "share" => Some("the promise may be meant to be shared"),
            "witness" => Some("an object of that context in a variable is a hint and no proof"),
            _ => Some("this line usually sees a store, which is a hint and no proof"),
        }
    }

    /// The findings that say something: where a read is wrong for certain, a guess about it does
    /// not. A function that reads for several is another reader for each that calls it.
    pub(crate) fn telling(&self) -> Vec<&Finding> {
        let read = |finding: &Finding| {
            let Sighting { read, via, .. } = finding.sighting;
            (finding.storage, read, via)
        };
        let certain: FxHashSet<_> = self
            .all
            .iter()
            .filter(|finding| self.doubt(finding).is_none())
            .map(read)
            .collect();
        let tells = |finding: &&Finding| !finding.is_guess() || !certain.contains(&read(finding));
        self.all.iter().filter(tells).collect()
    }

    /// Why a finding of a certain rule is demoted.
    fn demotion(&self, finding: &Finding) -> Option<&'static str> {
        if finding.kind == Kind::Outer {
            return Some("the expected context is nested in the one that there was");
        }
        if finding.kind == Kind::Foreign && finding.sighting.made_as == "generator" {
            return Some("the generator may be meant to work for whoever resumes it");
        }
        let most = finding
            .instances
            .iter()
            .filter_map(|instance| self.ran_in.get(instance))
            .map(FxHashSet::len)
            .max();
        let ran_in_many = most.unwrap_or(0) >= 2 || finding.foreign >= 2;
        if ran_in_many {
            return Some(
                "one function ran in several other contexts, so it may be made once for all of them",
            );
        }
        let is_one = finding.instances.len() == 1 && finding.count >= 2;
        if is_one && finding.elsewhere {
            return Some(
                "others ran the code that makes the function and made none, so it may be made once \
                 for all of them",
            );
        }
        if is_one && finding.is_followed {
            return Some(
                "others came the same way and made none, so it may be made once for all of them",
            );
        }
        finding.always_home.then_some(
            "the function ran in its own context, too, so it may be made once for several",
        )
    }
}

/// The function of which a sighting speaks, or what stands for it.
pub(crate) fn instance_of(thread: u32, sighting: &Sighting) -> Instance {
    let named = sighting.instance.as_deref().and_then(|instance| {
        let (ctx, site) = instance.split_once(':')?;
        Some((Key::new(thread, ctx.parse().ok()?), site.parse().ok()?))
    });
    named.unwrap_or_else(|| (Key::new(thread, sighting.expected), sighting.made))
}

/// What kind of finding it is.
fn kind_of(rule: &str, expected: Key, actual: Key, storage: Key, registry: &Registry) -> Kind {
    if rule == "twins" {
        return Kind::Twins;
    }
    let Some(there) = registry.effective(actual, storage) else {
        // A context that the registry has forgotten was one.
        let forgotten = !actual.is_none() && registry.get(actual).is_none();
        return if forgotten { Kind::Foreign } else { Kind::Lost };
    };
    if there.exited() {
        return Kind::Lost;
    }
    let wanted = registry.effective(expected, storage);
    if wanted.is_some_and(|wanted| registry.descends(wanted.key, there.key)) {
        return Kind::Outer;
    }
    Kind::Foreign
}

/// A copy of what `key` says of `storage`.
fn view(key: Key, storage: Key, registry: &Registry) -> Option<Context> {
    if key.is_none() {
        return None;
    }
    if registry.get(key).is_some() {
        return registry.effective(key, storage).cloned();
    }
    Some(Context {
        key,
        storage,
        ..Context::default()
    })
}
