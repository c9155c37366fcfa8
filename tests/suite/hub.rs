//! The word by which a gateway lets go of what a hub has: from somebody who is not the
//! hub, and from a hub that is out of its mind.

use serde_json::{Value, json};
use std::{collections::BTreeMap, fs, os::unix::fs::PermissionsExt as _, process::Command};
use tests::{
    desk::Member, gateway::Gateway, house, mosquitto::Mosquitto, mqtt::Client, site::Site, wait,
};

const EVENTS: &str = "aislecast/v1/up/test-1/ev";
const MARK: &str = "aislecast/v1/dn/test-1/mark";
/// Enrolled before the marks and after them.
const MEMBERS: u16 = 20;

/// What `docs/uplink.md` asks of the broker, and the hub.
const TOPICS: &str = "\
pattern write aislecast/v1/up/%u/#
pattern read aislecast/v1/dn/%u/mark

user hub
topic read aislecast/v1/up/#
topic write aislecast/v1/dn/+/mark
";

/// The broker of a hub with two shops, and the folder of its files.
fn broker() -> Option<(tempfile::TempDir, Mosquitto)> {
    house::tool("mosquitto_passwd")?;
    let dir = tempfile::tempdir().expect("the temporary folder can be written");
    let open = |mode| fs::Permissions::from_mode(mode);
    fs::set_permissions(dir.path(), open(0o755)).expect("the folder is ours");
    let (passwords, topics) = (dir.path().join("passwords"), dir.path().join("topics"));
    fs::write(&passwords, "").expect("the folder can be written");
    fs::write(&topics, TOPICS).expect("the folder can be written");
    for user in ["hub", "test-1", "test-2"] {
        let mut made = Command::new("mosquitto_passwd");
        made.arg("-b").arg(&passwords).args([user, user]);
        assert!(made.status().is_ok_and(|status| status.success()));
    }
    for file in [&passwords, &topics] {
        fs::set_permissions(file, open(0o644)).expect("the file is ours");
    }
    let settings = format!(
        "allow_anonymous false\npassword_file {}\nacl_file {}\nuse_username_as_clientid true\n",
        passwords.display(),
        topics.display()
    );
    let broker = Mosquitto::with(dir.path(), &settings)?;
    Some((dir, broker))
}

fn client(broker: &Mosquitto, user: &str) -> Client {
    Client::log_in(broker.port, user, (user, Some(user))).expect("it is let in")
}

/// A shop that tells this hub.
fn shop(broker: &Mosquitto) -> Site {
    let site = Site::embedded();
    let password = site.dir().join("hub-password");
    fs::write(&password, "test-1").expect("the folder can be written");
    fs::set_permissions(&password, fs::Permissions::from_mode(0o600)).expect("it is ours");
    let section = format!(
        "[uplink]\nhost = \"127.0.0.1\"\nport = {}\nclient_id = \"test-1\"\nkeep_alive = \"5s\"\n\
         username = \"test-1\"\npassword_file = \"{}\"\n\n[storage]",
        broker.port,
        password.display()
    );
    site.edit("[storage]", &section);
    site
}

/// What a hub heard: events by epoch and number.
#[derive(Default)]
struct Heard {
    events: BTreeMap<(String, u64), Value>,
    epochs: Vec<String>,
    upto: u64,
}

impl Heard {
    fn take(&mut self, payload: &[u8]) {
        let batch: Value = serde_json::from_slice(payload).expect("a batch is JSON");
        let epoch = batch["epoch"].as_str().expect("a name").to_owned();
        if !self.epochs.contains(&epoch) {
            self.epochs.push(epoch.clone());
        }
        self.upto = self.upto.max(batch["upto"].as_u64().expect("a number"));
        for event in batch["events"].as_array().expect("events") {
            let seq = event["seq"].as_u64().expect("a number");
            self.events
                .insert((epoch.clone(), seq), event["what"].clone());
        }
    }

    fn consents(&self) -> usize {
        let of_consent = |what: &&Value| what.get("consented").is_some();
        self.events.values().filter(of_consent).count()
    }

    /// Listens until as many consents were told.
    fn until(&mut self, hub: &mut Client, consents: usize) {
        while self.consents() < consents {
            let message = hub.message();
            let Ok((_, payload)) = message else {
                panic!("{} of {consents} consents were told", self.consents());
            };
            self.take(&payload);
        }
    }
}

/// Marks that cannot be, and words that are no mark.
fn insane(heard: &Heard) -> [Vec<Vec<u8>>; 2] {
    let epoch = heard.epochs.last().expect("something was told");
    let beyond = |first: u64, rest: u64, gap: bool| {
        let mark = json!({"epoch": epoch, "first": first, "rest": rest, "gap": gap});
        mark.to_string().into_bytes()
    };
    let more = heard.upto + 1;
    let marks = vec![
        beyond(more, 0, false),
        beyond(0, u64::MAX, false),
        beyond(more + 4096, more + 4096, true),
        beyond(u64::MAX, u64::MAX, false),
        beyond(u64::MAX, u64::MAX, true),
    ];
    let mut words = Vec::new();
    let first = |number: &str| format!("{{\"epoch\":\"{epoch}\",\"first\":{number},\"rest\":0}}");
    for number in [
        "-1",
        "1.5",
        "1e400",
        "null",
        "\"9\"",
        "18446744073709551616",
    ] {
        words.push(first(number).into_bytes());
    }
    for garbage in [
        "null",
        "{}",
        "[]",
        "0",
        "\"\"",
        "{\"epoch\":1}",
        "\u{0}\u{1}",
    ] {
        words.push(garbage.as_bytes().to_vec());
    }
    words.push(vec![b'['; 100 << 10]);
    words.push(vec![0xFF; 64]);
    [marks, words]
}

fn strange(gateway: &Gateway) -> usize {
    let page = gateway.get("/metrics").text();
    let line = page
        .lines()
        .find(|line| line.starts_with("aislecast_uplink_unreadable_total "));
    let (_, count) = line.expect("it is told").split_once(' ').expect("a value");
    count.parse().expect("a number")
}

#[test]
fn a_hub_out_of_its_mind_makes_a_gateway_let_go_of_nothing() {
    let Some((_dir, broker)) = broker() else {
        return;
    };
    let site = shop(&broker);
    let gateway = Gateway::start(&site);
    let mut hub = client(&broker, "hub");
    hub.subscribe(EVENTS).unwrap();
    let mut heard = Heard::default();
    (1..=MEMBERS).for_each(|n| gateway.enrol(&Member::new(n), 1));
    heard.until(&mut hub, usize::from(MEMBERS));
    let [marks, words] = insane(&heard);
    // The first begins another epoch; of one that is over no more is heard.
    for mark in &marks {
        hub.publish_retained(MARK, mark).unwrap();
    }
    for (n, word) in words.iter().enumerate() {
        hub.publish_retained(MARK, word).unwrap();
        wait::until("it is counted", || {
            (strange(&gateway) >= 2 + n).then_some(())
        });
    }
    let mut said = marks.len() + words.len();
    // Of an epoch that never was, and going back: nothing to count, nothing to let go.
    for mark in [
        json!({"epoch": "ffffffffffffffff", "first": u64::MAX, "rest": u64::MAX}),
        json!({"epoch": "", "first": 9, "rest": 9}),
        json!({"epoch": heard.epochs[0], "first": 0, "rest": 0, "gap": true}),
        json!({"epoch": heard.epochs[0], "first": 1, "rest": 1, "gap": false}),
    ] {
        hub.publish_retained(MARK, mark.to_string().as_bytes())
            .unwrap();
        said += 1;
    }
    gateway.until("the console says so", |_| {
        gateway
            .get("/api/problems")
            .text()
            .contains("uplink-strange")
    });
    (1..=MEMBERS).for_each(|n| gateway.enrol(&Member::new(MEMBERS + n), 1));
    let all = usize::from(2 * MEMBERS);
    heard.until(&mut hub, all);
    // Whatever it says, another run tells all of it again, under the same names.
    drop(gateway);
    let mut again = Heard::default();
    let gateway = Gateway::start(&site);
    again.until(&mut hub, all);
    assert_eq!(again.consents(), all);
    assert!(
        heard
            .events
            .iter()
            .all(|(name, what)| again.events.get(name) == Some(what))
    );
    drop(gateway);
    println!("an insane hub: {said} words, 0 of {all} events let go");
}

#[test]
fn nobody_but_the_hub_says_the_mark_and_no_shop_speaks_for_another() {
    let Some((_dir, broker)) = broker() else {
        return;
    };
    let mut hub = client(&broker, "hub");
    hub.subscribe("aislecast/v1/up/#").unwrap();
    let mut shop = client(&broker, "test-1");
    shop.subscribe(MARK).unwrap();
    let mut other = client(&broker, "test-2");
    for filter in [
        "#",
        "aislecast/v1/up/#",
        "aislecast/v1/dn/+/mark",
        "$share/x/#",
        "$SYS/#",
        MARK,
    ] {
        other.subscribe(filter).unwrap();
    }
    let mut attempts = 0;
    for topic in [
        MARK,
        "aislecast/v1/dn/test-2/mark",
        "aislecast/v1/up/test-1/hello",
        EVENTS,
        "aislecast/v1/up/test-1/x",
        "aislecast/v1/up/+/ev",
        "$SYS/broker/version",
    ] {
        for payload in [&b"canary"[..], b""] {
            // A wildcard is no topic: the broker hangs up on whoever says so.
            let mut other = client(&broker, "test-2");
            let _ = other.publish_retained(topic, payload);
            let _ = other.flush();
            attempts += 1;
        }
        let login = ("test-2", Some("test-2"));
        let dying = Client::log_in_with_will(broker.port, login, (topic, b"canary-will"));
        drop(dying);
        client(&broker, "test-2").flush().unwrap();
        attempts += 1;
    }
    for user in ["test-1", "test-2"] {
        // A shop's own badge does not say its own mark either.
        let mut client = client(&broker, user);
        client.publish_retained(MARK, b"canary").unwrap();
        client.flush().unwrap();
        attempts += 1;
    }
    hub.flush().expect("nobody spoke for test-1");
    let mut shop = client(&broker, "test-1");
    shop.subscribe(MARK).unwrap();
    shop.flush().expect("nobody said its mark");
    println!("marks and events of others: {attempts} attempts, 0 succeeded");
}
