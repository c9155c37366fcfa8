//! Somebody with the badge of one device, on a real mosquitto with what `aislecast
//! enroll` wrote for it: what they hear, leave behind, send too much of, and be taken for.

use crate::enroll::{Guarded, spelled};
use serde_json::{Value, json};
use tests::{desk::Member, mqtt::Client, radio, screen, site::topic};

/// Whose badge somebody may have got hold of.
const BADGES: [&str; 7] = [
    "scanner-s-node",
    "screen-front",
    "till-pos",
    "theengs",
    "crm",
    "watch",
    "floor",
];

/// What they ask to hear; `~` stands for the shop's topics.
const FILTERS: [&str; 16] = [
    "#",
    "+/#",
    "+/+/+/+/+",
    "$SYS/#",
    "$SYS/broker/clients/connected",
    "$share/thieves/#",
    "$share/thieves/~in/+",
    "~#",
    "~+/+",
    "~+/+/+",
    "~in/#",
    "~in/profile",
    "~node/+/time",
    "~screen/back/#",
    "~offers/+",
    "home/#",
];

/// What none of them may hear.
const SECRETS: [&str; 9] = [
    "~in/profile",
    "~in/withdraw",
    "~in/forget",
    "~in/till/kiosk",
    "~offers/set",
    "~screen/back/command",
    "~screen/back/report",
    "~node/s-other/frame",
    "~node/s-other/time",
];

#[test]
fn no_filter_lets_a_badge_hear_what_is_for_others() {
    let Some(guarded) = Guarded::start() else {
        return;
    };
    let mut auditor = guarded.auditor();
    let mut attempts = 0;
    for user in BADGES {
        let mut spy = guarded.client(user);
        for filter in FILTERS {
            // mosquitto may grant it; what comes by it is what counts.
            let filter = filter.replace('~', "aislecast/v1/test-1/");
            spy.subscribe(&filter).unwrap();
            for secret in SECRETS {
                auditor.publish(&spelled(secret), b"canary-secret").unwrap();
                attempts += 1;
            }
            auditor.flush().unwrap();
            let heard = spy.flush();
            assert!(heard.is_ok(), "{user} heard something by {filter}");
        }
    }
    println!(
        "spies with a badge: {attempts} messages of others by {} filters, 0 heard",
        FILTERS.len()
    );
}

#[test]
fn nobody_is_thrown_out_by_whoever_takes_their_client_id() {
    let Some(guarded) = Guarded::start() else {
        return;
    };
    let mut attempts = 0;
    for victim in ["gateway", "scanner-s-other", "screen-back", "crm"] {
        let mut there = guarded.client(victim);
        for user in BADGES.into_iter().filter(|user| *user != victim) {
            let password = guarded.password(user);
            let login = (user, Some(password.as_str()));
            let mut thief = Client::log_in(guarded.plain_port, victim, login).unwrap();
            thief.flush().unwrap();
            there.flush().expect("it is still there");
            attempts += 1;
        }
    }
    println!("client ids: {attempts} taken, 0 thrown out");
}

/// Everything that a badge may leave at the broker, as good as somebody could make it.
fn poison(user: &str) -> Vec<(String, Vec<u8>)> {
    let fob = Member::new(1).fob;
    let text = |(topic, payload): (String, String)| (topic, payload.into_bytes());
    let said = |tail: &str, payload: Value| (topic(tail), payload.to_string().into_bytes());
    match user {
        "scanner-s-node" => vec![
            radio::node(&fob, "s-node", 1, -40),
            (topic("node/s-node/ask"), b"now".to_vec()),
        ],
        "theengs" => vec![text(radio::theengs(&fob, "home/gateway-1", -40))],
        "screen-front" => vec![said("screen/front/report", screen::report(1, "painted"))],
        "till-pos" => vec![said("in/till/pos", json!({"number": "poison-1"}))],
        "floor" => vec![
            said(
                "in/complaint",
                json!({"screen": "front", "what": "complaint"}),
            ),
            said("in/basket", json!({"receipt": "poison-2", "lines": []})),
        ],
        _ => Vec::new(),
    }
}

/// Asks the gateway something by another's badge, and waits for its answer.
fn somebody_is_answered(guarded: &Guarded) {
    let mut crm = guarded.client("crm");
    crm.subscribe(&topic("out/answer")).expect("subscribed");
    let asked = json!({"customer": "nobody-1", "id": "w-1"}).to_string();
    crm.publish(&topic("in/withdraw"), asked.as_bytes())
        .expect("published");
    crm.message().expect("the gateway answers");
}

#[test]
fn what_a_badge_leaves_at_the_broker_is_no_news_to_a_gateway_that_starts_later() {
    let Some(guarded) = Guarded::start() else {
        return;
    };
    let mut left = 0;
    for user in BADGES {
        let mut client = guarded.client(user);
        for (topic, payload) in poison(user) {
            client.publish_retained(&topic, &payload).unwrap();
            left += 1;
        }
        client.flush().unwrap();
    }
    // What is state comes by the same way, and says that it was heard.
    let mut node = guarded.client("scanner-s-node");
    let status = topic("node/s-node/status");
    node.publish_retained(&status, b"online").unwrap();
    node.flush().unwrap();
    let gateway = guarded.gateway();
    gateway.enrol(&Member::new(1), 1);
    for _ in 0..2 {
        gateway.until("what was kept is passed over", |_| {
            let metrics = gateway.get("/metrics").text();
            metrics.contains("aislecast_node_up{node=\"s-node\"} 1")
                && gateway
                    .said()
                    .contains("retained messages were passed over")
        });
        somebody_is_answered(&guarded);
    }
    let live = gateway.live();
    for count in ["sightings", "baskets", "painted", "exposures"] {
        assert_eq!(live["counts"][count], 0, "{count}: {}", live["counts"]);
    }
    println!(
        "poison: {left} messages left on own topics, 0 acted on by a gateway that started later"
    );
}

#[test]
fn too_much_from_one_badge_throws_nobody_else_out() {
    let Some(guarded) = Guarded::start() else {
        return;
    };
    let gateway = guarded.gateway();
    let own = topic("node/s-node/frame");
    let mut refused = 0;
    for bytes in [300 << 10, 1 << 20, 16 << 20] {
        let mut node = guarded.client("scanner-s-node");
        let _ = node.publish_retained(&own, &vec![b'x'; bytes]);
        refused += usize::from(node.flush().is_err());
    }
    assert_eq!(refused, 3, "the broker hangs up on whoever sends too much");
    let rss = || gateway.live()["health"]["rss_bytes"].as_u64().unwrap();
    let before = rss();
    let mut node = guarded.client("scanner-s-node");
    for _ in 0..200 {
        node.publish_retained(&own, &vec![b'x'; 250 << 10]).unwrap();
    }
    node.flush().unwrap();
    // Another's word comes through, and the gateway never lost its broker.
    somebody_is_answered(&guarded);
    assert_eq!(gateway.live()["health"]["broker"], true);
    let grown = rss().saturating_sub(before);
    assert!(grown < 64 << 20, "{grown} bytes");
    println!(
        "too much: 3 payloads of 300 KiB to 16 MiB refused, 200 of 250 KiB taken; the gateway \
         grew by {} KiB and answered others",
        grown >> 10
    );
}
