//! What a node's radio hears, in numbers.

use protocol::beacon::{Address, Beacon};
use simulator::dialect::{ad, scanner::Packet};
use simulator::world::emitter::{Air, FrameKind};
use std::{
    collections::BTreeMap,
    thread::sleep,
    time::{Duration, Instant},
};
use tests::{
    chance::Chance,
    mosquitto::Mosquitto,
    node::{Listener, Node},
    radio::Fob,
    wait,
};

const FOBS: u16 = 20;
const STRANGERS: u16 = 500;
const EVERY: Duration = Duration::from_millis(100);
const ROUNDS: u32 = 600;
/// A stranger in passing is heard now and then: once in ten seconds.
const STRANGERS_A_ROUND: u16 = STRANGERS / 100;
/// How long the emulator may take for what has been sent, on a busy machine.
const DRAINED: Duration = Duration::from_mins(3);

/// A packet as it is on air.
pub(crate) fn packet(beacon: Beacon, kind: FrameKind, n: u16) -> Packet {
    let [high, low] = n.to_be_bytes();
    let address = match beacon {
        Beacon::PrivateAddress(address) => address,
        _ => Address([0xC0, 0, 0, 0, high, low]),
    };
    let air = Air {
        beacon,
        address,
        kind,
    };
    Packet {
        address,
        is_random: true,
        rssi_dbm: 0.0,
        ad: ad::of(&air, Some(-59)),
    }
}

/// The packets of the test shop's fobs.
pub(crate) fn fobs(count: u16) -> Vec<Packet> {
    let fob = |n| packet(Fob::of_the_shop(n).beacon(), FrameKind::Beacon, n);
    (0..count).map(fob).collect()
}

/// Phones, fobs of other shops, tokens of other apps.
fn stranger(n: u16) -> Packet {
    let [high, low] = n.to_be_bytes();
    let (beacon, kind) = match n % 5 {
        0 | 1 => {
            let address = Address([0x40, 1, 2, 3, high, low]);
            (Beacon::PrivateAddress(address), FrameKind::Apple)
        }
        2 => {
            let address = Address([0x41, 1, 2, 3, high, low]);
            (Beacon::PrivateAddress(address), FrameKind::Exposure)
        }
        3 => {
            let mut fob = Fob::of_the_shop(n);
            fob.uuid[15] = 0xEE;
            (fob.beacon(), FrameKind::Beacon)
        }
        _ => {
            let token = [1, 2, 3, 4, 5, 6, high, low];
            (Beacon::EddystoneEid(token), FrameKind::Beacon)
        }
    };
    packet(beacon, kind, n)
}

/// Strength of one packet: fading around a mean of each fob's own.
fn rssi(n: u16, chance: &mut Chance) -> i8 {
    -50 - n as i8 + chance.below(13) as i8 - 6
}

#[test]
#[ignore = "needs the firmware: cargo suite emulator"]
fn every_fob_arrives_with_its_strength_and_no_stranger_does() {
    let dir = tempfile::tempdir().unwrap();
    let Some(broker) = Mosquitto::start(dir.path()) else {
        return;
    };
    let listener = Listener::start(broker.port);
    let node = Node::start(broker.port);
    listener.until("the node speaks", |heard| heard.frames.first().map(|_| ()));
    let (fobs, mut chance) = (fobs(FOBS), Chance::new(7));
    let strangers: Vec<Packet> = (0..STRANGERS).map(stranger).collect();
    let mut sent = BTreeMap::<u16, (i64, i64)>::new();
    let begun = Instant::now();
    for round in 0..ROUNDS {
        let mut packets = Vec::new();
        for (n, fob) in (0..).zip(&fobs) {
            let rssi_dbm = rssi(n, &mut chance);
            let (count, sum) = sent.entry(n).or_default();
            (*count, *sum) = (*count + 1, *sum + i64::from(rssi_dbm));
            packets.push((fob, rssi_dbm));
        }
        let first = usize::from(STRANGERS_A_ROUND) * (round as usize % 100);
        let some = &strangers[first..first + usize::from(STRANGERS_A_ROUND)];
        packets.extend(some.iter().map(|stranger| (stranger, -60)));
        assert!(node.air.send(packets), "the node listens");
        sleep((begun + EVERY * (round + 1)).saturating_duration_since(Instant::now()));
    }
    let (ours, theirs) = (
        ROUNDS * u32::from(FOBS),
        ROUNDS * u32::from(STRANGERS_A_ROUND),
    );
    let health = listener.within(
        DRAINED,
        "the node has said what became of everything",
        |heard| {
            let health = heard.health.last()?;
            (health.heard >= ours + theirs).then(|| health.clone())
        },
    );
    assert_eq!(
        (health.heard, health.refused, health.dropped),
        (ours + theirs, theirs, 0)
    );
    let got = wait::until("every packet has arrived", || {
        let got = tally(&listener);
        (got.values().map(|(count, _)| count).sum::<i64>() >= i64::from(ours)).then_some(got)
    });
    let seen: Vec<u16> = got.keys().copied().collect();
    assert_eq!(
        seen,
        (0..FOBS).collect::<Vec<_>>(),
        "every fob, and nobody else"
    );
    let mut worst = 0.0_f64;
    for (n, (count, sum)) in &sent {
        let (arrived, total) = got[n];
        assert_eq!(arrived, *count, "packets of fob {n}");
        let off = total as f64 / arrived as f64 - *sum as f64 / *count as f64;
        worst = worst.max(off.abs());
    }
    assert!(worst < 1.0, "means are {worst} dB off");
    eprintln!(
        "{} packets of {FOBS} fobs and {STRANGERS} strangers; means at most {worst:.2} dB off",
        ours + theirs
    );
}

/// Packets and sums of strengths by fob; panics about a stranger.
fn tally(listener: &Listener) -> BTreeMap<u16, (i64, i64)> {
    let mut got = BTreeMap::<u16, (i64, i64)>::new();
    for (_, frame) in listener.heard().frames {
        for sighting in frame.sightings {
            let Beacon::IBeacon { uuid, minor, .. } = sighting.beacon else {
                panic!("a stranger has left the node");
            };
            assert_eq!(
                uuid,
                Fob::of_the_shop(0).uuid,
                "a stranger has left the node"
            );
            let (count, sum) = got.entry(minor).or_default();
            *count += i64::from(sighting.count);
            *sum += i64::from(sighting.count) * i64::from(sighting.rssi_mean_dbm);
        }
    }
    got
}

#[test]
#[ignore = "needs the firmware: cargo suite emulator"]
fn a_flood_is_counted_to_the_last_packet() {
    const PACKETS: u32 = 6_000;
    let dir = tempfile::tempdir().unwrap();
    let Some(broker) = Mosquitto::start(dir.path()) else {
        return;
    };
    let listener = Listener::start(broker.port);
    let node = Node::start(broker.port);
    let fobs = fobs(FOBS);
    let begun = Instant::now();
    // The line takes no more than the node reads.
    for round in 0..PACKETS / u32::from(FOBS) {
        let packets = fobs.iter().map(|fob| (fob, -60));
        assert!(node.air.send(packets), "the node listens in round {round}");
    }
    let health = listener.within(DRAINED, "all of it is counted", |heard| {
        let health = heard.health.last()?;
        (health.heard >= PACKETS).then(|| health.clone())
    });
    assert_eq!((health.heard, health.refused), (PACKETS, 0));
    let last = listener.until("all of it is sent or dropped", |heard| {
        let arrived: i64 = heard
            .frames
            .iter()
            .flat_map(|(_, frame)| &frame.sightings)
            .map(|s| i64::from(s.count))
            .sum();
        let (at, frame) = heard
            .frames
            .iter()
            .rfind(|(_, f)| !f.sightings.is_empty())?;
        let dropped = i64::from(heard.frames.last()?.1.dropped);
        assert!(frame.sequence > 0);
        (arrived + dropped == i64::from(PACKETS)).then_some(*at)
    });
    let rate = f64::from(PACKETS) / (last - begun).as_secs_f64();
    eprintln!("the emulated node takes {rate:.0} packets a second");
}
