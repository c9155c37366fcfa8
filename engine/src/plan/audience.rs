//! Who an offer is for, besides zones and segments: what a profile must say.

use super::Bound;
use serde::{Deserialize, Serialize};

/// What a shopper's profile must say. Unknown is never a yes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AudienceRule {
    /// Visits so far, by the profile.
    pub visits: Option<Bound>,
    /// Days since the visit before this one.
    pub days_away: Option<Bound>,
    /// Languages, as BCP 47 tags; one of them must be the shopper's. Empty for any.
    pub languages: Vec<String>,
    /// Departments that must be liked.
    pub affinities: Vec<Affinity>,
}

/// How much a department must be liked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Affinity {
    /// Which.
    pub department: String,
    /// At least this much, 1 to 100.
    pub percent_min: u8,
}

impl AudienceRule {
    /// Asks nothing.
    pub const ANYBODY: Self = Self {
        visits: None,
        days_away: None,
        languages: Vec::new(),
        affinities: Vec::new(),
    };

    /// Whether it asks nothing, and so needs nobody's profile.
    pub const fn is_anybody(&self) -> bool {
        self.visits.is_none()
            && self.days_away.is_none()
            && self.languages.is_empty()
            && self.affinities.is_empty()
    }
}

/// Whether two language tags name one language: `en-GB` speaks `en`.
pub fn same_language(one: &str, other: &str) -> bool {
    let primary = |tag: &str| {
        tag.split(['-', '_'])
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase()
    };
    primary(one) == primary(other)
}
