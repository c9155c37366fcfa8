use super::*;
use crate::{
    dialect::test_plan,
    http::tests::shop::{busy_live, small_plan},
};
use asyncapi::tests::{Schema, schema_of, spelled};
use engine::view::ZoneStatus;
use protocol::topic::{EventKind, Topic};
use serde_json::Value;

#[cfg(feature = "embedded-broker")]
mod at_a_broker;

fn settings(events: bool, home_assistant: bool) -> config::Outward {
    config::Outward {
        events,
        home_assistant: home_assistant.then(|| "homeassistant".to_owned()),
    }
}

/// What would be retained for this shop.
fn retained(plan: &StorePlan, live: &Live) -> state::Retained {
    let problems = problems::find(live, plan);
    let mut wanted = home_assistant::configurations("homeassistant", plan);
    wanted.extend(state::floor(plan, live, &Crowds::default(), &problems));
    wanted.extend([state::health(plan, &problems)]);
    wanted
}

/// Option names of Home Assistant, by the place where they may stand.
fn options(place: &str) -> Vec<String> {
    let all: Value =
        serde_json::from_str(include_str!("../../testdata/home-assistant.json")).unwrap();
    let names = all[place].as_array().unwrap_or_else(|| panic!("{place}"));
    names
        .iter()
        .map(|n| n.as_str().unwrap().to_owned())
        .collect()
}

fn assert_known(place: &str, object: &Value) {
    let known = options(place);
    for key in object.as_object().unwrap().keys() {
        assert!(known.contains(key), "{place} has no option {key}");
    }
}

#[test]
fn home_assistant_knows_every_option_and_every_state_topic_is_fed() {
    let plan = config::demo().plan;
    let wanted = retained(&plan, &Live::default());
    let mut ids = std::collections::BTreeSet::new();
    let devices = wanted
        .iter()
        .filter(|(topic, _)| topic.ends_with("/config"));
    assert_eq!(
        devices.clone().count(),
        1 + plan.zones.len() + plan.screens.len()
    );
    for (topic, payload) in devices {
        let config: Value = serde_json::from_slice(payload).unwrap();
        let id = config["device"]["identifiers"][0].as_str().unwrap();
        assert_eq!(*topic, format!("homeassistant/device/{id}/config"));
        assert!(
            id.chars()
                .all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
        );
        for (place, object) in [
            ("configuration", &config),
            ("device", &config["device"]),
            ("origin", &config["origin"]),
        ] {
            assert_known(place, object);
        }
        let state = config["state_topic"].as_str().unwrap();
        assert!(wanted.contains_key(state), "{state}");
        for component in config["components"].as_object().unwrap().values() {
            let platform = component["platform"].as_str().unwrap();
            assert_known(platform, component);
            assert!(
                ids.insert(component["unique_id"].to_string()),
                "ids are unique"
            );
        }
        assert_eq!(
            config["availability_topic"],
            Topic::GatewayStatus.text(&plan.store).as_str()
        );
    }
}

#[test]
fn what_is_told_of_a_shop_says_nothing_of_who_is_there() {
    let (plan, full) = (small_plan(), busy_live());
    assert!(!full.status.visits.is_empty());
    let mut empty = full.clone();
    empty.status.visits.clear();
    empty.status.zones[0].shoppers = 0.0;
    empty.status.enrolled = 0;
    let told = |live: &Live| {
        let mut teller = teller(settings(true, true));
        for second in 0..120 {
            let mut live = live.clone();
            live.health.uptime_ms += second * 1_000;
            teller.look(&plan, &live);
        }
        let events: Vec<Vec<u8>> = teller.events.waiting().map(|e| e.payload.clone()).collect();
        (retained(&plan, live), events)
    };
    assert_eq!(told(&full), told(&empty));
}

/// One that hands nothing over: its broker is never there.
fn teller(settings: config::Outward) -> Teller {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let _inside = runtime.enter();
    let dir = tempfile::tempdir().unwrap();
    let outward = Outward {
        settings,
        dir: dir.path().to_owned(),
        births: watch::Sender::new(()),
    };
    let broker = link::Settings::new("127.0.0.1", 9, "x".to_owned());
    let (link, _) = Link::start(broker, vec![]).unwrap();
    Teller::new(&outward, link, &test_plan::plan())
}

/// Kind, subject and data of every event that waits, after a check against
/// both schemas.
fn events(teller: &Teller) -> Vec<(EventKind, String, Value)> {
    let cloud_events = Schema::of_cloud_events();
    let store = test_plan::plan().store;
    let told = teller.events.waiting().map(|event| {
        let topic = Topic::parse(&store, &event.topic).unwrap();
        assert!(!event.retain, "an event is news");
        let value = spelled(&topic, &event.payload);
        cloud_events.accepts(&value).unwrap();
        schema_of(&topic).accepts(&value).unwrap();
        let Topic::Event(kind) = topic else {
            panic!("{topic:?}");
        };
        let subject = value["subject"].as_str().unwrap().to_owned();
        (kind, subject, value["data"].clone())
    });
    told.collect()
}

#[test]
fn a_problem_is_told_once_when_it_begins_and_once_when_it_ends() {
    let mut teller = teller(settings(true, false));
    let plan = small_plan();
    for second in 0..9 {
        let mut live = busy_live();
        live.health.uptime_ms = 60_000 + second * 1_000;
        if (3..6).contains(&second) {
            live.status.screens[0].silent_ms = Some(40_000 + second * 1_000);
        }
        live.health.clock = second != 7;
        teller.look(&plan, &live);
    }
    let told: Vec<_> = events(&teller)
        .into_iter()
        .map(|(kind, subject, data)| (kind, subject, data["raised"] == true))
        .collect();
    let screen = |raised| (EventKind::ScreenAlarm, "screen/dairy".to_owned(), raised);
    let clock = |raised| (EventKind::GatewayHealth, "clock".to_owned(), raised);
    assert_eq!(
        told,
        [screen(true), screen(false), clock(true), clock(false)]
    );
}

#[test]
fn a_showing_and_a_crowd_are_told_without_anybody_in_them() {
    let mut teller = teller(settings(true, false));
    teller.shown(Shown {
        screen: "dairy".parse().unwrap(),
        revision: 7,
        offer: "milk".parse().unwrap(),
        painted_ms: 9_000,
        ended: None,
    });
    for minute in 0..3 {
        let mut live = busy_live();
        live.health.uptime_ms = 60_000 * (minute + 1);
        live.status.zones = vec![ZoneStatus {
            people: 7.0,
            ..live.status.zones.remove(0)
        }];
        teller.look(&small_plan(), &live);
    }
    let told = events(&teller);
    let told: Vec<_> = told
        .iter()
        .map(|(_, s, data)| (s.as_str(), data.to_string()))
        .collect();
    assert_eq!(
        told,
        [
            (
                "screen/dairy",
                r#"{"offer":"milk","painted_ms":9000,"revision":7,"screen":"dairy"}"#.to_owned()
            ),
            (
                "zone/dairy",
                r#"{"people_min":5,"zone":"dairy"}"#.to_owned()
            ),
        ]
    );
}

#[test]
fn a_broker_that_stays_away_costs_the_oldest_events_and_their_numbers_tell() {
    let mut teller = teller(settings(true, false));
    for revision in 0..600 {
        teller.shown(Shown {
            screen: "dairy".parse().unwrap(),
            revision,
            offer: "milk".parse().unwrap(),
            painted_ms: 1,
            ended: Some(UnixMs(1_795_226_400_000)),
        });
    }
    let ids: Vec<String> = teller
        .events
        .waiting()
        .map(|event| {
            let event: Value = serde_json::from_slice(&event.payload).unwrap();
            assert_eq!(event["time"], "2026-11-21T02:00:00Z");
            event["id"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(ids.len(), 512);
    assert!(
        ids[0].ends_with("-89") && ids[511].ends_with("-600"),
        "{ids:?}"
    );
}

#[test]
fn switched_off_nothing_is_told() {
    let mut teller = teller(settings(false, false));
    teller.is_up = true;
    for second in 0..120 {
        let mut live = busy_live();
        live.health = crate::shop::Health::default();
        live.health.uptime_ms = second * 1_000;
        teller.look(&small_plan(), &live);
    }
    assert_eq!(events(&teller), []);
    assert_eq!(teller.link.counters().outbox, 0);
}
