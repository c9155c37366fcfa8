//! The hub's broker hangs, and the line to it is slow: it is noticed, the shop goes
//! on, and money does not wait behind pictures.

use crate::uplink::{MEMBERS, broker_and_hub, enrol_all, shop, shop_far_away, until_has};
use serde_json::json;
use std::time::{Duration, Instant};
use tests::{
    desk::{self, Member},
    gateway::Gateway,
    house,
    hub::Hub,
    proxy::Proxy,
    site::Site,
    wait,
    wan::Wan,
};

/// A broker that hangs is found within this.
const FOUND: Duration = Duration::from_secs(45);
/// What matters is in the hub within this on a slow line.
const FIRST: Duration = Duration::from_secs(5);
/// 64 kbit/s.
const BYTES_PER_S: u32 = 8_000;
/// Things that can wait: about 100 KiB of them, a dozen seconds of that line.
const REST: usize = 1_500;

/// How long a request to the shop took, half of them at most.
fn busy(gateway: &Gateway, version: u64) -> Duration {
    let each = (1..=20).map(|n| {
        let begun = Instant::now();
        gateway.enrol(&Member::new(MEMBERS + n), version);
        begun.elapsed()
    });
    let mut each: Vec<Duration> = each.collect();
    each.sort();
    each[each.len() / 2]
}

/// How long after `begun` the gateway says that the hub is away.
fn noticed(gateway: &Gateway, begun: Instant) -> Duration {
    let found = wait::within(FOUND, || {
        (gateway.live()["health"]["uplink"]["up"] == false).then(|| begun.elapsed())
    });
    found.expect("nobody noticed")
}

#[test]
#[ignore = "by `cargo suite faults`"]
fn a_hub_that_hangs_is_noticed_and_the_shop_goes_on() {
    let Some((_dir, broker, hub)) = broker_and_hub() else {
        return;
    };
    let site = shop(broker.port);
    let gateway = Gateway::start(&site);
    enrol_all(&site, 1);
    until_has(&hub, u64::from(MEMBERS));
    let before = busy(&gateway, 1);
    broker.freeze();
    let begun = Instant::now();
    let while_frozen = busy(&gateway, 2);
    let found = noticed(&gateway, begun);
    broker.thaw();
    let took = until_has(&hub, u64::from(MEMBERS) + 40);
    assert_eq!(hub.out_of_order(), 0);
    assert!(
        while_frozen < before + Duration::from_millis(500),
        "the shop waits: {while_frozen:?} instead of {before:?}"
    );
    eprintln!(
        "a frozen hub: noticed after {:.1} s, the median of 20 answers in the shop {} ms (before: \
         {} ms), everything there {:.1} s after it went on",
        found.as_secs_f64(),
        while_frozen.as_millis(),
        before.as_millis(),
        took.as_secs_f64(),
    );
}

#[test]
#[ignore = "by `cargo suite faults`"]
fn a_line_on_which_packets_vanish_is_noticed_and_nothing_is_lost() {
    let Some((_dir, broker, hub)) = broker_and_hub() else {
        return;
    };
    let Some(wan) = Wan::lay(broker.port) else {
        return;
    };
    let site = shop_far_away(wan.hub());
    let gateway = Gateway::start(&site);
    enrol_all(&site, 1);
    until_has(&hub, u64::from(MEMBERS));
    wan.cut();
    let begun = Instant::now();
    enrol_all(&site, 2);
    let found = noticed(&gateway, begun);
    wan.mend();
    let took = until_has(&hub, 2 * u64::from(MEMBERS));
    assert_eq!(hub.out_of_order(), 0);
    eprintln!(
        "half-open: packets vanish and nobody says so; noticed after {:.1} s, everything in the \
         hub once, in order, {:.1} s after they arrive again",
        found.as_secs_f64(),
        took.as_secs_f64(),
    );
}

#[test]
#[ignore = "by `cargo suite faults`"]
fn on_a_line_that_the_kernel_slows_down_what_matters_does_not_wait_for_the_rest() {
    let Some((_dir, broker, hub)) = broker_and_hub() else {
        return;
    };
    let Some(wan) = Wan::lay(broker.port) else {
        return;
    };
    wan.slow_down(8 * BYTES_PER_S);
    wan.cut();
    let site = shop_far_away(wan.hub());
    what_matters_comes_first(&hub, &site, "64 kbit/s by the kernel (tbf)", || wan.mend());
}

#[test]
#[ignore = "by `cargo suite faults`"]
fn on_a_slow_line_what_matters_does_not_wait_for_the_rest() {
    let Some((_dir, broker, hub)) = broker_and_hub() else {
        return;
    };
    let port = house::free_port();
    let lay = || _ = Proxy::slow(port, broker.port, BYTES_PER_S);
    what_matters_comes_first(&hub, &shop(port), "64 kbit/s", lay);
}

/// A shop has much to tell that can wait, and then somebody withdraws. The line is
/// laid when the former is on the disk.
fn what_matters_comes_first(hub: &Hub, site: &Site, what: &str, lay: impl FnOnce()) {
    let gateway = Gateway::start(site);
    enrol_all(site, 1);
    let offer = json!({ "offer": "members" });
    for n in 0..REST {
        let way = if n % 2 == 0 { "pause" } else { "resume" };
        gateway.post(&format!("/api/v1/offers/{way}"), &offer);
    }
    lay();
    until_has(hub, u64::from(MEMBERS));
    let begun = Instant::now();
    let customer = Member::new(1).customer;
    gateway.post("/api/withdraw", &desk::withdrawal(&customer));
    until_has(hub, u64::from(MEMBERS) + 1);
    let first = begun.elapsed();
    let waiting = REST as u64 - hub.events("rest").min(REST as u64);
    assert!(waiting > 0, "the rest was there before: nothing is shown");
    assert!(first <= FIRST, "{first:?}");
    let all = wait::within(Duration::from_mins(2), || {
        (hub.events("rest") >= REST as u64).then(|| begun.elapsed())
    });
    assert_eq!(hub.out_of_order(), 0);
    eprintln!(
        "{what}: a withdrawal is in the hub after {:.1} s, while {waiting} other events wait; \
         all there after {:.0} s",
        first.as_secs_f64(),
        all.expect("the rest never came").as_secs_f64(),
    );
}
