//! Which guards are compared, and what came of each.

use super::{advantage::Advantage, attack, seeds};
use crate::{args, run::Stage};
use anyhow::{Result, ensure};
use engine::plan::GuardSettings;
use serde::Serialize;

/// Percentage points over a coin that the guard may leave.
const ADVANTAGE_MAX: f64 = 2.0;
/// Part of the value that it may cost, percent.
const LOST_MAX: f64 = 10.0;

/// One guard and what came of it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Row {
    /// Which; `None` for none at all.
    pub(super) guard: Option<GuardSettings>,
    /// Whether it is the shop's own.
    pub(super) is_own: bool,
    /// The attacker's way to guess, in words.
    pub(super) by: String,
    /// How well it guesses.
    pub(super) advantage: Advantage,
    /// How well the best way guessed, picked after the fact, percentage points.
    pub(super) luckiest: f64,
    /// Score times seconds on the glass lost by the guard, percent.
    pub(super) lost_percent: f64,
    /// Seconds of offers for segments kept of those without a guard, percent.
    pub(super) segments_kept_percent: f64,
    /// Shoppers and segments asked about.
    pub(super) cases: usize,
}

impl Row {
    /// Whether little is found out, at little cost.
    pub(super) fn meets_aims(&self) -> bool {
        self.advantage.is <= ADVANTAGE_MAX && self.lost_percent <= LOST_MAX
    }
}

/// No guard, and the shop's own.
pub(super) fn off_and(own: GuardSettings) -> Vec<Option<GuardSettings>> {
    vec![None, Some(own)]
}

/// Those, and others that differ from the shop's own in one thing each.
pub(super) fn around(own: GuardSettings) -> Vec<Option<GuardSettings>> {
    let mut all = off_and(own);
    let mut vary = |guard: GuardSettings| {
        if !all.contains(&Some(guard)) {
            all.push(Some(guard));
        }
    };
    for turns in [1, 2, 4, 16] {
        vary(GuardSettings { turns, ..own });
    }
    // Without turns, so that it is seen what each rule does by itself: an easy
    // one for all others, and one after the other strict.
    let alone = GuardSettings {
        people_in_view_min: 1,
        enrolled_min: 0,
        turns: 1,
        settle_ms: 0,
        ..own
    };
    vary(GuardSettings {
        people_in_view_min: 8,
        ..alone
    });
    vary(GuardSettings {
        enrolled_min: 300,
        ..alone
    });
    vary(GuardSettings {
        settle_ms: 10_000,
        ..alone
    });
    all
}

/// Watches with each guard, the first of which is none.
pub(super) fn run(
    stage: &Stage,
    args: &args::Bystander,
    settings: &[Option<GuardSettings>],
) -> Result<Vec<Row>> {
    let mut rows: Vec<Row> = Vec::new();
    let mut without = (0.0, 0_u64);
    for (at, guard) in settings.iter().enumerate() {
        let seen = seeds::watch(stage, *guard, args);
        ensure!(
            seen.halves.iter().all(|half| !half.is_empty()),
            "too few people were seen to learn from and to judge by: give more seeds or hours"
        );
        if at == 0 {
            without = (seen.value, seen.segment_s);
        }
        let attack = attack::of(&seen.halves);
        rows.push(Row {
            guard: *guard,
            is_own: at == 1,
            by: attack.by,
            advantage: attack.advantage,
            luckiest: attack.luckiest,
            lost_percent: 100.0 * (1.0 - seen.value / without.0.max(1.0)),
            segments_kept_percent: 100.0 * seen.segment_s as f64 / without.1.max(1) as f64,
            cases: seen.halves.iter().map(Vec::len).sum(),
        });
    }
    Ok(rows)
}
