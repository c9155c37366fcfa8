//! Children, and people whose age nobody knows, get no offer that is aimed at people;
//! and whoever comes from a file is as well known as whoever is enrolled by hand.

use serde_json::{Value, json};
use std::{fmt::Write as _, fs};
use tests::{
    desk::Member,
    gateway::{Gateway, aislecast, outcome},
    http,
    radio::InTheDairy,
    site::Site,
};

/// An offer for members, for their own eyes.
const GIFT: &str = r##"
id = "gift"
title = "A gift"
sensitivity = "personal"
priority = 60
zones = ["dairy"]
holdout = "0 %"
[schedule]
last_day = "2044-12-31"
[segments]
any = ["member"]
[cap]
per_visit = 100
per_day = 100
[budget]
showings = 1000000
[creative]
colour = "#0a5f8c"
[[creative.texts]]
language = "en"
headline = "A gift"
"##;

/// What the records of the members say of their age, by hand and in a file, and how
/// many offers each is to get.
const AGES: [(Option<bool>, &str, usize); 3] = [
    (Some(true), "yes", 1),
    (Some(false), "no", 0),
    (None, "", 0),
];

fn by_hand(gateway: &Gateway, member: &Member, adult: Option<bool>) {
    let mut enrolment = member.enrolment(1);
    match adult {
        Some(adult) => enrolment["adult"] = json!(adult),
        None => drop(enrolment.as_object_mut().and_then(|o| o.remove("adult"))),
    }
    let answer = gateway.post("/api/profiles", &enrolment);
    assert_eq!(outcome(&answer), "done");
}

/// A file as a till's maker exports it, taken in by the command line.
fn by_file(site: &Site, members: &[Member]) {
    let mut text = "customer,version,purposes,given_channel,given_at,given_language,given_by,\
                    given_evidence,segments,adult,ibeacon\n"
        .to_owned();
    for (member, (_, adult, _)) in members.iter().zip(AGES) {
        let Member { customer, fob } = member;
        writeln!(
            text,
            "{customer},1,in_store_offers;personalisation;measurement,paper,\
             2026-11-20T09:30:00+07:00,vi,shopper,form 4711,member,{adult},{}/{}/{}",
            fob.uuid_text(),
            fob.major,
            fob.minor
        )
        .expect("a string takes everything");
    }
    let file = site.dir().join("members.csv");
    fs::write(&file, text).expect("the folder can be written");
    let url = format!("http://127.0.0.1:{}", site.http_port);
    let file = file.to_str().expect("a path of letters");
    let told = aislecast(&["profiles", "import", file, "--url", &url]);
    assert!(
        told.status.success(),
        "{}",
        String::from_utf8_lossy(&told.stderr)
    );
}

/// How many private offers somebody's own phone shows.
fn offers_of(gateway: &Gateway, port: u16, member: &Member) -> usize {
    let about = json!({ "customer": member.customer });
    let claim = gateway.post("/api/v1/tail-claims", &about).json();
    let shown = json!({ "claim": claim["claim"] }).to_string();
    let answer = http::ask_by(port, ("POST", "/tail/front/offers"), "", shown.as_bytes());
    let answer = answer.expect("the gateway answers");
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["offers"].as_array().map_or(0, Vec::len)
}

#[test]
fn who_is_not_known_to_be_of_age_gets_no_personal_offer() {
    let site = Site::embedded();
    fs::write(site.dir().join("offers/gift.toml"), GIFT).expect("the folder can be written");
    let gateway = Gateway::start(&site);
    let (hands, filed) = ([1, 2, 3].map(Member::new), [4, 5, 6].map(Member::new));
    for (member, (adult, _, _)) in hands.iter().zip(AGES) {
        by_hand(&gateway, member, adult);
    }
    by_file(&site, &filed);
    let everybody: Vec<&Member> = hands.iter().chain(&filed).collect();
    let fobs = everybody.iter().map(|member| member.fob).collect();
    let _here = InTheDairy::with(site.broker_port, fobs);
    gateway.until("all are in the dairy", |live| {
        let visits = live["status"]["visits"]
            .as_array()
            .map_or(&[][..], Vec::as_slice);
        visits.len() == everybody.len() && visits.iter().all(|visit| visit["zone"] == "dairy")
    });
    for (n, member) in everybody.iter().enumerate() {
        let (adult, _, expected) = AGES[n % AGES.len()];
        let got = offers_of(&gateway, site.http_port, member);
        assert_eq!(got, expected, "of age: {adult:?}, number {n}");
    }
    let about = json!({ "customer": filed[0].customer });
    let noted: Value = gateway.post("/api/v1/privacy/consents", &about).json();
    let noted = noted.to_string();
    assert!(
        noted.contains("form 4711") && noted.contains("paper"),
        "{noted}"
    );
}
