//! Displays of other makers behind a running gateway.

use serde_json::Value;
use std::fs;
use tests::{
    displays::{
        access_point::{AccessPoint, Mood},
        kiosk::Kiosk,
        player::Player,
    },
    gateway::Gateway,
    house, http,
    site::Site,
    wait,
};

const MAC: &str = "0000021F12345678";
const FONT: &str = "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf";
const TOPIC: &str = "touchkio/rpi_A1B2C3";
/// The only screen of the test shop, as its `store.toml` ends it.
const FRONT: &str = "at = [18, 5]\nseen_from = [\"dairy\"]\n\n[segments]";

/// The test shop with one screen more.
fn site_with(lines: &str) -> Site {
    let site = Site::embedded();
    let second = format!(
        "at = [18, 5]\nseen_from = [\"dairy\"]\n\n[[screens]]\nid = \"other\"\nlabel = \"Other\"\n\
         at = [18, 5]\nseen_from = [\"dairy\"]\n{lines}\n[segments]"
    );
    site.edit(FRONT, &second);
    site
}

fn display(live: &Value) -> &Value {
    &live["displays"][1]
}

fn page(site: &Site) -> String {
    format!("http://127.0.0.1:{}", site.http_port)
}

#[test]
fn a_kiosk_is_shown_our_page_and_not_believed_in_the_dark() {
    let site = site_with(&format!(
        "display = \"touchkio\"\ntopic = \"{TOPIC}\"\npage = \"@page@\""
    ));
    site.edit("@page@", &page(&site));
    let gateway = Gateway::start(&site);
    let mut kiosk = Kiosk::connect(site.broker_port, TOPIC, "http://ha.local/lovelace").unwrap();
    let (tail, address) = kiosk.command().unwrap();
    assert_eq!(tail, "page_url/set");
    let (page, key) = address
        .split_once("?key=")
        .expect("it carries the screen's key");
    assert_eq!(page, format!("{}/screen/other", self::page(&site)));
    kiosk.says("page_url/state", &address).unwrap();

    let report = |status: &str| {
        let body = format!(r#"{{"screen":"other","player":"p","revision":0,"status":"{status}"}}"#);
        let path = format!("/screen/other/report?key={key}");
        let answer = http::ask_by(site.http_port, ("POST", &path), "", body.as_bytes());
        assert_eq!(answer.unwrap().status, 204);
    };
    report("hello");
    gateway.until("the page is heard", |live| {
        live["status"]["screens"][1]["silent_ms"].is_u64()
    });
    kiosk.says("display/power/state", "OFF").unwrap();
    gateway.until("the glass is known to be dark", |live| {
        display(live)["dark"].is_string()
    });
    report("alive");
    gateway.until("the page is not believed", |live| {
        display(live)["disbelieved"] == 1
    });
    kiosk.says("display/power/state", "ON").unwrap();
    gateway.until("the glass is lit again", |live| {
        display(live)["dark"].is_null()
    });
    report("alive");
    let another = another_key(&gateway, &mut kiosk);
    assert_ne!(another, address);
    let of_before = format!("/screen/other/report?key={key}");
    let answer = http::ask_by(site.http_port, ("POST", &of_before), "", b"{}");
    assert_eq!(answer.unwrap().status, 401, "the key was taken back");
    drop(kiosk);
    gateway.until("its will is heard", |live| {
        display(live)["dark"]
            .as_str()
            .is_some_and(|dark| dark.contains("ended"))
    });
}

/// Takes the key of the kiosk's screen back; the address that the kiosk is told then.
fn another_key(gateway: &Gateway, kiosk: &mut Kiosk) -> String {
    let screen = serde_json::json!({ "screen": "other" });
    let answer = gateway.post("/api/v1/access/screens/revoke", &screen);
    assert_eq!(answer.status, 204, "{}", answer.text());
    loop {
        let (tail, payload) = kiosk.command().expect("it is told another address");
        if tail == "page_url/set" {
            return payload;
        }
    }
}

#[test]
fn a_player_gets_our_page_and_its_password_is_nowhere() {
    let player = Player::start();
    // printf 'me:canary-password' | base64
    player.asks_for("bWU6Y2FuYXJ5LXBhc3N3b3Jk");
    let site = site_with(&format!(
        "display = \"anthias\"\naddress = \"{}\"\npage = \"http://10.0.0.2:8080\"\n\
         username = \"me\"\npassword_file = \"password\"",
        player.address()
    ));
    fs::write(site.dir().join("password"), "canary-password\n").unwrap();
    let gateway = Gateway::start(&site);
    let uri = "http://10.0.0.2:8080/screen/other?key=other.";
    wait::until("our page is among its assets", || {
        (player.with_uri(uri).len() == 1).then_some(())
    });
    gateway.until("the player is well", |live| {
        live["status"]["screens"][1]["silent_ms"].is_u64() && display(live)["trouble"].is_null()
    });
    player.fails(true);
    let live = gateway.until("its failure is told", |live| {
        display(live)["trouble"].is_string()
    });
    for text in [
        live.to_string(),
        gateway.said(),
        gateway.get("/metrics").text(),
    ] {
        assert!(
            !text.contains("canary-password") && !text.contains("bWU6"),
            "{text}"
        );
    }
}

#[test]
fn a_label_is_set_uploaded_and_proven_and_a_dead_one_delays_nobody() {
    if house::tool(FONT).is_none() {
        return;
    }
    let access_point = AccessPoint::start(MAC);
    let site = site_with(&format!(
        "display = \"open-epaper-link\"\naddress = \"{}\"\nmac = \"{MAC}\"\nsize = [296, 128]\n\
         font = \"{FONT}\"",
        access_point.address()
    ));
    access_point.is(Mood::Hanging);
    let gateway = Gateway::start(&site);
    let body = br#"{"screen":"front","player":"p","revision":0,"status":"hello"}"#;
    let answer = http::ask(site.http_port, "POST", "/screen/front/report", body);
    assert_eq!(answer.unwrap().status, 204, "the other screen works on");
    gateway.until("the access point is given up", |live| {
        display(live)["trouble"]
            .as_str()
            .is_some_and(|t| t.contains("cannot be reached"))
    });
    access_point.is(Mood::Well);
    wait::until("the house picture is uploaded", || {
        (access_point.uploads() > 0).then_some(())
    });
    access_point.draw();
    access_point.tag_asks(MAC);
    assert!(access_point.glass(MAC).unwrap().starts_with(&[0xff, 0xd8]));
    wait::until("what the label shows is kept", || {
        fs::read_to_string(site.data().join("labels").join(MAC)).ok()
    });
    gateway.until("the label is well", |live| {
        live["status"]["screens"][1]["silent_ms"].is_u64()
    });
}
