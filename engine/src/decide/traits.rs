//! A profile in the words of the plan: what a decision may ask of a shopper.

use crate::{
    plan::{Bits, Offer, StorePlan},
    shopper::Profile,
};

/// What may be asked of a shopper who is here and agreed to be known.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Traits {
    segments: Bits,
    /// Known to be of age. Unknown is not.
    adult: bool,
    affinities: Vec<(String, u8)>,
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
        }
    }

    /// As described in a rehearsal.
    pub fn certain(segments: Bits, adult: bool) -> Self {
        Self {
            segments,
            adult,
            affinities: Vec::new(),
        }
    }

    /// Whether an offer aimed at people with certain properties may be shown
    /// for this shopper's sake.
    pub fn qualifies(&self, offer: &Offer) -> bool {
        self.adult && offer.segments.admits(self.segments)
    }

    /// How much this shopper likes the offer's department, 1 to 2.
    pub fn liking(&self, offer: &Offer) -> f32 {
        let of_department = |(name, _): &&(String, u8)| offer.department.as_ref() == Some(name);
        let liked = self.affinities.iter().find(of_department);
        1.0 + liked.map_or(0.0, |(_, percent)| f32::from((*percent).min(100)) / 100.0)
    }
}
