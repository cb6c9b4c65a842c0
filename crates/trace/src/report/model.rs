//! The report, version 1: what `--json` prints, and what processes write for the command.
//!
//! Every field may be missing when it is read: reports of several processes are merged, and one may
//! be of another version of the package.

use serde::{Deserialize, Serialize};

/// The version of the format.
pub(crate) const VERSION: u32 = 1;

/// A report of one process, or of several.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Report {
    /// The version of the format.
    pub(crate) version: u32,
    /// The version of Node of the first process.
    pub(crate) node: String,
    /// The processes.
    pub(crate) processes: Vec<Process>,
    /// The findings.
    pub(crate) findings: Vec<Finding>,
    /// Contexts: those of findings, and the last ones.
    pub(crate) contexts: Vec<Context>,
    /// The last runs of callbacks.
    pub(crate) runs: Vec<Run>,
    /// The last functions that ran in a context that is not theirs.
    pub(crate) crossings: Vec<Crossing>,
}

/// A process.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Process {
    /// Its number.
    pub(crate) pid: u32,
    /// Its arguments.
    pub(crate) argv: Vec<String>,
    /// Its working directory.
    pub(crate) cwd: String,
    /// Its version of Node.
    pub(crate) node: String,
    /// How many JavaScript threads it had.
    pub(crate) threads: u32,
    /// How many contexts were entered.
    pub(crate) contexts: u64,
    /// How many calls of `getStore()` there were.
    pub(crate) reads: u64,
    /// How many functions ran in a context that is not theirs.
    pub(crate) crossings: u64,
    /// What the transform did.
    pub(crate) transformed: Transformed,
    /// How many events were taken.
    pub(crate) events: u64,
    /// How many events were dropped.
    pub(crate) dropped: u64,
    /// How many runs and marks of the picture the ring has forgotten.
    pub(crate) forgotten: u64,
    /// What else is to be said.
    pub(crate) notes: Vec<String>,
    /// Reads of the places that were watched.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) watched: Vec<Watched>,
    /// Mends that could not be put in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) unmended: Vec<Spot>,
}

/// What the transform did.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Transformed {
    /// Files.
    pub(crate) files: u64,
    /// Their length.
    pub(crate) bytes: u64,
    /// How long it took, in milliseconds.
    pub(crate) ms: f64,
    /// Files that could not be parsed.
    pub(crate) unparsed: Vec<String>,
}

/// Reads of a place that was watched.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Watched {
    /// The place.
    #[serde(flatten)]
    pub(crate) spot: Spot,
    /// How many.
    pub(crate) reads: u64,
    /// How many of them were wrong.
    pub(crate) wrong: u64,
}

/// A position in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Spot {
    /// The file.
    pub(crate) file: String,
    /// The line, from 1.
    pub(crate) line: u32,
    /// The column, from 1; 0 if it is not known.
    pub(crate) column: u32,
}

/// A place in the program.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Place {
    /// The file: absolute, or a module of Node.
    pub(crate) file: String,
    /// The line, from 1.
    pub(crate) line: u32,
    /// The column, from 1; 0 if it is not known.
    pub(crate) column: u32,
    /// The function.
    pub(crate) function: Option<String>,
    /// The package that the file belongs to.
    pub(crate) package: Option<Package>,
    /// The lines around.
    pub(crate) code: Vec<Line>,
}

/// A package.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Package {
    /// Its name.
    pub(crate) name: String,
    /// Its version.
    pub(crate) version: Option<String>,
}

/// A line of an excerpt.
#[expect(clippy::struct_field_names, reason = "the report has such a name")]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Line {
    /// Its number.
    pub(crate) line: u32,
    /// Its text.
    pub(crate) text: String,
    /// Whether it is the one that the excerpt is about.
    pub(crate) mark: bool,
}

/// A finding.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Finding {
    /// 12 hexadecimal digits, the same in each run.
    pub(crate) id: String,
    /// Whether it is certain; otherwise it is possible.
    pub(crate) certain: bool,
    /// `lost`, `foreign`, `outer`, or `twins`.
    pub(crate) kind: String,
    /// The rule that saw it.
    pub(crate) rule: String,
    /// What happened, in one sentence.
    pub(crate) sentence: String,
    /// The storage.
    pub(crate) storage: Storage,
    /// Where it was read.
    pub(crate) read: Option<Place>,
    /// What called the reader.
    pub(crate) via: Option<Place>,
    /// The context that was expected.
    pub(crate) expected: Option<Context>,
    /// The context that there was.
    pub(crate) actual: Option<Context>,
    /// Where what ran was made.
    pub(crate) made: Option<Place>,
    /// What it is.
    pub(crate) made_as: String,
    /// Its name.
    pub(crate) made_name: Option<String>,
    /// What ran it.
    pub(crate) ran_by: Option<Place>,
    /// In whose callback it ran.
    pub(crate) ran_in: Option<RanIn>,
    /// Where it was registered.
    pub(crate) registered: Option<Place>,
    /// How often it was seen.
    pub(crate) count: u64,
    /// Why it is only possible.
    pub(crate) why: Option<String>,
    /// How it is mended.
    pub(crate) mend: Option<Mend>,
    /// What came of the mend, when it was tried.
    pub(crate) proof: Option<Proof>,
    /// Whether the baseline has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) known: Option<bool>,
}

/// A storage.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Storage {
    /// Its name.
    pub(crate) name: Option<String>,
    /// Where it was constructed.
    pub(crate) created: Option<Place>,
}

/// A resource in whose callback something ran.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct RanIn {
    /// Its type.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// Where it was made.
    pub(crate) site: Option<Place>,
}

/// A context.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Context {
    /// Its number within its thread.
    pub(crate) id: u32,
    /// The thread.
    pub(crate) thread: u32,
    /// The process.
    pub(crate) pid: u32,
    /// The context in which it was entered; 0 if in none.
    pub(crate) parent: u32,
    /// The name of its storage.
    pub(crate) storage: Option<String>,
    /// Its store, as text.
    pub(crate) preview: Option<String>,
    /// Where it was entered.
    pub(crate) entered: Option<Place>,
    /// When, in microseconds.
    pub(crate) at: u64,
    /// Whether nothing refers to it any more.
    pub(crate) over: bool,
    /// How many callbacks have run in it.
    pub(crate) activations: u64,
    /// How many resources that were made in it are neither resolved nor destroyed.
    pub(crate) pending: u64,
}

/// A run of a callback, or the synchronous part of a `run()`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Run {
    /// The process.
    pub(crate) pid: u32,
    /// The thread.
    pub(crate) thread: u32,
    /// The context; 0 for none.
    pub(crate) ctx: u32,
    /// When it began, in microseconds.
    pub(crate) from: u64,
    /// When it ended.
    pub(crate) to: u64,
    /// The type of its resource, or `run`.
    pub(crate) what: String,
    /// Where that was made, or stood.
    pub(crate) site: Option<Place>,
}

/// A function that ran in a context that is not its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Crossing {
    /// The process.
    pub(crate) pid: u32,
    /// The thread.
    pub(crate) thread: u32,
    /// When, in microseconds.
    pub(crate) at: u64,
    /// The context in which it was made.
    pub(crate) from: u32,
    /// The context in which it ran; 0 for none.
    pub(crate) to: u32,
    /// The finding that it led to.
    pub(crate) finding: Option<String>,
}

/// How a finding is mended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Mend {
    /// Where.
    pub(crate) place: Option<Place>,
    /// What is done, in a few words.
    pub(crate) how: String,
    /// The lines as they are; nothing where the mend can only be described.
    pub(crate) before: Option<String>,
    /// The same lines, mended.
    pub(crate) after: Option<String>,
    /// What else is to be done or known.
    pub(crate) note: Option<String>,
}

/// What came of a mend that was tried.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Proof {
    /// How many reads were right.
    pub(crate) right: u64,
    /// Of how many.
    pub(crate) of: u64,
    /// Findings that remain.
    pub(crate) left: Vec<String>,
    /// Why there is no proof.
    pub(crate) note: Option<String>,
}
