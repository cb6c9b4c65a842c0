//! The rules, as a tool that reads results shows them.

use serde_json::{json, Value};

/// A rule.
#[derive(Debug)]
pub(super) struct Rule {
    /// Its id, as findings have it.
    pub(super) id: &'static str,
    name: &'static str,
    short: &'static str,
    help: &'static str,
    certain: bool,
}

/// All rules.
pub(super) const RULES: [Rule; 12] = [
    Rule {
        id: "birth",
        name: "FunctionRanInOtherContext",
        short: "A function that was made in one context ran in another, and read the store there.",
        help: "Bind the function to the context in which it is made: AsyncResource.bind(fn), or \
               AsyncLocalStorage.bind(fn).",
        certain: true,
    },
    Rule {
        id: "emitter",
        name: "ListenerRanInOtherContext",
        short: "A listener that was registered in one context was called in another.",
        help: "Bind the listener where it is registered: emitter.on(name, \
               AsyncResource.bind(listener)).",
        certain: true,
    },
    Rule {
        id: "bind",
        name: "BoundFunctionRanInOtherContext",
        short: "A function made by bind() in one context was called in another.",
        help: "bind() keeps `this` and no context: wrap its result in AsyncResource.bind().",
        certain: true,
    },
    Rule {
        id: "twins",
        name: "StorageLoadedTwice",
        short: "A storage has no store, and its twin of a second copy of the module has one.",
        help: "Let all of the program load the same file of the package: one version, and one \
               format of modules.",
        certain: true,
    },
    Rule {
        id: "own",
        name: "OwnedObjectInOtherContext",
        short: "An object that belongs to one context was worked on in another.",
        help: "Keep AsyncLocalStorage.snapshot() with the object, and work on it in that.",
        certain: true,
    },
    Rule {
        id: "check",
        name: "CheckedObjectInOtherContext",
        short: "An object that was checked belongs to another context.",
        help: "Keep AsyncLocalStorage.snapshot() with the object, and work on it in that.",
        certain: true,
    },
    Rule {
        id: "expect",
        name: "ExpectedStoreMissing",
        short: "expect() found no store.",
        help: "The program says that a store must be there: enter the context, or keep it with \
               what is called later.",
        certain: true,
    },
    Rule {
        id: "settle",
        name: "PromiseSettledWithoutContext",
        short: "Code without a context read the store, and then settled the promise of one.",
        help: "Keep AsyncLocalStorage.snapshot() with each item of the queue, and work on it in \
               that.",
        certain: false,
    },
    Rule {
        id: "batch",
        name: "BatchOfSeveralContexts",
        short: "One run served promises of several contexts, and read the store of one of them.",
        help: "Make one loader for each context, or read the store for each key.",
        certain: false,
    },
    Rule {
        id: "share",
        name: "PromiseSharedBetweenContexts",
        short: "A promise that read the store of one context is awaited in another.",
        help: "Do shared work outside of all contexts: storage.exit(() => …).",
        certain: false,
    },
    Rule {
        id: "witness",
        name: "ObjectOfOtherContextAtHand",
        short: "Code that saw no store had an object of a context in a variable.",
        help: "Keep AsyncLocalStorage.snapshot() with the object, and work on it in that.",
        certain: false,
    },
    Rule {
        id: "statistics",
        name: "StoreUsuallyThere",
        short: "A line that usually sees a store saw none.",
        help: "A hint and no proof: look at what called it.",
        certain: false,
    },
];

impl Rule {
    /// The rule as a `reportingDescriptor`.
    pub(super) fn descriptor(&self) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "shortDescription": { "text": self.short },
            "fullDescription": { "text": self.short },
            "help": { "text": self.help },
            "helpUri": HELP,
            "defaultConfiguration": { "level": if self.certain { "error" } else { "note" } },
        })
    }
}

/// The guide.
const HELP: &str = "https://github.com/async-hooks-rs/async-hooks-rs/blob/main/docs/guides/\
                    finding-lost-context.md";
