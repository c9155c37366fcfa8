//! A node that hangs.

use protocol::health::Restart;
use tests::{
    gateway::Gateway,
    mosquitto::Mosquitto,
    node::{self, Listener, Node},
    site::Site,
};

#[test]
#[ignore = "needs the firmware: cargo suite emulator"]
fn a_node_that_hangs_is_started_anew_and_the_gateway_knows() {
    let dir = tempfile::tempdir().unwrap();
    let Some(broker) = Mosquitto::start(dir.path()) else {
        return;
    };
    let site = Site::beside(broker.port);
    let gateway = Gateway::start(&site);
    let listener = Listener::start(broker.port);
    let node = Node::start(broker.port);
    listener.until("the node says how it is", |heard| {
        heard.health.first().map(|_| ())
    });
    node.hang();
    let health = listener.until("the watchdog has started it anew", |heard| {
        let health = heard.health.last()?;
        (health.boot == 2).then(|| health.clone())
    });
    assert_eq!(health.restart, Restart::Watchdog, "{}", node.said());
    let live = gateway.until("the gateway has seen it", |live| {
        live["nodes"][0]["watchdogs"] == 1
    });
    let seen = &live["nodes"][0];
    assert_eq!(
        (&seen["id"], &seen["up"]),
        (&node::NODE.into(), &true.into())
    );
    let page = gateway.get("/metrics").text();
    for line in [
        "aislecast_node_up{node=\"s-node\"} 1",
        "aislecast_node_watchdogs_total{node=\"s-node\"} 1",
    ] {
        assert!(page.contains(line), "{page}");
    }
}
