//! What a gateway and a hub say to each other, as JSON.

use super::event::Lane;
use crate::store::Batch;
use serde::{Deserialize, Serialize};

/// A piece of one lane: all the events that there are in `(after, upto]`.
pub(super) fn batch(batch: &Batch, lane: Lane, after: u64) -> Option<Vec<u8>> {
    let epoch = batch.epoch?.id;
    let lane = match lane {
        Lane::First => "first",
        Lane::Rest => "rest",
    };
    let (upto, events) = (batch.upto, batch.events.join(","));
    let text = format!(
        r#"{{"epoch":"{epoch:016x}","lane":"{lane}","after":{after},"upto":{upto},"events":[{events}]}}"#
    );
    Some(text.into_bytes())
}

/// Said at the beginning of every session.
#[derive(Debug, Serialize)]
pub(super) struct Hello {
    pub(super) version: &'static str,
    /// The newest, as 16 hexadecimal digits.
    pub(super) epoch: String,
    /// Nothing below it is left.
    pub(super) lowest: u64,
    /// The number of the next entry.
    pub(super) next: u64,
    /// Diagnostics that found no room, since the start.
    pub(super) dropped: u64,
    /// Pictures told by the hour, since the start.
    pub(super) folded: u64,
}

/// Up to where the hub has everything of an epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) epoch: u64,
    pub(super) first: u64,
    pub(super) rest: u64,
    /// Whether it got something that begins further on than it has.
    pub(super) gap: bool,
}

#[derive(Deserialize)]
struct RawMark<'a> {
    epoch: &'a str,
    first: u64,
    rest: u64,
    #[serde(default)]
    gap: bool,
}

impl Mark {
    /// Reads one; `None` when it is none.
    pub(super) fn read(payload: &[u8]) -> Option<Self> {
        let raw: RawMark<'_> = serde_json::from_slice(payload).ok()?;
        Some(Self {
            epoch: u64::from_str_radix(raw.epoch, 16).ok()?,
            first: raw.first,
            rest: raw.rest,
            gap: raw.gap,
        })
    }

    pub(super) fn of(&self, lane: Lane) -> u64 {
        match lane {
            Lane::First => self.first,
            Lane::Rest => self.rest,
        }
    }
}
