//! What a JavaScript thread found out itself, as it says it in JSON.

use serde::{Deserialize, Deserializer};

/// One piece of evidence.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(crate) enum Evidence {
    /// A read that gave another store than was expected.
    Finding(Box<Sighting>),
    /// The preview of a context's store.
    Context {
        /// The context.
        id: u32,
        /// Its store, as text.
        preview: String,
    },
    /// The name of a storage.
    Storage {
        /// The storage.
        id: u32,
        /// Its name.
        name: String,
    },
    /// The name of a type of resources.
    ResourceType {
        /// The number of the type.
        id: u32,
        /// Its name, as `async_hooks` says it.
        name: String,
    },
    /// What the thread has counted so far.
    Counts(Counts),
    /// Files that the thread has transformed since it last said so.
    Transformed {
        /// How many.
        files: u64,
        /// Their length.
        bytes: u64,
        /// How long it took, in milliseconds.
        ms: f64,
    },
    /// A file that could not be parsed.
    Unparsed {
        /// The file.
        file: String,
    },
    /// Something that the report must say.
    Note {
        /// The sentence.
        text: String,
    },
    /// What the reads of a watched place gave so far.
    Watched(Watched),
    /// A mend that could not be put in.
    Unmended(Spot),
}

/// What a thread counts; each time it says so, all from its beginning.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(crate) struct Counts {
    /// Calls of `getStore()`.
    pub(crate) reads: u64,
    /// Functions that ran in another context than the one in which they were made.
    pub(crate) crossings: u64,
}

/// Reads of a watched place.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Watched {
    /// The place.
    #[serde(flatten)]
    pub(crate) spot: Spot,
    /// How many reads.
    pub(crate) reads: u64,
    /// How many of them gave another store than was expected.
    pub(crate) wrong: u64,
}

/// A position in a file.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize)]
pub(crate) struct Spot {
    /// The file.
    pub(crate) file: String,
    /// The line, from 1.
    pub(crate) line: u32,
    /// The column, from 1; 0 if it is not known.
    #[serde(default)]
    pub(crate) column: u32,
}

/// A read that gave another store than was expected.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Sighting {
    /// The rule that saw it.
    pub(crate) rule: String,
    /// The storage.
    #[serde(deserialize_with = "number")]
    pub(crate) storage: u32,
    /// The place of the read.
    #[serde(deserialize_with = "number")]
    pub(crate) read: u32,
    /// What called the reader.
    #[serde(deserialize_with = "number")]
    pub(crate) via: u32,
    /// The context that was expected.
    #[serde(deserialize_with = "number")]
    pub(crate) expected: u32,
    /// The context that there was.
    #[serde(deserialize_with = "number")]
    pub(crate) actual: u32,
    /// Where what ran was made.
    #[serde(deserialize_with = "number")]
    pub(crate) made: u32,
    /// What it is.
    pub(crate) made_as: String,
    /// Its name.
    pub(crate) made_name: Option<String>,
    /// What ran it.
    #[serde(deserialize_with = "number")]
    pub(crate) ran_by: u32,
    /// The resource in whose callback it ran.
    pub(crate) ran_in: Option<RanIn>,
    /// Which function it was: the context in which it was made, and its site.
    pub(crate) instance: Option<String>,
    /// In how many contexts of others it has run so far.
    #[serde(deserialize_with = "number")]
    pub(crate) foreign: u32,
    /// Whether it has run in its own context, too.
    pub(crate) was_home: bool,
    /// Whether the function around it has run in another context meanwhile.
    pub(crate) elsewhere: bool,
    /// Whether functions of the same place ran in contexts of others that had made them.
    pub(crate) by_others: bool,
    /// Where it was registered.
    #[serde(deserialize_with = "number")]
    pub(crate) registered: u32,
    /// How many reads it stands for; 0 is one.
    #[serde(skip)]
    pub(crate) times: u64,
}

/// A resource in whose callback something ran.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct RanIn {
    /// Its type.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// Where it was made.
    #[serde(deserialize_with = "number")]
    pub(crate) site: u32,
}

/// A number, or null for none.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    Ok(Option::<u32>::deserialize(deserializer)?.unwrap_or_default())
}
