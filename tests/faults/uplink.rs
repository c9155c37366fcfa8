//! The line to the hub breaks again and again, brokers forget, the gateway is
//! killed: every event is in the hub's database once, in order.

use crate::times;
use std::{
    sync::atomic::Ordering,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tests::{
    desk::Member, gateway::Gateway, http, hub::Hub, mosquitto::Mosquitto, proxy::Proxy, site::Site,
    wait,
};

/// Events, unless `AISLECAST_EVENTS` says otherwise.
const EVENTS: usize = 4_000;
/// A line is cut after so many bytes: about 150 packets of one event each, or a
/// few of many.
const CUT_AFTER: usize = 24 << 10;
/// Members who change their mind.
pub(crate) const MEMBERS: u16 = 200;

/// A broker, its folder, and a hub that listens at it; `None` where they may be missing
/// and are.
pub(crate) fn broker_and_hub() -> Option<(TempDir, Mosquitto, Hub)> {
    let dir = tempfile::tempdir().expect("the temporary folder can be written");
    let broker = Mosquitto::start(dir.path())?;
    let hub = Hub::start(broker.port)?;
    Some((dir, broker, hub))
}

/// A shop whose gateway tells a hub at this port.
pub(crate) fn shop(hub_port: u16) -> Site {
    shop_far_away(("127.0.0.1", hub_port))
}

/// The same for a hub elsewhere.
pub(crate) fn shop_far_away((host, port): (&str, u16)) -> Site {
    let site = Site::embedded();
    site.edit(
        "[storage]",
        &format!(
            "[uplink]\nhost = \"{host}\"\nport = {port}\nclient_id = \"up-test-1\"\n\
             keep_alive = \"5s\"\n\n[storage]"
        ),
    );
    site
}

/// Enrols every member with this version: one event each.
pub(crate) fn enrol_all(site: &Site, version: u64) {
    let lines = (1..=MEMBERS).map(|n| Member::new(n).enrolment(version).to_string());
    let body = lines.collect::<Vec<_>>().join("\n");
    let answer = http::ask(site.http_port, "POST", "/api/profiles", body.as_bytes());
    let answer = answer.expect("the gateway answers");
    assert_eq!(answer.status, 200, "{}", answer.text());
}

/// Waits until the hub has as many, or panics with what it has.
pub(crate) fn until_has(hub: &Hub, events: u64) -> Duration {
    let begun = Instant::now();
    let mut has = 0;
    let all = wait::within(Duration::from_mins(3), || {
        has = hub.events("first");
        (has >= events).then_some(())
    });
    assert!(all.is_some(), "the hub has {has} of {events} events");
    begun.elapsed()
}

#[test]
#[ignore = "by `cargo suite faults`"]
fn every_event_is_in_the_hub_once_and_in_order_whatever_breaks() {
    let Some((_dir, mut broker, hub)) = broker_and_hub() else {
        return;
    };
    let line = Proxy::breaking(broker.port, CUT_AFTER);
    let site = shop(line.port());
    let mut gateway = Gateway::start(&site);
    let rounds = times("AISLECAST_EVENTS", EVENTS) / usize::from(MEMBERS);
    for round in 1..=rounds {
        enrol_all(&site, round as u64);
        if round % 5 == 0 {
            // It remembers nothing: neither what it has taken nor the mark.
            broker.kill();
            broker.resume();
        }
        if round % 7 == 0 {
            gateway.process().kill();
            gateway = Gateway::start(&site);
        }
    }
    let asked = rounds as u64 * u64::from(MEMBERS);
    let took = until_has(&hub, asked);
    assert_eq!(hub.events("first"), asked, "each exactly once");
    assert_eq!(hub.out_of_order(), 0);
    assert_eq!(hub.number("select count(distinct epoch) from event"), 1);
    let counts = hub.counts();
    eprintln!(
        "uplink: {asked} events, {} lines reset, {} restarts of a broker that forgets, {} kills \
         of the gateway; all in the hub once, in order, {:.1} s after the last; {} batches, {} \
         gaps noticed",
        line.cuts(),
        rounds / 5,
        rounds / 7,
        took.as_secs_f64(),
        counts.batches.load(Ordering::Relaxed),
        counts.gaps.load(Ordering::Relaxed),
    );
}
