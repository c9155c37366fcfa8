//! Topics to what they are about. Resolved once per plan, so that a message
//! costs a few comparisons and one look-up.

use super::{
    devices::Devices,
    foreign::{Foreign, Speaker},
};
use config::ScannerSource;
use engine::{
    event::Malformed,
    plan::{ScannerIx, ScreenIx, StorePlan},
};
use link::Filter;
use protocol::{
    id::{ScannerId, ScreenId, StoreId, TillId},
    topic::{self, Desk, Topic},
};
use std::collections::HashMap;

/// What a topic is about.
#[derive(Debug, PartialEq)]
pub(super) enum Route<'r> {
    Node(ScannerIx),
    /// A node says whether it is there.
    NodeStatus(ScannerId),
    /// A node says how it is.
    NodeHealth(ScannerId),
    /// A node asks what time it is, in words that nobody understands.
    NodeAsk,
    Screen(ScreenIx, ScreenId),
    Desk(Desk),
    Till(TillId),
    Truth,
    /// Somebody of another make.
    Foreign(&'r Speaker),
    /// A device that the plan does not have, by its name.
    Stranger(&'r str),
    Unknown(Malformed),
}

/// The topics of one plan.
#[derive(Debug)]
pub(super) struct Routes {
    store: StoreId,
    scanner_by_id: HashMap<ScannerId, ScannerIx>,
    screen_by_id: HashMap<ScreenId, ScreenIx>,
    foreign: Foreign,
}

/// What to listen to.
pub(super) fn filters(plan: &StorePlan, devices: &Devices, demo: bool) -> Vec<Filter> {
    let store = &plan.store;
    let mut filters: Vec<_> = topic::GATEWAY_FILTERS
        .map(|tail| {
            let filter = topic::filter(store, tail).to_string();
            // A batch of a node is replaced by the next; the others count one by one.
            if tail.starts_with("node/") {
                Filter::fleeting(filter)
            } else {
                Filter::reliable(filter)
            }
        })
        .into();
    if demo {
        filters.push(Filter::fleeting(Topic::DemoTruth.text(store).to_string()));
    }
    // A press from an hour ago must not wait at the broker and count as news.
    let foreign = Foreign::new(plan, devices).filters;
    filters.extend(foreign.into_iter().map(Filter::fleeting));
    filters
}

impl Routes {
    pub(super) fn new(plan: &StorePlan, devices: &Devices) -> Self {
        let mut routes = Self {
            store: plan.store.clone(),
            scanner_by_id: HashMap::new(),
            screen_by_id: HashMap::new(),
            foreign: Foreign::new(plan, devices),
        };
        for (n, screen) in plan.screens.iter().enumerate() {
            let screens = &mut routes.screen_by_id;
            screens.insert(screen.id.clone(), ScreenIx(n as u8));
        }
        for (n, scanner) in plan.scanners.iter().enumerate() {
            let ix = ScannerIx(n as u8);
            // One that is new to the plan and of no known make is a node of ours.
            let source = devices.scanners.get(&scanner.id);
            if matches!(source, None | Some(ScannerSource::Node)) {
                routes.scanner_by_id.insert(scanner.id.clone(), ix);
            }
        }
        routes
    }

    pub(super) fn route<'r>(&'r self, topic: &'r str) -> Route<'r> {
        match Topic::parse(&self.store, topic) {
            Some(parsed) => self.ours(parsed, topic),
            None => self.foreign(topic),
        }
    }

    fn ours<'r>(&'r self, parsed: Topic, topic: &'r str) -> Route<'r> {
        match parsed {
            Topic::NodeFrame(id) => match self.scanner_by_id.get(&id) {
                Some(scanner) => Route::Node(*scanner),
                None => Route::Stranger(topic),
            },
            Topic::NodeStatus(id) if self.scanner_by_id.contains_key(&id) => Route::NodeStatus(id),
            Topic::NodeHealth(id) if self.scanner_by_id.contains_key(&id) => Route::NodeHealth(id),
            // An understandable question is answered before anything is routed.
            Topic::NodeAsk(id) if self.scanner_by_id.contains_key(&id) => Route::NodeAsk,
            Topic::NodeStatus(_) | Topic::NodeHealth(_) | Topic::NodeAsk(_) => {
                Route::Stranger(topic)
            }
            Topic::ScreenReport(id) => match self.screen_by_id.get(&id) {
                Some(screen) => Route::Screen(*screen, id),
                None => Route::Stranger(topic),
            },
            Topic::In(desk) => Route::Desk(desk),
            Topic::Till(till) => Route::Till(till),
            Topic::DemoTruth => Route::Truth,
            // Ours to say.
            Topic::GatewayStatus
            | Topic::GatewayHealth
            | Topic::ZoneState(_)
            | Topic::ScreenState(_)
            | Topic::ScreenCommand(_)
            | Topic::NodeTime(_)
            | Topic::Answer
            | Topic::DemoTag
            // Taken in before anything is routed.
            | Topic::OffersSet
            | Topic::OffersResult
            | Topic::Event(_) => Route::Unknown(Malformed::UnknownTopic),
        }
    }

    fn foreign<'r>(&'r self, topic: &'r str) -> Route<'r> {
        if let Some(speaker) = self.foreign.speaker(topic) {
            return Route::Foreign(speaker);
        }
        Foreign::stranger(topic).map_or(Route::Unknown(Malformed::UnknownTopic), Route::Stranger)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::test_plan::{self, devices};

    /// What a route is, in a word.
    fn word(routes: &Routes, topic: &str) -> String {
        match routes.route(topic) {
            Route::Node(ix) => format!("node {}", ix.0),
            Route::NodeStatus(id) => format!("status of {id}"),
            Route::NodeHealth(id) => format!("health of {id}"),
            Route::NodeAsk => "a node's question".to_owned(),
            Route::Screen(ix, _) => format!("screen {}", ix.0),
            Route::Desk(desk) => desk.name().to_owned(),
            Route::Till(till) => format!("till {till}"),
            Route::Truth => "truth".to_owned(),
            Route::Foreign(speaker) => match speaker.scanner(topic, None) {
                Ok(scanner) => format!("scanner {}", scanner.expect("it is one").0),
                Err(name) => format!("no {name}"),
            },
            Route::Stranger(name) => format!("stranger {name}"),
            Route::Unknown(why) => why.label().to_owned(),
        }
    }

    #[test]
    fn topics_lead_to_what_they_are_about() {
        let routes = Routes::new(&test_plan::plan(), &devices());
        let shop = "aislecast/v1/quan-1";
        for (topic, expected) in [
            ("/node/node-1/frame", "node 0"),
            (
                "/node/node-9/frame",
                "stranger aislecast/v1/quan-1/node/node-9/frame",
            ),
            (
                "/node/theengs-1/frame",
                "stranger aislecast/v1/quan-1/node/theengs-1/frame",
            ),
            ("/node/node-1/status", "status of node-1"),
            ("/node/node-1/health", "health of node-1"),
            ("/node/node-1/ask", "a node's question"),
            ("/node/node-1/time", "unknown_topic"),
            (
                "/node/theengs-1/health",
                "stranger aislecast/v1/quan-1/node/theengs-1/health",
            ),
            ("/screen/dairy/report", "screen 0"),
            ("/in/forget", "forget"),
            ("/demo/truth", "truth"),
            ("/out/answer", "unknown_topic"),
        ] {
            assert_eq!(word(&routes, &format!("{shop}{topic}")), expected);
        }
        for (topic, expected) in [
            ("aislecast/v1/quan-2/in/forget", "unknown_topic"),
            ("home/OMG/BTtoMQTT/58782076BC24", "scanner 1"),
            ("home/OMG/BTtoMQTT/undecoded", "scanner 1"),
            ("home/OMG/LWT", "unknown_topic"),
            ("home/other/BTtoMQTT/58782076BC24", "stranger home/other"),
            ("espresense/devices/irk:00/office", "scanner 2"),
            ("espresense/devices/irk:00/cellar", "no cellar"),
            ("espresense/companion/iBeacon:x", "unknown_topic"),
            ("espresense/rooms/office/known_irks", "unknown_topic"),
            ("", "unknown_topic"),
            ("/", "unknown_topic"),
        ] {
            assert_eq!(word(&routes, topic), expected, "{topic}");
        }
    }

    #[test]
    fn a_plan_in_another_order_keeps_its_scanners_apart() {
        let mut plan = test_plan::plan();
        plan.scanners.reverse();
        let routes = Routes::new(&plan, &devices());
        assert_eq!(word(&routes, "home/OMG/BTtoMQTT/x"), "scanner 2");
    }

    #[test]
    fn the_broker_is_asked_for_nothing_that_holds_keys() {
        let topics = |demo| {
            let filters = filters(&test_plan::plan(), &devices(), demo);
            filters
                .into_iter()
                .map(|f| (f.topic, f.reliable))
                .collect::<Vec<_>>()
        };
        let expected = [
            ("aislecast/v1/quan-1/node/+/frame", false),
            ("aislecast/v1/quan-1/node/+/status", false),
            ("aislecast/v1/quan-1/node/+/health", false),
            ("aislecast/v1/quan-1/node/+/ask", false),
            ("aislecast/v1/quan-1/screen/+/report", true),
            ("aislecast/v1/quan-1/in/+", true),
            ("aislecast/v1/quan-1/in/till/+", true),
            ("aislecast/v1/quan-1/offers/set", true),
            ("espresense/devices/+/+", false),
            ("home/+/BTtoMQTT/+", false),
        ];
        assert_eq!(topics(false), expected.map(|(t, r)| (t.to_owned(), r)));
        assert_eq!(topics(true).len(), expected.len() + 1);
        let demo = config::demo();
        let all = Foreign::new(&demo.plan, &Devices::of(&demo)).filters;
        assert!(
            all.iter()
                .all(|filter| !filter.starts_with("espresense/rooms"))
        );
    }
}
