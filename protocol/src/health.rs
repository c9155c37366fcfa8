//! How a node of ours is doing, as JSON, for whoever looks after nodes.

use crate::time::Trust;
use heapless::String;
use serde::{Deserialize, Serialize};

/// Longest version of a firmware, bytes.
pub const VERSION_MAX: usize = 24;

/// What became of everything that came in since a node started. Counters wrap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NodeHealth {
    /// Version of the firmware.
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub firmware: String<VERSION_MAX>,
    /// Number of this start.
    pub boot: u32,
    /// Milliseconds since it.
    pub uptime_ms: u32,
    /// Packets heard.
    pub heard: u32,
    /// Packets that may not leave the node.
    pub refused: u32,
    /// Readings taken.
    pub read: u32,
    /// Readings that were faults.
    pub faults: u32,
    /// Packets and readings lost for want of room.
    pub dropped: u32,
    /// Packets and readings that wait to be sent. With what was sent, dropped and
    /// refused they make up what was heard and read.
    #[serde(default)]
    pub waiting: u32,
    /// Why it started.
    #[serde(default)]
    pub restart: Restart,
    /// What it knows of the time.
    #[serde(default)]
    pub time: NodeTime,
}

/// What a node knows of the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NodeTime {
    /// How far its time can be trusted.
    pub trust: Trust,
    /// It is right to within this, ms; 0 if nothing is known.
    pub within_ms: u32,
    /// Answers that the node did not believe: late, never asked for, or far from
    /// what its own clock says. Wraps.
    pub refused: u32,
}

/// Why a node started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Restart {
    /// It got power, or somebody pressed its button.
    #[default]
    Power,
    /// It hung, and its watchdog noticed.
    Watchdog,
    /// It found itself in a state that cannot be.
    Panic,
}
