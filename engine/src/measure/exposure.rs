//! Who saw a picture for how long: acknowledged picture x presence overlap.

use crate::{shopper::ShopperId, time::Mono};
use serde::{Deserialize, Serialize};

/// Most shoppers noted for one showing; a screen is not seen by more at once.
const SEEN_BY_MAX: usize = 64;

/// One picture on one glass, from the screen's own word on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Viewing {
    /// When the screen said it was painted.
    pub since: Mono,
    counted_to: Mono,
    seen_by: Vec<(ShopperId, f32)>,
    anonymous_ms: f32,
}

impl Viewing {
    /// The picture was painted.
    pub const fn begin(since: Mono) -> Self {
        Self {
            since,
            counted_to: since,
            seen_by: Vec::new(),
            anonymous_ms: 0.0,
        }
    }

    /// Counts the time up to `now`: `in_view` are the shoppers who agreed to be
    /// measured with their probability of seeing the screen, `others` is how
    /// many more people are expected there.
    pub fn count(
        &mut self,
        now: Mono,
        in_view: impl Iterator<Item = (ShopperId, f32)>,
        others: f32,
    ) {
        let ms = now.since_ms(self.counted_to) as f32;
        self.counted_to = self.counted_to.max(now);
        self.anonymous_ms += others.max(0.0) * ms;
        for (shopper, probability) in in_view {
            if let Some((_, seen)) = self.seen_by.iter_mut().find(|(s, _)| *s == shopper) {
                *seen += probability * ms;
            } else if self.seen_by.len() < SEEN_BY_MAX {
                self.seen_by.push((shopper, probability * ms));
            } else {
                self.anonymous_ms += probability * ms;
            }
        }
    }

    /// Takes a shopper who is measured no longer out of the count.
    pub fn forget(&mut self, shopper: ShopperId) {
        self.seen_by.retain(|(s, _)| *s != shopper);
    }

    /// Takes everybody else out of the count.
    pub(crate) fn retain(&mut self, keep: &dyn Fn(ShopperId) -> bool) {
        self.seen_by.retain(|(shopper, _)| keep(*shopper));
    }

    /// Whole milliseconds each shopper saw it, the shortest glances left out.
    pub fn seen_by(&self) -> Vec<(ShopperId, u32)> {
        let whole = self.seen_by.iter().map(|(s, ms)| (*s, *ms as u32));
        whole.filter(|(_, ms)| *ms > 0).collect()
    }

    /// Person-milliseconds of everybody else.
    pub const fn anonymous_ms(&self) -> u32 {
        self.anonymous_ms as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exposure_is_probability_times_time_and_a_withdrawn_shopper_is_not_in_it() {
        let (mai, lan) = (ShopperId(1), ShopperId(2));
        let mut viewing = Viewing::begin(Mono(1_000));
        viewing.count(Mono(2_000), [(mai, 0.5)].into_iter(), 2.0);
        viewing.count(Mono(4_000), [(mai, 1.0), (lan, 0.25)].into_iter(), 0.0);
        assert_eq!(viewing.seen_by(), [(mai, 2_500), (lan, 500)]);
        assert_eq!(viewing.anonymous_ms(), 2_000);
        viewing.forget(mai);
        assert_eq!(viewing.seen_by(), [(lan, 500)]);
    }
}
