//! The tablet at the door, where shoppers take their own consent back; and a list of
//! accounts that the disk has damaged, which lets nobody in.

use serde_json::{Value, json};
use std::{fs, process::Output};
use tests::{
    chrome::{Chrome, Page},
    desk::Member,
    gateway::{Gateway, aislecast},
    house, http,
    site::Site,
};

const PASSWORD: &str = "green tram rain";

fn run(site: &Site, arguments: &[&str]) -> Output {
    let data = site.data();
    let data = data.to_str().expect("a path of letters");
    aislecast(&[arguments, &["--data", data]].concat())
}

/// The address that lets a new account in.
fn link_for(site: &Site, name: &str, role: &str) -> String {
    let told = run(site, &["account", "add", name, "--role", role]);
    let code = String::from_utf8_lossy(&told.stdout).trim().to_owned();
    format!("http://127.0.0.1:{}/enter#{code}", site.http_port)
}

fn type_in(page: &mut Page, field: &str, text: &str) {
    let there = format!("document.getElementById('{field}') !== null");
    page.until("there is a field", &there);
    let set = format!(
        "document.getElementById('{field}').value = {}; true",
        json!(text)
    );
    page.evaluate(&set).expect("a field takes text");
}

fn says(page: &mut Page, text: &str) {
    let said = format!(
        "document.getElementById('outcome').innerText.includes({})",
        json!(text)
    );
    page.until(text, &said);
}

/// Signs a tablet in by a one-time code.
fn tablet(chrome: &Chrome, site: &Site) -> Page {
    let mut page = chrome.open_by_nobody(&link_for(site, "Door", "door"), 820, 1180);
    page.until(
        "a password is asked for",
        "!document.getElementById('password-field').hidden",
    );
    type_in(&mut page, "password", PASSWORD);
    page.click("#go");
    page.until("it is led to its page", "location.pathname === '/door'");
    page.until(
        "the page is drawn",
        "document.getElementById('title').innerText !== ''",
    );
    page
}

fn consents(gateway: &Gateway, member: &Member) -> Value {
    let about = json!({ "customer": member.customer });
    gateway.post("/api/v1/privacy/consents", &about).json()
}

#[test]
fn at_the_door_people_take_their_consent_back_and_are_forgotten() {
    let Some(chrome) = Chrome::start(&house::keep_dir("browser-door")) else {
        return;
    };
    let site = Site::embedded();
    let gateway = Gateway::start(&site);
    let [one, two] = [1, 2].map(Member::new);
    gateway.enrol(&one, 1);
    gateway.enrol(&two, 1);
    let mut page = tablet(&chrome, &site);
    page.screenshot("door");
    type_in(&mut page, "card", &one.customer);
    page.click("#withdraw");
    says(&mut page, "Done. From now on");
    page.screenshot("door-withdrawn");
    let noted = consents(&gateway, &one).to_string();
    assert!(noted.contains("door"), "{noted}");
    type_in(&mut page, "card", &two.customer);
    page.click("#forget");
    page.click("#ask-yes");
    says(&mut page, "is destroyed");
    gateway.until("one is forgotten", |live| live["counts"]["forgotten"] == 1);
    type_in(&mut page, "card", "nobody-at-all");
    page.click("#withdraw");
    says(&mut page, "not enrolled");
    page.click("#languages button[value=vi]");
    page.until(
        "it speaks Vietnamese",
        "document.documentElement.lang === 'vi'",
    );
    page.screenshot("door-vietnamese");
    let left = page.evaluate("document.getElementById('card').value + location.href");
    let left = left.expect("it can be asked").to_string();
    assert!(!left.contains("canary"), "{left}");
    let other = page.evaluate("fetch('/api/live').then((answer) => answer.status)");
    assert_eq!(other, Ok(json!(403)), "a tablet sees no more than its page");
}

#[test]
fn a_damaged_list_of_accounts_lets_nobody_in_and_says_what_to_do() {
    let site = Site::embedded();
    let token = format!("token_file = \"{}\"\n", tests::site::token_file().display());
    site.edit(&token, "");
    drop(Gateway::start(&site));
    let made = run(&site, &["token", "add", "watcher", "--scope", "look"]);
    let token = String::from_utf8_lossy(&made.stdout).trim().to_owned();
    let file = site.data().join("access/register.json");
    let whole = fs::read(&file).expect("there is a register");
    let looks = || {
        let header = http::bearer(&token);
        let answer = http::ask_by(site.http_port, ("GET", "/api/live"), &header, b"");
        answer.expect("the gateway answers").status
    };
    let half = &whole[..whole.len() / 2];
    for (damage, bytes) in [
        ("empty", &b""[..]),
        ("cut", half),
        ("of zeros", &[0; 400]),
        ("of another version", b"{\"version\": 99}"),
    ] {
        fs::write(&file, &whole).expect("the folder can be written");
        let gateway = Gateway::start(&site);
        assert_eq!(looks(), 200, "whole");
        // While it runs.
        fs::write(&file, bytes).expect("the folder can be written");
        assert_ne!(looks(), 200, "{damage}");
        drop(gateway);
        nobody_gets_in(&site, damage, &looks);
    }
    fs::write(&file, &whole).expect("the folder can be written");
    let _gateway = Gateway::start(&site);
    assert_eq!(looks(), 200, "mended");
}

/// A start with a damaged register: the shop runs or says why not, and nobody is in.
fn nobody_gets_in(site: &Site, damage: &str, looks: &dyn Fn() -> u16) {
    let told = run(site, &["account", "list"]);
    let said = String::from_utf8_lossy(&told.stderr).into_owned();
    assert!(!told.status.success(), "{damage}");
    assert!(
        said.contains("register.json") && said.contains("backup"),
        "{damage}: {said}"
    );
    let mut process = tests::gateway::spawn(&site.config(), site.dir());
    let answered = tests::wait::until("the gateway answers or ends", || {
        let ended = process.ended().map(|_| 0);
        let up = http::ask(site.http_port, "GET", "/healthz", b"").map(|answer| answer.status);
        ended.or(up)
    });
    if answered != 0 {
        assert_ne!(looks(), 200, "{damage}");
    }
    let said = process.said();
    assert!(said.contains("register.json"), "{damage}: {said}");
    assert!(
        !said.contains("/enter#"),
        "{damage}: no link for whoever reads the log"
    );
}
