//! What is true of the shop around: sensor values while they are fresh, people
//! at the doors, how crowded it is where.
//!
//! Changes count, repetitions do not; what the broker kept from before is never
//! news; a value that grew old is unknown, and unknown fails every condition.

use crate::{
    event::Reading,
    ingest::heard_at,
    plan::{Bits, Bound, Condition, SensorIx, SensorKind, StorePlan, ZoneIx},
    presence::Visit,
    time::{Mono, Now},
    view::Counts,
};
use protocol::frame::Quantity;
use serde::{Deserialize, Serialize};

/// State of every sensor.
#[derive(Debug, Serialize, Deserialize)]
pub struct Context {
    sensors: Vec<State>,
    /// People of a description by zone, whom no sensor counts; nobody in a live
    /// shop.
    #[serde(skip)]
    described: Vec<(ZoneIx, f32)>,
}

/// State of one sensor.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct State {
    /// When it last said anything.
    pub last: Option<Mono>,
    value: Option<Value>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
enum Value {
    /// In thousandths of the sensor's unit.
    Milli(i64),
    /// People inside by this door, and the counter's last words.
    Door { inside: i64, last: (u32, u32) },
}

/// Why a condition does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unmet {
    /// Its sensor is silent.
    Silent,
    /// The value is outside the bound.
    Outside,
    /// Too few pieces on the shelf.
    OutOfStock,
    /// It costs something else.
    OtherPrice,
}

impl Context {
    /// Nothing known yet.
    pub fn new(plan: &StorePlan) -> Self {
        Self {
            sensors: vec![State::default(); plan.sensors.len()],
            described: Vec::new(),
        }
    }

    /// Takes a new plan over; values go with their sensor's name.
    pub fn replan(&mut self, before: &StorePlan, plan: &StorePlan) {
        let sensors = plan.sensors.iter().map(|sensor| {
            let old = before.sensor(&sensor.id)?;
            (before.sensors[old.at()].kind == sensor.kind).then(|| self.sensors[old.at()])
        });
        self.sensors = sensors.map(Option::unwrap_or_default).collect();
    }

    /// Takes a reading in, or counts why not.
    pub fn reading(&mut self, now: Now, plan: &StorePlan, reading: &Reading, counts: &mut Counts) {
        let Some(sensor) = plan.sensors.get(reading.sensor.at()) else {
            counts.implausible += 1;
            return;
        };
        let state = &mut self.sensors[reading.sensor.at()];
        if reading.retained {
            counts.late += 1;
            return;
        }
        let Some(at) = heard_at(now, reading.heard) else {
            counts.late += 1;
            return;
        };
        if state.last.is_some_and(|last| at < last) {
            counts.late += 1;
            return;
        }
        if reading.value == Quantity::Fault {
            counts.readings += 1;
            state.value = None;
            state.last = Some(at);
            return;
        }
        let Some(value) = plausible(sensor.kind, reading.value, state.value) else {
            counts.implausible += 1;
            return;
        };
        counts.readings += 1;
        state.value = Some(value);
        state.last = Some(at);
    }

    /// A sensor's state, fresh or not.
    pub fn state(&self, sensor: SensorIx) -> State {
        self.sensors[sensor.at()]
    }

    /// A sensor's value in thousandths of its unit, while it is fresh.
    pub fn value_milli(&self, now: Mono, plan: &StorePlan, sensor: SensorIx) -> Option<i64> {
        let state = self.sensors[sensor.at()];
        let fresh = now.since_ms(state.last?) <= plan.sensors[sensor.at()].stale_after_ms;
        match state.value.filter(|_| fresh)? {
            Value::Milli(milli) => Some(milli),
            Value::Door { inside, .. } => Some(inside.max(0) * 1_000),
        }
    }

    /// People in the shop by the door counters; unknown when no door counts.
    pub fn people(&self, now: Mono, plan: &StorePlan) -> Option<u32> {
        let doors = (0..plan.sensors.len() as u16)
            .map(SensorIx)
            .filter(|s| plan.sensors[s.at()].kind == SensorKind::Door);
        let mut inside = None;
        for door in doors {
            let milli = self.value_milli(now, plan, door)?;
            *inside.get_or_insert(0) += milli / 1_000;
        }
        inside.map(|people| people as u32)
    }

    /// Expected people in these zones: shoppers who opted in, and strangers as
    /// far as sensors count them. Strangers at large are spread over the zones
    /// by area.
    pub fn crowd(&self, now: Mono, plan: &StorePlan, zones: Bits, visits: &[Visit]) -> f32 {
        let shoppers: f32 = visits.iter().map(|v| v.within(zones)).sum();
        let strangers = self
            .people(now, plan)
            .map_or(0.0, |all| (all as f32 - visits.len() as f32).max(0.0));
        let spread = if strangers > 0.0 {
            spread(strangers, plan, zones)
        } else {
            0.0
        };
        (shoppers + spread).max(self.counted(now, plan, zones)) + self.described(zones)
    }

    /// People who are more likely than not in these zones, by themselves or as a
    /// sensor there counts them. Whom only a door counted may be anywhere.
    pub fn located(&self, now: Mono, plan: &StorePlan, zones: Bits, visits: &[Visit]) -> f32 {
        let shoppers = visits.iter().filter(|v| v.within(zones) >= 0.5).count();
        self.counted(now, plan, zones).max(shoppers as f32) + self.described(zones)
    }

    /// So many people whom nobody knows stand in a zone, as somebody describes it.
    pub(crate) fn describe(&mut self, zone: ZoneIx, people: u32) {
        self.described.push((zone, people as f32));
    }

    fn described(&self, zones: Bits) -> f32 {
        let here = self.described.iter().filter(|(zone, _)| zones.has(zone.0));
        here.map(|(_, people)| people).sum()
    }

    /// People that sensors of these zones count by themselves.
    fn counted(&self, now: Mono, plan: &StorePlan, zones: Bits) -> f32 {
        let mut most = 0.0_f32;
        for (index, sensor) in plan.sensors.iter().enumerate() {
            let here = sensor.zone.is_some_and(|z| zones.has(z.0));
            let counts = matches!(sensor.kind, SensorKind::Queue | SensorKind::Occupancy);
            if here
                && counts
                && let Some(milli) = self.value_milli(now, plan, SensorIx(index as u16))
            {
                most = most.max(milli as f32 / 1_000.0);
            }
        }
        most
    }

    /// Whether a condition holds for a screen that is seen from `seen_from`.
    pub fn check(
        &self,
        now: Mono,
        plan: &StorePlan,
        condition: &Condition,
        seen_from: Bits,
        visits: &[Visit],
    ) -> Result<(), Unmet> {
        let within = |value: Option<i64>, bound: &Bound| match value {
            None => Err(Unmet::Silent),
            Some(milli) if bound.holds(milli) => Ok(()),
            Some(_) => Err(Unmet::Outside),
        };
        match condition {
            Condition::Sensor { sensor, bound } => {
                within(self.value_milli(now, plan, *sensor), bound)
            }
            Condition::Stock { sensor, pieces_min } => match self.value_milli(now, plan, *sensor) {
                None => Err(Unmet::Silent),
                Some(milli) if milli >= i64::from(*pieces_min) * 1_000 => Ok(()),
                Some(_) => Err(Unmet::OutOfStock),
            },
            Condition::Price { sensor, is_minor } => match self.value_milli(now, plan, *sensor) {
                None => Err(Unmet::Silent),
                Some(milli) if milli == i64::from(*is_minor) * 1_000 => Ok(()),
                Some(_) => Err(Unmet::OtherPrice),
            },
            Condition::Crowd { zone, bound } => {
                let zones = zone.map_or(seen_from, |ZoneIx(z)| Bits::NONE.with(z));
                let people = self.crowd(now, plan, zones, visits);
                within(Some((people * 1_000.0) as i64), bound)
            }
        }
    }
}

/// How many of so many people are expected in these zones, by their area.
fn spread(people: f32, plan: &StorePlan, zones: Bits) -> f32 {
    let area = |zone: &crate::plan::Zone| zone.area.area();
    let whole: f32 = plan.zones.iter().map(area).sum();
    let part: f32 = zones
        .iter()
        .map(|z| area(&plan.zones[usize::from(z)]))
        .sum();
    if whole > 0.0 {
        people * part / whole
    } else {
        0.0
    }
}

/// The value in the sensor's unit, if such a sensor can mean it.
fn plausible(kind: SensorKind, value: Quantity, before: Option<Value>) -> Option<Value> {
    let within = |milli: i64, low: i64, high: i64| {
        (low * 1_000..=high * 1_000)
            .contains(&milli)
            .then_some(Value::Milli(milli))
    };
    match (kind, value) {
        (SensorKind::Temperature, Quantity::TemperatureCentiCelsius(centi)) => {
            within(i64::from(centi) * 10, -40, 85)
        }
        (SensorKind::Humidity, Quantity::HumidityPermille(permille)) => {
            within(i64::from(permille) * 100, 0, 100)
        }
        (SensorKind::Light, Quantity::IlluminanceLux(lux)) => {
            within(i64::from(lux) * 1_000, 0, 200_000)
        }
        // A press is somebody who is there.
        (SensorKind::Occupancy | SensorKind::Button, Quantity::Occupied(yes)) => {
            within(i64::from(yes) * 1_000, 0, 1)
        }
        (SensorKind::ShelfWeight, Quantity::WeightGrams(grams)) => {
            within(i64::from(grams) * 1_000, -5_000, 500_000)
        }
        (SensorKind::Stock, Quantity::StockPieces(pieces)) => {
            within(i64::from(pieces) * 1_000, 0, 65_535)
        }
        (SensorKind::Queue, Quantity::QueueLength(people)) => {
            within(i64::from(people) * 1_000, 0, 500)
        }
        (SensorKind::Price, Quantity::PriceMinor(minor)) => {
            Some(Value::Milli(i64::from(minor) * 1_000))
        }
        (SensorKind::Number, Quantity::NumberMilli(milli)) => Some(Value::Milli(milli)),
        (SensorKind::Door, Quantity::Passages { inward, outward }) => {
            Some(door(inward, outward, before))
        }
        (
            SensorKind::Temperature
            | SensorKind::Humidity
            | SensorKind::Light
            | SensorKind::Occupancy
            | SensorKind::Door
            | SensorKind::ShelfWeight
            | SensorKind::Stock
            | SensorKind::Queue
            | SensorKind::Button
            | SensorKind::Price
            | SensorKind::Number,
            _,
        ) => None,
    }
}

/// A door's counters are cumulative; one that goes down was reset. People
/// inside cannot be fewer than none: a count that would fall below starts anew,
/// so that errors do not add up over days.
fn door(inward: u32, outward: u32, before: Option<Value>) -> Value {
    let last = (inward, outward);
    let Some(Value::Door {
        inside,
        last: (was_in, was_out),
    }) = before
    else {
        return Value::Door { inside: 0, last };
    };
    let delta = |now: u32, was: u32| i64::from(if now >= was { now - was } else { now });
    let inside = inside + delta(inward, was_in) - delta(outward, was_out);
    Value::Door {
        inside: inside.max(0),
        last,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_door_counter_gives_people_inside_over_resets() {
        let mut value = None;
        for (inward, outward, expected) in [
            (100, 90, 0),
            (105, 91, 4),
            (2, 1, 5),
            (2, 50, 0),
            (5, 50, 3),
        ] {
            value = Some(door(inward, outward, value));
            let Some(Value::Door { inside, .. }) = value else {
                panic!("a door stays a door");
            };
            assert_eq!(inside, expected, "{inward} {outward}");
        }
    }

    #[test]
    fn a_value_of_the_wrong_kind_or_size_is_not_believed() {
        for (kind, value, milli) in [
            (
                SensorKind::Temperature,
                Quantity::TemperatureCentiCelsius(2_350),
                Some(23_500),
            ),
            (
                SensorKind::Temperature,
                Quantity::TemperatureCentiCelsius(9_000),
                None,
            ),
            (
                SensorKind::Temperature,
                Quantity::HumidityPermille(500),
                None,
            ),
            (
                SensorKind::Humidity,
                Quantity::HumidityPermille(1_047),
                None,
            ),
            (SensorKind::Stock, Quantity::StockPieces(12), Some(12_000)),
            (SensorKind::Occupancy, Quantity::Occupied(true), Some(1_000)),
        ] {
            let got = plausible(kind, value, None).map(|v| match v {
                Value::Milli(milli) => milli,
                Value::Door { .. } => panic!("not a door"),
            });
            assert_eq!(got, milli, "{kind:?} {value:?}");
        }
    }
}
