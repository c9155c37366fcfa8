//! Who comes when.

use super::facts::{HOUR_SHARE, WEEKDAY_SHARE};
use crate::chance::Chance;
use engine::{plan::StorePlan, time::UnixMs};

/// How the shop fills.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Filling {
    /// This many people over the whole time, spread as hours and weekdays go.
    Day {
        /// People in all.
        people: u32,
        /// From this date on ...
        from: UnixMs,
        /// ... for this long, ms.
        for_ms: u64,
    },
    /// Always about this many people at once, whatever the hour: a demo at
    /// night is still a demo.
    Busy {
        /// People at once.
        present: u32,
    },
}

/// Decides when the next person comes in.
#[derive(Debug)]
pub struct Arrivals {
    filling: Filling,
    /// Arrivals per unit of share: people over the sum of shares.
    scale: f64,
}

/// Half a minute's step is fine enough for shares that change by the hour.
const STEP_MS: u64 = 30_000;
/// A busy shop that lacks people gets one about every so often, ms.
const REFILL_EVERY_MS: f64 = 1_500.0;

impl Arrivals {
    /// For this shop.
    pub fn new(plan: &StorePlan, filling: Filling) -> Self {
        let scale = match filling {
            Filling::Busy { .. } => 0.0,
            Filling::Day {
                people,
                from,
                for_ms,
            } => {
                let total: f64 = (0..for_ms.div_ceil(STEP_MS))
                    .map(|step| share(plan, UnixMs(from.0 + (step * STEP_MS) as i64)))
                    .sum();
                f64::from(people) / (total * STEP_MS as f64).max(f64::MIN_POSITIVE)
            }
        };
        Self { filling, scale }
    }

    /// How many come in within the next `dt_ms`.
    pub fn due(
        &self,
        plan: &StorePlan,
        now: UnixMs,
        dt_ms: u64,
        present: usize,
        chance: &mut Chance,
    ) -> u32 {
        let expected = match self.filling {
            Filling::Day { .. } => self.scale * share(plan, now) * dt_ms as f64,
            Filling::Busy { present: wanted } if (present as u32) < wanted => {
                dt_ms as f64 / REFILL_EVERY_MS
            }
            Filling::Busy { .. } => 0.0,
        };
        // A Poisson draw by its definition: steps are short, so this loop is.
        let mut count = 0;
        let mut left = chance.wait(1.0);
        while left < expected && count < 64 {
            count += 1;
            left += chance.wait(1.0);
        }
        count
    }
}

/// Relative rate of arrivals at this date; none while the shop is closed.
fn share(plan: &StorePlan, at: UnixMs) -> f64 {
    let local = plan.local_time.at(at);
    if !plan.opening.in_dates(at) || !plan.opening.in_week(local) {
        return 0.0;
    }
    let hour = usize::from(local.minute / 60).min(23);
    HOUR_SHARE[hour] * WEEKDAY_SHARE[usize::from(local.weekday.min(6))]
}
