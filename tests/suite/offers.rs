//! Offers change while the shop runs: by command line, HTTP and MQTT; they are
//! stopped by hand; and a cut at any moment leaves the old or the new version.

use serde_json::{Value, json};
use std::{
    fs,
    path::PathBuf,
    process::Output,
    thread,
    time::{Duration, Instant},
};
use tests::{
    chance::Chance,
    gateway::{Gateway, aislecast},
    http,
    mqtt::Client,
    site::{Site, topic},
};

/// How often the gateway is killed while bundles are applied.
const KILLS: usize = 6;
const BODY: &str = r##"
sensitivity = "public"
holdout = "0 %"
[schedule]
last_day = "2044-12-31"
[cap]
per_visit = 100
per_day = 100
[budget]
showings = 1000000
[creative]
colour = "#0a5f8c"
[[creative.texts]]
language = "en"
headline = "Hello"
"##;

/// A shop with two authors, whose keys lie in its folder.
pub(crate) struct Shop {
    pub(crate) site: Site,
    number: u64,
}

impl Shop {
    pub(crate) fn new(countersign: bool) -> Self {
        let site = Site::embedded();
        let mut text = fs::read_to_string(site.config()).expect("it was written at the start");
        let rule = format!("\n[offers]\ncountersign = {countersign}\n");
        text.push_str(&rule);
        for (name, operator) in [("lan", false), ("minh", true)] {
            let key = site.dir().join(format!("{name}.key"));
            let mut arguments = vec!["offers", "keygen", name, "--out", plain(&key)];
            arguments.extend(operator.then_some("--operator"));
            text.push_str(&said(&aislecast(&arguments)));
        }
        fs::write(site.config(), text).expect("the folder can be written");
        Self { site, number: 0 }
    }

    /// A folder with one offer of this name.
    fn folder(&self, offer: &str) -> PathBuf {
        let folder = self.site.dir().join(format!("bundle-{offer}"));
        fs::create_dir_all(folder.join("offers")).expect("the folder can be written");
        let text = format!("id = \"{offer}\"\ntitle = \"Offer {offer}\"{BODY}");
        fs::write(folder.join(format!("offers/{offer}.toml")), text)
            .expect("the folder can be written");
        folder
    }

    /// A bundle with one offer of this name, signed by `author`.
    pub(crate) fn bundle(&mut self, offer: &str, author: &str) -> Vec<u8> {
        self.number += 1;
        let (folder, out) = (self.folder(offer), self.site.dir().join("out.bundle"));
        let key = self.site.dir().join(format!("{author}.key"));
        let number = self.number.to_string();
        let output = aislecast(&[
            "offers",
            "pack",
            plain(&folder),
            "--author",
            author,
            "--key",
            plain(&key),
            "--number",
            &number,
            "--out",
            plain(&out),
        ]);
        assert!(output.status.success(), "{}", said(&output));
        fs::read(out).expect("it was just written")
    }

    pub(crate) fn apply(&self, bundle: &[u8]) -> Option<http::Answer> {
        http::ask(self.site.http_port, "POST", "/api/v1/offers/apply", bundle)
    }

    fn offers(&self, arguments: &[&str]) -> Output {
        let url = format!("http://127.0.0.1:{}", self.site.http_port);
        aislecast(&[&["offers"], arguments, &["--url", &url]].concat())
    }
}

fn plain(path: &std::path::Path) -> &str {
    path.to_str().expect("temporary folders have plain names")
}

fn said(output: &Output) -> String {
    let both = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&both).into_owned()
}

/// Names of the offers in force.
pub(crate) fn in_force(live: &Value) -> Vec<String> {
    let offers = live["status"]["offers"].as_array().into_iter().flatten();
    offers
        .filter_map(|offer| offer["id"].as_str().map(str::to_owned))
        .collect()
}

pub(crate) fn waits_for(gateway: &Gateway, offer: &str) {
    gateway.until(offer, |live| in_force(live) == [offer]);
}

#[test]
fn bundles_come_by_command_line_http_and_mqtt_and_forged_ones_change_nothing() {
    let mut shop = Shop::new(false);
    let mut gateway = Gateway::start(&shop.site);
    let first = shop.bundle("first", "lan");
    let answer = shop.apply(&first).expect("the gateway answers");
    assert_eq!(answer.json(), json!({"version": 1}));
    waits_for(&gateway, "first");

    // Replayed, altered, cut, forged, oversized: refused, and nothing changes.
    let mut altered = first.clone();
    *altered.last_mut().expect("it is not empty") ^= 1;
    let forged = shop.bundle("forged", "lan");
    let forged = String::from_utf8_lossy(&forged).replace("\"lan\"", "\"eve\"");
    for (bundle, status) in [
        (&first[..], 409),
        (&altered[..], 400),
        (&first[..first.len() - 9], 400),
        (forged.as_bytes(), 403),
        (&vec![b'x'; (16 << 20) + 1][..], 413),
    ] {
        let answer = shop.apply(bundle).expect("the gateway answers");
        assert_eq!(answer.status, status, "{}", answer.text());
    }
    waits_for(&gateway, "first");

    let (folder, key) = (shop.folder("second"), shop.site.dir().join("lan.key"));
    let output = shop.offers(&[
        "apply",
        plain(&folder),
        "--yes",
        "--author",
        "lan",
        "--key",
        plain(&key),
    ]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(
        said(&output).contains("+ offers/second.toml"),
        "{}",
        said(&output)
    );
    waits_for(&gateway, "second");

    // The command line took the time as the number: go on above it.
    shop.number = 1 << 50;
    let third = shop.bundle("third", "lan");
    let mut client = Client::connect(shop.site.broker_port, "head-office").expect("a broker");
    let subscribed = client.subscribe(&topic("offers/result"));
    subscribed.expect("the broker is there");
    for (payload, field) in [
        (&third[..], "version"),
        (&third[..], "refused"),
        (b"x", "refused"),
    ] {
        let sent = client.publish(&topic("offers/set"), payload);
        sent.expect("the broker is there");
        let (_, told) = client.message().expect("what came of it is told");
        let told: Value = serde_json::from_slice(&told).expect("it is JSON");
        assert!(!told[field].is_null(), "{told}");
    }
    waits_for(&gateway, "third");

    // In force over a restart, and until somebody goes back.
    gateway.process().kill();
    let gateway = Gateway::start(&shop.site);
    waits_for(&gateway, "third");
    for (to, offer) in [("1", "first"), ("0", "members")] {
        let output = shop.offers(&["rollback", to]);
        assert!(output.status.success(), "{}", said(&output));
        waits_for(&gateway, offer);
    }
    let history = said(&shop.offers(&["history"]));
    assert!(history.contains("*     5"), "{history}");
}

/// What the gateway says of described people.
fn explain(site: &Site, situation: &Value) -> http::Answer {
    let (path, body) = ("/api/v1/offers/explain", situation.to_string());
    let answer = http::ask(site.http_port, "POST", path, body.as_bytes());
    answer.expect("the gateway answers")
}

/// What the command line says of the same people, described in a file.
fn explained_on_the_line(site: &Site) -> Value {
    let file = site.dir().join("situation.toml");
    let text = "screen = \"front\"\nat = \"2030-05-04 14:30\"\n\
                audience = [{ zone = \"dairy\", dwell = \"40s\" }]\ncrowd = { dairy = 4 }\n";
    fs::write(&file, text).expect("the folder can be written");
    let (file, shop) = (plain(&file), plain(site.dir()));
    let asked = ["offers", "explain", "--situation", file, "--shop", shop];
    let output = aislecast(&[&asked[..], &["--json"]].concat());
    assert!(output.status.success(), "{}", said(&output));
    serde_json::from_slice(&output.stdout).expect("it is JSON")
}

#[test]
fn who_is_described_over_http_is_answered_as_on_the_command_line() {
    let site = Site::embedded();
    let _gateway = Gateway::start(&site);
    let situation = json!({
        "screen": "front",
        "at": "2030-05-04 14:30",
        "audience": [{"zone": "dairy", "dwell": "40s"}],
        "crowd": {"dairy": 4},
    });
    let told = explain(&site, &situation).json();
    assert_eq!(told, explained_on_the_line(&site));
    assert_eq!(told["offers"][0]["chosen"], true, "{told}");
    let nobody = json!({"screen": "front", "at": "2030-05-04 14:30"});
    let nobody = explain(&site, &nobody).json();
    assert_eq!(nobody["offers"][0]["reason"], "nobody_in_zone", "{nobody}");
}

#[test]
fn what_is_wrong_with_described_people_is_named_key_by_key() {
    let site = Site::embedded();
    let _gateway = Gateway::start(&site);
    let misspelt = json!({"screen": "front", "audience": [{"zone": "dary"}]});
    let wrong = explain(&site, &misspelt);
    assert_eq!(wrong.status, 422, "{}", wrong.text());
    let problem = &wrong.json()["problems"][0];
    assert_eq!(problem["key"], "audience[0].zone", "{problem}");
    assert_eq!(problem["did_you_mean"], "dairy", "{problem}");
    assert_eq!(explain(&site, &json!({"screen": null})).status, 400);
}

#[test]
fn a_marketers_bundle_waits_for_an_operator_where_the_shop_asks_for_one() {
    let mut shop = Shop::new(true);
    let gateway = Gateway::start(&shop.site);
    let bundle = shop.bundle("first", "lan");
    let answer = shop.apply(&bundle).expect("the gateway answers");
    assert_eq!(answer.status, 403, "{}", answer.text());
    let (one, two) = (
        shop.site.dir().join("out.bundle"),
        shop.site.dir().join("both.bundle"),
    );
    let key = shop.site.dir().join("minh.key");
    let output = aislecast(&[
        "offers",
        "countersign",
        plain(&one),
        "--operator",
        "minh",
        "--key",
        plain(&key),
        "--out",
        plain(&two),
    ]);
    assert!(output.status.success(), "{}", said(&output));
    let output = shop.offers(&["apply", plain(&two), "--yes"]);
    assert!(output.status.success(), "{}", said(&output));
    waits_for(&gateway, "first");
}

#[test]
fn a_cut_at_any_moment_leaves_the_old_or_the_new_version_whole() {
    let mut shop = Shop::new(false);
    let mut chance = Chance::new(5);
    let mut gateway = Gateway::start(&shop.site);
    let (mut applied, mut versions) = ("members".to_owned(), 0);
    for round in 0..KILLS {
        let name = format!("round-{round}");
        let bundle = shop.bundle(&name, "lan");
        let port = shop.site.http_port;
        let applying = thread::spawn(move || {
            http::ask(port, "POST", "/api/v1/offers/apply", &bundle)
                .is_some_and(|a| a.status == 200)
        });
        // Not a wait for something: the moment of the cut is part of the test.
        thread::sleep(Duration::from_micros(chance.number() % 40_000));
        gateway.process().kill();
        let was_answered = applying.join().expect("it ends with the gateway");
        gateway = Gateway::start(&shop.site);
        let now = in_force(&gateway.live());
        if was_answered {
            assert_eq!(now.join(" "), name, "what was answered is in force");
        }
        let now = now.join(" ");
        assert!(now == name || now == applied, "{now:?}");
        versions += usize::from(now == name);
        applied.clone_from(&now);
        let history = gateway.get("/api/v1/offers/history").json();
        assert_eq!(history["version"], versions, "{history}");
        gateway.until("the files are whole", |live| {
            in_force(live).join(" ") == now
        });
    }
}

/// The next command to the screen of this kind; it is painted at once.
fn paints(client: &mut Client, gateway: &Gateway, wanted: impl Fn(&Value) -> bool) {
    loop {
        let (_, command) = client.message().expect("the screen is commanded");
        let command: Value = serde_json::from_slice(&command).expect("a command is JSON");
        let report = json!({
            "screen": "front", "player": "p", "revision": command["revision"], "status": "painted",
        });
        gateway.post("/screen/front/report", &report);
        if wanted(&command["action"]) {
            return;
        }
    }
}

#[test]
fn what_is_paused_leaves_the_screen_within_five_seconds_and_stays_away() {
    let mut shop = Shop::new(false);
    let mut gateway = Gateway::start(&shop.site);
    let bundle = shop.bundle("first", "lan");
    assert_eq!(shop.apply(&bundle).expect("it answers").status, 200);
    let mut screen = Client::connect(shop.site.broker_port, "front").expect("a broker");
    let subscribed = screen.subscribe(&topic("screen/front/command"));
    subscribed.expect("the broker is there");
    let hello = json!({"screen": "front", "player": "p", "revision": 0, "status": "hello"});
    gateway.post("/screen/front/report", &hello);
    paints(&mut screen, &gateway, |action| !action["show"].is_null());

    let asked = Instant::now();
    let output = shop.offers(&["pause", "first"]);
    assert!(output.status.success(), "{}", said(&output));
    paints(&mut screen, &gateway, |action| action["show"].is_null());
    assert!(
        asked.elapsed() < Duration::from_secs(5),
        "{:?}",
        asked.elapsed()
    );
    let output = shop.offers(&["why-not", "first"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(
        said(&output).contains("paused by hand") && said(&output).contains("needed: "),
        "{}",
        said(&output)
    );

    let output = shop.offers(&["safe-now"]);
    assert!(output.status.success(), "{}", said(&output));
    gateway.process().kill();
    let gateway = Gateway::start(&shop.site);
    let listed = gateway.get("/api/v1/offers").json();
    let stopped = (&listed["safe_now"], &listed["offers"][0]["paused"]);
    assert_eq!(stopped, (&json!(true), &json!(true)), "{listed}");
    for arguments in [&["safe-now", "--end"][..], &["resume", "first"]] {
        let output = shop.offers(arguments);
        assert!(output.status.success(), "{}", said(&output));
    }
    let listed = gateway.get("/api/v1/offers").json();
    assert_eq!(listed["offers"][0]["paused"], json!(false), "{listed}");
    let unknown = shop.offers(&["pause", "no-such-offer"]);
    assert_eq!(unknown.status.code(), Some(1), "{}", said(&unknown));
}
