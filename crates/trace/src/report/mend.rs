//! The mend of a finding: the lines of the program, as they are and as they should be.

use super::model::{Finding, Mend};
use super::source::Sources;

/// The mend of `finding`.
pub(crate) fn mend(_finding: &Finding, _mendable: bool, _sources: &mut Sources) -> Option<Mend> {
    None
}
