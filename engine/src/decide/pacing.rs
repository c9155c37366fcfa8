//! Spreading a day's budget evenly over the day.

use super::{Reason, Scene};
use crate::{
    plan::{HourRange, Offer, OfferIx, Pacing, Schedule},
    time::LocalMoment,
};

/// How far ahead of an even pace showings may run, as a share of the day's
/// budget: who comes early is worth as much as who comes late.
const LEAD: f32 = 0.05;
/// Bounds of the factor: an offer behind its pace counts up to twice, one ahead
/// of it down to half.
const FACTOR: (f32, f32) = (0.5, 2.0);

/// The factor of an offer's score for its pace; stopped while it is too far ahead.
pub(super) fn pace(
    scene: &Scene<'_>,
    index: OfferIx,
    offer: &Offer,
    day: i32,
) -> Result<f32, Reason> {
    let (Pacing::Even, Some(budget)) = (offer.pacing, offer.budget.showings_per_day) else {
        return Ok(1.0);
    };
    let wall = scene.now.wall.known().ok_or(Reason::NoDate)?;
    let moment = scene.plan.local_time.at(wall);
    let tally = scene.tallies.of(index);
    let spent = tally
        .filter(|t| day <= t.day)
        .map_or(0, |t| t.showings_today);
    let elapsed = elapsed(&offer.schedule, &scene.plan.opening, moment);
    factor(budget as f32, spent as f32, elapsed).ok_or(Reason::Pacing)
}

/// From a day's budget, what is spent of it, and how much of the day is over;
/// nothing when one showing more would be too far ahead.
fn factor(budget: f32, spent: f32, elapsed: f32) -> Option<f32> {
    let due = budget * elapsed;
    let lead = (budget * LEAD).max(1.0);
    // One showing is always due from the first minute on.
    if spent + 1.0 > (due + lead).max(1.0) {
        return None;
    }
    Some(((due + lead) / (spent + lead)).clamp(FACTOR.0, FACTOR.1))
}

/// How much of the day's minutes in which it can be shown is over, 0 to 1.
fn elapsed(offer: &Schedule, opening: &Schedule, now: LocalMoment) -> f32 {
    let both = Minutes::of(offer, now.weekday).and(&Minutes::of(opening, now.weekday));
    let all = both.count(1_440);
    if all == 0 {
        return 1.0;
    }
    both.count(now.minute) as f32 / all as f32
}

/// A set of minutes of one day.
struct Minutes([u64; 23]);

impl Minutes {
    fn of(schedule: &Schedule, weekday: u8) -> Self {
        let mut minutes = Self([0; 23]);
        let on = |weekday: u8| schedule.weekdays >> (weekday % 7) & 1 == 1;
        let whole = [HourRange {
            from_minute: 0,
            until_minute: 1_440,
        }];
        let hours = if schedule.hours.is_empty() {
            &whole[..]
        } else {
            &schedule.hours
        };
        for range in hours {
            let (from, until) = (range.from_minute, range.until_minute);
            let passes_midnight = until <= from;
            if on(weekday) {
                minutes.add(from, if passes_midnight { 1_440 } else { until });
            }
            if passes_midnight && on(weekday + 6) {
                minutes.add(0, until);
            }
        }
        minutes
    }

    fn add(&mut self, from: u16, until: u16) {
        for minute in usize::from(from)..usize::from(until) {
            self.0[minute / 64] |= 1 << (minute % 64);
        }
    }

    fn and(mut self, other: &Self) -> Self {
        for (word, other) in self.0.iter_mut().zip(other.0) {
            *word &= other;
        }
        self
    }

    /// How many lie before this minute.
    fn count(&self, before: u16) -> u32 {
        let before = usize::from(before);
        let whole = self.0[..before / 64].iter().map(|word| word.count_ones());
        let rest = self.0.get(before / 64).copied().unwrap_or_default();
        whole.sum::<u32>() + (rest & ((1 << (before % 64)) - 1)).count_ones()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(ranges: &[(u16, u16)]) -> Schedule {
        let range = |(from, until): &(u16, u16)| HourRange {
            from_minute: from * 60,
            until_minute: until * 60,
        };
        Schedule {
            hours: ranges.iter().map(range).collect(),
            ..Schedule::always()
        }
    }

    #[test]
    fn the_day_is_what_the_shop_and_the_offer_have_in_common() {
        let (shop, offer) = (hours(&[(7, 22)]), hours(&[(6, 8), (20, 2)]));
        for (hour, expected) in [
            (6, 0.0),
            (7, 0.0),
            (8, 1.0 / 3.0),
            (21, 2.0 / 3.0),
            (23, 1.0),
        ] {
            let now = LocalMoment {
                day: 0,
                weekday: 2,
                minute: hour * 60,
            };
            let got = elapsed(&offer, &shop, now);
            assert!((got - expected).abs() < 1e-3, "{hour}: {got}");
        }
    }

    #[test]
    fn who_is_behind_counts_more_and_who_is_ahead_waits() {
        for (spent, elapsed, expected) in [
            (0.0, 0.0, Some(1.0)),
            (0.0, 0.5, Some(2.0)),
            (45.0, 0.5, Some(1.1)),
            (52.0, 0.5, Some(0.965)),
            (55.0, 0.5, None),
            (99.0, 1.0, Some(1.01)),
        ] {
            let got = factor(100.0, spent, elapsed);
            let same = match (got, expected) {
                (Some(got), Some(expected)) => (got - expected).abs() < 0.01,
                (got, expected) => got == expected,
            };
            assert!(same, "{spent} at {elapsed}: {got:?}");
        }
        assert_eq!(
            factor(1.0, 0.0, 0.0),
            Some(1.0),
            "a budget of one is spent at once"
        );
    }
}
