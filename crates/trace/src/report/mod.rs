//! The report: what the program's run has shown, as data.
//!
//! [`model`] is its form, [`build`] makes it of an analysis, [`merge`](mod@merge) makes one of several.

mod build;
mod ids;
mod mend;
mod merge;
pub(crate) mod model;
pub(crate) mod paths;
mod sentence;
mod source;

use std::path::PathBuf;

use serde::Deserialize;

pub(crate) use build::Builder;
pub(crate) use merge::merge;
pub(crate) use source::Location;

/// What the runtime says when it starts.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Settings {
    /// The number of the process.
    pub(crate) pid: u32,
    /// Its arguments.
    pub(crate) argv: Vec<String>,
    /// Its working directory.
    pub(crate) cwd: String,
    /// The folder that paths are told from, if it is another.
    pub(crate) root: Option<String>,
    /// The version of Node.
    pub(crate) node: String,
    /// Whether the rules that can be wrong are wanted.
    pub(crate) possible: bool,
    /// Whether a picture is wanted: its report has more contexts and runs.
    pub(crate) picture: bool,
    /// The size of the ring in bytes.
    pub(crate) ring_size: usize,
    /// How many buffers may wait for the analysis.
    pub(crate) buffers: usize,
    /// The file that gets each finding as it comes, as lines of JSON.
    pub(crate) file: Option<PathBuf>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            pid: std::process::id(),
            argv: Vec::new(),
            cwd: String::new(),
            root: None,
            node: String::new(),
            possible: false,
            picture: false,
            ring_size: 64 << 20,
            buffers: 256,
            file: None,
        }
    }
}

impl Settings {
    /// The folder that paths are told from.
    pub(crate) fn root(&self) -> &str {
        self.root.as_deref().unwrap_or(&self.cwd)
    }
}
