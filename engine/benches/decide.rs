//! What decisions for an audience cost: `cargo bench -p engine --bench decide`.
//!
//! A shop of twelve zones and eight screens. Of the offers half name one to three
//! zones, a third two screens, a quarter an hour of the day, two in five a
//! segment, a few a dwell, a department, a cap; the people before the screen have
//! profiles, and two in five of them have seen something today. One iteration is
//! one decision with its whole waterfall; the rules about the shop are worked out
//! once a second, as in the engine, or anew for every decision in `from_nothing`.
//! In `all_open` nothing at all stops any offer.

#![expect(clippy::unwrap_used, reason = "offers are written as in the stories")]

#[path = "../tests/promises/shop/plan.rs"]
mod plan;
#[path = "../tests/promises/shop/stage.rs"]
mod stage;

use divan::{Bencher, counter::ItemsCount};
use engine::{
    decide::{Standing, decide},
    plan::{Bits, HourRange, Offer, SegmentRule, Sensitivity, StorePlan},
    shopper::{Profile, Purposes},
};
use stage::{Somebody, Stage};

fn main() {
    divan::main();
}

const ZONES: u16 = 12;
const SCREENS: u16 = 8;
const SEGMENTS: u16 = 16;

/// Offers and people in view.
const CASES: [(u16, u8); 12] = [
    (20, 1),
    (20, 5),
    (20, 20),
    (100, 1),
    (100, 5),
    (100, 20),
    (500, 1),
    (500, 5),
    (500, 20),
    (2_000, 1),
    (2_000, 5),
    (2_000, 20),
];

#[divan::bench(args = CASES)]
fn decisions(bencher: Bencher<'_, '_>, (offers, people): (u16, u8)) {
    let mut stage = Stage::new(shop(offers, usual), &crowd(people));
    stage.draw();
    with_standing(bencher, &stage);
}

#[divan::bench(args = [(500, 5)])]
fn from_nothing(bencher: Bencher<'_, '_>, (offers, people): (u16, u8)) {
    let stage = Stage::new(shop(offers, usual), &crowd(people));
    let viewers = stage.viewers();
    let scene = stage.scene(&viewers);
    let one = ItemsCount::new(1_u32);
    bencher
        .counter(one)
        .bench_local(|| decide(&scene, &Standing::new(&scene)));
}

#[divan::bench(args = [(500, 5), (2_000, 20)])]
fn all_open(bencher: Bencher<'_, '_>, (offers, people): (u16, u8)) {
    let open = |at: u16| plan::offer(&format!("offer-{at:04}"), &["cap=50/50"]);
    let stage = Stage::new(shop(offers, open), &crowd(people));
    with_standing(bencher, &stage);
}

/// One decision after another within the same second.
fn with_standing(bencher: Bencher<'_, '_>, stage: &Stage) {
    let viewers = stage.viewers();
    let scene = stage.scene(&viewers);
    let standing = Standing::new(&scene);
    let one = ItemsCount::new(1_u32);
    bencher
        .counter(one)
        .bench_local(|| decide(&scene, &standing));
}

fn shop(offers: u16, offer: impl Fn(u16) -> Offer) -> StorePlan {
    let mut plan = plan::small();
    let zone = plan.zones[1].clone();
    plan.zones = (0..ZONES)
        .map(|n| {
            let id = format!("zone-{n}").parse().expect("a name");
            engine::plan::Zone { id, ..zone.clone() }
        })
        .collect();
    let screen = plan.screens[0].clone();
    plan.screens = (0..SCREENS)
        .map(|n| engine::plan::Screen {
            id: format!("screen-{n}").parse().expect("a name"),
            seen_from: bits([n, n + 1, n + 2, n + 3], ZONES),
            ..screen.clone()
        })
        .collect();
    plan.segments = (0..SEGMENTS).map(|n| format!("segment-{n:02}")).collect();
    plan.offers = (0..offers).map(offer).collect();
    plan
}

/// An offer as shops have them: the numbers below share no factor, so that every
/// mixture of rules comes up.
fn usual(at: u16) -> Offer {
    let mut offer = plan::offer(&format!("offer-{at:04}"), &["cap=1/2", "holdout=100"]);
    offer.priority = (at % 97) as u8 + 1;
    offer.department = Some(format!("department-{}", at % 10));
    if at.is_multiple_of(2) {
        offer.zones = bits((0..=at % 3).map(|n| at / 2 + n * 5), ZONES);
    }
    if at.is_multiple_of(3) {
        offer.screens = bits([at / 3, at / 3 + 4], SCREENS);
    }
    if at % 4 == 1 {
        offer.schedule.hours = vec![HourRange {
            from_minute: at % 5 * 180,
            until_minute: at % 5 * 180 + 360,
        }];
    }
    if at % 5 < 2 {
        offer.sensitivity = Sensitivity::Segment;
        offer.segments = SegmentRule {
            any: bits([at, at + 7, at + 9], SEGMENTS),
            ..SegmentRule::default()
        };
    }
    if at % 7 == 3 {
        offer.dwell_ms_min = u64::from(at % 3 + 1) * 5_000;
    }
    offer
}

fn bits(members: impl IntoIterator<Item = u16>, of: u16) -> Bits {
    let members = members.into_iter();
    members.fold(Bits::NONE, |bits, n| bits.with((n % of) as u8))
}

/// People in the four zones seen from the first screen.
fn crowd(people: u8) -> Vec<Somebody> {
    let somebody = |n: u8| Somebody {
        zone: n % 4,
        dwell_ms: u64::from(n) * 3_000,
        purposes: Purposes::ALL,
        segments: bits((0..3).map(|k| u16::from(n) * 5 + k * 3), SEGMENTS),
        profile: Profile {
            adult: Some(true),
            affinities: (0..3)
                .map(|k| (format!("department-{}", (n + k) % 10), 30 + 10 * k))
                .collect(),
            language: Some("vi".to_owned()),
            visits: u32::from(n),
            ..Profile::default()
        },
        shown: if n % 5 < 2 { vec![1; 12] } else { Vec::new() },
    };
    (0..people).map(somebody).collect()
}
