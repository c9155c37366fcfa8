//! A node without a network: real firmware at a real serial port, the real bridge, and
//! a cable between them that is raved on and pulled.

use crate::{
    beacons::fobs,
    outage::{arrived, dropped, walk},
};
use protocol::time::Trust;
use simulator::dialect::scanner::Packet;
use std::time::Duration;
use tests::{
    cable::Cable,
    chance::Chance,
    child::Process,
    gateway::Gateway,
    mosquitto::Mosquitto,
    node::{Heard, Listener, Node},
    site::Site,
    wire,
};

const FOBS: u16 = 5;
/// Noise falls on the cable so often, this many bytes each time.
const ROUNDS: u64 = 8;
const NOISE_BYTES: usize = 500;
/// Twice of what a node keeps, and more.
const PULLED: Duration = Duration::from_secs(20);
/// The bridge looks for its port every five seconds at most; and a busy machine.
const BACK: Duration = Duration::from_mins(1);

/// A shop with a node at its bridge.
struct Bridged {
    gateway: Gateway,
    listener: Listener,
    bridge: Process,
    cable: Cable,
    node: Node,
    fobs: Vec<Packet>,
    /// Packets that the node has heard.
    sent: u32,
    _site: Site,
    _broker: Mosquitto,
}

impl Bridged {
    fn start(broker: Mosquitto) -> Self {
        let site = Site::beside(broker.port);
        let port = site.dir().join("ttyACM0");
        let cable = Cable::plugged(&port);
        let bridged = Self {
            gateway: Gateway::start(&site),
            listener: Listener::start(broker.port),
            bridge: wire::bridge(&site, &port),
            node: Node::at(&cable),
            cable,
            fobs: fobs(FOBS),
            sent: 0,
            _site: site,
            _broker: broker,
        };
        let listener = &bridged.listener;
        listener.within(
            BACK,
            "the node is told the time by way of its bridge",
            |h| (h.health.last()?.time.trust == Trust::Synced).then_some(()),
        );
        bridged
    }

    fn walk(&mut self, seconds: u64) {
        self.sent += walk(&self.node, &self.fobs, Duration::from_secs(seconds));
    }

    /// Until every packet and reading has arrived or is counted as lost. A frame whose
    /// receipt was damaged comes twice, with the same number.
    fn settled(&self, what: &str) -> Heard {
        self.listener.within(BACK, what, |heard| {
            let mut heard = heard.clone();
            heard.frames.dedup_by_key(|(_, frame)| frame.sequence);
            let health = heard.health.last()?;
            let (packets, readings) = arrived(&heard);
            let all = self.sent + health.read;
            (health.heard == self.sent && packets + readings + dropped(&heard) == all)
                .then_some(heard)
        })
    }
}

#[test]
#[ignore = "needs the firmware: cargo suite emulator"]
fn noise_on_the_wire_costs_nothing_and_a_pulled_wire_what_is_counted() {
    let dir = tempfile::tempdir().unwrap();
    let Some(broker) = Mosquitto::start(dir.path()) else {
        return;
    };
    let mut shop = Bridged::start(broker);
    for round in 0..ROUNDS {
        shop.walk(1);
        shop.cable.rave(&Chance::new(round).bytes(NOISE_BYTES));
    }
    let heard = shop.settled("all has arrived through the noise");
    assert_eq!(dropped(&heard), 0);

    shop.cable.pull();
    let offline = |heard: &Heard| (heard.status.last()? == "offline").then_some(());
    shop.listener.within(BACK, "the node is offline", offline);
    shop.walk(PULLED.as_secs());
    shop.cable.plug();
    let online = |heard: &Heard| (heard.status.last()? == "online").then_some(());
    shop.listener.within(BACK, "the node is back", online);
    shop.walk(3);
    let heard = shop.settled("all has arrived, or is counted as dropped");
    let lost = dropped(&heard);
    assert!(lost > 0, "twenty seconds are more than a node keeps");
    let (packets, _) = arrived(&heard);
    // Its health overtakes the frames that waited: each says what it was told itself.
    let live = shop.gateway.until("the gateway says the same", |live| {
        let health = &live["nodes"][0]["health"];
        (&health["boot"], &health["dropped"]) == (&1.into(), &lost.into())
            && live["counts"]["node_dropped"] == lost
    });
    assert_eq!(live["counts"]["mistimed"], 0, "{live:#}");
    let (said, told) = (shop.node.said(), shop.bridge.said());
    assert!(
        !said.contains("panicked") && !told.contains("panicked"),
        "{said}{told}"
    );
    assert!(
        told.contains("make no sense") && told.contains("the port is gone"),
        "{told}"
    );
    eprintln!(
        "{} packets through noise and a wire pulled for {PULLED:?}: {packets} arrived, {lost} \
         dropped with readings and said so",
        shop.sent
    );
}
