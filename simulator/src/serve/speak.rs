//! Who speaks for what: scanners for what they hear, sensors of other makes
//! for themselves, nodes for theirs.

use crate::{
    dialect::{
        Message,
        scanner::{self, Packet},
        sensor::{Device, Spoken},
    },
    run::translate::Node,
    world::ears::Batch,
};
use config::{ScannerSource, Shell};
use engine::plan::{Point, Sensor, SensorIx, StorePlan};
use protocol::{
    beacon::Address,
    frame::{MAX_BYTES, Quantity},
    topic::Topic,
};
use std::sync::Arc;

/// A device on air is heard by so many scanners: copies that count once.
const HEARERS: usize = 2;
/// It says everything so often, since packets get lost.
const REPEATS: usize = 3;
/// How strongly a sensor is heard, assumed: it hangs near.
const SENSOR_DBM: f32 = -67.0;

/// Everything in the shop that speaks for devices.
#[derive(Debug)]
pub(super) struct Speakers {
    plan: Arc<StorePlan>,
    sources: Vec<ScannerSource>,
    nodes: Vec<Node>,
    devices: Vec<Option<Device>>,
}

impl Speakers {
    /// `boots` gives each node what tells its start from others.
    pub(super) fn new(plan: Arc<StorePlan>, shell: &Shell, mut boots: impl FnMut() -> u32) -> Self {
        let feeds = shell.sensors.iter().cloned();
        Self {
            nodes: plan.scanners.iter().map(|_| Node::start(boots())).collect(),
            sources: shell.scanners.clone(),
            devices: feeds.map(|feed| feed.map(Device::new)).collect(),
            plan,
        }
    }

    /// What devices say when they are switched on.
    pub(super) fn hello(&self) -> Vec<Message> {
        self.devices
            .iter()
            .flatten()
            .flat_map(Device::hello)
            .collect()
    }

    /// What a scanner says of what it has heard.
    pub(super) fn batch(&mut self, batch: &Batch, unix_ms: i64) -> Vec<Message> {
        let ix = batch.scanner.at();
        said(
            &self.plan,
            batch,
            &self.sources[ix],
            &mut self.nodes[ix],
            unix_ms,
        )
    }

    /// What a sensor of another make says, or what scanners say for it;
    /// nothing for a sensor that speaks our own language.
    pub(super) fn reading(
        &mut self,
        sensor: SensorIx,
        value: Quantity,
        unix_ms: i64,
    ) -> Option<Vec<Message>> {
        let device = self.devices[sensor.at()].as_mut()?;
        Some(match device.speak(value, unix_ms) {
            Spoken::Messages(messages) => messages,
            Spoken::OnAir(address, ad) => {
                self.hear(&self.plan.sensors[sensor.at()], address, &ad, unix_ms)
            }
        })
    }

    fn hear(&self, sensor: &Sensor, address: Address, ad: &[u8], unix_ms: i64) -> Vec<Message> {
        let packet = Packet {
            address,
            is_random: false,
            rssi_dbm: SENSOR_DBM,
            ad: ad.to_vec(),
        };
        let spoken = |source| scanner::messages(source, std::slice::from_ref(&packet), unix_ms);
        let hearers = self.by_distance(sensor.at).map(spoken);
        let hearers = hearers.filter(|said| !said.is_empty()).take(HEARERS);
        let once: Vec<Message> = hearers.flatten().collect();
        (0..REPEATS).flat_map(|_| once.clone()).collect()
    }

    fn by_distance(&self, from: Point) -> impl Iterator<Item = &ScannerSource> {
        let mut near: Vec<_> = self.plan.scanners.iter().zip(&self.sources).collect();
        near.sort_by(|(a, _), (b, _)| a.at.distance(from).total_cmp(&b.at.distance(from)));
        near.into_iter().map(|(_, source)| source)
    }
}

/// The messages one batch becomes.
pub(crate) fn said(
    plan: &StorePlan,
    batch: &Batch,
    source: &ScannerSource,
    node: &mut Node,
    unix_ms: i64,
) -> Vec<Message> {
    if *source != ScannerSource::Node {
        return scanner::batch(source, batch, unix_ms);
    }
    let id = plan.scanners[batch.scanner.at()].id.clone();
    let topic = Topic::NodeFrame(id).text(&plan.store);
    let frames = node.frames(batch).into_iter();
    frames
        .map(|(frame, _)| {
            let mut buffer = [0; MAX_BYTES];
            let bytes = frame
                .encode(&mut buffer)
                .expect("MAX_BYTES hold any frame, says its documentation");
            Message::new(topic.to_string(), bytes.to_vec())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        small_shop,
        world::{
            ears::Heard,
            emitter::{Air, FrameKind},
        },
    };
    use engine::plan::ScannerIx;
    use protocol::{beacon::Beacon, frame::NodeFrame};

    fn heard(beacon: Beacon) -> Heard {
        Heard {
            air: Air {
                beacon,
                address: Address([0x4a, 0x0b, 0xcc, 0x0d, 0x0e, 0x0f]),
                kind: FrameKind::Beacon,
            },
            customer: None,
            sum_dbm: -131.0,
            max_dbm: -65.0,
            count: 2,
            reference_dbm: Some(-61),
            last_ms: 900,
        }
    }

    #[test]
    fn a_node_sends_frames_that_decode_to_what_was_heard() {
        let plan = small_shop::plan();
        let uid = Beacon::EddystoneUid {
            namespace: *b"aislecast1",
            instance: [0, 0, 1, 2, 3, 4],
        };
        let mut all = vec![heard(uid); 40];
        all[0].count = 5;
        let sent = Batch {
            scanner: ScannerIx(1),
            at_ms: 1_000,
            heard: all,
            readings: vec![(0, Quantity::StockPieces(7), 400)],
            dropped: 3,
        };
        let messages = said(&plan, &sent, &ScannerSource::Node, &mut Node::start(9), 0);
        assert_eq!(messages.len(), 2);
        assert_eq!(messages[0].topic, "aislecast/v1/small/node/s-1/frame");
        let frames: Vec<NodeFrame> = messages
            .iter()
            .map(|message| NodeFrame::decode(&message.payload).unwrap())
            .collect();
        assert_eq!((frames[0].boot, frames[0].sequence), (9, 1));
        assert_eq!((frames[1].boot, frames[1].sequence), (9, 2));
        assert_eq!(frames[0].sightings.len() + frames[1].sightings.len(), 40);
        let first = &frames[0].sightings[0];
        assert_eq!((first.beacon, first.count, first.age_ms), (uid, 5, 100));
        assert_eq!(frames[0].readings[0].value, Quantity::StockPieces(7));
        assert_eq!(frames[0].readings[0].age_ms, 600);
        assert_eq!(frames[1].readings.len(), 0);
    }

    #[test]
    fn a_device_on_air_is_heard_by_those_near_it_that_pass_it_on() {
        let shop = config::demo();
        let speakers = Speakers::new(shop.plan.clone(), &shop.shell, || 1);
        let ad = crate::dialect::sensor::bthome::advert(&[]);
        let sensor = &shop.plan.sensors[0];
        let said = speakers.hear(sensor, Address([1; 6]), &ad, 0);
        assert_eq!(said.len(), HEARERS * REPEATS);
        assert!(said.iter().all(|message| !message.topic.contains("/node/")));
    }
}
