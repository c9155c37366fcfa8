//! A shop over a real broker, with clients that are not ours.

use serde_json::{Value, json};
use tests::{
    desk::{self, Member},
    gateway::Gateway,
    mosquitto::{Follower, Message, Mosquitto, publish},
    mqtt::Client,
    radio::{Fob, InTheDairy, espresense, node, theengs},
    site::{Site, topic},
};

fn json_of(message: &Message) -> Value {
    serde_json::from_str(&message.payload)
        .unwrap_or_else(|why| panic!("{message:?} is not JSON: {why}"))
}

fn is_command(message: &Message, wanted: impl Fn(&Value) -> bool) -> bool {
    message.topic == topic("screen/front/command") && wanted(&json_of(message)["action"])
}

/// From enrolment to picture to withdrawal to a dead gateway, on any broker.
fn a_day(site: &Site, mut gateway: Gateway, follower: &Follower, broker_outlives: bool) {
    let port = site.broker_port;
    let status = follower.until("the gateway says that it is there", |m| {
        m.topic == topic("gateway/status") && m.payload.contains("online")
    });
    assert!(!status.payload.contains("offline"), "{status:?}");

    let members = [1, 2, 3].map(Member::new);
    for member in &members {
        publish(
            port,
            &topic("in/profile"),
            &member.enrolment(1).to_string(),
            &[],
        );
    }
    gateway.until("three members are enrolled", |live| {
        live["status"]["enrolled"] == 3
    });
    for member in &members {
        follower.until("each enrolment is answered", |m| {
            m.topic == topic("out/answer") && m.payload.contains(&member.request(1))
        });
    }

    let report = |revision: &Value, status: &str| {
        let report = json!({
            "screen": "front", "player": "foreign", "revision": revision, "status": status
        });
        publish(
            port,
            &topic("screen/front/report"),
            &report.to_string(),
            &[],
        );
    };
    report(&json!(0), "hello");
    let shoppers = InTheDairy::with(port, members.iter().map(|m| m.fob).collect());
    let shown = follower.until("the screen is told to show", |m| {
        is_command(m, |action| action["show"]["offer"] == "members")
    });
    let shown = json_of(&shown);
    assert_eq!(shown["screen"], "front");
    report(&shown["revision"], "painted");
    gateway.until("the picture is confirmed", |live| {
        live["status"]["screens"][0]["phase"] == "showing"
    });

    for member in &members {
        let withdrawal = desk::withdrawal(&member.customer);
        publish(port, &topic("in/withdraw"), &withdrawal.to_string(), &[]);
    }
    let cleared = follower.until("the screen is told to clear", |m| {
        is_command(m, |action| *action == "clear")
            && json_of(m)["revision"].as_u64() > shown["revision"].as_u64()
    });
    report(&json_of(&cleared)["revision"], "painted");
    gateway.until("nobody is followed any more", |live| {
        live["status"]["visits"] == json!([]) && live["status"]["screens"][0]["phase"] == "house"
    });
    drop(shoppers);

    gateway.process().kill();
    if broker_outlives {
        let gone = follower.until("the broker tells that the gateway is gone", |m| {
            m.topic == topic("gateway/status") && m.payload.contains("offline")
        });
        assert!(!gone.retained, "a follower that was there hears it as news");
        let late = Follower::start(port, &topic("gateway/status"), site.dir());
        let kept = late.until("who comes later is told too", |m| {
            m.payload.contains("offline")
        });
        assert!(kept.retained);
    }
}

#[test]
fn a_shop_lives_on_mosquitto_with_foreign_clients() {
    let dir = tempfile::tempdir().unwrap();
    let Some(broker) = Mosquitto::start(dir.path()) else {
        return;
    };
    let site = Site::beside(broker.port);
    let follower = broker.follow(&topic("#"));
    let gateway = Gateway::start(&site);
    a_day(&site, gateway, &follower, true);
}

#[test]
fn a_shop_lives_on_its_own_broker_with_foreign_clients() {
    if tests::house::tool("mosquitto_sub").is_none() {
        return;
    }
    let site = Site::embedded();
    let gateway = Gateway::start(&site);
    let follower = Follower::start(site.broker_port, &topic("#"), site.dir());
    a_day(&site, gateway, &follower, false);
}

#[test]
fn scanners_of_three_makes_are_understood() {
    let site = Site::embedded();
    let gateway = Gateway::start(&site);
    let member = Member::new(1);
    gateway.enrol(&member, 1);
    let mut client = Client::connect(site.broker_port, "scanners").unwrap();
    let (topic, payload) = theengs(&member.fob, "home/gateway-1", -60);
    client.publish(&topic, payload.as_bytes()).unwrap();
    let (topic, payload) = espresense(&member.fob, "dairy", -61.5);
    client.publish(&topic, payload.as_bytes()).unwrap();
    let (topic, payload) = node(&member.fob, "s-node", 1, -70);
    client.publish(&topic, &payload).unwrap();
    client.flush().unwrap();
    let live = gateway.until("each scanner was heard", |live| {
        let scanners = live["status"]["scanners"].as_array().expect("a list");
        scanners.iter().all(|scanner| scanner["sightings"] == 1)
    });
    assert_eq!(live["status"]["visits"].as_array().map(Vec::len), Some(1));
    assert_eq!(live["counts"]["strangers"], 0);
    let malformed = live["counts"]["malformed"].as_array().expect("a list");
    assert!(malformed.iter().all(|n| n == 0), "{malformed:?}");
}

#[test]
fn a_gateway_outlives_its_broker_and_takes_up_where_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let Some(mut broker) = Mosquitto::start(dir.path()) else {
        return;
    };
    let site = Site::beside(broker.port);
    let gateway = Gateway::start(&site);
    let member = Member::new(1);
    gateway.enrol(&member, 1);
    for round in 0..3 {
        broker.kill();
        gateway.until("the loss is noticed", |live| {
            live["health"]["broker"] == false
        });
        assert_eq!(gateway.get("/healthz").status, 200);
        assert_eq!(gateway.get("/readyz").status, 503);
        broker.resume();
        gateway.until("the broker is back", |live| {
            live["health"]["broker"] == true
        });
        let before = gateway.count("sightings");
        let (topic, payload) = espresense(&member.fob, "dairy", -60.0 - f64::from(round) as f32);
        broker.publish(&topic, &payload);
        gateway.until("it hears again", |live| {
            live["counts"]["sightings"] == before + 1
        });
    }
}

#[test]
fn a_gateway_that_starts_before_its_broker_waits_for_it() {
    let dir = tempfile::tempdir().unwrap();
    let Some(mut broker) = Mosquitto::start(dir.path()) else {
        return;
    };
    broker.kill();
    let site = Site::beside(broker.port);
    let gateway = Gateway::listening(&site);
    assert_eq!(gateway.get("/readyz").status, 503);
    broker.resume();
    gateway.until("it finds its broker", |live| {
        live["health"]["broker"] == true
    });
}

#[test]
fn what_the_broker_kept_from_before_is_not_taken_for_news() {
    let dir = tempfile::tempdir().unwrap();
    let Some(broker) = Mosquitto::start(dir.path()) else {
        return;
    };
    let site = Site::beside(broker.port);
    let member = Member::new(1);
    let mut gateway = Gateway::start(&site);
    gateway.enrol(&member, 1);
    gateway.process().kill();
    let (topic, payload) = espresense(&member.fob, "dairy", -50.0);
    broker.publish_retained(&topic, &payload);

    let gateway = Gateway::start(&site);
    let (topic, payload) = espresense(&Fob::of_the_shop(2), "dairy", -50.0);
    broker.publish(&topic, &payload);
    let live = gateway.until("news after the memory is counted", |live| {
        live["counts"]["strangers"] == 1
    });
    assert_eq!(
        live["status"]["visits"],
        json!([]),
        "a memory is nobody here"
    );
}
