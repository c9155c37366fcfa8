//! A shop of twelve zones and eight screens, with offers as shops have them, and
//! people with profiles before its first screen.

use crate::{plan, stage::Somebody};
use engine::{
    plan::{Bits, HourRange, Offer, SegmentRule, Sensitivity, StorePlan},
    shopper::{Profile, Purposes},
};

const ZONES: u16 = 12;
const SCREENS: u16 = 8;
const SEGMENTS: u16 = 16;

pub(crate) fn shop(offers: u16, offer: impl Fn(u16) -> Offer) -> StorePlan {
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
pub(crate) fn usual(at: u16) -> Offer {
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
pub(crate) fn crowd(people: u8) -> Vec<Somebody> {
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
