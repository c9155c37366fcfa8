//! Sensors of other makes: what they say of a value, with the repetitions and
//! retained messages of the real ones.

mod axis;
pub mod bthome;
mod homie;
mod minew;
mod shelly;
mod tasmota;
mod zigbee2mqtt;

use super::Message;
use config::{Feed, FeedDevice, Takes};
use dialect::Quantity as Named;
use protocol::{beacon::Address, frame::Quantity};

/// One sensor of another make.
#[derive(Debug)]
pub struct Device {
    feed: Feed,
    /// Messages so far; becomes packet ids and the like.
    count: u32,
}

/// How something comes to the broker.
#[derive(Debug, Clone, PartialEq)]
pub enum Spoken {
    /// As messages of its own.
    Messages(Vec<Message>),
    /// On air, from this address, for any scanner that hears it.
    OnAir(Address, Vec<u8>),
}

/// A value as makers tell it: its name, and a number in its usual unit.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Told {
    /// Name and number.
    Number(Named, f64),
    /// Name and state.
    Flag(Named, bool),
    /// People who came in and went out so far.
    Passages(u32, u32),
    /// A press.
    Press,
}

impl Device {
    /// Has not spoken yet.
    pub fn new(feed: Feed) -> Self {
        Self { feed, count: 0 }
    }

    /// What it says when it is switched on: kept by the broker.
    pub fn hello(&self) -> Vec<Message> {
        match &self.feed.device {
            FeedDevice::Bluetooth { .. }
            | FeedDevice::Axis { .. }
            // What a mapped device says only its maker knows.
            | FeedDevice::Mapped { .. } => Vec::new(),
            FeedDevice::Zigbee2mqtt { base, device } => zigbee2mqtt::hello(base, device),
            FeedDevice::Shelly { topic } => shelly::hello(topic),
            FeedDevice::Tasmota { topic } => tasmota::hello(topic),
            FeedDevice::Homie { topic } => homie::hello(topic),
        }
    }

    /// What it says of this value.
    pub fn speak(&mut self, value: Quantity, unix_ms: i64) -> Spoken {
        self.count = self.count.wrapping_add(1);
        let count = self.count;
        let Some(told) = told(&self.feed.takes, value) else {
            return Spoken::Messages(Vec::new());
        };
        let nth = nth(&self.feed.takes);
        Spoken::Messages(match &self.feed.device {
            FeedDevice::Bluetooth { address, .. } => {
                return Spoken::OnAir(*address, on_air(*address, told, count));
            }
            FeedDevice::Zigbee2mqtt { base, device } => {
                zigbee2mqtt::messages(base, device, told, count)
            }
            FeedDevice::Shelly { topic } => shelly::messages(topic, nth, told, unix_ms),
            FeedDevice::Tasmota { topic } => tasmota::messages(topic, nth, told, unix_ms),
            FeedDevice::Axis { topic } => axis::messages(topic, &self.feed.takes, told, unix_ms),
            FeedDevice::Homie { topic } => homie::messages(topic, told),
            FeedDevice::Mapped { .. } => Vec::new(),
        })
    }
}

fn on_air(address: Address, told: Told, count: u32) -> Vec<u8> {
    use bthome::Object as O;
    let object = match told {
        Told::Passages(inward, outward) => {
            let [_, _, serial @ ..] = address.0;
            return minew::counter(count as u8, inward, outward, serial);
        }
        Told::Press => O::Button(1),
        Told::Flag(Named::Motion, yes) => O::Motion(yes),
        Told::Flag(_, yes) => O::Occupancy(yes),
        Told::Number(Named::Temperature, celsius) => O::Temperature((celsius * 100.0) as i16),
        Told::Number(Named::Humidity, percent) => O::Humidity((percent * 100.0) as u16),
        Told::Number(Named::Illuminance, lux) => O::Illuminance((lux * 100.0) as u32),
        Told::Number(Named::Mass, kg) => O::Mass((kg * 100.0).round() as u16),
        Told::Number(Named::Distance, metres) => O::Distance((metres * 1_000.0) as u16),
        Told::Number(_, number) => O::Count(number as u16),
    };
    bthome::advert(&[O::PacketId(count as u8), O::Battery(96), object])
}

fn nth(takes: &Takes) -> u8 {
    match takes {
        Takes::Value { nth, .. }
        | Takes::Nearness { nth, .. }
        | Takes::Pieces { nth, .. }
        | Takes::BothWays { nth }
        | Takes::Press { nth, .. } => *nth,
        Takes::TwoCounters { .. } => 0,
    }
}

/// In the words and units of the makers; nothing when such a device cannot
/// measure it.
fn told(takes: &Takes, value: Quantity) -> Option<Told> {
    let first = match takes {
        Takes::Value { quantities, .. } => quantities.first().copied(),
        _ => None,
    };
    let number = |usual: Named, number: f64| Some(Told::Number(first.unwrap_or(usual), number));
    match (value, takes) {
        (Quantity::Occupied(true), Takes::Press { .. }) => Some(Told::Press),
        (Quantity::Occupied(yes), Takes::Nearness { nearer_than_mm, .. }) => {
            let near = f64::from(*nearer_than_mm) / 1_000.0;
            let metres = if yes { near * 0.5 } else { near * 2.0 };
            Some(Told::Number(Named::Distance, metres))
        }
        (Quantity::Occupied(yes), _) => Some(Told::Flag(first.unwrap_or(Named::Occupancy), yes)),
        (Quantity::TemperatureCentiCelsius(centi), _) => {
            number(Named::Temperature, f64::from(centi) / 100.0)
        }
        (Quantity::HumidityPermille(permille), _) => {
            number(Named::Humidity, f64::from(permille) / 10.0)
        }
        (Quantity::IlluminanceLux(lux), _) => number(Named::Illuminance, f64::from(lux)),
        (Quantity::WeightGrams(grams), _) => number(Named::Mass, f64::from(grams) / 1_000.0),
        (Quantity::StockPieces(pieces), Takes::Pieces { piece_mg, .. }) => Some(Told::Number(
            Named::Mass,
            f64::from(pieces) * f64::from(*piece_mg) / 1e6,
        )),
        (Quantity::StockPieces(pieces), _) => number(Named::Count, f64::from(pieces)),
        (Quantity::QueueLength(people), _) => number(Named::Occupants, f64::from(people)),
        (Quantity::Passages { inward, outward }, _) => Some(Told::Passages(inward, outward)),
        (Quantity::PriceMinor(minor), _) => number(Named::Number, f64::from(minor)),
        (Quantity::NumberMilli(milli), _) => Some(Told::Number(first?, milli as f64 / 1_000.0)),
        (Quantity::BatteryMillivolts(_) | Quantity::Fault, _) => None,
    }
}
