//! What scanners that send hear of each other: their places are known, so they
//! tell how far off the shop's positions are, every day and without a walk.

use super::{Dating, each_packet};
use engine::{
    Event,
    calibration::Packet,
    plan::{ScannerIx, StorePlan},
};
use protocol::beacon::Beacon;
use std::collections::{HashMap, VecDeque};

/// Packets kept of each scanner that sends: about a minute's.
const PACKETS_MAX: usize = 1_024;

/// The last packets of every scanner that sends.
#[derive(Debug, Default)]
pub struct Neighbours {
    scanner_of: HashMap<Beacon, ScannerIx>,
    packets: Vec<VecDeque<Packet>>,
}

impl Neighbours {
    /// Those of this plan.
    pub fn new(plan: &StorePlan) -> Self {
        let sending = plan.scanners.iter().enumerate();
        let sending = sending.filter_map(|(ix, s)| Some((s.beacon?, ScannerIx(ix as u8))));
        Self {
            scanner_of: sending.collect(),
            packets: vec![VecDeque::new(); plan.scanners.len()],
        }
    }

    /// Goes on with a changed plan. What was heard stays true unless scanners
    /// were changed.
    pub fn replan(&mut self, before: &StorePlan, plan: &StorePlan) {
        if before.scanners != plan.scanners {
            *self = Self::new(plan);
        }
    }

    /// Takes part in what comes in.
    pub fn hear(&mut self, dating: Dating, event: &Event) {
        if self.scanner_of.is_empty() {
            return;
        }
        each_packet(dating, event, |beacon, packet| {
            let sender = self.scanner_of.get(beacon);
            let Some(sender) = sender.filter(|s| **s != packet.scanner) else {
                return;
            };
            let packets = &mut self.packets[sender.at()];
            if packets.len() >= PACKETS_MAX {
                packets.pop_front();
            }
            packets.push_back(packet);
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
