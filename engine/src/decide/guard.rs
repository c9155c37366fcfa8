//! What keeps a public screen from giving people away. Asked before any score,
//! and cannot be outbid.

use super::{Reason, Scene};
use crate::{
    Seed,
    plan::{GuardSettings, Offer, OfferIx, ScreenIx, Sensitivity},
    time::Mono,
};
use core::hash::Hasher as _;
use siphasher::sip::SipHasher13;

/// Whether a class may be on a public screen at all.
pub(super) fn class(offer: &Offer) -> Result<(), Reason> {
    match offer.sensitivity {
        Sensitivity::Public | Sensitivity::Segment => Ok(()),
        Sensitivity::Personal | Sensitivity::Sensitive => Err(Reason::GuardSensitivity),
    }
}

/// Whether enough people are about for the picture not to point at one.
pub(super) fn crowd(scene: &Scene<'_>, offer: OfferIx, people_in_view: f32) -> Result<(), Reason> {
    let settings = &scene.plan.guard;
    if !scene.plan.offers[offer.at()].is_personal() {
        return Ok(());
    }
    let many_here = people_in_view >= f32::from(settings.people_in_view_min);
    let enrolled = scene.census.get(offer.at()).copied().unwrap_or(0);
    if !many_here && enrolled < settings.enrolled_min {
        return Err(Reason::GuardCrowd);
    }
    if scene.settling {
        return Err(Reason::GuardSettle);
    }
    Ok(())
}

/// Whether a screen is within the time after a single arrival in which an
/// appearing picture would point at who just came.
#[derive(Debug, Clone, Copy, Default, serde::Serialize, serde::Deserialize)]
pub struct Settle {
    in_view: u32,
    until: Mono,
}

impl Settle {
    /// Notes how many shoppers are in view now; the length of each window is
    /// drawn from the seed between half and one and a half times the setting,
    /// so that its end does not point at anybody either.
    pub fn note(
        &mut self,
        now: Mono,
        in_view: u32,
        screen: ScreenIx,
        seed: Seed,
        settings: &GuardSettings,
    ) {
        if in_view == self.in_view + 1 {
            let mut hasher = SipHasher13::new_with_keys(seed.0, u64::from(screen.0));
            hasher.write_u64(now.0);
            let jitter = hasher.finish() % u64::from(settings.settle_ms.max(1));
            self.until = now.after_ms(u64::from(settings.settle_ms) / 2 + jitter);
        }
        self.in_view = in_view;
    }

    /// Whether the window is open.
    pub fn is_open(&self, now: Mono) -> bool {
        now < self.until
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_arrival_opens_a_jittered_window_and_a_group_does_not() {
        let settings = GuardSettings {
            people_in_view_min: 3,
            enrolled_min: 100,
            dwell_on_screen_ms_min: 0,
            settle_ms: 4_000,
        };
        let mut lengths = std::collections::BTreeSet::new();
        for at in (10_000..200_000).step_by(10_000) {
            let mut settle = Settle::default();
            settle.note(Mono(at), 1, ScreenIx(0), Seed(3), &settings);
            let length = (0..10_000)
                .find(|ms| !settle.is_open(Mono(at + ms)))
                .unwrap();
            assert!((2_000..6_000).contains(&length), "{length}");
            lengths.insert(length);
        }
        assert!(lengths.len() > 10, "the window's end must not be guessed");
        let mut group = Settle::default();
        group.note(Mono(10_000), 3, ScreenIx(0), Seed(3), &settings);
        assert!(!group.is_open(Mono(10_001)));
    }
}
