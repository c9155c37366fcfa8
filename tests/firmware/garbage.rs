//! Bytes that mean nothing, from both sides of a node.

use crate::beacons::fobs;
use std::{
    thread::sleep,
    time::{Duration, Instant},
};
use tests::{
    chance::Chance,
    mosquitto::Mosquitto,
    node::{Listener, Node},
    proxy::Proxy,
    wait,
};

const ROUNDS: u64 = 8;
/// How long a node may be deaf or mute after it: five seconds, and as much again for
/// a machine with other things to do.
const RECOVERED: Duration = Duration::from_secs(10);

#[test]
#[ignore = "needs the firmware: cargo suite emulator"]
fn a_controller_that_raves_is_started_anew() {
    let dir = tempfile::tempdir().unwrap();
    let Some(broker) = Mosquitto::start(dir.path()) else {
        return;
    };
    let listener = Listener::start(broker.port);
    let node = Node::start(broker.port);
    let fobs = fobs(3);
    let mut worst = Duration::ZERO;
    for round in 0..ROUNDS {
        node.air.rave(&Chance::new(round).bytes(2_000));
        let begun = Instant::now();
        let sightings = |heard: &tests::node::Heard| {
            let frames = heard.frames.iter();
            frames.filter(|(_, f)| !f.sightings.is_empty()).count()
        };
        let before = sightings(&listener.heard());
        let heard = wait::within(wait::PATIENCE, || {
            node.air.send(fobs.iter().map(|fob| (fob, -60)));
            sleep(Duration::from_millis(80));
            // Two more: one may have been heard before the raving.
            (sightings(&listener.heard()) >= before + 2).then_some(())
        });
        assert!(heard.is_some(), "deaf after round {round}: {}", node.said());
        worst = worst.max(begun.elapsed());
    }
    settle(&node, &listener, "hears", worst);
}

#[test]
#[ignore = "needs the firmware: cargo suite emulator"]
fn a_broker_that_raves_is_left_and_called_again() {
    let dir = tempfile::tempdir().unwrap();
    let Some(broker) = Mosquitto::start(dir.path()) else {
        return;
    };
    let proxy = Proxy::before(broker.port);
    let listener = Listener::start(broker.port);
    let node = Node::start(proxy.port());
    listener.until("the node speaks", |heard| heard.frames.first().map(|_| ()));
    let mut worst = Duration::ZERO;
    for round in 0..ROUNDS {
        let mut bytes = Chance::new(100 + round).bytes(300);
        bytes.push(0xF0);
        proxy.rave(&bytes);
        let begun = Instant::now();
        let before = listener.heard().frames.len();
        // Three: two may have been on their way.
        listener.until("the node speaks again", |heard| {
            (heard.frames.len() >= before + 3).then_some(())
        });
        worst = worst.max(begun.elapsed());
    }
    settle(&node, &listener, "speaks", worst);
}

fn settle(node: &Node, listener: &Listener, what: &str, worst: Duration) {
    let said = node.said();
    assert!(!said.contains("panicked"), "{said}");
    let starts = listener.heard().health.last().map(|health| health.boot);
    assert_eq!(starts, Some(1), "it never started anew: {said}");
    eprintln!("after garbage the node {what} again within {worst:.1?}");
    assert!(worst <= RECOVERED, "it took {worst:?}");
}
