//! `aislecast bridge`: a node without a network, over a real terminal, to a real
//! broker.

use protocol::{
    beacon::Beacon,
    frame::{MAX_BYTES, NodeFrame, NodeSighting},
    line::{Downward, Upward},
    time::{self, TimeAnswer, TimeAsk},
};
use std::path::PathBuf;
use tests::{
    child::Process,
    gateway::{Gateway, aislecast},
    mosquitto::{Follower, Mosquitto},
    site::{self, Site},
    wait,
    wire::{self, Wire},
};

/// A shop beside a mosquitto, its bridge, and a node that is plugged in.
struct Bridged {
    site: Site,
    broker: Mosquitto,
    follower: Follower,
    bridge: Process,
    wire: Wire,
    /// Where the broker says what it has to say.
    _dir: tempfile::TempDir,
}

fn port(site: &Site) -> PathBuf {
    site.dir().join("ttyACM0")
}

fn here(node: &str) -> Upward<'static> {
    Upward::Here {
        store: site::STORE.parse().expect("the test shop has a name"),
        node: node.parse().expect("a scanner's name"),
    }
}

/// A batch with one sighting, as bytes.
fn frame(sequence: u32) -> Vec<u8> {
    let beacon = Beacon::IBeacon {
        uuid: [7; 16],
        major: 1,
        minor: 2,
    };
    let sighting = NodeSighting {
        beacon,
        rssi_mean_dbm: -60,
        rssi_max_dbm: -55,
        count: 9,
        reference_dbm: None,
        age_ms: 10,
    };
    let empty = NodeFrame::decode(&[1, 5, 0, 0, 0, 0, 0]).expect("a batch of nothing");
    let frame = NodeFrame {
        sequence,
        sightings: [sighting].into_iter().collect(),
        ..empty
    };
    let mut room = [0; MAX_BYTES];
    frame.encode(&mut room).expect("it fits").to_vec()
}

/// As a node does it: again and again, until somebody takes it.
fn hand_over(wire: &mut Wire, number: u32) {
    let payload = frame(number);
    let mut asked = 0_u32;
    wait::until("the batch is taken", || {
        if asked.is_multiple_of(50) {
            wire.say(&Upward::Frame {
                number,
                payload: &payload,
            });
        }
        asked += 1;
        wire.hears(|told| *told == Downward::Taken { number })
            .then_some(())
    });
}

impl Bridged {
    /// `None` where mosquitto may be missing and is.
    fn start() -> Option<Self> {
        let dir = tempfile::tempdir().expect("the temporary folder can be written");
        let broker = Mosquitto::start(dir.path())?;
        let site = Site::beside(broker.port);
        let follower = broker.follow(&site::topic("node/#"));
        let mut wire = Wire::plug(&port(&site));
        let bridge = wire::bridge(&site, &port(&site));
        wire.until("the node is asked who it is", |told| {
            *told == Downward::WhoIsThere
        });
        wire.say(&here("s-node"));
        let mut bridged = Self {
            site,
            broker,
            follower,
            bridge,
            wire,
            _dir: dir,
        };
        bridged.until_status("online", 1);
        Some(bridged)
    }

    fn until_status(&mut self, word: &str, times: usize) {
        let topic = site::topic("node/s-node/status");
        wait::until(
            &format!("the node is {word} for the {times}th time"),
            || {
                let heard = self.follower.heard();
                let said = heard
                    .iter()
                    .filter(|m| m.topic == topic && m.payload == word);
                (said.count() >= times).then_some(())
            },
        );
    }

    /// How often a batch has come to the broker.
    fn frames(&self) -> usize {
        let topic = site::topic("node/s-node/frame");
        let heard = self.follower.heard();
        heard.iter().filter(|m| m.topic == topic).count()
    }
}

#[test]
fn a_node_without_a_network_is_heard_by_the_gateway() {
    let Some(mut bridged) = Bridged::start() else {
        return;
    };
    let gateway = Gateway::start(&bridged.site);
    hand_over(&mut bridged.wire, 0);
    gateway.until("its sighting is heard", |live| {
        live["counts"]["sightings"] == 1
    });
    let health = br#"{"firmware":"0.1.0","boot":5,"uptime_ms":1,"heard":9,"refused":0,"read":0,"faults":0,"dropped":3}"#;
    bridged.wire.say(&Upward::Health { payload: health });
    let node = |live: &serde_json::Value| live["nodes"][0].clone();
    let live = gateway.until("its health is heard", |live| {
        node(live)["health"]["dropped"] == 3
    });
    assert_eq!(node(&live)["id"], "s-node");
    assert_eq!(node(&live)["up"], true);

    let ask = TimeAsk {
        boot: 5,
        uptime_ms: 1_234,
    };
    let mut room = [0; time::MAX_BYTES];
    let payload = ask.encode(&mut room).expect("it fits");
    bridged.wire.say(&Upward::Ask { payload });
    bridged.wire.until("it is told the time", |told| {
        let Downward::Time { payload } = told else {
            return false;
        };
        TimeAnswer::decode(payload).is_ok_and(|answer| answer.ask == ask)
    });

    // As a power cut ends it: the broker tells the node's will.
    bridged.bridge.kill();
    gateway.until("the node is gone", |live| node(live)["up"] == false);
}

#[test]
fn garbage_and_half_packets_cost_nothing_but_themselves() {
    let Some(mut bridged) = Bridged::start() else {
        return;
    };
    let mut chance = tests::chance::Chance::new(7);
    for number in 0..20 {
        bridged.wire.rave(&chance.bytes(3_000));
        let mut room = [0; protocol::line::MAX_BYTES];
        let whole = protocol::line::write(&here("s-node"), &mut room).expect("it fits");
        let half = whole.len() / 2;
        bridged.wire.rave(&whole[..half]);
        hand_over(&mut bridged.wire, number);
    }
    wait::until("every batch is with the broker", || {
        (bridged.frames() >= 20).then_some(())
    });
    let said = bridged.bridge.said();
    assert!(said.contains("make no sense"), "{said}");
    assert!(!said.contains("panicked"), "{said}");
    assert!(!said.contains("the node is gone"), "{said}");
}

#[test]
fn an_unplugged_node_is_offline_and_back_when_it_is_plugged_in() {
    let Some(mut bridged) = Bridged::start() else {
        return;
    };
    hand_over(&mut bridged.wire, 0);
    for time in 1..3 {
        let port = port(&bridged.site);
        // First out, then in: the name is the same.
        let unplugged = std::mem::replace(&mut bridged.wire, Wire::plug(&port.with_extension("x")));
        drop(unplugged);
        bridged.until_status("offline", time);
        bridged.wire = Wire::plug(&port);
        bridged.wire.until("it is asked who it is", |told| {
            *told == Downward::WhoIsThere
        });
        bridged.wire.say(&here("s-node"));
        bridged.until_status("online", time + 1);
        hand_over(&mut bridged.wire, 0);
    }
    bridged.bridge.interrupt();
    let status = bridged.bridge.finish();
    assert_eq!(status.code(), Some(0), "{}", bridged.bridge.said());
    bridged.until_status("offline", 3);
}

#[test]
fn while_the_broker_is_away_batches_stay_with_the_node() {
    let Some(mut bridged) = Bridged::start() else {
        return;
    };
    hand_over(&mut bridged.wire, 0);
    bridged.broker.kill();
    wait::until("the bridge notices", || {
        let said = bridged.bridge.said();
        said.contains("the link to the broker is down")
            .then_some(())
    });
    let payload = frame(1);
    let untaken = Upward::Frame {
        number: 1,
        payload: &payload,
    };
    bridged.wire.say(&untaken);
    // What is said in between comes after an answer, had there been one.
    bridged.wire.say(&here("s-elsewhere"));
    bridged.wire.until("it is asked again", |told| {
        assert_ne!(*told, Downward::Taken { number: 1 });
        *told == Downward::WhoIsThere
    });
    bridged.wire.say(&here("s-node"));
    bridged.broker.resume();
    bridged.follower = bridged.broker.follow(&site::topic("node/#"));
    hand_over(&mut bridged.wire, 1);
    wait::until("the batch is with the broker", || {
        (bridged.frames() >= 1).then_some(())
    });
}

#[test]
fn a_node_of_nobody_is_refused_in_words_and_never_published() {
    let Some(mut bridged) = Bridged::start() else {
        return;
    };
    bridged.wire.say(&here("s-theengs"));
    bridged.until_status("offline", 1);
    let payload = frame(0);
    bridged.wire.say(&Upward::Frame {
        number: 0,
        payload: &payload,
    });
    bridged
        .wire
        .until("it is asked again", |told| *told == Downward::WhoIsThere);
    assert_eq!(bridged.frames(), 0);
    let said = bridged.bridge.said();
    assert!(said.contains("is none of this shop"), "{said}");
}

#[test]
fn a_port_that_cannot_be_used_is_one_clear_message() {
    let Some(bridged) = Bridged::start() else {
        return;
    };
    let busy = port(&bridged.site);
    let none = bridged.site.dir().join("ttyACM1");
    for (port, words) in [
        (&busy, "another program uses it"),
        (&none, "there is no such port"),
        (&bridged.site.config(), "is no serial port"),
    ] {
        let config = bridged.site.config();
        let [config, port] = [config.as_path(), port].map(|p| p.to_str().expect("plain names"));
        let output = aislecast(&["bridge", "--config", config, "--port", port]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(words) && said.contains(port), "{said}");
    }
}
