//! Topics to what they are about. Resolved once per plan, so that a message
//! costs a few comparisons and one look-up.

use config::ScannerSource;
use dialect::scanner::{espresense, theengs};
use engine::{
    event::Malformed,
    plan::{ScannerIx, ScreenIx, StorePlan},
};
use link::Filter;
use protocol::{
    id::{ScannerId, ScreenId, StoreId},
    topic::{self, Desk, Topic},
};
use std::collections::{BTreeSet, HashMap};

/// What a topic is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Route {
    Node(ScannerIx),
    Screen(ScreenIx, ScreenId),
    Desk(Desk),
    Truth,
    Theengs(ScannerIx),
    Espresense(ScannerIx),
    Unknown(Malformed),
}

/// The topics of one plan.
#[derive(Debug)]
pub(super) struct Routes {
    store: StoreId,
    scanner_by_id: HashMap<ScannerId, ScannerIx>,
    screen_by_id: HashMap<ScreenId, ScreenIx>,
    scanner_by_base: HashMap<String, ScannerIx>,
    scanner_by_room: HashMap<String, ScannerIx>,
}

/// What to listen to.
pub(super) fn filters(
    store: &StoreId,
    sources: &HashMap<ScannerId, ScannerSource>,
    demo: bool,
) -> Vec<Filter> {
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
    let foreign: BTreeSet<_> = sources.values().filter_map(branch).collect();
    filters.extend(foreign.into_iter().map(Filter::fleeting));
    filters
}

fn branch(source: &ScannerSource) -> Option<String> {
    match source {
        ScannerSource::Theengs { base } | ScannerSource::OpenMqttGateway { base } => {
            Some(format!("{base}/{}/+", theengs::BRANCH))
        }
        ScannerSource::Espresense { .. } => Some(format!("{}/+/+", espresense::BRANCH)),
        _ => None,
    }
}

impl Routes {
    pub(super) fn new(plan: &StorePlan, sources: &HashMap<ScannerId, ScannerSource>) -> Self {
        let mut routes = Self {
            store: plan.store.clone(),
            scanner_by_id: HashMap::new(),
            screen_by_id: HashMap::new(),
            scanner_by_base: HashMap::new(),
            scanner_by_room: HashMap::new(),
        };
        for (n, screen) in plan.screens.iter().enumerate() {
            let screens = &mut routes.screen_by_id;
            screens.insert(screen.id.clone(), ScreenIx(n as u8));
        }
        for (n, scanner) in plan.scanners.iter().enumerate() {
            let ix = ScannerIx(n as u8);
            match sources.get(&scanner.id) {
                // One that is new to the plan can only be a node of ours: other
                // makers' topics are listened to from the start on.
                None | Some(ScannerSource::Node) => {
                    routes.scanner_by_id.insert(scanner.id.clone(), ix);
                }
                Some(ScannerSource::Theengs { base } | ScannerSource::OpenMqttGateway { base }) => {
                    routes.scanner_by_base.insert(base.clone(), ix);
                }
                Some(ScannerSource::Espresense { room }) => {
                    routes.scanner_by_room.insert(room.clone(), ix);
                }
                Some(_) => {}
            }
        }
        routes
    }

    pub(super) fn route(&self, topic: &str) -> Route {
        match Topic::parse(&self.store, topic) {
            Some(topic) => self.ours(topic),
            None => self.foreign(topic),
        }
    }

    fn ours(&self, topic: Topic) -> Route {
        match topic {
            Topic::NodeFrame(id) => match self.scanner_by_id.get(&id) {
                Some(scanner) => Route::Node(*scanner),
                None => Route::Unknown(Malformed::UnknownDevice),
            },
            Topic::ScreenReport(id) => match self.screen_by_id.get(&id) {
                Some(screen) => Route::Screen(*screen, id),
                None => Route::Unknown(Malformed::UnknownDevice),
            },
            Topic::In(desk) => Route::Desk(desk),
            Topic::DemoTruth => Route::Truth,
            // Ours to say.
            Topic::GatewayStatus
            | Topic::GatewayHealth
            | Topic::ZoneState(_)
            | Topic::ScreenState(_)
            | Topic::ScreenCommand(_)
            | Topic::Answer
            | Topic::Event(_) => Route::Unknown(Malformed::UnknownTopic),
        }
    }

    fn foreign(&self, topic: &str) -> Route {
        let Some((head, last)) = topic.rsplit_once('/') else {
            return Route::Unknown(Malformed::UnknownTopic);
        };
        if below(head, espresense::BRANCH).is_some() {
            return match self.scanner_by_room.get(last) {
                Some(scanner) => Route::Espresense(*scanner),
                None => Route::Unknown(Malformed::UnknownDevice),
            };
        }
        let base = head.rsplit_once('/');
        let scanner = base.and_then(|(base, branch)| {
            let bases = &self.scanner_by_base;
            bases.get(base).filter(|_| branch == theengs::BRANCH)
        });
        scanner.map_or(Route::Unknown(Malformed::UnknownTopic), |scanner| {
            Route::Theengs(*scanner)
        })
    }
}

fn below<'t>(topic: &'t str, branch: &str) -> Option<&'t str> {
    topic.strip_prefix(branch)?.strip_prefix('/')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::test_plan::{self, sources};

    #[test]
    fn topics_lead_to_what_they_are_about() {
        let routes = Routes::new(&test_plan::plan(), &sources());
        let unknown_device = Route::Unknown(Malformed::UnknownDevice);
        let unknown_topic = Route::Unknown(Malformed::UnknownTopic);
        for (topic, expected) in [
            (
                "aislecast/v1/quan-1/node/node-1/frame",
                Route::Node(ScannerIx(0)),
            ),
            (
                "aislecast/v1/quan-1/node/node-9/frame",
                unknown_device.clone(),
            ),
            (
                "aislecast/v1/quan-1/node/theengs-1/frame",
                unknown_device.clone(),
            ),
            (
                "aislecast/v1/quan-1/screen/dairy/report",
                Route::Screen(ScreenIx(0), "dairy".parse().unwrap()),
            ),
            (
                "aislecast/v1/quan-1/screen/bakery/report",
                unknown_device.clone(),
            ),
            ("aislecast/v1/quan-1/in/forget", Route::Desk(Desk::Forget)),
            ("aislecast/v1/quan-1/demo/truth", Route::Truth),
            ("aislecast/v1/quan-1/out/answer", unknown_topic.clone()),
            ("aislecast/v1/quan-2/in/forget", unknown_topic.clone()),
            (
                "home/OMG/BTtoMQTT/58782076BC24",
                Route::Theengs(ScannerIx(1)),
            ),
            ("home/OMG/BTtoMQTT/undecoded", Route::Theengs(ScannerIx(1))),
            ("home/OMG/LWT", unknown_topic.clone()),
            ("home/other/BTtoMQTT/58782076BC24", unknown_topic.clone()),
            (
                "espresense/devices/irk:00/office",
                Route::Espresense(ScannerIx(2)),
            ),
            ("espresense/devices/irk:00/cellar", unknown_device),
            ("espresense/companion/iBeacon:x", unknown_topic.clone()),
            ("espresense/rooms/office/known_irks", unknown_topic.clone()),
            ("", unknown_topic.clone()),
            ("/", unknown_topic),
        ] {
            assert_eq!(routes.route(topic), expected, "{topic}");
        }
    }

    #[test]
    fn a_plan_in_another_order_keeps_its_scanners_apart() {
        let mut plan = test_plan::plan();
        plan.scanners.reverse();
        let routes = Routes::new(&plan, &sources());
        assert_eq!(
            routes.route("home/OMG/BTtoMQTT/x"),
            Route::Theengs(ScannerIx(2))
        );
    }

    #[test]
    fn the_broker_is_asked_for_nothing_that_holds_keys() {
        let store = "quan-1".parse().unwrap();
        let topics = |demo| {
            let filters = filters(&store, &sources(), demo);
            filters
                .into_iter()
                .map(|f| (f.topic, f.reliable))
                .collect::<Vec<_>>()
        };
        let expected = [
            ("aislecast/v1/quan-1/node/+/frame", false),
            ("aislecast/v1/quan-1/screen/+/report", true),
            ("aislecast/v1/quan-1/in/+", true),
            ("espresense/devices/+/+", false),
            ("home/OMG/BTtoMQTT/+", false),
        ];
        assert_eq!(topics(false), expected.map(|(t, r)| (t.to_owned(), r)));
        assert_eq!(topics(true).len(), expected.len() + 1);
    }
}
