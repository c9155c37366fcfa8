//! A shop's days, recorded to be decided again: what the engine tapes is sealed
//! into files, one for each run of the engine, bounded by days and bytes, and
//! people who take a consent back are taken out of all of them.
//!
//! ```text
//! engine > whole records > a thread of its own > <data>/recording/<day>-<part>.rec
//! ```
//!
//! Off unless `[recording]` stands in `store.toml`; switched off, what was
//! recorded is removed.

mod folder;
mod gauge;
mod keeper;
mod read;
mod recorder;
mod seal;
#[cfg(test)]
mod tests;

pub use folder::{Part, date, day, parts_of};
pub use gauge::{Gauge, RecordingHealth};
pub use read::{Pieces, ReadError};
pub use recorder::Recorder;
pub use seal::{SealError, Truth};

/// The folder of recordings in a data folder.
pub const FOLDER: &str = "recording";
/// What the key of recordings is derived for.
const PURPOSE: &str = "recording";
