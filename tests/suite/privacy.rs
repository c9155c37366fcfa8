//! What belongs to a person is nowhere it does not belong.

use serde_json::json;
use tests::{
    desk::{self, Member},
    gateway::Gateway,
    mosquitto::{Follower, Mosquitto},
    radio::{Fob, InTheDairy, espresense, node, theengs},
    site::{Site, topic},
};

/// A fob nobody enrolled.
const STRANGER: Fob = Fob {
    uuid: *b"\xc0\xff\xee\x5e\xc2\xe7\x4b\x1d\x8b\xad\xf0\x0d\xde\xad\xbe\xef",
    major: 0xBEAD,
    minor: 0xFACE,
};

/// Texts and bytes that name somebody, each as it could be written down.
fn canaries(members: &[Member]) -> Vec<(String, Vec<u8>)> {
    let mut canaries = Vec::new();
    let mut add = |what: &str, bytes: &[u8]| canaries.push((what.to_owned(), bytes.to_vec()));
    for member in members {
        add("a customer reference", member.customer.as_bytes());
    }
    add("the stranger's UUID, raw", &STRANGER.uuid);
    add("the stranger's UUID, hex", STRANGER.uuid_hex().as_bytes());
    add("the stranger's UUID", STRANGER.uuid_text().as_bytes());
    // Of the phone or fob behind every Theengs message of the tests.
    add("a device address", b"58:78:20:76:BC:24");
    add("a device address, hex", b"58782076bc24");
    add(
        "a device address, raw",
        &[0x58, 0x78, 0x20, 0x76, 0xBC, 0x24],
    );
    add("a device address of ESPresense", b"dd8800003777");
    canaries
}

/// What names a member of the shop. On the disk it is sealed.
fn members_only(member: &Member) -> Vec<(String, Vec<u8>)> {
    vec![
        (
            "a member's UUID".into(),
            member.fob.uuid_text().into_bytes(),
        ),
        (
            "a member's UUID, hex".into(),
            member.fob.uuid_hex().into_bytes(),
        ),
        ("a member's UUID, raw".into(), member.fob.uuid.to_vec()),
        ("a segment".into(), b"canary-segment".to_vec()),
    ]
}

fn find(place: &str, bytes: &[u8], canaries: &[(String, Vec<u8>)], found: &mut Vec<String>) {
    let lower = bytes.to_ascii_lowercase();
    for (what, canary) in canaries {
        let exactly = bytes.windows(canary.len()).any(|window| window == canary);
        let folded = canary.to_ascii_lowercase();
        if exactly || lower.windows(folded.len()).any(|window| window == folded) {
            found.push(format!("{what} in {place}"));
        }
    }
}

/// Everything that happens to a person in a shop, with what is broken on the way.
fn a_day(broker: &Mosquitto, gateway: &Gateway, members: &[Member], said: &Follower) -> String {
    for member in members {
        let mut enrolment = member.enrolment(1);
        enrolment["segments"] = json!(["member", "canary-segment"]);
        broker.publish(&topic("in/profile"), &enrolment.to_string());
    }
    gateway.until("the members are enrolled", |live| {
        live["status"]["enrolled"] == members.len()
    });
    let hello = json!({"screen": "front", "player": "p", "revision": 0, "status": "hello"});
    broker.publish(&topic("screen/front/report"), &hello.to_string());
    let mut fobs: Vec<Fob> = members.iter().map(|m| m.fob).collect();
    fobs.push(STRANGER);
    let shoppers = InTheDairy::with(broker.port, fobs);
    for n in 0..20 {
        let (at, payload) = theengs(&STRANGER, "home/gateway-1", -50 - n);
        broker.publish(&at, &payload);
        // Broken messages carry names too, and are not quoted.
        broker.publish(&at, &payload[..payload.len() - 5]);
    }
    let broken = members[0].enrolment(2).to_string();
    let broken = broken.replace("version", "vresion");
    broker.publish(&topic("in/profile"), &broken);
    said.until("an offer is shown", |m| m.payload.contains("members"));
    gateway.until("the stranger is dropped", |live| {
        live["counts"]["strangers"].as_u64() > Some(20)
    });
    let mut pages = String::new();
    for path in ["/metrics", "/api/live", "/api/problems", "/readyz"] {
        pages += &gateway.get(path).text();
    }
    for member in members {
        let withdrawal = desk::withdrawal(&member.customer).to_string();
        broker.publish(&topic("in/withdraw"), &withdrawal);
    }
    gateway.until("all have left", |live| {
        live["status"]["visits"] == json!([])
    });
    drop(shoppers);
    pages + &gateway.get("/api/live").text()
}

#[test]
fn nothing_that_names_a_person_leaves_its_place() {
    let dir = tempfile::tempdir().unwrap();
    let Some(broker) = Mosquitto::start(dir.path()) else {
        return;
    };
    let site = Site::beside(broker.port);
    // What people and scanners say goes in; only what the gateway says is looked at.
    let out = ["gateway/#", "screen/+/command", "out/#"].map(|tail| broker.follow(&topic(tail)));
    let gateway = Gateway::start_loud(&site);
    let members = [1, 2, 3].map(Member::new);
    let pages = a_day(&broker, &gateway, &members, &out[1]);

    let mut canaries = canaries(&members);
    let mut found = Vec::new();
    canaries.extend(members_only(&members[0]));
    let files = site.data_bytes();
    assert!(!files.is_empty(), "the gateway keeps something");
    for (path, bytes) in &files {
        find(&path.display().to_string(), bytes, &canaries, &mut found);
    }
    find("a page", pages.as_bytes(), &canaries, &mut found);
    find("the log", gateway.said().as_bytes(), &canaries, &mut found);
    for message in out.iter().flat_map(Follower::heard) {
        let text = format!("{} {}", message.topic, message.payload);
        find("what it publishes", text.as_bytes(), &canaries, &mut found);
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn the_search_finds_what_it_looks_for() {
    let members = [Member::new(1)];
    let everybody = canaries(&members);
    for (text, hits) in [
        ("nothing at all", 0),
        ("a line with canary-customer-00001 in it", 1),
        ("58:78:20:76:bc:24", 1),
        ("C0FFEE5EC2E74B1D8BADF00DDEADBEEF", 1),
    ] {
        let mut found = Vec::new();
        find("here", text.as_bytes(), &everybody, &mut found);
        assert_eq!(found.len(), hits, "{text}: {found:?}");
    }
}

#[test]
fn a_stranger_leaves_no_trace_but_a_count() {
    let site = Site::embedded();
    let gateway = Gateway::start(&site);
    let (_, espresense) = espresense(&STRANGER, "dairy", -50.0);
    assert!(
        espresense.contains(&STRANGER.uuid_text()),
        "the canary sings"
    );
    let shoppers = InTheDairy::with(site.broker_port, vec![STRANGER]);
    let mut client = tests::mqtt::Client::connect(site.broker_port, "node").unwrap();
    let (at, frame) = node(&STRANGER, "s-node", 1, -60);
    client.publish(&at, &frame).unwrap();
    client.flush().unwrap();
    let live = gateway.until("strangers are counted", |live| {
        live["counts"]["strangers"].as_u64() > Some(20)
    });
    drop(shoppers);
    assert_eq!(live["status"]["visits"], json!([]));
    let mut found = Vec::new();
    let everybody = canaries(&[]);
    let text = gateway.said() + &gateway.get("/metrics").text() + &live.to_string();
    find("text", text.as_bytes(), &everybody, &mut found);
    for (path, bytes) in site.data_bytes() {
        find(&path.display().to_string(), &bytes, &everybody, &mut found);
    }
    assert!(found.is_empty(), "{found:#?}");
}
