//! Axis cameras: events of AXIS Object Analytics and AXIS People Counter as
//! JSON at `<prefix>/<serial>/event/...`.
//!
//! Facts from developer.axis.com ("AXIS Object Analytics counting data") and
//! captures: every value is a text; counts of a crossing line run "since the
//! time of last reset", each class by its name (`totalHuman`, `totalCar`);
//! occupancy is the number of objects now (`human`, `car`). A class that has
//! not been counted yet is absent.

use crate::{
    Unreadable,
    fact::{Device, Sink, Source},
    field::{about, measured},
    quantity::Quantity as Q,
    scalar::{Scalar, object},
    time,
    walk::walk,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow, default)]
    topic: Scalar<'a>,
    #[serde(borrow, default)]
    timestamp: Scalar<'a>,
    #[serde(borrow, default)]
    serial: Scalar<'a>,
    #[serde(borrow, rename = "message")]
    body: Body<'a>,
}

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow, default)]
    data: Data<'a>,
}

#[derive(Deserialize, Default)]
struct Data<'a> {
    #[serde(borrow, default)]
    scenario: Scalar<'a>,
    #[serde(borrow, default)]
    reason: Scalar<'a>,
    /// Since when a line has been counting.
    #[serde(borrow, default, rename = "startTime")]
    start: Scalar<'a>,
    #[serde(borrow, default)]
    total: Scalar<'a>,
    #[serde(borrow, default, rename = "totalHuman")]
    total_human: Scalar<'a>,
    #[serde(borrow, default)]
    human: Scalar<'a>,
}

/// How many vehicles a message counts, of which kind it does not matter here.
#[derive(Default)]
struct Vehicles(Option<f64>);

/// Reads one message.
pub fn read(topic: &str, payload: &[u8], sink: &mut Sink<'_>) -> Result<(), Unreadable> {
    let message: Message<'_> = object(payload)?;
    let data = &message.body.data;
    let source = Source {
        device: message.serial.text().or(serial(topic)).map(Device::Named),
        time: time::read(&message.timestamp),
        ..Source::default()
    };
    let nth = scenario(message.topic.text().unwrap_or(topic));
    for (what, text) in [("reason", &data.reason), ("counting_since", &data.start)] {
        about(source, what, text.text())
            .into_iter()
            .for_each(&mut *sink);
    }
    let mut vehicles = Vehicles::default();
    walk(payload, &mut |path, value| {
        let (names, depth) = path.names::<3>();
        if let Some(["message", "data", key]) = names.get(..depth) {
            vehicles.add(key, value);
            if let Some((quantity, number)) = plain(key, value) {
                sink(measured(source, quantity, nth, number));
            }
        }
    })?;
    for (quantity, number) in data.counted(&vehicles) {
        if let Some(number) = number {
            sink(measured(source, quantity, nth, number));
        }
    }
    Ok(())
}

impl Data<'_> {
    fn counted(&self, vehicles: &Vehicles) -> [(Q, Option<f64>); 3] {
        let total = self.total.number();
        if self.is_occupancy() {
            // A total with no class beside it counts what was asked for.
            let classes = self.human.number().or(vehicles.0).is_some();
            let people = self.human.number().or(total.filter(|_| !classes));
            return [
                (Q::Occupants, people),
                (Q::Objects, total),
                (Q::Vehicles, None),
            ];
        }
        let classes = self.total_human.number().or(vehicles.0).is_some();
        let people = self.total_human.number().or(total.filter(|_| !classes));
        [
            (Q::Passages, people),
            (Q::Objects, total),
            (Q::Vehicles, vehicles.0),
        ]
    }

    fn is_occupancy(&self) -> bool {
        let scenario = self.scenario.text().unwrap_or_default();
        let named = scenario.contains("ccupan");
        named || self.human.number().is_some() && self.total_human.number().is_none()
    }
}

impl Vehicles {
    fn add(&mut self, key: &str, value: &Scalar<'_>) {
        const KINDS: [&str; 7] = [
            "Car",
            "Bus",
            "Truck",
            "Bike",
            "Motorcycle/bicycle",
            "OtherVehicle",
            "Vehicle",
        ];
        let kind = key
            .strip_prefix("total")
            .filter(|kind| KINDS.contains(kind));
        if let (Some(_), Some(number)) = (kind, value.number()) {
            *self.0.get_or_insert(0.0) += number;
        }
    }
}

/// Values that need nothing beside them; those of AXIS People Counter too.
fn plain(key: &str, value: &Scalar<'_>) -> Option<(Q, f64)> {
    let quantity = match key {
        "active" => Q::Motion,
        "in" | "count_in" | "totalIn" => Q::PassagesIn,
        "out" | "count_out" | "totalOut" => Q::PassagesOut,
        "occupancy" => Q::Occupants,
        _ => return None,
    };
    let number = match quantity {
        Q::Motion => f64::from(u8::from(value.flag()?)),
        _ => value.number()?,
    };
    Some((quantity, number))
}

/// The level before `event`.
fn serial(topic: &str) -> Option<&str> {
    let (head, _) = topic.split_once("/event/")?;
    head.rsplit('/').next()
}

/// `.../Device1Scenario2` is 2.
fn scenario(topic: &str) -> u8 {
    let number = topic.rsplit_once("Scenario").map(|(_, number)| number);
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests;
