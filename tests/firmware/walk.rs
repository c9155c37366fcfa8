//! From a simulated shopper's step to a picture on a screen, through real
//! firmware, a real broker and the real gateway.

use std::{process::Command, time::Duration};
use tests::{
    child::Process, gateway::Gateway, house, mosquitto::Mosquitto, node, site::Site, wait,
};

/// People must walk about first, and their fobs be found by one scanner alone.
const FIRST_OFFER: Duration = Duration::from_mins(3);

/// The test shop, with no scanner but nodes of ours.
fn shop(broker: &Mosquitto) -> Site {
    let site = Site::beside(broker.port);
    node::wire(&site);
    site.edit(
        "source = \"theengs\"\nbase = \"home/gateway-1\"",
        "source = \"node\"",
    );
    site.edit(
        "source = \"espresense\"\nroom = \"dairy\"",
        "source = \"node\"",
    );
    site
}

#[test]
#[ignore = "needs the firmware: cargo suite emulator"]
fn a_shopper_walks_past_and_the_screen_shows_her_offer() {
    let dir = tempfile::tempdir().unwrap();
    let Some(broker) = Mosquitto::start(dir.path()) else {
        return;
    };
    let site = shop(&broker);
    let gateway = Gateway::start(&site);
    let mut simulator = Command::new(house::program("aislecast-sim"));
    simulator.args(["serve", "--profiles", "200", "--broker"]);
    simulator.arg(format!("mqtt://127.0.0.1:{}", broker.port));
    simulator.arg("--config").arg(site.config());
    simulator
        .arg("--firmware")
        .arg(house::firmware("qemu-an386"));
    for scanner in ["s-node", "s-theengs", "s-espresense"] {
        simulator.args(["--emulate", scanner]);
    }
    let mut simulator = Process::start(simulator, dir.path());
    let shown = wait::within(FIRST_OFFER, || {
        assert!(simulator.ended().is_none(), "{}", simulator.said());
        let live = gateway.live();
        let screen = &live["status"]["screens"][0];
        (screen["offer"] == "members" && screen["phase"] == "showing").then_some(live)
    });
    let Some(live) = shown else {
        panic!("no offer: {:#}", gateway.live());
    };
    for scanner in live["status"]["scanners"].as_array().unwrap() {
        assert!(scanner["silent_ms"].as_u64() < Some(5_000), "{scanner}");
    }
    let measured = wait::within(FIRST_OFFER, || {
        let live = gateway.live();
        let sensors = live["status"]["sensors"].as_array()?;
        let hall = sensors.iter().find(|s| s["id"] == "hall")?;
        (hall["value"].as_f64() > Some(5.0)).then_some(())
    });
    assert!(measured.is_some(), "no temperature: {:#}", gateway.live());
}
