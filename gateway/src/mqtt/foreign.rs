//! Topics of other makers to who speaks there, and how.

use super::devices::Devices;
use config::{FeedDevice, ScannerSource, SharedTopic};
use dialect::{
    Sink, Unreadable,
    advert::Keys,
    detect::Dialect,
    mapper::Mapper,
    scanner::{espresense, theengs},
    sensor::{homie, zigbee2mqtt},
};
use engine::{
    event::Malformed,
    plan::{ScannerIx, SensorIx, StorePlan},
};
use protocol::beacon::Address;
use std::collections::{BTreeSet, HashMap};

/// Below which ESPresense reports.
const ROOMS: &str = espresense::BRANCH;

/// How a message is read.
#[derive(Debug, Clone, PartialEq)]
enum Reads {
    Dialect(Dialect),
    Mapper(Mapper),
}

/// Whoever speaks on one topic and below it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Speaker {
    reads: Reads,
    /// Bytes of the topic that are the base of a dialect whose device's name
    /// stands below it, with the slash.
    base: usize,
    /// Gateways that publish there, by the address that their messages name.
    scanners: Vec<(Option<Address>, ScannerIx)>,
    rooms: HashMap<String, ScannerIx>,
    /// Sensors that it feeds, and the name of the device where it has several.
    pub(super) sensors: Vec<(SensorIx, Option<String>)>,
}

/// All topics of other makers.
#[derive(Debug, Default)]
pub(super) struct Foreign {
    by_topic: HashMap<String, Speaker>,
    /// Devices whose topic is nothing but their address.
    bare: Option<Speaker>,
    /// What mappers read, in their order.
    mapped: Vec<Speaker>,
    pub(super) filters: BTreeSet<String>,
}

impl Speaker {
    fn of(dialect: Dialect) -> Self {
        Self::reading(Reads::Dialect(dialect))
    }

    fn reading(reads: Reads) -> Self {
        Self {
            reads,
            base: 0,
            scanners: Vec::new(),
            rooms: HashMap::new(),
            sensors: Vec::new(),
        }
    }

    /// Reads a message of this speaker.
    pub(super) fn read(
        &self,
        topic: &str,
        payload: &[u8],
        keys: &Keys<'_>,
        sink: &mut Sink<'_>,
    ) -> Result<(), Unreadable> {
        let below = topic.get(self.base..).unwrap_or(topic);
        let dialect = match &self.reads {
            Reads::Dialect(dialect) => *dialect,
            Reads::Mapper(mapper) => return mapper.read(topic, payload, sink),
        };
        match dialect {
            Dialect::Zigbee2Mqtt => zigbee2mqtt::read(below, payload, sink),
            Dialect::Homie => homie::read(below, payload, sink),
            Dialect::Tasmota if topic.ends_with("/BLE") => {
                Dialect::TasmotaBle.read(topic, payload, keys, sink)
            }
            dialect => dialect.read(topic, payload, keys, sink),
        }
    }

    /// Which scanner said it, if it is one; its name where nobody knows it.
    pub(super) fn scanner<'t>(
        &self,
        topic: &'t str,
        named: Option<&'t str>,
    ) -> Result<Option<ScannerIx>, &'t str> {
        if self.reads == Reads::Dialect(Dialect::Espresense) {
            let room = topic.rsplit('/').next().unwrap_or_default();
            return self.rooms.get(room).copied().map(Some).ok_or(room);
        }
        match (self.scanners.as_slice(), named.and_then(Address::parse)) {
            ([], _) => Ok(None),
            // Alone on its topic; its messages need not say who they are from.
            ([(_, only)], None) | ([(None, only)], Some(_)) => Ok(Some(*only)),
            (several, own) => {
                let found = several.iter().find(|(mac, _)| *mac == own);
                let found = found.map(|(_, ix)| Some(*ix));
                found.ok_or(named.unwrap_or("a gateway that does not say which it is"))
            }
        }
    }

    fn mapper(&self) -> Option<&String> {
        match &self.reads {
            Reads::Mapper(mapper) => Some(&mapper.id),
            Reads::Dialect(_) => None,
        }
    }

    fn maps(&self, topic: &str) -> bool {
        matches!(&self.reads, Reads::Mapper(mapper) if mapper.topic.fits(topic))
    }

    /// How a message of this speaker is counted that cannot be read.
    pub(super) fn malformed(&self) -> Malformed {
        let dialect = match &self.reads {
            Reads::Dialect(dialect) => dialect,
            Reads::Mapper(_) => return Malformed::Mapped,
        };
        match dialect {
            Dialect::Theengs => Malformed::Theengs,
            Dialect::Espresense => Malformed::Espresense,
            Dialect::Ruuvi => Malformed::Ruuvi,
            Dialect::Ingics => Malformed::Ingics,
            Dialect::Minew => Malformed::Minew,
            Dialect::ShellyBle | Dialect::Shelly => Malformed::Shelly,
            Dialect::Tasmota | Dialect::TasmotaBle => Malformed::Tasmota,
            Dialect::Zigbee2Mqtt => Malformed::Zigbee2mqtt,
            Dialect::Axis => Malformed::Axis,
            Dialect::Homie => Malformed::Homie,
            // No file can name these yet.
            Dialect::Moko | Dialect::AprilBrother | Dialect::Sparkplug => Malformed::UnknownTopic,
        }
    }
}

impl Foreign {
    pub(super) fn new(plan: &StorePlan, devices: &Devices) -> Self {
        let mut foreign = Self::default();
        for mapper in &devices.mappers {
            foreign.filters.insert(mapper.topic.filter());
            let reads = Reads::Mapper(mapper.clone());
            foreign.mapped.push(Speaker::reading(reads));
        }
        for (ix, scanner) in (0..).map(ScannerIx).zip(&plan.scanners) {
            if let Some(source) = devices.scanners.get(&scanner.id) {
                foreign.add_scanner(ix, source);
            }
        }
        for (ix, sensor) in (0..).map(SensorIx).zip(&plan.sensors) {
            if let Some(feed) = devices.sensors.get(&sensor.id) {
                foreign.add_sensor(ix, &feed.device);
            }
        }
        foreign
    }

    /// Who speaks on this topic: the nearest above it that is known.
    pub(super) fn speaker(&self, topic: &str) -> Option<&Speaker> {
        let mut head = topic;
        loop {
            if let Some(speaker) = self.by_topic.get(head) {
                return Some(speaker);
            }
            match head.rsplit_once('/') {
                Some((above, _)) => head = above,
                None => break,
            }
        }
        let is_bare = !topic.contains('/') && Address::parse(topic).is_some();
        let bare = self.bare.as_ref().filter(|_| is_bare);
        bare.or_else(|| self.mapped.iter().find(|speaker| speaker.maps(topic)))
    }

    /// What to call a scanner that nobody knows, by its topic.
    pub(super) fn stranger(topic: &str) -> Option<&str> {
        let (base, _) = topic.split_once(&format!("/{}/", theengs::BRANCH))?;
        Some(base)
    }

    fn add_scanner(&mut self, ix: ScannerIx, source: &ScannerSource) {
        match source {
            ScannerSource::Node => {}
            ScannerSource::Theengs { base } | ScannerSource::OpenMqttGateway { base } => {
                let topic = format!("{base}/{}", theengs::BRANCH);
                // Its neighbours are heard too, so that one that store.toml
                // does not have can be named.
                let neighbours = base.rsplit_once('/').map_or_else(
                    || format!("+/{}/+", theengs::BRANCH),
                    |(above, _)| format!("{above}/+/{}/+", theengs::BRANCH),
                );
                self.listen(&topic, Dialect::Theengs, [neighbours])
                    .scanners
                    .push((None, ix));
            }
            ScannerSource::Espresense { room } => {
                let rooms = &mut self
                    .listen(ROOMS, Dialect::Espresense, [format!("{ROOMS}/+/+")])
                    .rooms;
                rooms.insert(room.clone(), ix);
            }
            ScannerSource::RuuviGateway(at) => self.add_gateway(ix, Dialect::Ruuvi, at),
            ScannerSource::Ingics(at) => self.add_gateway(ix, Dialect::Ingics, at),
            ScannerSource::Minew(at) | ScannerSource::MinewBinary(at) => {
                self.add_gateway(ix, Dialect::Minew, at);
            }
            ScannerSource::ShellyScript { topic: Some(topic) } => {
                self.listen(topic, Dialect::ShellyBle, [format!("{topic}/#")])
                    .scanners
                    .push((None, ix));
            }
            ScannerSource::ShellyScript { topic: None } => {
                self.filters.insert("+".to_owned());
                let bare = self.bare.get_or_insert(Speaker::of(Dialect::ShellyBle));
                bare.scanners.push((None, ix));
            }
            ScannerSource::Tasmota { topic } => {
                self.tasmota(topic).scanners.push((None, ix));
            }
        }
    }

    fn add_gateway(&mut self, ix: ScannerIx, dialect: Dialect, at: &SharedTopic) {
        let all = format!("{}/#", at.topic);
        let speaker = self.listen(&at.topic, dialect, [all]);
        speaker.scanners.push((at.mac, ix));
    }

    fn add_sensor(&mut self, ix: SensorIx, device: &FeedDevice) {
        let speaker = match device {
            // Whoever hears it passes it on.
            FeedDevice::Bluetooth { .. } => return,
            FeedDevice::Mapped { mapper, device } => {
                let named = |speaker: &&mut Speaker| speaker.mapper() == Some(mapper);
                if let Some(speaker) = self.mapped.iter_mut().find(named) {
                    speaker.sensors.push((ix, device.clone()));
                }
                return;
            }
            FeedDevice::Zigbee2mqtt { base, device } => {
                let topic = format!("{base}/{device}");
                let filters = [topic.clone(), format!("{topic}/availability")];
                let speaker = self.listen(&topic, Dialect::Zigbee2Mqtt, filters);
                speaker.base = base.len() + 1;
                speaker
            }
            FeedDevice::Shelly { topic } => {
                let filters = ["events/rpc", "status/+", "online"].map(|t| format!("{topic}/{t}"));
                self.listen(topic, Dialect::Shelly, filters)
            }
            FeedDevice::Tasmota { topic } => self.tasmota(topic),
            FeedDevice::Axis { topic } => {
                self.listen(topic, Dialect::Axis, [format!("{topic}/event/#")])
            }
            FeedDevice::Homie { topic } => {
                let filters = ["$state", "+/+"].map(|tail| format!("{topic}/{tail}"));
                let speaker = self.listen(topic, Dialect::Homie, filters);
                speaker.base = topic.rfind('/').map_or(0, |slash| slash + 1);
                speaker
            }
        };
        speaker.sensors.push((ix, None));
    }

    fn tasmota(&mut self, topic: &str) -> &mut Speaker {
        let filters = ["SENSOR", "BLE", "LWT"].map(|tail| format!("{topic}/{tail}"));
        self.listen(topic, Dialect::Tasmota, filters)
    }

    fn listen(
        &mut self,
        topic: &str,
        dialect: Dialect,
        filters: impl IntoIterator<Item = String>,
    ) -> &mut Speaker {
        self.filters.extend(filters);
        self.by_topic
            .entry(topic.to_owned())
            .or_insert_with(|| Speaker::of(dialect))
    }
}
