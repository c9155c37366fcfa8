//! Walls, shelves, storeys and zones.

use super::geometry::{self, Storey};
use crate::raw::store::{Corners, Place, Store};
use crate::report::Report;
use engine::plan::{Level, Point, Polygon, Stairs, Zone};

/// Walls, shelves, storeys and zones, checked.
pub(crate) struct Floor {
    /// From the ground floor up; at least one.
    pub(crate) levels: Vec<Level>,
    pub(crate) stairs: Vec<Stairs>,
    pub(crate) zones: Vec<Zone>,
}

impl Floor {
    /// Outer wall of a storey; of the ground floor where there is no such storey.
    pub(crate) fn outline(&self, level: u8) -> &Polygon {
        let level = self.levels.get(usize::from(level));
        &level.unwrap_or(&self.levels[0]).outline
    }

    /// The place of the device under `key`, which must be on its storey or just
    /// outside the door.
    pub(crate) fn placed(
        &self,
        place: Place,
        level: u8,
        key: &str,
        report: &mut Report<'_>,
    ) -> Point {
        self.check_level(level, &format!("{key}.level"), report);
        let at = point(place);
        let away = geometry::distance_to(self.outline(level), at);
        if away > OUTDOORS_M {
            report.error(
                &format!("{key}.at"),
                format!("this place is {away:.0} m from the floor"),
                "give metres from the south-west corner, [east, north]",
            );
        }
        at
    }

    /// Says when there is no such storey.
    fn check_level(&self, level: u8, key: &str, report: &mut Report<'_>) {
        if usize::from(level) >= self.levels.len() {
            report.error(
                key,
                format!("there is no storey {level}"),
                "0 is the ground floor; describe those above it in [[floor.upper]]",
            );
        }
    }
}

/// How far outside the wall a device may hang, metres: a thermometer at the door.
const OUTDOORS_M: f32 = 3.0;

/// Looks the floor up and checks that it is possible.
pub(crate) fn build(raw: &Store, report: &mut Report<'_>) -> Floor {
    let mut floor = Floor {
        levels: vec![level(
            &raw.floor.outline,
            &raw.floor.obstacles,
            "floor",
            report,
        )],
        stairs: Vec::new(),
        zones: Vec::new(),
    };
    for (i, upper) in raw.floor.upper.iter().enumerate() {
        let key = format!("floor.upper[{i}]");
        let upper = level(&upper.outline, &upper.obstacles, &key, report);
        floor.levels.push(upper);
    }
    floor.stairs = stairs(raw, &floor, report);
    floor.zones = zones(raw, &floor, report);
    if report.is_fine() {
        check_reachable(&floor, report);
    }
    floor
}

/// A place on the floor.
pub(crate) fn point(place: Place) -> Point {
    let [x, y] = place.0;
    Point { x, y }
}

fn level(outline: &Corners, shelves: &[Corners], key: &str, report: &mut Report<'_>) -> Level {
    let outline = area(outline, &format!("{key}.outline"), report);
    let mut obstacles = Vec::new();
    for (i, corners) in shelves.iter().enumerate() {
        let key = format!("{key}.obstacles[{i}]");
        let obstacle = polygon(corners, &key, geometry::is_line, report);
        if geometry::area_outside(&obstacle, &outline) > 0.0 {
            report.warn(
                &key,
                "this obstacle lies partly outside the floor",
                "are its corners in metres, [east, north]?",
            );
        }
        obstacles.push(obstacle);
    }
    Level { outline, obstacles }
}

fn area(corners: &Corners, key: &str, report: &mut Report<'_>) -> Polygon {
    polygon(corners, key, geometry::is_empty, report)
}

fn polygon(
    corners: &Corners,
    key: &str,
    is_empty: fn(&Polygon) -> bool,
    report: &mut Report<'_>,
) -> Polygon {
    let polygon = Polygon(corners.0.iter().copied().map(point).collect());
    if geometry::crosses_itself(&polygon) {
        report.error(
            key,
            "the edges of this area cross each other",
            "list the corners in the order in which one walks around it",
        );
    } else if is_empty(&polygon) {
        report.error(
            key,
            "this area encloses nothing",
            "give at least three corners that are not in one line",
        );
    }
    polygon
}

fn stairs(raw: &Store, floor: &Floor, report: &mut Report<'_>) -> Vec<Stairs> {
    let mut stairs = Vec::new();
    for (i, raw) in raw.floor.stairs.iter().enumerate() {
        let key = format!("floor.stairs[{i}]");
        floor.check_level(raw.lower + 1, &format!("{key}.lower"), report);
        let area = area(&raw.area, &format!("{key}.area"), report);
        let on_both = [raw.lower, raw.lower + 1]
            .iter()
            .all(|level| geometry::area_outside(&area, floor.outline(*level)) <= 0.0);
        if !on_both {
            report.error(
                &format!("{key}.area"),
                "these stairs lie partly outside a storey that they join",
                "give the area that both storeys share",
            );
        }
        stairs.push(Stairs {
            lower: raw.lower,
            area,
        });
    }
    stairs
}

fn zones(raw: &Store, floor: &Floor, report: &mut Report<'_>) -> Vec<Zone> {
    let mut zones: Vec<Zone> = Vec::new();
    for (i, raw) in raw.zones.iter().enumerate() {
        let key = format!("zones[{i}].area");
        let area = area(&raw.area, &key, report);
        floor.check_level(raw.level, &format!("zones[{i}].level"), report);
        let outside = geometry::area_outside(&area, floor.outline(raw.level));
        if outside > 0.0 {
            report.error(
                &key,
                format!(
                    "{outside:.1} m² of zone {:?} lie outside the floor",
                    raw.id.0
                ),
                "move its corners inside floor.outline",
            );
        }
        for other in zones.iter().filter(|z| z.level == raw.level) {
            warn_shared(&key, &raw.id.0, &area, other, report);
        }
        zones.extend(raw.id.0.parse().ok().map(|id| Zone {
            id,
            label: raw.label.clone(),
            area,
            entrance: raw.entrance,
            department: raw.department.as_ref().map(|d| d.0.clone()),
            level: raw.level,
        }));
    }
    let names = raw.zones.iter().enumerate();
    report.unique(
        names.map(|(i, z)| (format!("zones[{i}].id"), z.id.0.as_str())),
        "zone",
    );
    zones
}

fn warn_shared(key: &str, id: &str, area: &Polygon, other: &Zone, report: &mut Report<'_>) {
    let shared = geometry::area_shared(area, &other.area);
    if shared > 0.0 {
        report.warn(
            key,
            format!(
                "zones {:?} and {id:?} share {shared:.1} m²",
                other.id.as_str(),
            ),
            "let them touch, not overlap; where they do, the first in the file counts",
        );
    }
}

fn check_reachable(floor: &Floor, report: &mut Report<'_>) {
    if !floor.zones.iter().any(|z| z.entrance) {
        report.error(
            "zones",
            "no zone is the way in",
            "set entrance = true in the zone with the door",
        );
        return;
    }
    let storeys: Vec<Storey> = floor.levels.iter().map(Storey::new).collect();
    for zone in geometry::unreachable(&storeys, &floor.stairs, &floor.zones) {
        report.warn(
            &format!("zones[{zone}].area"),
            format!(
                "nobody can walk to zone {:?} from an entrance",
                floor.zones[zone].id.as_str()
            ),
            "leave a gap of at least half a metre between obstacles, and stairs between storeys",
        );
    }
}
