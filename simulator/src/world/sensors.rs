//! What the shop's sensors say.

use crate::chance::Chance;
use engine::plan::{Sensor, SensorIx, SensorKind, StorePlan};
use protocol::frame::Quantity;

/// A sensor that has nothing new speaks at least this often, ms.
const HEARTBEAT_MS: u64 = 30_000;
/// No sensor speaks more often than this, ms.
const PERIOD_MS: u64 = 2_000;
/// How often somebody who is there presses a button within a period, assumed:
/// once in ten minutes.
const PRESSES: f64 = PERIOD_MS as f64 / 600_000.0;
/// Grams of one piece on a weighed shelf, assumed.
const PIECE_GRAMS: i32 = 350;

/// What a sensor looks at.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sight {
    /// People in its zone (in the shop, when it has none).
    pub people: usize,
    /// People who came in and went out so far.
    pub passages: (u32, u32),
    /// People waiting at the tills.
    pub queue: usize,
    /// Pieces on its shelf.
    pub pieces: u16,
    /// What its product costs at the till, in the smallest unit.
    pub price_minor: u32,
    /// Minutes since local midnight.
    pub minute: u16,
}

/// When each sensor speaks next and what it said last.
#[derive(Debug)]
pub struct Voices {
    by_sensor: Vec<Voice>,
}

#[derive(Debug, Clone, Copy)]
struct Voice {
    next_ms: u64,
    silent_since_ms: u64,
    last: Option<Quantity>,
    /// Drift of slow quantities, in units of their noise.
    drift: f32,
}

impl Voices {
    /// Each begins at its own moment.
    pub fn new(plan: &StorePlan, chance: &mut Chance) -> Self {
        let voice = |_| Voice {
            next_ms: chance.below(PERIOD_MS),
            silent_since_ms: 0,
            last: None,
            drift: 0.0,
        };
        Self {
            by_sensor: plan.sensors.iter().map(voice).collect(),
        }
    }

    /// Whether this sensor looks up now.
    pub fn is_due(&self, sensor: SensorIx, now_ms: u64) -> bool {
        now_ms >= self.by_sensor[sensor.at()].next_ms
    }

    /// What it says, if that is new or due.
    pub fn speak(
        &mut self,
        ix: SensorIx,
        sensor: &Sensor,
        sight: Sight,
        now_ms: u64,
        chance: &mut Chance,
    ) -> Option<Quantity> {
        let voice = &mut self.by_sensor[ix.at()];
        voice.next_ms = now_ms + PERIOD_MS;
        if sensor.kind == SensorKind::Button {
            let pressed = sight.people > 0 && chance.happens(PRESSES);
            return pressed.then_some(Quantity::Occupied(true));
        }
        voice.drift = 0.97 * voice.drift + 0.24 * chance.normal();
        let value = value(sensor, sight, voice.drift);
        let heartbeat = HEARTBEAT_MS.min(sensor.stale_after_ms / 3);
        let news = voice.last != Some(value) && is_event(sensor.kind);
        if !news && voice.last.is_some() && now_ms < voice.silent_since_ms + heartbeat {
            return None;
        }
        voice.silent_since_ms = now_ms;
        voice.last = Some(value);
        Some(value)
    }
}

/// Whether a change is worth a message of its own.
fn is_event(kind: SensorKind) -> bool {
    match kind {
        SensorKind::Occupancy
        | SensorKind::Button
        | SensorKind::Door
        | SensorKind::Stock
        | SensorKind::ShelfWeight
        | SensorKind::Queue
        | SensorKind::Price => true,
        SensorKind::Temperature | SensorKind::Humidity | SensorKind::Light | SensorKind::Number => {
            false
        }
    }
}

fn value(sensor: &Sensor, sight: Sight, drift: f32) -> Quantity {
    // Coldest at 5 and warmest at 14 to 15 local time, like the street outside.
    let turn = (f32::from(sight.minute) / 1440.0 - 0.6) * core::f32::consts::TAU;
    let day = libm::cosf(turn);
    match sensor.kind {
        SensorKind::Temperature => {
            let celsius = temperature(sensor, day) + 0.4 * drift;
            Quantity::TemperatureCentiCelsius((celsius * 100.0) as i16)
        }
        SensorKind::Humidity => Quantity::HumidityPermille(
            (650.0 - 120.0 * day + 15.0 * drift).clamp(0.0, 1000.0) as u16,
        ),
        SensorKind::Light => {
            Quantity::IlluminanceLux((520.0 + 180.0 * day + 30.0 * drift).max(0.0) as u32)
        }
        SensorKind::Occupancy | SensorKind::Button => Quantity::Occupied(sight.people > 0),
        SensorKind::Door => Quantity::Passages {
            inward: sight.passages.0,
            outward: sight.passages.1,
        },
        SensorKind::ShelfWeight => Quantity::WeightGrams(i32::from(sight.pieces) * PIECE_GRAMS),
        SensorKind::Stock => Quantity::StockPieces(sight.pieces),
        SensorKind::Queue => Quantity::QueueLength(sight.queue as u16),
        SensorKind::Price => Quantity::PriceMinor(sight.price_minor),
        // A shower now and then.
        SensorKind::Number => Quantity::NumberMilli((4_000.0 * (drift - 0.8).max(0.0)) as i64),
    }
}

/// A chiller, the street, or a cooled shop, by the sensor's name.
fn temperature(sensor: &Sensor, day: f32) -> f32 {
    let is = |words: &[&str]| words.iter().any(|w| sensor.id.as_str().contains(w));
    if is(&["chill", "fridge", "cold", "freez"]) {
        4.0
    } else if is(&["out", "street", "entrance", "door"]) {
        30.5 + 4.5 * day
    } else {
        25.5 + 1.5 * day
    }
}
