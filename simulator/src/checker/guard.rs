//! Promise 7: doubt means the house loop; and what may never be on a public
//! screen never is.

use super::{Call, Complaints, caps::Caps, shows};
use engine::{
    Effect, Event,
    effect::LedgerEntry,
    plan::{Condition, OfferIx, ScannerIx, Sensitivity, SensorIx, StorePlan},
};
use protocol::frame::Quantity;
use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

/// Messages overtake each other, so the newest two values of a sensor are both
/// taken for possible.
const VALUES_KEPT: usize = 2;

/// What the checker knows of the shop around.
#[derive(Debug)]
pub struct Guard {
    plan: Arc<StorePlan>,
    /// By stock sensor: when a value came, ms of the world, and the value.
    pieces: BTreeMap<SensorIx, VecDeque<(u64, Option<u16>)>>,
}

impl Guard {
    /// Knows nothing.
    pub fn new(plan: Arc<StorePlan>) -> Self {
        Self {
            plan,
            pieces: BTreeMap::new(),
        }
    }

    /// A gateway that was just started knows nothing of its sensors.
    pub fn started(&mut self) {
        self.pieces.clear();
    }

    /// One call of the engine.
    pub fn called(&mut self, call: &Call<'_>, _caps: &Caps, complaints: &mut Complaints) {
        self.note_readings(call);
        for effect in call.effects {
            if let Effect::Commit {
                entry: LedgerEntry::Reserved(reservation),
                ..
            } = effect
                && let Some(offer) = self.plan.offer(&reservation.offer)
            {
                self.decided(offer, call, complaints);
            }
        }
        for (screen, offer, _) in shows(call.effects, &self.plan) {
            // Also when it is only sent again: the time may be over by now.
            let spec = &self.plan.offers[offer.at()];
            if spec.sensitivity > Sensitivity::Segment {
                let what = format!("offer {} may never be on a public screen", spec.id);
                complaints.add(7, call.at_ms, what);
            }
            if !spec.screens.is_empty() && !spec.screens.has(screen.0) {
                let what = format!("offer {} is on a screen it is not meant for", spec.id);
                complaints.add(7, call.at_ms, what);
            }
            self.in_time(offer, call, complaints);
        }
    }

    /// What must hold when a picture is decided.
    fn decided(&self, offer: OfferIx, call: &Call<'_>, complaints: &mut Complaints) {
        self.in_time(offer, call, complaints);
        for condition in &self.plan.offers[offer.at()].conditions {
            if let Condition::Stock { sensor, pieces_min } = condition
                && !self.may_be_in_stock(*sensor, *pieces_min, call.at_ms)
            {
                let what = format!(
                    "offer {} is shown while fewer than {pieces_min} pieces are known to be there",
                    self.plan.offers[offer.at()].id
                );
                complaints.add(7, call.at_ms, what);
            }
        }
    }

    /// What must hold whenever a picture is sent.
    fn in_time(&self, offer: OfferIx, call: &Call<'_>, complaints: &mut Complaints) {
        let spec = &self.plan.offers[offer.at()];
        let Some(date) = call.now.wall.known() else {
            let what = format!("offer {} is shown while nobody knows the date", spec.id);
            complaints.add(7, call.at_ms, what);
            return;
        };
        let local = self.plan.local_time.at(date);
        let fits = [&spec.schedule, &self.plan.opening]
            .iter()
            .all(|s| s.in_dates(date) && s.in_week(local));
        if !fits {
            let what = format!("offer {} is shown out of its time", spec.id);
            complaints.add(7, call.at_ms, what);
        }
    }

    fn may_be_in_stock(&self, sensor: SensorIx, pieces_min: u16, at_ms: u64) -> bool {
        let stale_ms = self.plan.sensors[sensor.at()].stale_after_ms;
        self.pieces.get(&sensor).is_some_and(|values| {
            values.iter().any(|(came_ms, pieces)| {
                at_ms <= came_ms + stale_ms && pieces.is_some_and(|p| p >= pieces_min)
            })
        })
    }

    fn note_readings(&mut self, call: &Call<'_>) {
        match call.event {
            Event::Reading(reading) => self.note(reading.sensor, reading.value, call.at_ms),
            Event::Node { scanner, frame } => {
                for reading in &frame.readings {
                    if let Some(sensor) = self.at_port(*scanner, reading.port) {
                        self.note(sensor, reading.value, call.at_ms);
                    }
                }
            }
            _ => {}
        }
    }

    fn note(&mut self, sensor: SensorIx, value: Quantity, at_ms: u64) {
        let pieces = match value {
            Quantity::StockPieces(pieces) => Some(pieces),
            Quantity::Fault => None,
            // What such a sensor cannot mean leaves what was known as it was.
            _ => return,
        };
        let values = self.pieces.entry(sensor).or_default();
        if values.len() == VALUES_KEPT {
            values.pop_front();
        }
        values.push_back((at_ms, pieces));
    }

    fn at_port(&self, scanner: ScannerIx, port: u8) -> Option<SensorIx> {
        let place = self
            .plan
            .sensors
            .iter()
            .position(|s| s.node == Some((scanner, port)))?;
        Some(SensorIx(place as u16))
    }
}

#[cfg(test)]
mod tests {
    use super::super::trace::{BREAD, MAI, Trace};
    use super::*;
    use engine::{
        event::{Heard, Reading},
        shopper::Purposes,
        time::Wall,
    };

    const IN_STOCK: &str = "milk-in-stock";

    fn milk(pieces: u16) -> Event {
        Event::Reading(Reading {
            sensor: SensorIx(2),
            value: Quantity::StockPieces(pieces),
            heard: Heard::OnReceipt,
            retained: false,
        })
    }

    #[test]
    fn without_a_date_there_is_no_offer() {
        let mut trace = Trace::new();
        trace.reserve(BREAD, 1, &[]).durable();
        trace.wall = Wall::Unsynced;
        trace.show(BREAD, 1);
        assert_eq!(trace.broken(), [7]);
    }

    #[test]
    fn what_is_never_public_is_found_on_a_screen() {
        let mut trace = Trace::new();
        trace.enrol(MAI, Purposes::ALL);
        let offer = "never-in-public";
        trace.reserve(offer, 1, &[MAI]).durable().show(offer, 1);
        assert_eq!(trace.broken(), [7]);
    }

    #[test]
    fn an_empty_shelf_or_a_silent_sensor_forbids_what_needs_stock() {
        for (values, wait_ms, broken) in [
            (&[9][..], 0, vec![]),
            (&[9, 4], 0, vec![]),
            (&[4, 4], 0, vec![7]),
            (&[], 0, vec![7]),
            (&[9], 121_000, vec![7]),
        ] {
            let mut trace = Trace::new();
            for pieces in values {
                trace.call(&milk(*pieces), &[]);
            }
            trace.at_ms += wait_ms;
            trace.reserve(IN_STOCK, 1, &[]);
            assert_eq!(trace.broken(), broken, "{values:?} {wait_ms}");
        }
    }

    #[test]
    fn an_offer_out_of_its_time_is_found() {
        let mut trace = Trace::new();
        let mut plan = (*trace.plan).clone();
        plan.offers[0].schedule.weekdays = 1;
        let plan = Arc::new(plan);
        trace.checker = super::super::Checker::new(plan.clone());
        trace.plan = plan;
        trace.reserve(BREAD, 1, &[]).durable().show(BREAD, 1);
        assert_eq!(trace.broken(), [7, 7], "a Monday's offer on a Saturday");
    }
}
