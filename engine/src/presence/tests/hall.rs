//! A hall to follow people in. The benchmark includes this file, too.

use crate::{
    plan::{
        GuardSettings, Level, Point, Polygon, PresenceSettings, Scanner, Schedule, StorePlan, Zone,
    },
    presence::Tuning,
    time::LocalTime,
};

/// How large it is, and its grid of zones.
pub(crate) struct Hall {
    /// West to east and south to north, metres.
    pub(crate) sides_m: (f32, f32),
    /// Zones of one storey, eastward and northward.
    pub(crate) zones: (u8, u8),
    /// Storeys, all alike.
    pub(crate) levels: u8,
}

pub(crate) const fn at(x: f32, y: f32) -> Point {
    Point { x, y }
}

pub(crate) fn rectangle(x0: f32, y0: f32, x1: f32, y1: f32) -> Polygon {
    Polygon(vec![at(x0, y0), at(x1, y0), at(x1, y1), at(x0, y1)])
}

impl Hall {
    /// With scanners at these places, each on its storey, and nothing to decide.
    pub(crate) fn plan(&self, scanners: impl Iterator<Item = (Point, u8)>) -> StorePlan {
        let (wide_m, deep_m) = self.sides_m;
        let upper = (1..self.levels).map(|_| Level {
            outline: rectangle(0.0, 0.0, wide_m, deep_m),
            obstacles: Vec::new(),
        });
        let scanner = |(n, (at, level)): (usize, (Point, u8))| Scanner {
            id: format!("s-{n}").parse().expect("a name"),
            at,
            offset_db: 0.0,
            level,
            beacon: None,
        };
        StorePlan {
            store: "hall".parse().expect("a name"),
            name: String::new(),
            local_time: LocalTime::fixed(0),
            opening: Schedule::always(),
            outline: rectangle(0.0, 0.0, wide_m, deep_m),
            obstacles: Vec::new(),
            upper: upper.collect(),
            stairs: Vec::new(),
            zones: self.zones(),
            scanners: scanners.enumerate().map(scanner).collect(),
            survey: Vec::new(),
            sensors: Vec::new(),
            screens: Vec::new(),
            segments: Vec::new(),
            offers: Vec::new(),
            campaigns: Vec::new(),
            house_loop: Vec::new(),
            presence: PresenceSettings {
                enter_probability: 0.6,
                leave_probability: 0.4,
                absent_after_ms: 60_000,
                path_loss_exponent: 2.0,
                tuning: Tuning::USED,
            },
            guard: GuardSettings {
                people_in_view_min: 3,
                enrolled_min: 20,
                turns: 8,
                dwell_on_screen_ms_min: 5_000,
                settle_ms: 3_000,
            },
            explore_permille: 0,
        }
    }

    fn zones(&self) -> Vec<Zone> {
        let (columns, rows) = self.zones;
        let (wide_m, deep_m) = (
            self.sides_m.0 / f32::from(columns),
            self.sides_m.1 / f32::from(rows),
        );
        let zone = |n: u8| {
            let (column, row) = (n % columns, n / columns % rows);
            let (west, south) = (f32::from(column) * wide_m, f32::from(row) * deep_m);
            Zone {
                id: format!("zone-{n}").parse().expect("a name"),
                label: String::new(),
                area: rectangle(west, south, west + wide_m, south + deep_m),
                entrance: n == 0,
                department: None,
                level: n / (columns * rows),
            }
        };
        (0..columns * rows * self.levels).map(zone).collect()
    }
}
