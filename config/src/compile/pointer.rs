//! JSON pointers of mappers and tills.

use crate::report::Report;
use dialect::mapper::{Bad, Place};

/// Reads a pointer and says what is wrong with it.
pub(crate) fn pointer(text: &str, key: &str, report: &mut Report<'_>) -> Option<Place> {
    told(Place::parse(text), text, key, report)
}

/// Says what is wrong at the key.
pub(crate) fn told<T>(
    read: Result<T, Bad>,
    text: &str,
    key: &str,
    report: &mut Report<'_>,
) -> Option<T> {
    read.map_err(|bad| report.error(key, format!("{text:?} {}", bad.what), bad.remedy))
        .ok()
}
