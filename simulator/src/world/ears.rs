//! What each scanner has heard since its last batch.

use super::emitter::Air;
use engine::plan::ScannerIx;
use protocol::frame::Quantity;

/// How often a scanner passes on what it heard, ms: as our nodes do while the link is
/// there. Others publish every packet, or as often.
pub const BATCH_EVERY_MS: u64 = 500;
/// Most beacons a scanner keeps track of within a batch (a node's RAM).
pub const HEARD_MAX: usize = 256;

/// One beacon as heard within one batch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heard {
    /// What was on the air.
    pub air: Air,
    /// Which customer's it truly is; nobody outside the simulator knows.
    pub customer: Option<u32>,
    /// Sum of strengths, dBm.
    pub sum_dbm: f32,
    /// Strongest packet, dBm.
    pub max_dbm: f32,
    /// Packets.
    pub count: u8,
    /// What the device states of itself.
    pub reference_dbm: Option<i8>,
    /// When the last packet was heard, ms of world time.
    pub last_ms: u64,
}

/// One packet as it arrives at a scanner.
#[derive(Debug, Clone, Copy)]
pub struct Packet {
    /// What was on the air.
    pub air: Air,
    /// Which customer's it truly is.
    pub customer: Option<u32>,
    /// What the device states of itself.
    pub reference_dbm: Option<i8>,
    /// Strength, dBm.
    pub dbm: f32,
    /// When, ms of world time.
    pub at_ms: u64,
}

impl Heard {
    /// Mean strength, dBm.
    pub fn mean_dbm(&self) -> f32 {
        self.sum_dbm / f32::from(self.count.max(1))
    }
}

/// What one scanner passes on at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// Which scanner.
    pub scanner: ScannerIx,
    /// When, ms of world time.
    pub at_ms: u64,
    /// Beacons.
    pub heard: Vec<Heard>,
    /// Readings of the node's own sensors: port, value, when.
    pub readings: Vec<(u8, Quantity, u64)>,
    /// Packets it had no room for.
    pub dropped: u32,
}

/// One scanner's memory.
#[derive(Debug)]
pub struct Ear {
    number: u32,
    batch: Batch,
}

impl Ear {
    /// Has heard nothing yet.
    pub fn new(scanner: ScannerIx) -> Self {
        Self {
            number: 1,
            batch: Batch {
                scanner,
                at_ms: 0,
                heard: Vec::new(),
                readings: Vec::new(),
                dropped: 0,
            },
        }
    }

    /// Hears one packet. `slot` is where the sender keeps this scanner's place
    /// for it, so that nothing has to be looked for.
    pub fn hear(&mut self, slot: &mut (u32, u32), packet: Packet) {
        let known = (slot.0 == self.number)
            .then(|| self.batch.heard.get_mut(slot.1 as usize))
            .flatten()
            .filter(|heard| heard.air == packet.air);
        if let Some(heard) = known {
            heard.sum_dbm += packet.dbm;
            heard.max_dbm = heard.max_dbm.max(packet.dbm);
            heard.count = heard.count.saturating_add(1);
            heard.last_ms = packet.at_ms;
            return;
        }
        if self.batch.heard.len() == HEARD_MAX {
            self.batch.dropped += 1;
            return;
        }
        *slot = (self.number, self.batch.heard.len() as u32);
        self.batch.heard.push(Heard {
            air: packet.air,
            customer: packet.customer,
            sum_dbm: packet.dbm,
            max_dbm: packet.dbm,
            count: 1,
            reference_dbm: packet.reference_dbm,
            last_ms: packet.at_ms,
        });
    }

    /// Takes in a value of one of the node's own sensors.
    pub fn read(&mut self, port: u8, value: Quantity, at_ms: u64) {
        self.batch.readings.retain(|(p, ..)| *p != port);
        self.batch.readings.push((port, value, at_ms));
    }

    /// Passes on what was heard.
    pub fn flush(&mut self, at_ms: u64) -> Batch {
        self.number += 1;
        let fresh = Batch {
            scanner: self.batch.scanner,
            at_ms,
            heard: Vec::with_capacity(self.batch.heard.len()),
            readings: Vec::new(),
            dropped: self.batch.dropped,
        };
        let mut full = std::mem::replace(&mut self.batch, fresh);
        full.at_ms = at_ms;
        full
    }
}
