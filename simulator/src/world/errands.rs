//! What somebody came for: departments, pieces and time at the shelf.

use super::facts::{CO_LIFT, DEPARTMENTS, DEPARTMENTS_SHARE, basket_pieces, department_row};
use super::floor::{Floor, Spot};
use crate::chance::Chance;
use engine::plan::{StorePlan, ZoneIx};

/// Mean time looking around in a department, s, and per piece taken, s. With
/// the median basket of 5 pieces a visit lasts some eight minutes, assumed.
const LOOK_AROUND_S: f64 = 45.0;
const PER_PIECE_S: f64 = 9.0;
/// Longest stay at one place, s.
const STAY_S_MAX: f64 = 240.0;
/// Places looked at within one department.
const STOPS_MAX: u64 = 3;

/// One stop on somebody's way.
#[derive(Debug, Clone, Copy)]
pub struct Errand {
    /// Where.
    pub spot: Spot,
    /// In which zone.
    pub zone: ZoneIx,
    /// For how long, ms.
    pub stay_ms: u64,
    /// Pieces to take from the shelf, promoted products apart.
    pub pieces: u32,
    /// Whether this is a step within the department, at browsing pace.
    pub browsing: bool,
}

/// Zones that sell something and the row of the facts that fits best.
#[derive(Debug)]
pub struct Shelves {
    rows: Vec<(ZoneIx, usize)>,
}

impl Shelves {
    /// Of this plan; zones without a department are walked through only.
    pub fn new(plan: &StorePlan, floor: &Floor) -> Self {
        let rows = (0..)
            .map(ZoneIx)
            .zip(&plan.zones)
            .filter(|(ix, _)| !floor.spots(*ix).is_empty())
            .filter_map(|(ix, zone)| Some((ix, department_row(zone.department.as_deref()?))))
            .collect();
        Self { rows }
    }

    /// Draws what somebody came for, last stop first. Empty for somebody who
    /// only walks in and out.
    pub fn errands(&self, floor: &Floor, chance: &mut Chance) -> Vec<Errand> {
        let zones = self.zones_wanted(chance);
        let pieces = basket_pieces(chance.unit()).max(zones.len() as u32);
        let each = pieces / zones.len().max(1) as u32;
        let mut left = pieces - each * zones.len() as u32;
        let mut errands = Vec::new();
        for zone in zones {
            let here = each + std::mem::take(&mut left);
            push_stops(&mut errands, zone, here, floor, chance);
        }
        errands.reverse();
        errands
    }

    /// Departments one after the other, each likelier for what is already on
    /// the list.
    fn zones_wanted(&self, chance: &mut Chance) -> Vec<ZoneIx> {
        let count = chance.weighted(&DEPARTMENTS_SHARE).unwrap_or(0) + 1;
        let mut weights: Vec<f64> = self
            .rows
            .iter()
            .map(|(_, row)| DEPARTMENTS[*row].1)
            .collect();
        let mut wanted = Vec::new();
        while wanted.len() < count {
            let Some(drawn) = chance.weighted(&weights) else {
                break;
            };
            let (zone, drawn_row) = self.rows[drawn];
            wanted.push(zone);
            weights[drawn] = 0.0;
            for (weight, (_, row)) in weights.iter_mut().zip(&self.rows) {
                *weight *= CO_LIFT[drawn_row][*row];
            }
        }
        wanted
    }
}

fn push_stops(
    errands: &mut Vec<Errand>,
    zone: ZoneIx,
    pieces: u32,
    floor: &Floor,
    chance: &mut Chance,
) {
    let spots = floor.spots(zone);
    let stops = (1 + chance.below(STOPS_MAX)).min(u64::from(pieces.max(1)));
    for stop in 0..stops {
        let share = pieces / stops as u32 + u32::from(stop < u64::from(pieces) % stops);
        let stay_s = chance.wait(LOOK_AROUND_S / stops as f64) + PER_PIECE_S * f64::from(share);
        errands.push(Errand {
            spot: *chance.pick(spots),
            zone,
            stay_ms: (stay_s.min(STAY_S_MAX) * 1000.0) as u64,
            pieces: share,
            browsing: stop > 0,
        });
    }
}
