//! A broker that goes away and comes back.

use crate::beacons::fobs;
use simulator::dialect::scanner::Packet;
use std::{
    thread::sleep,
    time::{Duration, Instant},
};
use tests::{
    mosquitto::Mosquitto,
    node::{Heard, Listener, Node},
};

const FOBS: u16 = 5;
const EVERY: Duration = Duration::from_millis(200);
const AWAY: Duration = Duration::from_secs(20);
/// Longer than a window: what was heard before is in a frame, and that is sent.
const QUIET: Duration = Duration::from_secs(3);
/// Frames that wait in a node (`firmware/node/src/outbox.rs`).
const BACKLOG_MAX: usize = 8;
/// The longest wait between two attempts, and a busy machine.
const BACK: Duration = Duration::from_mins(2);

/// Sends for a while; returns the packets sent.
pub(crate) fn walk(node: &Node, fobs: &[Packet], how_long: Duration) -> u32 {
    let begun = Instant::now();
    let mut rounds = 0;
    while begun.elapsed() < how_long {
        assert!(
            node.air.send(fobs.iter().map(|fob| (fob, -60))),
            "the node listens"
        );
        rounds += 1;
        sleep((begun + EVERY * rounds).saturating_duration_since(Instant::now()));
    }
    rounds * u32::from(FOBS)
}

/// Packets that have arrived, and readings.
pub(crate) fn arrived(heard: &Heard) -> (u32, u32) {
    let frames = || heard.frames.iter().map(|(_, frame)| frame);
    let packets = frames().flat_map(|frame| &frame.sightings);
    let readings = frames().map(|frame| frame.readings.len() as u32);
    (packets.map(|s| u32::from(s.count)).sum(), readings.sum())
}

pub(crate) fn dropped(heard: &Heard) -> u32 {
    heard.frames.last().map_or(0, |(_, frame)| frame.dropped)
}

#[test]
#[ignore = "needs the firmware: cargo suite emulator"]
fn a_lost_broker_costs_what_is_counted_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let Some(mut broker) = Mosquitto::start(dir.path()) else {
        return;
    };
    let listener = Listener::start(broker.port);
    let node = Node::start(broker.port);
    listener.until("the node speaks", |heard| heard.frames.first().map(|_| ()));
    let fobs = fobs(FOBS);
    let before = walk(&node, &fobs, Duration::from_secs(3));
    listener.until("all before has arrived", |heard| {
        (arrived(heard).0 == before).then_some(())
    });
    broker.kill();
    // A frame under way when a connection breaks is lost uncounted: let it be empty.
    sleep(QUIET);
    let during = walk(&node, &fobs, AWAY.saturating_sub(QUIET));
    let so_far = listener.heard().frames.len();
    broker.resume();
    let back = listener.within(BACK, "the node is back", |heard| {
        (heard.frames.len() > so_far).then(Instant::now)
    });
    let after = walk(&node, &fobs, Duration::from_secs(3));
    let heard = listener.until("everything has arrived or is counted as dropped", |heard| {
        let (packets, readings) = arrived(heard);
        let taken = before + during + after + heard.health.last()?.read;
        (packets + readings + dropped(heard) == taken).then(|| heard.clone())
    });
    assert!(
        dropped(&heard) > 0,
        "twenty seconds are more than a node keeps"
    );
    let backlog = heard.frames[so_far..]
        .iter()
        .filter(|(at, _)| *at < back + Duration::from_millis(500))
        .count();
    assert!(backlog <= BACKLOG_MAX + 2, "{backlog} frames came at once");
    let numbers: Vec<u32> = heard.frames.iter().map(|(_, f)| f.sequence).collect();
    assert!(numbers.is_sorted_by(|a, b| a < b), "{numbers:?}");
    let health = listener.until("the node's own counters say the same", |heard| {
        let health = heard.health.last()?;
        (health.heard == before + during + after).then(|| health.clone())
    });
    assert_eq!(
        (health.boot, health.refused, health.dropped),
        (1, 0, dropped(&heard))
    );
    eprintln!(
        "broker away for {AWAY:?}: {during} packets heard meanwhile, {} dropped and said so, \
         {backlog} frames at once",
        dropped(&heard)
    );
    assert!(!node.said().contains("panicked"), "{}", node.said());
}
