//! The time after few people came or went, in which a picture that appears
//! would point at them.

use crate::{
    Seed,
    plan::{GuardSettings, ScreenIx},
    time::Mono,
};
use core::hash::Hasher as _;
use siphasher::sip::SipHasher13;

/// Whether a screen is within the time after few people came or went.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
pub struct Settle {
    in_view: Vec<u32>,
    until: Mono,
}

impl Settle {
    /// Notes whose visits are in view now, by their numbers; `in_view` is
    /// emptied. Fewer that come or go at once than the guard wants to see in
    /// view open a window. Its length is drawn from the seed between half and
    /// one and a half times the setting, so that its end does not point at
    /// anybody either.
    pub fn note(
        &mut self,
        now: Mono,
        in_view: &mut Vec<u32>,
        screen: ScreenIx,
        seed: Seed,
        settings: &GuardSettings,
    ) {
        in_view.sort_unstable();
        let few = 1..usize::from(settings.people_in_view_min);
        let came = missing(in_view, &self.in_view);
        let went = missing(&self.in_view, in_view);
        if few.contains(&came) || few.contains(&went) {
            let mut hasher = SipHasher13::new_with_keys(seed.0, u64::from(screen.0));
            hasher.write_u64(now.0);
            let jitter = hasher.finish() % u64::from(settings.settle_ms.max(1));
            self.until = now.after_ms(u64::from(settings.settle_ms) / 2 + jitter);
        }
        std::mem::swap(&mut self.in_view, in_view);
        in_view.clear();
    }

    /// Whether the window is open.
    pub fn is_open(&self, now: Mono) -> bool {
        now < self.until
    }
}

/// How many of these are not among those, which rise.
fn missing(these: &[u32], those: &[u32]) -> usize {
    let absent = these.iter().filter(|n| those.binary_search(n).is_err());
    absent.count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: GuardSettings = GuardSettings {
        settle_ms: 4_000,
        ..GuardSettings::FLOOR
    };

    /// How long a window is open after `before` became `after` at this time, ms.
    fn open_ms(at: u64, before: &[u32], after: &[u32]) -> u64 {
        let mut settle = Settle::default();
        let note = |settle: &mut Settle, at, visits: &[u32]| {
            settle.note(
                Mono(at),
                &mut visits.to_vec(),
                ScreenIx(0),
                Seed(3),
                &SETTINGS,
            );
        };
        note(&mut settle, 0, before);
        note(&mut settle, at, after);
        let closed = (0..10_000).find(|ms| !settle.is_open(Mono(at + ms)));
        closed.expect("a window ends")
    }

    #[test]
    fn few_that_come_or_go_open_a_window_and_a_group_does_not() {
        for (before, after, opens) in [
            (&[1, 2, 3][..], &[1, 2, 3, 4][..], true),
            (&[1, 2, 3], &[1, 2], true),
            (&[1, 2, 3], &[1, 2, 4], true),
            (&[1, 2, 3], &[1], true),
            (&[1, 2, 3], &[4, 1, 2, 5, 3, 6], false),
            (&[1, 2, 3, 4, 5, 6], &[1, 2, 3], false),
            (&[1, 2, 3], &[3, 2, 1], false),
        ] {
            let is_open = open_ms(20_000, before, after) > 0;
            assert_eq!(is_open, opens, "{before:?} {after:?}");
        }
    }

    #[test]
    fn the_end_of_the_window_is_not_to_be_guessed() {
        let mut lengths = std::collections::BTreeSet::new();
        for at in (20_000..200_000).step_by(10_000) {
            let length = open_ms(at, &[], &[1]);
            assert!((2_000..6_000).contains(&length), "{length}");
            lengths.insert(length);
        }
        assert!(lengths.len() > 10, "{lengths:?}");
    }
}
