//! Walls, shelves and zones.

use super::geometry;
use crate::raw::store::{Corners, Place, Store};
use crate::report::Report;
use engine::plan::{Point, Polygon, Zone};

/// Walls, shelves and zones, checked.
pub(crate) struct Floor {
    pub(crate) outline: Polygon,
    pub(crate) obstacles: Vec<Polygon>,
    pub(crate) zones: Vec<Zone>,
}

/// How far outside the wall a device may hang, metres: a thermometer at the door.
const OUTDOORS_M: f32 = 3.0;

/// Looks the floor up and checks that it is possible.
pub(crate) fn build(raw: &Store, report: &mut Report<'_>) -> Floor {
    let outline = polygon(&raw.floor.outline, "floor.outline", report);
    let mut obstacles = Vec::new();
    for (i, corners) in raw.floor.obstacles.iter().enumerate() {
        let key = format!("floor.obstacles[{i}]");
        let obstacle = polygon(corners, &key, report);
        if geometry::area_outside(&obstacle, &outline) > 0.0 {
            report.warn(
                &key,
                "this obstacle lies partly outside the floor",
                "are its corners in metres, [east, north]?",
            );
        }
        obstacles.push(obstacle);
    }
    let zones = zones(raw, &outline, report);
    if report.is_fine() {
        check_reachable(&outline, &obstacles, &zones, report);
    }
    Floor {
        outline,
        obstacles,
        zones,
    }
}

/// A place on the floor.
pub(crate) fn point(place: Place) -> Point {
    let [x, y] = place.0;
    Point { x, y }
}

/// A place that must be on the floor or just outside the door.
pub(crate) fn placed(place: Place, key: &str, outline: &Polygon, report: &mut Report<'_>) -> Point {
    let at = point(place);
    let away = geometry::distance_to(outline, at);
    if away > OUTDOORS_M {
        report.error(
            key,
            format!("this place is {away:.0} m from the floor"),
            "give metres from the south-west corner, [east, north]",
        );
    }
    at
}

fn polygon(corners: &Corners, key: &str, report: &mut Report<'_>) -> Polygon {
    let polygon = Polygon(corners.0.iter().copied().map(point).collect());
    if geometry::crosses_itself(&polygon) {
        report.error(
            key,
            "the edges of this area cross each other",
            "list the corners in the order in which one walks around it",
        );
    } else if geometry::is_empty(&polygon) {
        report.error(
            key,
            "this area encloses nothing",
            "give at least three corners that are not in one line",
        );
    }
    polygon
}

fn zones(raw: &Store, outline: &Polygon, report: &mut Report<'_>) -> Vec<Zone> {
    let mut zones: Vec<Zone> = Vec::new();
    for (i, raw) in raw.zones.iter().enumerate() {
        let key = format!("zones[{i}].area");
        let area = polygon(&raw.area, &key, report);
        let outside = geometry::area_outside(&area, outline);
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
        for other in &zones {
            let shared = geometry::area_shared(&area, &other.area);
            if shared > 0.0 {
                report.warn(
                    &key,
                    format!(
                        "zones {:?} and {:?} share {shared:.1} m²",
                        other.id.as_str(),
                        raw.id.0
                    ),
                    "let them touch, not overlap; where they do, the first in the file counts",
                );
            }
        }
        zones.extend(raw.id.0.parse().ok().map(|id| Zone {
            id,
            label: raw.label.clone(),
            area,
            entrance: raw.entrance,
            department: raw.department.as_ref().map(|d| d.0.clone()),
            level: 0,
        }));
    }
    let names = raw.zones.iter().enumerate();
    report.unique(
        names.map(|(i, z)| (format!("zones[{i}].id"), z.id.0.as_str())),
        "zone",
    );
    zones
}

fn check_reachable(
    outline: &Polygon,
    obstacles: &[Polygon],
    zones: &[Zone],
    report: &mut Report<'_>,
) {
    if !zones.iter().any(|z| z.entrance) {
        report.error(
            "zones",
            "no zone is the way in",
            "set entrance = true in the zone with the door",
        );
        return;
    }
    for zone in geometry::unreachable(outline, obstacles, zones) {
        report.warn(
            &format!("zones[{zone}].area"),
            format!(
                "nobody can walk to zone {:?} from an entrance",
                zones[zone].id.as_str()
            ),
            "leave a gap of at least half a metre between obstacles",
        );
    }
}
