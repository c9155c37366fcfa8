//! What scanners that send hear of each other: their places are known, so they
//! tell how far off the shop's positions are, every day and without a walk.

use super::each_sighting;
use engine::{
    Event,
    calibration::{self, Packet, Quality},
    plan::{ScannerIx, StorePlan},
};
use protocol::{
    beacon::Beacon,
    id::{ScannerId, ZoneId},
};
use serde::Serialize;
use std::collections::{HashMap, VecDeque};

/// Packets kept of each scanner that sends: about a minute's.
const PACKETS_MAX: usize = 512;
/// An error this many times the median scanner's says that something is wrong
/// with that scanner's place in store.toml.
const MISPLACED_TIMES: f32 = 3.0;
/// ... and at least this far, metres.
const MISPLACED_M: f32 = 4.0;

/// The last packets of every scanner that sends.
#[derive(Debug, Default)]
pub struct Neighbours {
    scanner_of: HashMap<Beacon, ScannerIx>,
    packets: Vec<VecDeque<Packet>>,
}

impl Neighbours {
    /// Those of this plan; what was heard by another plan is dropped.
    pub fn new(plan: &StorePlan) -> Self {
        let sending = plan.scanners.iter().enumerate();
        let sending = sending.filter_map(|(ix, s)| Some((s.beacon?, ScannerIx(ix as u8))));
        Self {
            scanner_of: sending.collect(),
            packets: vec![VecDeque::new(); plan.scanners.len()],
        }
    }

    /// Takes part in what comes in.
    pub fn hear(&mut self, now_ms: u64, event: &Event) {
        if self.scanner_of.is_empty() {
            return;
        }
        each_sighting(event, |scanner, beacon, rssi_dbm, age_ms| {
            let Some(sender) = self.scanner_of.get(beacon).filter(|s| **s != scanner) else {
                return;
            };
            let packets = &mut self.packets[sender.at()];
            if packets.len() >= PACKETS_MAX {
                packets.pop_front();
            }
            packets.push_back(Packet {
                at_ms: now_ms.saturating_sub(age_ms),
                scanner,
                rssi_dbm,
            });
        });
    }

    /// What was heard of each scanner that sends, in order of time.
    pub fn heard(&self) -> Vec<(ScannerIx, Vec<Packet>)> {
        let senders = self.scanner_of.values();
        let mut heard: Vec<_> = senders
            .map(|sender| {
                let mut packets: Vec<_> = self.packets[sender.at()].iter().copied().collect();
                packets.sort_by_key(|p| p.at_ms);
                (*sender, packets)
            })
            .collect();
        heard.sort_by_key(|(sender, _)| *sender);
        heard
    }
}

/// How well positions are found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SelfTest {
    /// Each scanner that sends.
    pub scanners: Vec<ScannerTest>,
    /// Each zone.
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
    /// Error to expect: the mean over its scanners, metres.
    pub error_m: Option<f32>,
    /// Share of seconds in which the zone was right, 0 to 1.
    pub zone_right: Option<f32>,
    /// Scanners in it that could be judged.
    pub scanners: usize,
}

/// Lets every scanner that sends be found by the others. Takes a while.
pub fn self_test(plan: &StorePlan, heard: &[(ScannerIx, Vec<Packet>)]) -> SelfTest {
    let found: Vec<(ScannerIx, usize, Option<Quality>)> = heard
        .iter()
        .map(|(sender, packets)| {
            let quality = calibration::find_scanner(plan, *sender, packets);
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
        zones: zones(plan, &found),
    }
}

fn zones(plan: &StorePlan, found: &[(ScannerIx, usize, Option<Quality>)]) -> Vec<ZoneTest> {
    let zones = plan.zones.iter().map(|zone| {
        let within = found.iter().filter_map(|(sender, _, quality)| {
            let scanner = &plan.scanners[sender.at()];
            let here = scanner.level == zone.level && zone.area.contains(scanner.at);
            quality.filter(|_| here)
        });
        let within: Vec<Quality> = within.collect();
        let mean = |of: fn(&Quality) -> f32| {
            let sum: f32 = within.iter().map(of).sum();
            (!within.is_empty()).then(|| sum / within.len() as f32)
        };
        ZoneTest {
            zone: zone.id.clone(),
            error_m: mean(|q| q.error_m),
            zone_right: mean(|q| q.zone_right),
            scanners: within.len(),
        }
    });
    zones.collect()
}
