//! Facts about a device to readings of the sensors that it feeds.

use config::Takes;
use dialect::{
    Fact, Quantity as Said,
    changes::{Key, News},
    fact::{Says, Value},
};
use engine::plan::SensorKind;
use protocol::frame::Quantity;

/// What is remembered of one sensor that is fed.
#[derive(Debug, Default)]
pub(super) struct State {
    inward: Option<u32>,
    outward: Option<u32>,
    /// The value that says somebody is there.
    occupancy: Option<Key>,
    /// Nobody saw that somebody go: only news makes it believable again.
    is_doubted: bool,
}

impl State {
    /// Whether this is the value that has said for too long that somebody is
    /// there. From now on its repetitions are doubted.
    pub(super) fn expires(&mut self, key: Key) -> bool {
        let mine = self.occupancy == Some(key);
        self.is_doubted |= mine;
        mine
    }

    /// What this fact means to the sensor, if anything.
    pub(super) fn take(
        &mut self,
        (kind, takes): (SensorKind, &Takes),
        fact: &Fact<'_>,
        (news, key): (News, Key),
    ) -> Option<Quantity> {
        match news {
            // State from before, a copy, a recording: no news at all.
            News::Kept | News::Duplicate | News::Replayed => return None,
            News::Repeated if self.is_doubted => return None,
            News::First
            | News::Repeated
            | News::Changed
            | News::Rose(_)
            | News::Restarted(_)
            | News::Happened
            | News::Plain => {}
        }
        let reading = match (takes, fact.says) {
            (Takes::Press { nth, action }, Says::Happened { .. }) => {
                pressed(fact, *nth, action.as_deref(), news)
            }
            (
                takes,
                Says::Measured {
                    quantity,
                    nth,
                    value,
                },
            ) => self.measured(kind, takes, (quantity, nth), value),
            (_, Says::Online(false)) => Some(Quantity::Fault),
            _ => None,
        }?;
        if kind == SensorKind::Occupancy && !matches!(news, News::Repeated) {
            self.is_doubted = false;
            self.occupancy = Some(key);
        }
        Some(reading)
    }

    fn measured(
        &mut self,
        kind: SensorKind,
        takes: &Takes,
        (said, which): (Said, u8),
        value: Value<'_>,
    ) -> Option<Quantity> {
        match takes {
            Takes::Value { quantities, nth } if quantities.contains(&said) && which == *nth => {
                in_kind(kind, said, value)
            }
            Takes::Nearness {
                nearer_than_mm,
                nth,
            } if matches!(said, Said::Distance | Said::TargetDistance) && which == *nth => {
                let metres = number(value)?;
                Some(Quantity::Occupied(
                    metres * 1_000.0 < f64::from(*nearer_than_mm),
                ))
            }
            Takes::Pieces { piece_mg, nth } if said == Said::Mass && which == *nth => {
                let pieces = number(value)? * 1e6 / f64::from((*piece_mg).max(1));
                Some(Quantity::StockPieces(whole(pieces.round())?))
            }
            Takes::BothWays { nth } if which == *nth => match said {
                Said::PassagesIn => self.passed(Some(value), None),
                Said::PassagesOut => self.passed(None, Some(value)),
                _ => None,
            },
            Takes::TwoCounters { inward, outward } if said == Said::Passages => self.passed(
                (which == *inward).then_some(value),
                (which == *outward).then_some(value),
            ),
            _ => None,
        }
    }

    /// Both counters as they stand, once both are known. The engine works out
    /// what rose and what began anew.
    fn passed(
        &mut self,
        inward: Option<Value<'_>>,
        outward: Option<Value<'_>>,
    ) -> Option<Quantity> {
        let read = |value: Option<Value<'_>>| value.and_then(number).and_then(whole);
        let (inward, outward) = (read(inward), read(outward));
        inward.or(outward)?;
        self.inward = inward.or(self.inward);
        self.outward = outward.or(self.outward);
        Some(Quantity::Passages {
            inward: self.inward?,
            outward: self.outward?,
        })
    }
}

/// A press that happened just now.
fn pressed(fact: &Fact<'_>, wanted: u8, kind: Option<&str>, news: News) -> Option<Quantity> {
    let Says::Happened { nth, action, .. } = fact.says else {
        return None;
    };
    // What goes up went down before.
    let counts = kind.map_or(!matches!(action, "release" | "btn_up"), |kind| {
        kind == action
    });
    (news == News::Happened && nth == wanted && counts).then_some(Quantity::Occupied(true))
}

/// A value in the sense of this kind of sensor.
fn in_kind(kind: SensorKind, said: Said, value: Value<'_>) -> Option<Quantity> {
    let scaled = |factor: f64| number(value).map(|number| (number * factor).round());
    Some(match kind {
        SensorKind::Temperature => Quantity::TemperatureCentiCelsius(whole(scaled(100.0)?)?),
        SensorKind::Humidity => Quantity::HumidityPermille(whole(scaled(10.0)?)?),
        SensorKind::Light => Quantity::IlluminanceLux(whole(scaled(1.0)?)?),
        SensorKind::Occupancy | SensorKind::Button => {
            let yes = match value {
                Value::Flag(yes) => yes,
                other => number(other)? > 0.0,
            };
            // Closed contacts say that nobody has opened the door.
            Quantity::Occupied(yes != (said == Said::Contact))
        }
        SensorKind::ShelfWeight => Quantity::WeightGrams(whole(scaled(1_000.0)?)?),
        SensorKind::Stock => Quantity::StockPieces(whole(scaled(1.0)?)?),
        SensorKind::Queue => Quantity::QueueLength(whole(scaled(1.0)?)?),
        SensorKind::Price => Quantity::PriceMinor(whole(scaled(1.0)?)?),
        SensorKind::Number => match value {
            Value::Flag(yes) => Quantity::NumberMilli(i64::from(yes) * 1_000),
            _ => Quantity::NumberMilli(whole(scaled(1_000.0)?)?),
        },
        SensorKind::Door => return None,
    })
}

fn number(value: Value<'_>) -> Option<f64> {
    match value {
        Value::Number(number) => Some(number),
        Value::Text(text) => text.trim().parse().ok(),
        Value::Flag(_) | Value::Bytes(_) => None,
    }
}

/// A whole number, if it fits. Numbers beyond 2^53 no device means.
fn whole<T: TryFrom<i64>>(number: f64) -> Option<T> {
    (number.abs() < 9e15).then(|| T::try_from(number as i64).ok())?
}
