//! How full zones are, told so that it says nothing about anybody.
//!
//! "One person is in the bakery" follows somebody through the shop, and in the
//! history of another system it does so for ever. So what leaves the house is
//! a lower bound: at least so many people, in steps of [`STEP`], by the mean of
//! the last minute, at most once a minute. Below the first step nothing is
//! told apart: 0 means anything from nobody to [`STEP`] - 1.

use crate::shop::Live;
use protocol::id::ZoneId;
use std::collections::BTreeMap;

/// Size of a step, people. Rounding to 5 and telling nothing smaller is what
/// statistical offices do with counts in small areas (Statistics Canada, random
/// rounding to base 5); one person more or less shows only at a border.
pub(crate) const STEP: u32 = 5;
/// Between two values, ms.
const MINUTE_MS: u64 = 60_000;
/// The mean falls below a step by so many people before the step is left, so
/// that a crowd at a border does not flap.
const LINGER: f32 = 1.0;

/// The crowd in every zone.
#[derive(Debug, Default)]
pub(super) struct Crowds {
    by_zone: BTreeMap<ZoneId, Crowd>,
    since_ms: Option<u64>,
}

#[derive(Debug, Default)]
struct Crowd {
    sum: f32,
    looks: u16,
    told: u32,
}

impl Crowds {
    /// At least so many people are there.
    pub(super) fn people_min(&self, zone: &ZoneId) -> u32 {
        self.by_zone.get(zone).map_or(0, |crowd| crowd.told)
    }

    /// Takes in one look at the shop. Once a minute it returns the zones whose
    /// value has changed.
    pub(super) fn look(&mut self, live: &Live) -> Vec<(ZoneId, u32)> {
        let zones = &live.status.zones;
        self.by_zone
            .retain(|id, _| zones.iter().any(|zone| zone.id == *id));
        for zone in zones {
            let crowd = self.by_zone.entry(zone.id.clone()).or_default();
            crowd.sum += zone.people;
            crowd.looks += 1;
        }
        let now_ms = live.health.uptime_ms;
        let since_ms = *self.since_ms.get_or_insert(now_ms);
        if now_ms.saturating_sub(since_ms) < MINUTE_MS {
            return Vec::new();
        }
        self.since_ms = Some(now_ms);
        let zones = self.by_zone.iter_mut();
        zones
            .filter_map(|(id, crowd)| Some((id.clone(), crowd.close()?)))
            .collect()
    }
}

impl Crowd {
    /// Ends the minute; the new value, if it is another one.
    fn close(&mut self) -> Option<u32> {
        let mean = self.sum / f32::from(self.looks.max(1));
        (self.sum, self.looks) = (0.0, 0);
        let step = |people: f32| people.max(0.0) as u32 / STEP * STEP;
        let told = step(mean).max(self.told.min(step(mean + LINGER)));
        (std::mem::replace(&mut self.told, told) != told).then_some(told)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::view::ZoneStatus;

    /// A look at a shop of one zone.
    fn look(crowds: &mut Crowds, at_ms: u64, people: f32) -> Vec<u32> {
        let mut live = Live::default();
        live.health.uptime_ms = at_ms;
        live.status.zones = vec![ZoneStatus {
            id: "dairy".parse().unwrap(),
            shoppers: people,
            people,
        }];
        let told = crowds.look(&live);
        told.into_iter().map(|(_, people)| people).collect()
    }

    #[test]
    fn fewer_than_five_are_nobody_and_one_more_is_not_seen() {
        let mut crowds = Crowds::default();
        look(&mut crowds, 0, 0.0);
        for (minute, (people, told)) in [
            (1.0, vec![]),
            (4.9, vec![]),
            (5.0, vec![5]),
            (6.0, vec![]),
            (9.9, vec![]),
            // Once there, it stays until one person is surely gone.
            (4.1, vec![]),
            (3.9, vec![0]),
            (12.0, vec![10]),
            (0.0, vec![0]),
        ]
        .into_iter()
        .enumerate()
        {
            let at_ms = (minute as u64 + 1) * 60_000;
            assert_eq!(look(&mut crowds, at_ms, people), told, "{people}");
        }
    }

    #[test]
    fn who_comes_and_goes_within_a_minute_is_not_seen() {
        let mut crowds = Crowds::default();
        for second in 0..300 {
            // Ten people for eleven seconds of every minute.
            let people = if second % 60 < 11 { 10.0 } else { 4.0 };
            let told = look(&mut crowds, second * 1_000, people);
            assert!(told.iter().all(|people| *people == 5), "{told:?}");
        }
        let dairy = "dairy".parse().unwrap();
        assert_eq!(crowds.people_min(&dairy), 5);
        // A zone that has left the plan is forgotten.
        crowds.look(&Live::default());
        assert_eq!(crowds.people_min(&dairy), 0);
    }
}
