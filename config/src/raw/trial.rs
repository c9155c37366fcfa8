//! How an offer is tried out, as it is written.

use super::offer::Creative;
use super::{Duration, Name, Percent};
use schemars::JsonSchema;
use serde::Deserialize;

/// One of several pictures of an offer.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arm {
    /// Name in results. Whoever renames an arm shuffles its shoppers.
    pub(crate) name: Name,
    /// Its share, in parts of all arms' shares together; 1 if left out. Raising
    /// it moves shoppers into this arm and no others.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100), extend("default" = 1))]
    pub(crate) share: Option<u8>,
    /// What it paints; the first may leave it out and paint the offer's own.
    #[serde(default)]
    pub(crate) creative: Option<Creative>,
}

/// Letting an offer loose step by step.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ramp {
    /// Shares of shoppers, rising, the last 100 %; 1, 5, 10, 25, 50 and 100 % if
    /// left out.
    #[serde(default)]
    #[schemars(length(min = 1, max = 16))]
    pub(crate) steps: Option<Vec<Percent>>,
    /// How long the gateway must have run with a known date before the next
    /// step; a day if left out.
    #[serde(default)]
    #[schemars(extend("default" = "1 day"))]
    pub(crate) every: Option<Duration>,
    /// How often it must have been shown before the next step; 10 times if left
    /// out.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100_000), extend("default" = 10))]
    pub(crate) showings: Option<u32>,
    /// What takes it back.
    #[serde(default)]
    pub(crate) guard: RampGuard,
}

/// How many times as often as where the offer is not shown something may happen
/// before the offer is taken back by itself: twice if left out, 0 for not
/// watched.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RampGuard {
    /// Shoppers taking their consent back on a day on which it reached them.
    #[serde(default)]
    #[schemars(range(max = 100), extend("default" = 2))]
    pub(crate) opt_outs: Option<u8>,
    /// Complaints about a screen.
    #[serde(default)]
    #[schemars(range(max = 100), extend("default" = 2))]
    pub(crate) complaints: Option<u8>,
    /// Calls for help near a screen.
    #[serde(default)]
    #[schemars(range(max = 100), extend("default" = 2))]
    pub(crate) help: Option<u8>,
    /// Pictures that a screen refuses or never confirms.
    #[serde(default)]
    #[schemars(range(max = 100), extend("default" = 2))]
    pub(crate) screen_errors: Option<u8>,
}
