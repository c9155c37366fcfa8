//! Whatever happens, in whatever order: no panic, every check holds, nothing
//! personal is shown without consent, and the same twice is the same.

use crate::shop::plan;
use engine::{
    Effect, Effects, Engine, Event, Now, Seed, Snapshot,
    control::Pause,
    effect::{CommitId, LedgerEntry},
    event::{Basket, BasketLine, Heard, Malformed, Reading, RequestId, ScreenSaid, Sighting},
    plan::{ScannerIx, ScreenIx, SensorIx, StorePlan},
    shopper::{Enrolment, IdentityKey, Profile, Purposes, ShopperId},
    strength::Strength,
    time::{Mono, UnixMs, Wall},
    view::OfferStatus,
};
use proptest::prelude::*;
use protocol::{
    beacon::{Address, Beacon},
    frame::{NodeFrame, NodeReading, NodeSighting, Quantity},
    screen::{ScreenAction, ScreenStatus},
    time::Stamp,
};
use std::{collections::BTreeSet, sync::Arc};

/// One step of a history: how much time passes, and what happens then.
type Step = (u16, Happening);

#[derive(Debug, Clone)]
enum Happening {
    Event(Event),
    DiskCatchesUp,
    ClockSteps(i32),
    ClockLost,
}

fn shop_plan() -> StorePlan {
    let mut plan = plan::small();
    for words in [
        "yoghurt zone=dairy shown=5 cap=1/2 budget=7",
        "nappies zone=dairy class=segment segment=family cap=2/3 budget=5 holdout=300",
        "points class=personal",
        "rain shown=8 budget=20",
        "milk zone=dairy stock-min=3 dwell=2",
    ] {
        let words: Vec<&str> = words.split(' ').collect();
        plan.offers.push(plan::offer(words[0], &words[1..]));
    }
    plan.offers.sort_by(|a, b| a.id.cmp(&b.id));
    plan
}

fn shopper() -> impl Strategy<Value = ShopperId> {
    (1..5_u64).prop_map(ShopperId)
}

fn fob(shopper: ShopperId) -> Beacon {
    Beacon::IBeacon {
        uuid: [1; 16],
        major: 0,
        minor: shopper.0 as u16,
    }
}

fn beacon() -> impl Strategy<Value = Beacon> {
    prop_oneof![
        4 => shopper().prop_map(fob),
        1 => any::<[u8; 8]>().prop_map(Beacon::EddystoneEid),
        1 => any::<[u8; 6]>().prop_map(|a| Beacon::PrivateAddress(Address(a))),
    ]
}

fn quantity() -> impl Strategy<Value = Quantity> {
    prop_oneof![
        any::<u16>().prop_map(Quantity::StockPieces),
        any::<i16>().prop_map(Quantity::TemperatureCentiCelsius),
        (any::<u32>(), any::<u32>())
            .prop_map(|(inward, outward)| Quantity::Passages { inward, outward }),
        Just(Quantity::Fault),
    ]
}

fn heard() -> impl Strategy<Value = Heard> {
    prop_oneof![
        4 => Just(Heard::OnReceipt),
        1 => any::<u32>().prop_map(Heard::AgoMs),
        1 => any::<i64>().prop_map(|at| Heard::At(UnixMs(at))),
    ]
}

fn sighting() -> impl Strategy<Value = Event> {
    (0..5_u8, beacon(), any::<i8>(), heard()).prop_map(|(scanner, beacon, rssi, heard)| {
        Event::Sighting(Sighting {
            scanner: ScannerIx(scanner),
            beacon,
            strength: Strength::of_one(rssi.into()),
            reference_dbm: None,
            heard,
        })
    })
}

/// Mean and strongest: as a node tells them, or anything.
fn strengths() -> impl Strategy<Value = (i8, i8)> {
    prop_oneof![
        4 => (-110..-40_i8, 0..30_i8).prop_map(|(mean, above)| (mean, mean + above)),
        1 => any::<(i8, i8)>(),
    ]
}

fn node() -> impl Strategy<Value = Event> {
    let sighting = (beacon(), strengths(), any::<u8>(), any::<u16>()).prop_map(
        |(beacon, (mean, max), count, age_ms)| NodeSighting {
            beacon,
            rssi_mean_dbm: mean,
            rssi_max_dbm: max,
            count,
            reference_dbm: None,
            age_ms,
        },
    );
    let reading =
        (any::<u8>(), quantity(), any::<u16>()).prop_map(|(port, value, age_ms)| NodeReading {
            port,
            value,
            age_ms,
        });
    let lists = (
        prop::collection::vec(sighting, 0..5),
        prop::collection::vec(reading, 0..3),
    );
    let made = (0..3_u32, any::<u64>(), any::<u32>()).prop_map(|(epoch, steady_ms, within_ms)| {
        // Near the engine's own time, or anywhere.
        let steady_ms = if within_ms % 2 == 0 {
            steady_ms % 100_000
        } else {
            steady_ms
        };
        Stamp {
            epoch,
            steady_ms,
            within_ms,
            date_ms: None,
        }
    });
    let numbers = (any::<u32>(), any::<u32>(), prop::option::of(made));
    (0..5_u8, 0..3_u32, numbers, lists).prop_map(
        |(scanner, boot, (sequence, dropped, made), (sightings, readings))| Event::Node {
            scanner: ScannerIx(scanner),
            frame: Box::new(NodeFrame {
                made,
                boot,
                sequence,
                uptime_ms: 0,
                dropped,
                sightings: sightings.into_iter().collect(),
                readings: readings.into_iter().collect(),
            }),
        },
    )
}

fn upsert() -> impl Strategy<Value = Event> {
    (shopper(), 0..6_u64, 0..16_u8, any::<bool>(), any::<bool>()).prop_map(
        |(shopper, version, purposes, family, adult)| {
            let mut enrolment = Enrolment::consenting(shopper, version, Purposes(purposes));
            enrolment.keys = vec![IdentityKey::Fixed(fob(shopper))];
            let segments = if family {
                vec!["family".to_owned()]
            } else {
                Vec::new()
            };
            let profile = Profile {
                segments,
                adult: Some(adult),
                ..Profile::default()
            };
            Event::Upsert {
                request: RequestId(version),
                enrolment: Box::new(enrolment),
                profile: Box::new(profile),
            }
        },
    )
}

fn screen() -> impl Strategy<Value = Event> {
    let status = prop_oneof![
        Just(ScreenStatus::Hello),
        Just(ScreenStatus::Alive),
        Just(ScreenStatus::Painted),
        Just(ScreenStatus::Rejected),
    ];
    (0..3_u8, 0..6_u64, status).prop_map(|(screen, sequence, status)| {
        Event::Screen(ScreenSaid {
            screen: ScreenIx(screen),
            revision: if sequence == 0 {
                0
            } else {
                (1 << 32) + sequence
            },
            status,
        })
    })
}

fn basket() -> impl Strategy<Value = Event> {
    (
        0..4_u8,
        prop::option::of(shopper()),
        any::<i32>(),
        any::<i64>(),
    )
        .prop_map(|(receipt, shopper, pieces, amount_minor)| {
            let sku = "sku-yoghurt".to_owned();
            Event::Basket(Basket {
                receipt: receipt.to_string(),
                shopper,
                lines: vec![BasketLine {
                    sku,
                    pieces,
                    amount_minor,
                }],
            })
        })
}

fn happening() -> impl Strategy<Value = Happening> {
    let reading = (0..4_u16, quantity(), heard(), any::<bool>()).prop_map(
        |(sensor, value, heard, retained)| {
            Event::Reading(Reading {
                sensor: SensorIx(sensor),
                value,
                heard,
                retained,
            })
        },
    );
    let withdraw = (shopper(), 0..16_u8).prop_map(|(shopper, purposes)| Event::Withdraw {
        request: RequestId(0),
        shopper,
        purposes: Purposes(purposes),
    });
    let event = prop_oneof![
        12 => sighting(),
        3 => node(),
        2 => reading,
        3 => upsert(),
        1 => withdraw,
        1 => shopper().prop_map(|shopper| Event::Forget { request: RequestId(0), shopper }),
        4 => screen(),
        1 => pause(),
        1 => basket(),
        1 => Just(Event::Malformed(Malformed::Desk)),
        1 => any::<bool>().prop_map(Event::Room),
        6 => Just(Event::Woke),
        1 => Just(Event::PlanChanged(Arc::new(shop_plan()))),
        1 => Just(Event::Census(vec![("nappies".parse().unwrap(), 500)])),
    ];
    prop_oneof![
        40 => event.prop_map(Happening::Event),
        6 => Just(Happening::DiskCatchesUp),
        1 => (-100_000..100_000_i32).prop_map(Happening::ClockSteps),
        1 => Just(Happening::ClockLost),
    ]
}

fn pause() -> impl Strategy<Value = Event> {
    (any::<bool>(), 0..3_u8).prop_map(|(begins, what)| {
        let request = RequestId(0);
        let what = match what {
            0 => Pause::Offer("nappies".parse().unwrap()),
            1 => Pause::All,
            _ => Pause::SafeNow,
        };
        if begins {
            Event::Pause { request, what }
        } else {
            Event::Resume { request, what }
        }
    })
}

fn history() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec((0..1_500_u16, happening()), 1..300)
}

/// Plays a history; returns every effect and what the engine counts per offer.
fn play(plan: StorePlan, history: &[Step]) -> (Vec<Effect>, Vec<OfferStatus>) {
    let mut mono = 0;
    let mut wall = Wall::Synced(UnixMs(1_795_226_400_000));
    let now = |mono, wall| Now {
        mono: Mono(mono),
        wall,
    };
    let restored = Snapshot {
        boot: 1,
        ..Snapshot::default()
    };
    let mut engine = Engine::new(Arc::new(plan), restored, Seed(3), now(0, wall));
    let (mut all, mut newest) = (Vec::new(), CommitId(0));
    for (pause_ms, happening) in history {
        mono += u64::from(*pause_ms);
        let event = match happening {
            Happening::Event(event) => event.clone(),
            Happening::DiskCatchesUp => Event::Durable(newest),
            Happening::ClockSteps(seconds) => {
                wall = Wall::Synced(UnixMs(1_795_226_400_000 + i64::from(*seconds) * 1_000));
                Event::Woke
            }
            Happening::ClockLost => {
                wall = Wall::Unsynced;
                Event::Woke
            }
        };
        let mut effects = Effects::new();
        engine.handle(now(mono, wall), event, &mut effects);
        engine.check().unwrap();
        let here = engine.status(now(mono, wall)).visits.len() as f32;
        let believed: f32 = engine.heat(None).iter().map(|s| s.people).sum();
        assert!(
            (0.5 * here..=1.01 * here).contains(&believed),
            "{believed} of {here}"
        );
        for effect in &effects {
            if let Effect::Commit { id, .. } = effect {
                assert_eq!(id.0, newest.0 + 1, "commits are numbered without a gap");
                newest = *id;
            }
        }
        all.append(&mut effects);
    }
    (all, engine.status(now(mono, wall)).offers)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_every_promise_holds(history in history()) {
        let (effects, _) = play(shop_plan(), &history);
        let (mut reserved, mut last_revision) = (BTreeSet::new(), 0);
        for effect in &effects {
            match effect {
                Effect::Commit { entry: LedgerEntry::Reserved(r), .. } => {
                    reserved.insert((r.showing.clone(), r.offer.clone()));
                }
                Effect::Command(command) => {
                    prop_assert!(command.revision >= last_revision, "revisions rise");
                    last_revision = command.revision;
                    if let ScreenAction::Show { offer, .. } = &command.action {
                        let known = reserved.iter().any(|(showing, of)| showing.revision == command.revision && of == offer);
                        prop_assert!(known, "shown without a reservation");
                        prop_assert!(offer.as_str() != "points", "a personal offer on a public screen");
                    }
                }
                _ => {}
            }
        }
    }

    #[test]
    fn the_same_history_twice_is_the_same_to_the_byte(history in history()) {
        prop_assert_eq!(play(shop_plan(), &history), play(shop_plan(), &history));
    }

    #[test]
    fn the_fold_of_the_ledger_equals_what_the_engine_counted(history in history()) {
        let mut fold = Snapshot::default();
        let (effects, offers) = play(shop_plan(), &history);
        for effect in &effects {
            if let Effect::Commit { entry, .. } = effect {
                fold.apply(entry);
            }
        }
        for (offer, counted) in shop_plan().offers.iter().zip(offers) {
            let folded = fold.tallies.get(&offer.id).cloned().unwrap_or_default();
            prop_assert_eq!(folded.showings, counted.showings);
            prop_assert_eq!(folded.painted, counted.painted);
            prop_assert_eq!(folded.redeemed.map(|r| r.baskets), counted.baskets);
            prop_assert!(folded.showings <= offer.budget.showings);
        }
    }
}
