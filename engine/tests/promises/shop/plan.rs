//! The plan of the small shop.

use engine::{
    plan::{
        Affinity, AudienceRule, Bits, Bound, Budget, Campaign, CampaignIx, Cap, Condition,
        GuardSettings, HourRange, Limits, Offer, OfferCode, Pace, Pacing, Point, Polygon,
        PresenceSettings, Ramp, RampGuard, Scanner, Schedule, Screen, SegmentRule, Sensitivity,
        Sensor, SensorIx, SensorKind, StorePlan, Trial, TrialArm, Voucher, Zone,
    },
    time::{LocalTime, UnixMs},
};
use protocol::screen::{Creative, CreativeText};

const ZONES: [&str; 3] = ["door", "dairy", "tea"];
const SEGMENTS: [&str; 2] = ["family", "student"];

fn rectangle(x: f32, width: f32) -> Polygon {
    let at = |x, y| Point { x, y };
    Polygon(vec![
        at(x, 0.0),
        at(x + width, 0.0),
        at(x + width, 6.0),
        at(x, 6.0),
    ])
}

pub(crate) fn middle_of(zone: &str) -> Point {
    let at = ZONES
        .iter()
        .position(|z| *z == zone)
        .expect("a zone of the small shop");
    Point {
        x: at as f32 * 6.0 + 3.0,
        y: 3.0,
    }
}

pub(crate) fn small() -> StorePlan {
    let zone = |(at, id): (usize, &&str)| Zone {
        id: id.parse().unwrap(),
        label: (*id).to_owned(),
        area: rectangle(at as f32 * 6.0, 6.0),
        entrance: at == 0,
        department: None,
        level: 0,
    };
    StorePlan {
        store: "small".parse().unwrap(),
        name: "The small shop".to_owned(),
        local_time: LocalTime::fixed(7 * 3600),
        opening: Schedule::always(),
        outline: rectangle(0.0, 18.0),
        obstacles: Vec::new(),
        upper: Vec::new(),
        stairs: Vec::new(),
        zones: ZONES.iter().enumerate().map(zone).collect(),
        scanners: ZONES
            .iter()
            .map(|z| Scanner {
                id: z.parse().unwrap(),
                at: middle_of(z),
                offset_db: 0.0,
                beacon: None,
                level: 0,
            })
            .collect(),
        survey: Vec::new(),
        sensors: vec![
            sensor("milk", SensorKind::Stock),
            sensor("door", SensorKind::Door),
            sensor("milk-price", SensorKind::Price),
            sensor("bell", SensorKind::Button),
        ],
        screens: vec![Screen {
            id: "middle".parse().unwrap(),
            label: "Middle".to_owned(),
            at: middle_of("dairy"),
            seen_from: Bits::NONE.with(1).with(2),
            silent_after_ms: 25_000,
            pace: Pace::GLASS,
            level: 0,
        }],
        segments: SEGMENTS.map(str::to_owned).to_vec(),
        offers: Vec::new(),
        campaigns: vec![Campaign {
            id: "summer".parse().unwrap(),
            cap: Some(Cap {
                per_visit: 2,
                per_day: 3,
            }),
            showings: Some(4),
            showings_per_day: None,
            money_minor: Some(25_000),
        }],
        house_loop: Vec::new(),
        presence: PresenceSettings {
            enter_probability: 0.6,
            leave_probability: 0.3,
            absent_after_ms: 30_000,
            path_loss_exponent: 2.0,
            tuning: engine::presence::Tuning::USED,
        },
        guard: GuardSettings {
            people_in_view_min: 3,
            enrolled_min: 100,
            turns: 8,
            dwell_on_screen_ms_min: 3_000,
            settle_ms: 4_000,
        },
        explore_permille: 0,
    }
}

fn sensor(id: &str, kind: SensorKind) -> Sensor {
    Sensor {
        id: id.parse().unwrap(),
        at: middle_of("dairy"),
        zone: None,
        kind,
        stale_after_ms: 600_000,
        node: None,
        sku: None,
    }
}

/// `arms=NAME,NAME`, `switchback=SECONDS`, `ramp=PERMILLE,.. every=SECONDS showings=N`.
fn trial(name: &str, options: &[&str]) -> Trial {
    let option = |key: &str| options.iter().find_map(|o| o.strip_prefix(key));
    let list = |key: &str| option(key).map(|list| list.split(','));
    let seconds = |key: &str| option(key).map(|s| s.parse::<u64>().unwrap() * 1_000);
    let arm = |arm: &str| TrialArm {
        name: arm.to_owned(),
        share: 1,
        creative: Some(picture(&format!("{name} {arm}"))),
    };
    let ramp = |steps: std::str::Split<'_, char>| Ramp {
        steps: steps.map(|step| step.parse().unwrap()).collect(),
        every_ms: seconds("every=").unwrap_or(60_000),
        showings_min: option("showings=").map_or(1, |n| n.parse().unwrap()),
        guard: RampGuard {
            opt_outs: 2,
            complaints: 2,
            help: 2,
            screen_errors: 2,
        },
    };
    Trial {
        arms: list("arms=").map_or_else(Vec::new, |arms| arms.map(arm).collect()),
        switchback_ms: seconds("switchback="),
        ramp: list("ramp=").map(ramp),
    }
}

fn picture(words: &str) -> Creative {
    Creative {
        texts: vec![CreativeText {
            language: "vi".to_owned(),
            headline: words.to_owned(),
            body: String::new(),
        }],
        price: None,
        price_before: None,
        badge: None,
        image: None,
        colour: "#004488".to_owned(),
    }
}

/// An offer from words such as `zone=dairy dwell=5`.
pub(crate) fn offer(name: &str, options: &[&str]) -> Offer {
    let option = |key: &str| options.iter().find_map(|o| o.strip_prefix(key));
    let count = |key: &str, default: u32| option(key).map_or(default, |n| n.parse().unwrap());
    let zone = option("zone=").map(|z| ZONES.iter().position(|k| *k == z).unwrap() as u8);
    let segment = option("segment=").map(|s| SEGMENTS.iter().position(|k| *k == s).unwrap() as u8);
    let (per_visit, per_day) = option("cap=").map_or((1, 2), |c| {
        let (visit, day) = c.split_once('/').unwrap();
        (visit.parse().unwrap(), day.parse().unwrap())
    });
    let hours = option("hours=").map(|h| {
        let (from, until) = h.split_once('-').unwrap();
        let minute = |hour: &str| hour.parse::<u16>().unwrap() * 60;
        HourRange {
            from_minute: minute(from),
            until_minute: minute(until),
        }
    });
    let stock = option("stock-min=").map(|n| Condition::Stock {
        sensor: SensorIx(0),
        pieces_min: n.parse().unwrap(),
    });
    let price = option("price=").map(|n| Condition::Price {
        sensor: SensorIx(2),
        is_minor: n.parse().unwrap(),
    });
    Offer {
        id: name.parse().unwrap(),
        title: name.to_owned(),
        sensitivity: match option("class=") {
            None | Some("public") => Sensitivity::Public,
            Some("segment") => Sensitivity::Segment,
            Some("personal") => Sensitivity::Personal,
            Some("sensitive") => Sensitivity::Sensitive,
            Some(other) => panic!("no class is called {other}"),
        },
        priority: count("priority=", 10) as u8,
        schedule: Schedule {
            until: Some(UnixMs(4_000_000_000_000)),
            hours: hours.into_iter().collect(),
            ..Schedule::always()
        },
        zones: zone.map_or(Bits::NONE, |z| Bits::NONE.with(z)),
        screens: option("screen=").map_or(Bits::NONE, |n| Bits::NONE.with(n.parse().unwrap())),
        dwell_ms_min: u64::from(count("dwell=", 0)) * 1_000,
        zone_confidence: count("sure=", 0) as f32 / 100.0,
        segments: SegmentRule {
            any: segment.map_or(Bits::NONE, |s| Bits::NONE.with(s)),
            ..SegmentRule::default()
        },
        audience: audience(options),
        conditions: stock.into_iter().chain(price).collect(),
        cap: Cap { per_visit, per_day },
        budget: Budget {
            showings: count("budget=", 1_000),
            showings_per_day: option("daily=").map(|n| n.parse().unwrap()),
        },
        pacing: if options.contains(&"pacing=even") {
            Pacing::Even
        } else {
            Pacing::Free
        },
        holdout_permille: count("holdout=", 0) as u16,
        shown_for_ms: count("shown=", 10) * 1_000,
        skus: vec![format!("sku-{name}")],
        department: None,
        creative: picture(name),
        code: option("code=").map(|number| OfferCode {
            number: number.to_owned(),
            link: "https://shop.example".to_owned(),
        }),
        trial: trial(name, options),
        limits: Limits {
            per_screen_hour: option("hourly=").map(|n| n.parse().unwrap()),
            group: option("group=").map(|name| name.parse().unwrap()),
            campaign: option("campaign=").map(|n| CampaignIx(n.parse().unwrap())),
        },
        voucher: option("voucher=").map(voucher),
    }
}

/// A voucher from `WORTH/REDEMPTIONS/MINUTES`, with `/stacks` if it does.
fn voucher(text: &str) -> Voucher {
    let parts: Vec<&str> = text.split('/').collect();
    let number = |at: usize| parts[at].parse::<u32>().unwrap();
    Voucher {
        number: 17,
        worth_minor: number(0),
        redemptions: number(1),
        redemptions_per_day: None,
        valid_for_ms: u64::from(number(2)) * 60_000,
        stacks: parts.get(3) == Some(&"stacks"),
    }
}

/// What profiles must say, from words such as `visits=2-10 likes=dairy:40`.
fn audience(options: &[&str]) -> AudienceRule {
    let option = |key: &str| options.iter().find_map(|o| o.strip_prefix(key));
    let bound = |key: &str| {
        let (min, max) = option(key)?.split_once('-').unwrap();
        let milli = |end: &str| end.parse::<i64>().ok().map(|n| n * 1_000);
        Some(Bound {
            min_milli: milli(min),
            max_milli: milli(max),
        })
    };
    let likes = option("likes=").map(|l| {
        let (department, percent) = l.split_once(':').unwrap();
        Affinity {
            department: department.to_owned(),
            percent_min: percent.parse().unwrap(),
        }
    });
    AudienceRule {
        visits: bound("visits="),
        days_away: bound("away="),
        languages: option("speaks=").map(str::to_owned).into_iter().collect(),
        affinities: likes.into_iter().collect(),
    }
}
