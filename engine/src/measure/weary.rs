//! How tired a shopper is of an offer: what showings of today still weigh.
//!
//! Showings wear an offer out and time restores it (Naik, Mantrala and Sawyer,
//! "Planning Media Schedules in the Presence of Dynamic Advertising Quality",
//! Marketing Science 17(3), 1998; for single people and single pictures Braun and
//! Moe, "Online Display Advertising", Marketing Science 32(5), 2013). Both decay
//! exponentially; neither knows a shop, whose visits are minutes long and whose
//! next one is hours away. So the half-life is ours: within a visit nearly nothing
//! is forgotten, and by the evening a picture of the morning is nearly new.

use crate::time::Mono;
use serde::{Deserialize, Serialize};

/// After so long a showing weighs half of what it did, ms.
const HALF_LIFE_MS: f32 = 2.0 * 3_600_000.0;
/// What one showing adds, in the unit that is kept: whole numbers, so that sums
/// are the same on every machine.
const ONE: u32 = 1_000;

/// What showings of today still weigh for one shopper and one offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Weary {
    /// Thousandths of a showing, at that moment.
    milli: u32,
    /// `None` when nobody knows when it was: then it weighs as if just now.
    at: Option<Mono>,
}

impl Weary {
    /// So many more showings at this moment.
    pub(super) fn shown(&mut self, times: u16, at: Option<Mono>) {
        let left = at.map_or(self.milli, |at| self.milli_at(at));
        self.milli = left.saturating_add(u32::from(times) * ONE);
        self.at = at;
    }

    /// One of them was not to be seen after all.
    pub(super) fn release(&mut self) {
        self.milli = self.milli.saturating_sub(ONE);
    }

    /// What nobody knows the moment of was at the latest now.
    pub(super) fn at_the_latest(&mut self, now: Mono) {
        self.at.get_or_insert(now);
    }

    /// How many showings just now would weigh as much.
    pub fn showings(&self, now: Mono) -> f32 {
        self.milli_at(now) as f32 / ONE as f32
    }

    fn milli_at(&self, now: Mono) -> u32 {
        let age_ms = self.at.map_or(0, |at| now.since_ms(at)) as f32;
        (self.milli as f32 * libm::exp2f(-age_ms / HALF_LIFE_MS)) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MINUTE: u64 = 60_000;

    #[test]
    fn five_minutes_ago_weighs_and_eight_hours_ago_hardly_does() {
        for (minutes, weighs) in [
            (0, 1.0),
            (5, 0.971),
            (60, 0.707),
            (120, 0.5),
            (240, 0.25),
            (480, 0.062),
        ] {
            let mut weary = Weary::default();
            weary.shown(1, Some(Mono(MINUTE)));
            let got = weary.showings(Mono((minutes + 1) * MINUTE));
            assert!((got - weighs).abs() < 0.002, "{minutes}: {got}");
        }
    }

    #[test]
    fn what_nobody_knows_the_moment_of_weighs_as_if_just_now() {
        let mut weary = Weary::default();
        weary.shown(2, None);
        let late = Mono(600 * MINUTE);
        assert!((weary.showings(late) - 2.0).abs() < 1e-6);
        weary.at_the_latest(late);
        let later = Mono(720 * MINUTE);
        assert!((weary.showings(later) - 1.0).abs() < 1e-3);
    }

    proptest! {
        #[test]
        fn it_recovers_with_time_and_no_showing_lessens_it(
            at in prop::collection::vec(0..600_u64, 1..12),
            now in 0..900_u64,
            later in 0..900_u64,
        ) {
            let (mut weary, mut clock) = (Weary::default(), 0);
            for minute in at {
                clock = clock.max(minute);
                let moment = Mono(clock * MINUTE);
                let before = weary.showings(moment);
                weary.shown(1, Some(moment));
                prop_assert!(weary.showings(moment) > before);
            }
            let now = clock + now;
            let showings = |minute: u64| weary.showings(Mono(minute * MINUTE));
            prop_assert!(showings(now) >= showings(now + later));
            prop_assert!(showings(now) <= showings(clock));
        }
    }
}
