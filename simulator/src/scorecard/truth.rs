//! `truth.csv`: `t_s,tag,x_m,y_m,zone`. A row without a place still has a zone;
//! without a column `zone`, the place says which.

use super::geometry::distance_to;
use crate::{locate::estimates::zone_named, table::Table};
use anyhow::{Context as _, Result};
use engine::plan::{Point, StorePlan, ZoneIx};
use std::collections::BTreeMap;

/// A place this far from every zone is in none: somebody outside, m.
const BESIDE_M: f64 = 0.5;

/// Where a tag truly is at one moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Truth {
    /// When, s.
    pub t_s: f64,
    /// The place, metres, if it was surveyed.
    pub at: Option<(f64, f64)>,
    /// The zone, if it is in any.
    pub zone: Option<ZoneIx>,
}

/// Truth by tag, rising in time.
pub type Truths = BTreeMap<String, Vec<Truth>>;

/// Reads a file.
pub fn read(mut table: Table, plan: &StorePlan) -> Result<Truths> {
    let (t_s, tag) = (table.column("t_s")?, table.column("tag")?);
    let places = table.column_if_any("x_m").zip(table.column_if_any("y_m"));
    let zone = table.column_if_any("zone");
    if places.is_none() && zone.is_none() {
        table.column("zone")?;
    }
    let mut truths = Truths::new();
    while table.advance()? {
        let t_s = table.number(t_s)?;
        let at = match places {
            None => None,
            Some((x, y)) => table.number_if_any(x)?.zip(table.number_if_any(y)?),
        };
        let zone = match zone {
            Some(zone) => zone_named(table.text(zone)?, plan).with_context(|| table.place())?,
            None => at.and_then(|at| zone_near(plan, at)),
        };
        if t_s.is_finite() {
            let of_tag = truths.entry(table.text(tag)?.to_owned()).or_default();
            of_tag.push(Truth { t_s, at, zone });
        }
    }
    for of_tag in truths.values_mut() {
        of_tag.sort_by(|a, b| a.t_s.total_cmp(&b.t_s));
    }
    Ok(truths)
}

/// The zone that holds a place, or the nearest when the place lies just beside
/// all: surveyors lean over borders.
pub fn zone_near(plan: &StorePlan, at: (f64, f64)) -> Option<ZoneIx> {
    let point = Point {
        x: at.0 as f32,
        y: at.1 as f32,
    };
    let by_distance = |z: &ZoneIx| distance_to(&plan.zones[z.at()].area, point);
    let nearest = (0..plan.zones.len() as u8)
        .map(ZoneIx)
        .min_by(|a, b| by_distance(a).total_cmp(&by_distance(b)));
    plan.zone_at(point)
        .or_else(|| nearest.filter(|z| by_distance(z) <= BESIDE_M))
}
