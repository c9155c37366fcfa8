//! The public accuracy scenario of ESPresense: four nodes in the corners of a
//! flat of two rooms, a walk across it and one from room to room.
//!
//! Geometry, walks and noise are those of `baseline_4node_6x4m` in
//! `ESPresense/ESPresense` (pull request 2318), which
//! `ESPresense/ESPresense-companion` (pull request 1582) runs against its own
//! locators: on the walk from room to room p95 is 1.61 m and 22.3 % of rooms are
//! wrong. There every sample stands alone and has no time; here samples come
//! once a second.

use crate::{
    chance::{Chance, Concern},
    recorded::{
        Case,
        site::{SiteText, rectangle},
    },
};

/// Seeds; each is a draw of the noise of both walks.
const SEEDS: u64 = 20;
/// Samples between two corners of a walk.
const SAMPLES: u32 = 30;
/// Nodes: name and place, m.
const NODES: [(&str, (f64, f64)); 4] = [
    ("living-nw", (0.2, 3.8)),
    ("living-sw", (0.2, 0.2)),
    ("bedroom-ne", (5.8, 3.8)),
    ("bedroom-se", (5.8, 0.2)),
];
/// Where the rooms meet, m.
const WALL_X_M: f64 = 4.0;
/// Strength at one metre, dBm, and path-loss exponent.
const REFERENCE_DBM: f64 = -59.0;
const EXPONENT: f64 = 3.0;
/// Deviation of a sample, dB; share of samples that come by a detour, and what
/// those lose, dB.
const NOISE_DB: f64 = 2.5;
const DETOURS: f64 = 0.1;
const DETOUR_DB: f64 = 6.0;

/// A walk: its name and its corners.
pub(super) type Walk = (&'static str, &'static [(f64, f64)]);

/// From room to room, the one people complain about.
pub(super) const BOUNDARY: Walk = (
    "living-to-bedroom",
    &[(1.0, 2.0), (3.0, 2.0), (3.9, 2.0), (4.1, 2.0), (5.0, 2.0)],
);
/// Across.
pub(super) const DIAGONAL: Walk = ("diagonal-walk", &[(0.5, 0.5), (3.0, 2.0), (5.5, 3.5)]);

/// One walk, once for every seed; without a survey.
pub(super) fn case((name, corners): Walk) -> Case {
    let mut site = SiteText::new(
        "espresense-4-nodes",
        "ESPresense accuracy harness, baseline_4node_6x4m",
        &rectangle(0.0, 0.0, 6.0, 4.0),
        &[],
    );
    site.zone("living", &rectangle(0.0, 0.0, WALL_X_M, 4.0));
    site.zone("bedroom", &rectangle(WALL_X_M, 0.0, 6.0, 4.0));
    for (node, at) in NODES {
        site.scanner(node, at);
    }
    let mut case = Case::new(name, site.finish());
    for seed in 1..=SEEDS {
        let mut chance = Chance::new(seed, Concern::Radio);
        for (at, second) in samples(corners).into_iter().zip(1_u32..) {
            let t_s = f64::from(second);
            for (node, place) in NODES {
                case.heard(
                    t_s - 0.1,
                    node,
                    &format!("{name}-{seed}"),
                    heard(place, at, &mut chance),
                );
            }
            let room = if at.0 < WALL_X_M { "living" } else { "bedroom" };
            case.was_at(t_s, &format!("{name}-{seed}"), at, room);
        }
    }
    case
}

/// Evenly between the corners, and the last corner.
fn samples(corners: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut samples = Vec::new();
    for (a, b) in corners.iter().zip(&corners[1..]) {
        samples.extend((0..SAMPLES).map(|n| {
            let part = f64::from(n) / f64::from(SAMPLES);
            (a.0 + part * (b.0 - a.0), a.1 + part * (b.1 - a.1))
        }));
    }
    samples.extend(corners.last());
    samples
}

fn heard(node: (f64, f64), at: (f64, f64), chance: &mut Chance) -> f64 {
    let far = (node.0 - at.0).hypot(node.1 - at.1).max(0.1);
    let mean = REFERENCE_DBM - 10.0 * EXPONENT * far.log10();
    let noisy = mean + NOISE_DB * f64::from(chance.normal());
    let detour = if chance.happens(DETOURS) {
        DETOUR_DB
    } else {
        0.0
    };
    (noisy - detour).round()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walks_have_as_many_samples_as_published() {
        assert_eq!(samples(BOUNDARY.1).len(), 121);
        assert_eq!(samples(DIAGONAL.1).len(), 61);
    }
}
