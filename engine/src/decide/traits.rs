//! A profile in the words of the plan: what a decision may ask of a shopper.

use crate::{
    plan::{Bits, Bound, Offer, SegmentRule, StorePlan, same_language},
    shopper::Profile,
};

/// What may be asked of a shopper who is here and agreed to be known.
#[derive(Debug, Clone, PartialEq, Default, serde::Serialize, serde::Deserialize)]
pub struct Traits {
    segments: Bits,
    /// Known to be of age. Unknown is not.
    adult: bool,
    affinities: Vec<(String, u8)>,
    language: Option<String>,
    visits: u32,
    last_visit_day: Option<i32>,
}

impl Traits {
    /// In the words of this plan; segments no offer mentions are dropped.
    pub fn new(plan: &StorePlan, profile: Profile) -> Self {
        let segments = profile
            .segments
            .iter()
            .filter_map(|name| plan.segment(name));
        Self {
            segments: segments.fold(Bits::NONE, |set, s| set.with(s.0)),
            adult: profile.adult == Some(true),
            affinities: profile.affinities,
            language: profile.language,
            visits: profile.visits,
            last_visit_day: profile.last_visit_day,
        }
    }

    /// As described in a rehearsal: the profile but for its segments, which are
    /// bits already.
    pub fn described(segments: Bits, profile: Profile) -> Self {
        Self {
            segments,
            adult: profile.adult == Some(true),
            affinities: profile.affinities,
            language: profile.language,
            visits: profile.visits,
            last_visit_day: profile.last_visit_day,
        }
    }

    /// Whether an offer aimed at people with certain properties may be shown
    /// for this shopper's sake on this local day.
    pub fn qualifies(&self, offer: &Offer, day: i32) -> bool {
        let asked = &offer.audience;
        self.in_segments(&offer.segments)
            && asked.visits.is_none_or(|bound| self.came_so_often(&bound))
            && asked
                .days_away
                .is_none_or(|bound| self.was_away(&bound, day))
            && (asked.languages.is_empty() || self.speaks(&asked.languages))
            && asked
                .affinities
                .iter()
                .all(|a| self.liking_of(&a.department) >= a.percent_min)
    }

    /// Whether of age and in these segments.
    pub fn in_segments(&self, rule: &SegmentRule) -> bool {
        self.adult && rule.admits(self.segments)
    }

    /// Whether the profile counts so many visits.
    pub fn came_so_often(&self, bound: &Bound) -> bool {
        bound.holds(i64::from(self.visits) * 1_000)
    }

    /// Whether the visit before this one was so many days ago.
    pub fn was_away(&self, bound: &Bound, day: i32) -> bool {
        let last = self.last_visit_day.filter(|last| *last <= day);
        last.is_some_and(|last| bound.holds(i64::from(day - last) * 1_000))
    }

    /// Whether one of these is the preferred language.
    pub fn speaks(&self, languages: &[String]) -> bool {
        let own = self.language.as_deref();
        own.is_some_and(|own| languages.iter().any(|tag| same_language(tag, own)))
    }

    /// How much a department is liked, 0 to 100.
    pub fn liking_of(&self, department: &str) -> u8 {
        let liked = self.affinities.iter().find(|(name, _)| name == department);
        liked.map_or(0, |(_, percent)| (*percent).min(100))
    }
}
