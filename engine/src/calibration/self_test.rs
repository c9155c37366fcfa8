//! How well people are found, told by scanners that hear each other: where one
//! that sends truly hangs stands in the plan.

use super::{Packet, Quality, expectation, find_scanner};
use crate::plan::{ScannerIx, StorePlan};
use protocol::id::{ScannerId, ZoneId};
use serde::Serialize;

/// An error this many times the median scanner's says that something is wrong
/// with that scanner's place in store.toml.
const MISPLACED_TIMES: f32 = 3.0;
/// ... and at least this far, metres.
const MISPLACED_M: f32 = 4.0;

/// How well positions are found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SelfTest {
    /// Each scanner that sends.
    pub scanners: Vec<ScannerTest>,
    /// Each zone, and what to expect in it: see the formulas of `expectation`.
    pub zones: Vec<ZoneTest>,
}

/// One scanner that sends, as the others find it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScannerTest {
    /// Which.
    pub scanner: ScannerId,
    /// Packets of it that others heard.
    pub packets: usize,
    /// How well it was found; `None` when it was heard too little.
    pub quality: Option<Quality>,
    /// Whether it hangs elsewhere than store.toml says, or two are mixed up.
    pub is_suspect: bool,
}

/// One zone.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ZoneTest {
    /// Which.
    pub zone: ZoneId,
    /// Error to expect, metres; `None` when there is nothing to go by.
    pub error_m: Option<f32>,
    /// Share of seconds to expect in which the zone is right, 0 to 1.
    pub zone_right: Option<f32>,
}

/// Lets every scanner that sends be found by the others. Takes a while.
pub fn self_test(plan: &StorePlan, heard: &[(ScannerIx, Vec<Packet>)]) -> SelfTest {
    let found: Vec<(ScannerIx, usize, Option<Quality>)> = heard
        .iter()
        .map(|(sender, packets)| {
            let quality = find_scanner(plan, *sender, packets);
            (*sender, packets.len(), quality)
        })
        .collect();
    let mut errors: Vec<f32> = found.iter().filter_map(|f| Some(f.2?.error_m)).collect();
    errors.sort_by(f32::total_cmp);
    let median = errors.get(errors.len() / 2).copied().unwrap_or(0.0);
    let suspect_m = (MISPLACED_TIMES * median).max(MISPLACED_M);
    SelfTest {
        scanners: found
            .iter()
            .map(|(sender, packets, quality)| ScannerTest {
                scanner: plan.scanners[sender.at()].id.clone(),
                packets: *packets,
                quality: *quality,
                is_suspect: quality.is_some_and(|q| q.error_m > suspect_m),
            })
            .collect(),
        zones: zones(plan, heard),
    }
}

fn zones(plan: &StorePlan, heard: &[(ScannerIx, Vec<Packet>)]) -> Vec<ZoneTest> {
    let expected = expectation::zones(plan, heard);
    let zones = plan.zones.iter().zip(expected);
    zones
        .map(|(zone, expected)| ZoneTest {
            zone: zone.id.clone(),
            error_m: expected.map(|q| q.error_m),
            zone_right: expected.map(|q| q.zone_right),
        })
        .collect()
}
