//! What scanners and tills say, as the gateway's dialects would read it.

use super::desk::shopper;
use crate::dialect::scanner::lets_know;
use crate::world::{
    ears::{Batch, Heard},
    trade::Sale,
};
use config::ScannerSource;
use engine::{
    Event,
    event::{Basket, Heard as When, Sighting},
    shopper::ShopperId,
    strength::Strength,
};
use protocol::frame::{MAX_READINGS, MAX_SIGHTINGS, NodeFrame, NodeReading, NodeSighting};

/// A node's counters, which start with it.
#[derive(Debug, Clone, Copy)]
pub struct Node {
    boot: u32,
    sequence: u32,
}

impl Node {
    /// A node that starts now.
    pub const fn start(boot: u32) -> Self {
        Self { boot, sequence: 0 }
    }

    /// The frames one batch takes.
    pub fn frames(&mut self, batch: &Batch) -> Vec<(NodeFrame, Vec<ShopperId>)> {
        let readings = batch.readings.iter().take(MAX_READINGS);
        let mut readings: heapless::Vec<NodeReading, MAX_READINGS> = readings
            .map(|(port, value, at_ms)| NodeReading {
                port: *port,
                value: *value,
                age_ms: age_ms(batch, *at_ms),
            })
            .collect();
        let frames = batch.heard.len().div_ceil(MAX_SIGHTINGS).max(1);
        (0..frames)
            .map(|n| {
                let part = batch.heard.chunks(MAX_SIGHTINGS).nth(n).unwrap_or(&[]);
                self.sequence = self.sequence.wrapping_add(1);
                let frame = NodeFrame {
                    made: None,
                    boot: self.boot,
                    sequence: self.sequence,
                    uptime_ms: batch.at_ms as u32,
                    dropped: batch.dropped,
                    sightings: part.iter().map(|h| sighting(batch, h)).collect(),
                    readings: std::mem::take(&mut readings),
                };
                (frame, customers(part))
            })
            .collect()
    }
}

/// The events one batch becomes, with the customers in each.
pub fn events(
    batch: &Batch,
    source: &ScannerSource,
    node: &mut Node,
) -> Vec<(Event, Vec<ShopperId>)> {
    match source {
        ScannerSource::Node => {
            let frames = node.frames(batch).into_iter();
            frames
                .map(|(frame, customers)| {
                    let event = Event::Node {
                        scanner: batch.scanner,
                        frame: Box::new(frame),
                    };
                    (event, customers)
                })
                .collect()
        }
        // The gateway goes by the moment of receipt.
        _ => batch
            .heard
            .iter()
            .filter(|heard| lets_know(source, &heard.air))
            .map(|heard| {
                let event = Event::Sighting(Sighting {
                    scanner: batch.scanner,
                    beacon: heard.air.beacon,
                    strength: Strength::of_one(heard.mean_dbm()),
                    reference_dbm: heard.reference_dbm,
                    heard: When::OnReceipt,
                });
                (event, customers(std::slice::from_ref(heard)))
            })
            .collect(),
    }
}

/// A till's basket.
pub fn basket(sale: Sale) -> Event {
    Event::Basket(Basket {
        receipt: sale.receipt,
        shopper: sale.card.map(shopper),
        lines: sale.lines,
    })
}

/// What a node of ours tells of one beacon.
pub fn sighting(batch: &Batch, heard: &Heard) -> NodeSighting {
    NodeSighting {
        beacon: heard.air.beacon,
        rssi_mean_dbm: heard.mean_dbm().round() as i8,
        rssi_max_dbm: heard.max_dbm.round() as i8,
        count: heard.count,
        reference_dbm: heard.reference_dbm,
        age_ms: age_ms(batch, heard.last_ms),
    }
}

fn age_ms(batch: &Batch, at_ms: u64) -> u16 {
    batch.at_ms.saturating_sub(at_ms).min(u16::MAX.into()) as u16
}

fn customers(heard: &[Heard]) -> Vec<ShopperId> {
    heard
        .iter()
        .filter_map(|h| h.customer)
        .map(shopper)
        .collect()
}
