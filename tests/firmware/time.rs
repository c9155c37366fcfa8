//! When things were, by a node's word and by the host's clock.

use crate::beacons::fobs;
use protocol::{
    beacon::Beacon,
    time::{MAX_BYTES, TimeAnswer, TimeAsk, Trust},
};
use simulator::dialect::scanner::Packet;
use std::{
    thread::sleep,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};
use tests::{
    gateway::Gateway,
    mosquitto::Mosquitto,
    mqtt::Client,
    node::{Heard, Listener, NODE, Node},
    site::{Site, topic},
};

/// Longer than what a node keeps, so that some is lost and the rest is old.
const AWAY: Duration = Duration::from_secs(20);
/// What is sent before and after.
const AROUND: Duration = Duration::from_secs(3);
const EVERY: Duration = Duration::from_secs(1);
/// One a second, for as long as anything here may take.
const FOBS: u16 = 200;
/// What a packet takes through the emulator's line, and a busy machine adds, ms.
const ON_ITS_WAY_MS: i64 = 500;
/// The longest wait between two attempts, and a busy machine.
const BACK: Duration = Duration::from_mins(2);

/// The host's date, ms.
fn date_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.expect("it is after 1970").as_millis() as i64
}

/// One packet a second, of another fob each.
struct Walk<'n> {
    node: &'n Node,
    fobs: Vec<Packet>,
    /// When each was sent.
    sent: Vec<i64>,
}

impl Walk<'_> {
    /// Goes on until it has gone far enough.
    fn until(&mut self, what: &str, is_done: impl Fn() -> bool) {
        let begun = Instant::now();
        while !is_done() {
            assert!(begun.elapsed() < BACK, "waited in vain until {what}");
            self.sent.push(date_ms());
            let fob = &self.fobs[self.sent.len() - 1];
            assert!(self.node.air.send([(fob, -60)]), "the node listens");
            sleep(EVERY);
        }
    }

    fn on(&mut self, how_long: Duration) {
        let begun = Instant::now();
        self.until("it is over", || begun.elapsed() >= how_long);
    }
}

/// A sighting's fob, when it was by its frame's word, and how surely, ms.
fn stamped(heard: &Heard) -> Vec<(u16, i64, i64)> {
    let frames = heard.frames.iter().map(|(_, frame)| frame);
    let sightings = frames.flat_map(|frame| frame.sightings.iter().map(move |s| (frame, s)));
    sightings
        .filter_map(|(frame, sighting)| {
            let Beacon::IBeacon { minor, .. } = sighting.beacon else {
                return None;
            };
            let made = frame.made.expect("a node that was told stamps its frames");
            assert_eq!(Trust::within(made.within_ms), Trust::Synced, "{made:?}");
            let date = made.date_ms.expect("the gateway's date is vouched for") as i64;
            let heard = date - i64::from(sighting.age_ms);
            Some((minor, heard, i64::from(made.within_ms)))
        })
        .collect()
}

#[test]
#[ignore = "needs the firmware: cargo suite emulator"]
fn sightings_carry_their_true_times_also_those_that_waited_for_a_broker() {
    let dir = tempfile::tempdir().unwrap();
    let Some(mut broker) = Mosquitto::start(dir.path()) else {
        return;
    };
    let site = Site::beside(broker.port);
    let gateway = Gateway::start(&site);
    let listener = Listener::start(broker.port);
    let node = Node::start(broker.port);
    listener.within(BACK, "the node knows the time", |heard| {
        (heard.health.last()?.time.trust == Trust::Synced).then_some(())
    });
    let mut walk = Walk {
        node: &node,
        fobs: fobs(FOBS),
        sent: Vec::new(),
    };
    walk.on(AROUND);
    let first = walk.sent.len() as u16 + 1;
    broker.kill();
    walk.on(AWAY);
    let so_far = listener.heard().frames.len();
    broker.resume();
    walk.until("the node is back", || {
        listener.heard().frames.len() > so_far
    });
    // What was sent two seconds before that had to wait.
    let back = walk.sent.len() as u16 - 2;
    walk.on(AROUND);
    let sent = walk.sent;
    let last = sent.len() as u16 - 1;
    let heard = listener.until("the last packet has arrived", |heard| {
        let all = stamped(heard);
        all.iter().any(|(fob, ..)| *fob == last).then_some(all)
    });
    let mut worst = 0;
    for (fob, at, within) in &heard {
        let late = at - sent[usize::from(*fob)];
        let may_be = -within - 1..=within + ON_ITS_WAY_MS;
        assert!(
            may_be.contains(&late),
            "fob {fob} is {late} ms off, ±{within}"
        );
        worst = worst.max(late.abs());
    }
    let waited = heard.iter().filter(|(fob, ..)| (first..back).contains(fob));
    let waited = waited.count();
    assert!(waited >= 3, "{waited} of the packets waited for the broker");
    assert_eq!(
        gateway.live()["counts"]["mistimed"],
        0,
        "the gateway agrees"
    );
    let health = listener.heard().health.last().cloned();
    eprintln!("{waited} packets waited for a broker; times at most {worst} ms off: {health:?}");
}

#[test]
#[ignore = "needs the firmware: cargo suite emulator"]
fn a_time_that_nobody_asked_for_is_refused_and_said_so() {
    let dir = tempfile::tempdir().unwrap();
    let Some(broker) = Mosquitto::start(dir.path()) else {
        return;
    };
    let site = Site::beside(broker.port);
    let _gateway = Gateway::start(&site);
    let listener = Listener::start(broker.port);
    let node = Node::start(broker.port);
    listener.within(BACK, "the node knows the time", |heard| {
        (heard.health.last()?.time.trust == Trust::Synced).then_some(())
    });
    let mut liar = Client::connect(broker.port, "liar").unwrap();
    let topic = topic(&format!("node/{NODE}/time"));
    let lie = TimeAnswer {
        ask: TimeAsk {
            boot: 1,
            uptime_ms: 1,
        },
        epoch: 99,
        steady_ms: 1,
        date_ms: Some(1),
    };
    let mut buffer = [0; MAX_BYTES];
    liar.publish(&topic, lie.encode(&mut buffer).unwrap())
        .unwrap();
    liar.publish(&topic, b"late").unwrap();
    liar.flush().unwrap();
    let health = listener.within(BACK, "it has said so", |heard| {
        let health = heard.health.last()?;
        (health.time.refused > 0).then(|| health.clone())
    });
    assert_eq!((health.time.refused, health.time.trust), (1, Trust::Synced));
    let made = listener.heard().frames.last().and_then(|(_, f)| f.made);
    assert!(made.is_some_and(|made| made.epoch != 99), "{made:?}");
    assert!(!node.said().contains("panicked"), "{}", node.said());
}
