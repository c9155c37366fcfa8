//! A device that sends, whoever carries it, and its radio towards each scanner.

use super::{
    ears::{Ear, Packet},
    emitter::Emitter,
    radio::{Link, Radio},
};
use crate::chance::Chance;
use engine::plan::Point;

/// A device that sends.
#[derive(Debug)]
pub struct Sender {
    emitter: Emitter,
    customer: Option<u32>,
    /// Its radio towards each scanner.
    links: Vec<Link>,
    /// Where each scanner's current batch has it: batch number and index.
    slots: Vec<(u32, u32)>,
}

/// Where a device is, and what shadows it.
#[derive(Debug, Clone, Copy)]
pub enum Held {
    /// Before the body of somebody who faces this way (a unit vector).
    ByBody(Point, (f32, f32)),
    /// On the scanner of this index, which does not hear itself.
    OnScanner(usize, Point),
}

/// What happens on the air in one step.
#[derive(Debug)]
pub struct OnAir<'w> {
    /// What radio does on this floor.
    pub radio: &'w Radio,
    /// Every scanner's ears.
    pub ears: &'w mut [Ear],
    /// The step's end, ms of world time.
    pub until_ms: u64,
    /// The date then, Unix seconds.
    pub unix_s: i64,
}

impl Sender {
    /// A device with fresh links to every scanner.
    pub fn new(emitter: Emitter, customer: Option<u32>, links: Vec<Link>) -> Self {
        Self {
            slots: vec![(0, 0); links.len()],
            emitter,
            customer,
            links,
        }
    }

    /// Sends what is due, and lets every scanner hear what reaches it.
    pub fn send(&mut self, held: Held, air: &mut OnAir<'_>, chance: &mut Chance) {
        let (Held::ByBody(at, _) | Held::OnScanner(_, at)) = held;
        let means = air.radio.means(at);
        while let Some(at_ms) = self.emitter.next_packet(air.until_ms, air.unix_s, chance) {
            for (scanner, ear) in air.ears.iter_mut().enumerate() {
                let body = match held {
                    Held::OnScanner(own, _) if own == scanner => continue,
                    Held::OnScanner(..) => 0.0,
                    Held::ByBody(at, heading) => air.radio.body_loss(scanner, at, heading),
                };
                let mean = means[scanner] + self.emitter.strength_db - body;
                if let Some(dbm) = self.links[scanner].packet(mean, chance) {
                    let packet = Packet {
                        air: *self.emitter.air(),
                        customer: self.customer,
                        reference_dbm: self.emitter.reference_dbm,
                        dbm,
                        at_ms,
                    };
                    ear.hear(&mut self.slots[scanner], packet);
                }
            }
        }
    }
}
