//! Every true moment with the estimate that stood then.

use super::{geometry::distance_to, truth::Truths};
use crate::locate::estimates::Estimate;
use engine::plan::{Point, StorePlan, ZoneIx};
use std::collections::BTreeMap;

/// An estimate older than this is no answer any more, s.
const STALE_S: f64 = 10.0;
/// Times are compared with this slack, s: files round them.
const SLACK_S: f64 = 0.002;
/// Whoever stands this near to a zone's border may be taken to be in it, m.
const BORDER_M: f64 = 1.0;

/// One true moment and what was said of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moment {
    /// When, s.
    pub t_s: f64,
    /// The true place, metres.
    pub at: Option<(f64, f64)>,
    /// The true zone.
    pub zone: Option<ZoneIx>,
    /// What was said; nothing where there was no fresh estimate.
    pub said: Option<Said>,
}

/// What was said of a true moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Said {
    /// The place, metres.
    pub at: Option<(f64, f64)>,
    /// Distance to the true place, m, where both are known.
    pub error_m: Option<f64>,
    /// The zone.
    pub zone: Option<ZoneIx>,
    /// Whether the zone said is the true one, or the true place lies within
    /// one metre of it.
    pub forgiven: bool,
    /// Probability given to the zone said.
    pub p_zone: Option<f64>,
}

impl Moment {
    /// Whether the true zone was said.
    pub fn right(&self) -> bool {
        self.said.is_some_and(|said| said.zone == self.zone)
    }

    /// Whether a neighbour's zone was said at the border, or the true one.
    pub fn forgiven(&self) -> bool {
        self.said.is_some_and(|said| said.forgiven)
    }
}

/// Joins estimates, rising in time, to the truth, tag by tag.
pub fn matched(plan: &StorePlan, estimates: &[Estimate], truths: &Truths) -> Vec<Vec<Moment>> {
    let mut by_tag: BTreeMap<&str, Vec<&Estimate>> = BTreeMap::new();
    for estimate in estimates {
        by_tag.entry(&estimate.tag).or_default().push(estimate);
    }
    let none = Vec::new();
    let of_tag = truths.iter().map(|(tag, truths)| {
        let estimates = by_tag.get(tag.as_str()).unwrap_or(&none);
        let of_moment = truths.iter().map(|truth| {
            let until = estimates.partition_point(|e| e.t_s <= truth.t_s + SLACK_S);
            let last = until.checked_sub(1).map(|at| estimates[at]);
            let fresh = last
                .filter(|e| truth.t_s - e.t_s <= STALE_S && (e.at.is_some() || e.zone.is_some()));
            Moment {
                t_s: truth.t_s,
                at: truth.at,
                zone: truth.zone,
                said: fresh.map(|e| said(plan, e, truth.at, truth.zone)),
            }
        });
        of_moment.collect()
    });
    of_tag.collect()
}

fn said(
    plan: &StorePlan,
    estimate: &Estimate,
    at: Option<(f64, f64)>,
    zone: Option<ZoneIx>,
) -> Said {
    let near = |z: ZoneIx| {
        at.is_some_and(|(x, y)| {
            let place = Point {
                x: x as f32,
                y: y as f32,
            };
            distance_to(&plan.zones[z.at()].area, place) <= BORDER_M
        })
    };
    Said {
        at: estimate.at,
        error_m: estimate
            .at
            .zip(at)
            .map(|(e, t)| (e.0 - t.0).hypot(e.1 - t.1)),
        zone: estimate.zone,
        forgiven: estimate.zone == zone || estimate.zone.is_some_and(near),
        p_zone: estimate.p_zone,
    }
}
