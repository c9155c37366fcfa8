//! Messages of other makers to events: sightings of beacons, and readings of
//! those sensors that the plan has. Nothing is remembered of any other device.

use super::{devices::Devices, feed::State, foreign::Speaker, lag::Lag};
use config::{FeedDevice, Takes};
use dialect::{
    Fact, Unreadable,
    changes::Changes,
    fact::{AddressKind, Device, Identity, Says, Time},
};
use engine::{
    Event,
    event::{Heard, Reading, Sighting},
    plan::{ScannerIx, SensorIx, SensorKind, StorePlan},
    strength::Strength,
};
use link::Message;
use protocol::{
    beacon::{Address, Beacon},
    frame::Quantity,
};
use std::collections::HashMap;

/// What is remembered of the messages so far.
#[derive(Debug)]
pub(super) struct Intake {
    changes: Changes,
    fed: HashMap<SensorIx, Fed>,
    by_address: HashMap<Address, Vec<SensorIx>>,
    keys: HashMap<Address, [u8; 16]>,
    lags: Vec<Lag>,
}

/// A sensor that is fed.
#[derive(Debug)]
struct Fed {
    kind: SensorKind,
    takes: Takes,
    state: State,
}

/// What a message came to.
#[derive(Debug, Default)]
pub(super) struct Taken {
    pub(super) events: Vec<Event>,
    /// A scanner that the plan does not have.
    pub(super) stranger: Option<String>,
    /// A sensor of ours whose frames stay closed, and why.
    pub(super) sealed: Option<&'static str>,
}

impl Intake {
    pub(super) fn new(plan: &StorePlan, devices: &Devices, changes: Changes) -> Self {
        let mut intake = Self {
            changes,
            fed: HashMap::new(),
            by_address: HashMap::new(),
            keys: devices.keys(),
            lags: vec![Lag::default(); plan.scanners.len()],
        };
        for (ix, sensor) in (0..).map(SensorIx).zip(&plan.sensors) {
            let Some(feed) = devices.sensors.get(&sensor.id) else {
                continue;
            };
            if let FeedDevice::Bluetooth { address, .. } = feed.device {
                intake.by_address.entry(address).or_default().push(ix);
            }
            let fed = Fed {
                kind: sensor.kind,
                takes: feed.takes.clone(),
                state: State::default(),
            };
            intake.fed.insert(ix, fed);
        }
        intake
    }

    /// Takes another plan over. What was said before stays known.
    pub(super) fn renew(&mut self, plan: &StorePlan, devices: &Devices) {
        let changes = std::mem::take(&mut self.changes);
        *self = Self::new(plan, devices, changes);
    }

    /// The broker was lost: what comes next may be old.
    pub(super) const fn disconnected(&mut self) {
        self.changes.connected();
    }

    /// Numbers of encrypted frames, to be kept over a restart.
    pub(super) fn counters(&self) -> Vec<(Address, u32)> {
        self.changes.counters().collect()
    }

    /// Takes a message in.
    pub(super) fn take(
        &mut self,
        speaker: &Speaker,
        message: &Message,
        now_ms: u64,
    ) -> Result<Taken, Unreadable> {
        let Self {
            changes,
            fed,
            by_address,
            keys,
            lags,
        } = self;
        let topic = message.topic.as_str();
        let mut taken = Taken::default();
        let mut said = changes.message(now_ms, topic, message.retained);
        let key_of = |address| keys.get(&address).copied();
        speaker.read(topic, &message.payload, &key_of, &mut |fact| {
            if let Some(beacon) = beacon(&fact) {
                match speaker.scanner(topic, fact.source.scanner) {
                    Ok(Some(scanner)) if !message.retained => {
                        taken
                            .events
                            .extend(sighting(scanner, beacon, &fact, lags, now_ms));
                    }
                    Ok(_) => {}
                    Err(name) => taken.stranger = Some(name.to_owned()),
                }
                return;
            }
            let by_radio = match fact.source.device {
                Some(Device::Radio(address, _)) => by_address.get(&address),
                _ => None,
            };
            let by_radio = by_radio.map_or(&[][..], Vec::as_slice);
            if by_radio.is_empty() && speaker.sensors.is_empty() {
                return;
            }
            if let Says::Sealed { why, .. } = fact.says {
                taken.sealed = Some(why);
            }
            let news = (said.accept(&fact), said.key(&fact));
            let of_topic = speaker
                .sensors
                .iter()
                .filter(|(_, name)| is_of(&fact, name.as_deref()));
            for ix in by_radio.iter().chain(of_topic.map(|(ix, _)| ix)) {
                let Some(fed) = fed.get_mut(ix) else { continue };
                let value = fed.state.take((fed.kind, &fed.takes), &fact, news);
                taken.events.extend(value.map(|value| reading(*ix, value)));
            }
        })?;
        self.expire(now_ms, &mut taken.events);
        Ok(taken)
    }

    /// Whoever was seen to come and never to go is not believed for ever.
    fn expire(&mut self, now_ms: u64, events: &mut Vec<Event>) {
        while let Some(key) = self.changes.expire(now_ms) {
            for (ix, fed) in &mut self.fed {
                if fed.state.expires(key) {
                    events.push(reading(*ix, Quantity::Occupied(false)));
                }
            }
        }
    }
}

/// Whether a fact is of the device of this name; of any, where none is wanted.
fn is_of(fact: &Fact<'_>, name: Option<&str>) -> bool {
    match (name, fact.source.device) {
        (None, _) => true,
        (Some(name), Some(Device::Named(device))) => name == device,
        (Some(_), _) => false,
    }
}

fn beacon(fact: &Fact<'_>) -> Option<Beacon> {
    let Says::Sighting { identity, .. } = fact.says else {
        return None;
    };
    match identity {
        Identity::Beacon(beacon) => Some(beacon),
        // An address alone names nobody, unless somebody's key resolves it.
        Identity::Address(address, AddressKind::RandomResolvable) => {
            Some(Beacon::PrivateAddress(address))
        }
        Identity::Address(..) | Identity::Exposure(_) | Identity::Named(_) => None,
    }
}

fn sighting(
    scanner: ScannerIx,
    beacon: Beacon,
    fact: &Fact<'_>,
    lags: &mut [Lag],
    now_ms: u64,
) -> Option<Event> {
    let Says::Sighting { reference_dbm, .. } = fact.says else {
        return None;
    };
    let heard = match (fact.source.time, lags.get_mut(scanner.at())) {
        (Time::Sender(at_ms), Some(lag)) => Heard::AgoMs(lag.age_ms(now_ms, at_ms)),
        (Time::Sender(_) | Time::Receipt | Time::Zoneless(_), _) => Heard::OnReceipt,
    };
    Some(Event::Sighting(Sighting {
        scanner,
        beacon,
        strength: Strength::of_one(fact.source.rssi_dbm?),
        reference_dbm,
        heard,
    }))
}

fn reading(sensor: SensorIx, value: Quantity) -> Event {
    Event::Reading(Reading {
        sensor,
        value,
        heard: Heard::OnReceipt,
        retained: false,
    })
}

#[cfg(test)]
mod tests;
