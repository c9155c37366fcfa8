//! What somebody describes is asked of every offer as a test of that offer
//! would ask it, and what cannot be is said where it stands.

use config::Shop;
use engine::{
    decide::{Reason, Situation, Verdict, rehearse, rehearse_audience},
    plan::OfferIx,
};
use jiff::Timestamp;
use proptest::prelude::*;
use std::{path::Path, sync::LazyLock};

static SHOP: LazyLock<Shop> = LazyLock::new(config::demo);

fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn described(text: &str) -> Result<Situation, String> {
    let found = config::describe(
        folder(),
        &SHOP.plan,
        ("audience.toml", text),
        Timestamp::UNIX_EPOCH,
    );
    found.map_err(|problems| problems.to_string())
}

/// One of some places of the demo's shop, by screen.
const PLACES: [(&str, &str); 3] = [
    ("drinks", "drinks"),
    ("bakery", "bakery"),
    ("fresh", "meat-fish"),
];

fn person(zone: &'static str) -> impl Strategy<Value = String> {
    let segments = prop::sample::subsequence(vec!["student", "coffee-lover"], 0..=2);
    (segments, 0..200_u32, 0..9_u32, any::<[bool; 3]>()).prop_map(
        move |(segments, dwell, visits, [consent, known, adult])| {
            format!(
                "{{ zone = \"{zone}\", dwell = \"{dwell}s\", visits = {visits}, segments = {segments:?}, \
                 consent = {consent}, personalisation = {known}, adult = {adult} }}"
            )
        },
    )
}

fn situation() -> impl Strategy<Value = String> {
    (0..PLACES.len()).prop_flat_map(|at| {
        let (screen, zone) = PLACES[at];
        let people = prop::collection::vec(person(zone), 0..5);
        (people, 6..23_u32, 1..29_u32, 0..60_u32, 0..9_u32, any::<[bool; 2]>()).prop_map(
            move |(people, hour, day, inside, crowd, [settling, turn])| {
                format!(
                    "at = \"2026-07-{day:02} {hour:02}:30\"\nscreen = \"{screen}\"\naudience = [{}]\n\
                     crowd = {{ {zone} = {crowd} }}\nsensors = {{ door = \"{inside} people\", outside-temperature = \"31 °C\" }}\n\
                     settling = {settling}\nturn = {turn}\nenrolled = 700\n",
                    people.join(", ")
                )
            },
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_offer_is_explained_as_its_own_test_would_decide_it(text in situation()) {
        let situation = described(&text).map_err(TestCaseError::fail)?;
        let (decision, needed) = rehearse_audience(&SHOP.plan, &situation);
        prop_assert_eq!(decision.waterfall.len(), SHOP.plan.offers.len());
        for (at, verdict) in decision.waterfall.iter().enumerate() {
            let alone = rehearse(&SHOP.plan, OfferIx(at as u16), &situation);
            prop_assert_eq!(*verdict, alone, "{}", &SHOP.plan.offers[at].id);
            let is_stopped = matches!(verdict, Verdict::Stopped(_));
            prop_assert_eq!(needed[at].is_some(), is_stopped);
        }
        // The best that nothing stops is chosen, and the house loop only without one.
        match decision.chosen {
            Some(_) => prop_assert!(decision.total() >= decision.top()),
            None => prop_assert!(decision.waterfall.iter().all(|v| matches!(v, Verdict::Stopped(_)))),
        }
    }
}

#[test]
fn people_nobody_knows_count_where_they_stand() {
    let seen = |crowd: &str| {
        let text = format!(
            "screen = \"drinks\"\naudience = [{{ zone = \"drinks\" }}, {{ zone = \"drinks\" }}]\n{crowd}"
        );
        rehearse_audience(&SHOP.plan, &described(&text).unwrap())
            .0
            .audience
    };
    assert_eq!(seen(""), (2, 0.0));
    assert_eq!(seen("crowd = { drinks = 6 }"), (2, 6.0));
    assert_eq!(seen("crowd = { bakery = 6 }"), (2, 0.0));
}

#[test]
fn a_moment_that_is_not_said_is_now() {
    let situation = described("screen = \"drinks\"").unwrap();
    let (decision, _) = rehearse_audience(&SHOP.plan, &situation);
    // No offer ran in 1970.
    let over = Verdict::Stopped(Reason::OutOfDates);
    assert!(decision.waterfall.contains(&over));
}

#[test]
fn what_cannot_be_is_said_where_it_stands() {
    for (text, expected) in [
        ("screen = \"drink\"", "there is no screen \"drink\""),
        (
            "screen = \"drinks\"\ncrowd = { moon = 3 }",
            "there is no zone \"moon\"",
        ),
        (
            "screen = \"drinks\"\naudience = [{ zone = \"bakery\" }]",
            "cannot be seen from there",
        ),
        (
            "screen = \"drinks\"\naudience = [{ zone = \"drinks\", held_out = true }]",
            "this is about one offer, and all are asked",
        ),
        (
            "screen = \"drinks\"\naudience = [{ zone = \"drinks\", segments = [\"cyclist\"] }]",
            "there is no segment \"cyclist\"",
        ),
        ("screen = \"drinks\"\nat = \"tomorrow\"", "audience.toml:2"),
        ("screen = \"drinks\"\npeople = 3", "people"),
    ] {
        let told = described(text).expect_err(text);
        assert!(told.contains(expected), "{text}: {told}");
    }
}
