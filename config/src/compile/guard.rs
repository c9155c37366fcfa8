//! How strict the public-screen guard is: as the shop wants it, and never below
//! the engine's floor.

use super::settings::within;
use crate::{raw::store, report::Report};
use engine::plan::GuardSettings;

const FLOOR: GuardSettings = GuardSettings::FLOOR;

/// What keeps a public screen from giving people away.
pub(crate) fn guard(raw: &store::Guard, report: &mut Report<'_>) -> GuardSettings {
    for (key, value, floor, so_that) in [
        (
            "people_in_view_min",
            u32::from(raw.people_in_view_min),
            u32::from(FLOOR.people_in_view_min),
            "before fewer people everybody sees who is meant",
        ),
        (
            "enrolled_min",
            raw.enrolled_min,
            FLOOR.enrolled_min,
            "a smaller group is too small to speak of in public",
        ),
        (
            "turns",
            u32::from(raw.turns),
            u32::from(FLOOR.turns),
            "with more turns whoever watches a screen learns who is in the segment",
        ),
    ] {
        if value < floor {
            report.error(
                &format!("guard.{key}"),
                format!("{so_that}: the floor is {floor}"),
                format!("give {floor} or more; docs/guard.md says where the floor comes from"),
            );
        }
    }
    let dwell = &raw.dwell_on_screen_min;
    let least_ms = u64::from(FLOOR.dwell_on_screen_ms_min);
    within(
        dwell,
        "guard.dwell_on_screen_min",
        least_ms,
        300_000,
        report,
    );
    let least_ms = u64::from(FLOOR.settle_ms);
    within(&raw.settle, "guard.settle", least_ms, 60_000, report);
    GuardSettings {
        people_in_view_min: raw.people_in_view_min,
        enrolled_min: raw.enrolled_min,
        turns: raw.turns,
        dwell_on_screen_ms_min: u32::try_from(dwell.0).unwrap_or(u32::MAX),
        settle_ms: u32::try_from(raw.settle.0).unwrap_or(u32::MAX),
    }
}
