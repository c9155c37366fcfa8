//! `[audience]` of an offer: what profiles must say.

use super::{Language, Name, Percent};
use schemars::JsonSchema;
use serde::Deserialize;

/// What a shopper's profile must say, besides segments. Unknown is never a yes.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Audience {
    /// How many visits the loyalty programme counts so far.
    #[serde(default)]
    pub(crate) visits: Option<Count>,
    /// How many days ago the visit before this one was.
    #[serde(default)]
    pub(crate) days_away: Option<Count>,
    /// Preferred languages; one of them must be the shopper's.
    #[serde(default)]
    #[schemars(length(max = 8))]
    pub(crate) languages: Vec<Language>,
    /// Departments that must be liked.
    #[serde(default)]
    #[schemars(length(max = 8))]
    pub(crate) affinity: Vec<Affinity>,
}

/// A number from one to another, both included.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Count {
    /// Not fewer.
    #[serde(default)]
    #[schemars(range(max = 100_000))]
    pub(crate) min: Option<u32>,
    /// Not more.
    #[serde(default)]
    #[schemars(range(max = 100_000))]
    pub(crate) max: Option<u32>,
}

/// How much a department must be liked.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Affinity {
    /// Which department of `store.toml`.
    pub(crate) department: Name,
    /// At least this much, by the loyalty programme.
    #[schemars(extend("examples" = ["40 %"]))]
    pub(crate) min: Percent,
}
