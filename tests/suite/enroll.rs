//! A real mosquitto with what `aislecast enroll` wrote for it: nobody in without a
//! badge, nobody says what is another's, and the gateway works as ever.

use serde_json::Value;
use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, path::PathBuf};
use tests::{
    gateway::{Gateway, aislecast},
    house,
    mosquitto::Mosquitto,
    mqtt::{Client, Login},
    page,
    site::{Site, topic},
    wait,
};

/// Devices beside those of the test shop.
const MORE: &str = "
[[scanners]]
id = \"s-other\"
at = [10, 8]
source = \"node\"

[[screens]]
id = \"back\"
label = \"Back\"
at = [2, 8]
seen_from = [\"entrance\"]

[[tills]]
id = \"pos\"
receipt = \"/number\"

[[tills]]
id = \"kiosk\"
receipt = \"/number\"
";

/// What whoever reads everything is told last.
const END: &str = "canary-end";

/// A shop with a broker that asks for badges.
pub(crate) struct Guarded {
    pub(crate) broker: Mosquitto,
    pub(crate) site: Site,
    dir: PathBuf,
    pub(crate) plain_port: u16,
}

impl Guarded {
    pub(crate) fn start() -> Option<Self> {
        house::tool("mosquitto_passwd")?;
        let (tls_port, plain_port) = (house::free_port(), house::free_port());
        let site = Site::beside(tls_port);
        let text = fs::read_to_string(site.config()).expect("it was written at the start");
        fs::write(site.config(), text + MORE).expect("the folder can be written");
        // mosquitto lays root down before it reads some of its files.
        let open = fs::Permissions::from_mode(0o755);
        fs::set_permissions(site.dir(), open).expect("the folder is ours");
        let dir = site.dir().join("broker");
        let (tls, plain) = (tls_port.to_string(), plain_port.to_string());
        enroll(&site, &["broker", "--port", &tls, "--plain-port", &plain]);
        for device in ["s-node", "s-other", "front", "back", "pos"] {
            enroll(&site, &["device", device]);
        }
        enroll(&site, &["device", "s-theengs", "--as", "theengs"]);
        enroll(&site, &["system", "crm", "--for", "customers"]);
        enroll(&site, &["system", "watch", "--for", "watch"]);
        enroll(&site, &["system", "floor", "--for", "complaints,baskets"]);
        enroll(&site, &["system", "lost", "--for", "customers,offers"]);
        auditor(&dir);
        let config = dir.join("aislecast.conf");
        let broker = Mosquitto::of_file(site.dir(), config, plain_port)?;
        Some(Self {
            broker,
            site,
            dir,
            plain_port,
        })
    }

    pub(crate) fn password(&self, user: &str) -> String {
        let path = self.dir.join("credentials").join(user);
        let text = fs::read_to_string(path).expect("every badge has one");
        text.trim_end().to_owned()
    }

    pub(crate) fn client(&self, user: &str) -> Client {
        let password = self.password(user);
        let client = Client::log_in(self.plain_port, user, (user, Some(&password)));
        client.unwrap_or_else(|why| panic!("{user}: {why}"))
    }

    /// Its gateway, which shows its badge over TLS.
    pub(crate) fn gateway(&self) -> Gateway {
        let at = |name: &str| self.dir.join(name).display().to_string();
        let keys = format!(
            "keep_alive = \"5s\"\nusername = \"gateway\"\npassword_file = \"{}\"\ntls_ca_file = \"{}\"",
            at("credentials/gateway"),
            at("authority.pem")
        );
        self.site.edit("keep_alive = \"5s\"", &keys);
        Gateway::start(&self.site)
    }

    /// Whoever may say and hear everything; no badge is like this.
    pub(crate) fn auditor(&self) -> Client {
        let login = ("auditor", Some("auditor"));
        Client::log_in(self.plain_port, "auditor", login).expect("it is let in")
    }
}

/// Adds a user who may read and write everything, behind the list's back.
fn auditor(dir: &Path) {
    let passwords = dir.join("passwords");
    let made = std::process::Command::new("mosquitto_passwd")
        .arg("-b")
        .arg(&passwords)
        .args(["auditor", "auditor"])
        .status();
    assert!(made.is_ok_and(|status| status.success()));
    let topics = dir.join("topics");
    let text = fs::read_to_string(&topics).expect("it was written");
    fs::write(&topics, text + "\nuser auditor\ntopic readwrite #\n").expect("it can be");
    let open = fs::Permissions::from_mode(0o644);
    fs::set_permissions(&passwords, open).expect("the file is ours");
}

/// Runs `aislecast enroll` for a site; what it printed.
fn enroll(site: &Site, arguments: &[&str]) -> String {
    let (config, dir) = (site.config(), site.dir().join("broker"));
    let (config, dir) = (config.display().to_string(), dir.display().to_string());
    let fixed = ["enroll", "--config", &config, "--dir", &dir];
    let output = aislecast(&[&fixed[..], arguments].concat());
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What nobody may say by these badges; `~` stands for the shop's topics.
const FORBIDDEN: [(&str, &[&str]); 6] = [
    (
        "scanner-s-node",
        &[
            "~node/s-other/frame",
            "~node/s-other/status",
            "~node/s-other/health",
            "~gateway/status",
            "~gateway/health",
            "~screen/front/command",
            "~screen/front/report",
            "~in/profile",
            "~in/withdraw",
            "~in/forget",
            "~in/basket",
            "~in/reading",
            "~in/till/pos",
            "~offers/set",
            "~offers/result",
            "~out/answer",
            "~zone/dairy/state",
            "aislecast/v1/test-2/node/s-node/frame",
            "home/gateway-1/BTtoMQTT/58782076BC24",
            "$SYS/broker/version",
        ],
    ),
    (
        "screen-front",
        &[
            "~screen/back/report",
            "~screen/front/command",
            "~screen/back/command",
            "~in/complaint",
            "~offers/set",
            "~node/s-node/frame",
        ],
    ),
    (
        "till-pos",
        &["~in/till/kiosk", "~in/basket", "~in/profile", "~offers/set"],
    ),
    (
        "theengs",
        &[
            "home/gateway-2/BTtoMQTT/58782076BC24",
            "~node/s-node/frame",
            "~in/reading",
        ],
    ),
    (
        "crm",
        &[
            "~offers/set",
            "~in/basket",
            "~in/till/pos",
            "~screen/front/command",
        ],
    ),
    (
        "watch",
        &[
            "~in/profile",
            "~in/forget",
            "~screen/front/command",
            "~gateway/status",
        ],
    ),
];

pub(crate) fn spelled(short: &str) -> String {
    short
        .strip_prefix('~')
        .map_or_else(|| short.to_owned(), topic)
}

#[test]
fn no_badge_says_what_is_anothers() {
    let Some(guarded) = Guarded::start() else {
        return;
    };
    let mut auditor = guarded.auditor();
    auditor.subscribe("#").unwrap();
    let mut tried = 0;
    for (user, topics) in FORBIDDEN {
        let mut client = guarded.client(user);
        for short in topics {
            let payload = format!("canary-{user}");
            let topic = spelled(short);
            client.publish_retained(&topic, payload.as_bytes()).unwrap();
            tried += 1;
        }
        client.flush().unwrap();
        // The same as a last will, which the broker says in its name.
        let (password, will) = (guarded.password(user), spelled(topics[0]));
        let login = (user, Some(password.as_str()));
        let dying = Client::log_in_with_will(guarded.plain_port, login, (&will, b"canary-will"));
        drop(dying);
        // Whoever comes by the same name has the broker bury the one before.
        guarded.client(user).flush().unwrap();
        tried += 1;
    }
    assert!(tried >= 40, "{tried}");
    let mut node = guarded.client("scanner-s-node");
    let own = topic("node/s-node/frame");
    node.publish(&own, END.as_bytes()).unwrap();
    let (heard, payload) = auditor.message().unwrap();
    let payload = String::from_utf8_lossy(&payload).into_owned();
    assert_eq!(
        (heard, payload.as_str()),
        (own, END),
        "after {tried} attempts"
    );
    println!("badges: {tried} attempts to say what is another's, 0 succeeded");
}

#[test]
fn no_badge_hears_what_is_for_others() {
    let Some(guarded) = Guarded::start() else {
        return;
    };
    for (user, filter, own) in [
        ("scanner-s-node", "#", None),
        ("scanner-s-node", "aislecast/v1/+/in/+", None),
        ("screen-front", "#", Some("~screen/front/command")),
        (
            "screen-front",
            "~screen/+/command",
            Some("~screen/front/command"),
        ),
        ("watch", "~#", Some("~gateway/status")),
        ("crm", "#", Some("~out/answer")),
        ("till-pos", "~in/+", Some("~out/answer")),
    ] {
        let mut spy = guarded.client(user);
        // mosquitto may grant a wide filter; what comes by it is what counts.
        spy.subscribe(&spelled(filter)).unwrap();
        let mut says = guarded.auditor();
        for tail in [
            "~in/profile",
            "~screen/back/command",
            "~in/withdraw",
            "~offers/set",
        ] {
            says.publish(&spelled(tail), b"canary-secret").unwrap();
        }
        if let Some(own) = own {
            spy.subscribe(&spelled(own)).unwrap();
            says.publish(&spelled(own), END.as_bytes()).unwrap();
        }
        says.flush().unwrap();
        match own {
            Some(own) => {
                let (heard, payload) = spy.message().unwrap();
                assert_eq!(payload, END.as_bytes(), "{user} heard {heard}");
                assert_eq!(heard, spelled(own));
            }
            None => spy
                .flush()
                .unwrap_or_else(|_| panic!("{user} heard something")),
        }
    }
}

#[test]
fn nobody_gets_in_without_a_badge_and_nobody_throws_another_out() {
    let Some(mut guarded) = Guarded::start() else {
        return;
    };
    let right = guarded.password("lost");
    let crm = guarded.password("crm");
    let refused: [Login<'_>; 7] = [
        ("lost", None),
        ("lost", Some("")),
        ("lost", Some("wrong")),
        ("lost", Some(&crm)),
        ("", Some(&right)),
        ("nobody", Some(&right)),
        ("gateway", Some(&right)),
    ];
    for login in refused {
        let admitted = Client::log_in(guarded.plain_port, "x", login);
        assert!(admitted.is_err(), "{}", login.0);
    }
    assert!(Client::connect(guarded.plain_port, "anonymous").is_err());
    // Another's client id makes nobody that other, and throws nobody out.
    let mut gateway = guarded.client("gateway");
    let mut thief = Client::log_in(guarded.plain_port, "gateway", ("lost", Some(&right))).unwrap();
    thief.flush().unwrap();
    gateway.flush().expect("it is still there");
    // What was taken back opens nothing; what was renewed, only with the new password.
    enroll(&guarded.site, &["revoke", "lost"]);
    enroll(&guarded.site, &["renew", "crm"]);
    guarded.broker.kill();
    guarded.broker.resume();
    for (user, password) in [("lost", &right), ("crm", &crm)] {
        let login = (user, Some(password.as_str()));
        assert!(
            Client::log_in(guarded.plain_port, user, login).is_err(),
            "{user}"
        );
    }
    guarded.client("crm").flush().unwrap();
}

#[test]
fn the_gateway_works_with_its_badge_over_tls() {
    let Some(guarded) = Guarded::start() else {
        return;
    };
    let gateway = guarded.gateway();
    let mut node = guarded.client("scanner-s-node");
    node.publish_retained(&topic("node/s-node/status"), b"online")
        .unwrap();
    gateway.until("the gateway hears the node", |_| {
        let page = gateway.get("/metrics").text();
        page.contains("aislecast_node_up{node=\"s-node\"} 1")
    });
    // And it is heard: a withdrawal is answered to whoever handed it in.
    let mut crm = guarded.client("crm");
    crm.subscribe(&topic("out/answer")).unwrap();
    crm.publish(
        &topic("in/withdraw"),
        b"{\"customer\": \"nobody-1\", \"request\": \"w-1\"}",
    )
    .unwrap();
    let (_, answer) = crm.message().unwrap();
    let answer: Value = serde_json::from_slice(&answer).unwrap();
    assert!(answer.is_object(), "{answer}");
    assert!(!gateway.said().contains(&guarded.password("gateway")));
}

#[test]
fn what_the_page_about_the_broker_tells_to_type_runs() {
    let folder = tempfile::tempdir().expect("the temporary folder can be written");
    let said = page::perform("docs/broker.md", folder.path());
    let renewed = fs::read_to_string(folder.path().join("badges/credentials/crm")).unwrap();
    assert_eq!(renewed.trim_end().len(), 32);
    let gone = folder.path().join("badges/credentials/scanner-s-snacks");
    assert!(!gone.exists());
    assert!(said[4].contains("writes  ring-mqtt/#"), "{}", said[4]);
    assert!(!said.concat().contains(renewed.trim_end()));
    let list = wait::until("the list is JSON", || {
        let dir = folder.path().join("badges").display().to_string();
        let config = folder.path().join("config").display().to_string();
        let fixed = [
            "enroll", "--config", &config, "--dir", &dir, "list", "--json",
        ];
        serde_json::from_slice::<Value>(&aislecast(&fixed).stdout).ok()
    });
    let users: Vec<_> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|b| &b["user"])
        .collect();
    assert_eq!(users, ["gateway", "crm", "home-assistant"]);
}
