//! `store.toml` as a whole.

use super::{
    clock, creative,
    floor::{self, Floor},
    guard, limits, scanners, screens, sensors, settings,
    words::{self, Sensitive},
};
use crate::{raw::store::Store, report::Report, shell::Shell, sources::Sources};
use engine::{
    plan::{Level, MAX_BITS, Schedule, StorePlan},
    time::LocalTime,
};
use jiff::tz::TimeZone;
use std::collections::BTreeSet;

/// A shop without its offers, and the names that offers can mention.
#[derive(Debug)]
pub(crate) struct Site {
    /// Everything but segments and offers.
    pub(crate) plan: StorePlan,
    /// For the adapters.
    pub(crate) shell: Shell,
    /// The shop's clock.
    pub(crate) clock: TimeZone,
    /// Segments the loyalty programme knows.
    pub(crate) segments: BTreeSet<String>,
    /// Departments that zones sell.
    pub(crate) departments: BTreeSet<String>,
    /// What is kept off public screens.
    pub(crate) sensitive: Sensitive,
}

impl Site {
    /// Looks everything up. Where something is wrong it is said in the report,
    /// and what can be used is used, so that offers can still be checked.
    pub(crate) fn build(raw: &Store, sources: &Sources, report: &mut Report<'_>) -> Option<Self> {
        let clock = clock::time_zone(&raw.site.time_zone, report);
        let floor = floor::build(raw, report);
        let (scanners, scanner_sources) = scanners::build(raw, &floor, report);
        let (sensors, feeds) = sensors::build(raw, &floor, &sources.folder, report);
        let (screens, displays) = screens::screens(raw, &floor, &sources.folder, report);
        let Floor {
            levels,
            stairs,
            zones,
        } = floor;
        let mut levels = levels.into_iter();
        let Level { outline, obstacles } = levels.next().expect("there is a ground floor");
        let house_loop = raw
            .house
            .iter()
            .enumerate()
            .map(|(i, house)| creative::build(house, &format!("house[{i}]"), sources, report));
        let house_loop = house_loop.collect();
        check_segments(raw, report);
        let departments = zones.iter().filter_map(|z| z.department.clone()).collect();
        let sensitive = words::marked(&raw.sensitive, &departments, report);
        let plan = StorePlan {
            store: raw.site.id.0.parse().ok()?,
            name: raw.site.name.clone(),
            local_time: clock
                .as_ref()
                .map_or_else(|| LocalTime::fixed(0), clock::local_time),
            opening: Schedule {
                from: None,
                until: None,
                weekdays: clock::weekdays(&raw.opening.weekdays),
                hours: raw.opening.hours.iter().map(|h| h.0).collect(),
            },
            outline,
            obstacles,
            upper: levels.collect(),
            stairs,
            zones,
            scanners,
            survey: Vec::new(),
            sensors,
            screens,
            segments: Vec::new(),
            offers: Vec::new(),
            campaigns: limits::campaigns(raw, report),
            house_loop,
            presence: settings::presence(&raw.presence, report),
            guard: guard::guard(&raw.guard, report),
            explore_permille: settings::explore(&raw.decide, report),
        };
        Some(Self {
            plan,
            shell: settings::shell(
                raw,
                (scanner_sources, feeds, displays),
                &sources.folder,
                report,
            ),
            clock: clock.unwrap_or(TimeZone::UTC),
            segments: raw.segments.keys().cloned().collect(),
            departments,
            sensitive,
        })
    }

    /// Names of zones, in order.
    pub(crate) fn zone_names(&self) -> impl Iterator<Item = &str> + Clone {
        self.plan.zones.iter().map(|z| z.id.as_str())
    }

    /// Names of screens, in order.
    pub(crate) fn screen_names(&self) -> impl Iterator<Item = &str> + Clone {
        self.plan.screens.iter().map(|s| s.id.as_str())
    }

    /// Names of sensors, in order.
    pub(crate) fn sensor_names(&self) -> impl Iterator<Item = &str> + Clone {
        self.plan.sensors.iter().map(|s| s.id.as_str())
    }
}

fn check_segments(raw: &Store, report: &mut Report<'_>) {
    for name in raw.segments.keys() {
        if let Err(bad) = crate::raw::check_format("aislecast-name", name) {
            let what = format!("segment {name:?} {}", bad.what);
            report.error(&format!("segments.{name}"), what, bad.remedy);
        }
    }
    if raw.segments.len() > MAX_BITS {
        report.error(
            "segments",
            format!("{} segments are too many", raw.segments.len()),
            format!("name up to {MAX_BITS}; join those that are treated alike"),
        );
    }
}
