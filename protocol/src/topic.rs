//! The only place that spells an MQTT topic.
//!
//! ```text
//! aislecast/v1/<store>/gateway/status            retained, last will
//! aislecast/v1/<store>/gateway/health            what is wrong, retained
//! aislecast/v1/<store>/zone/<zone>/state         how full it is at least, retained
//! aislecast/v1/<store>/screen/<screen>/state     what it shows, retained
//! aislecast/v1/<store>/node/<scanner>/frame      a node's batch (QoS 0)
//! aislecast/v1/<store>/node/<scanner>/status     whether a node is there; retained, last will
//! aislecast/v1/<store>/node/<scanner>/health     what became of all it heard; retained
//! aislecast/v1/<store>/screen/<screen>/command   gateway -> screen (QoS 1)
//! aislecast/v1/<store>/screen/<screen>/report    screen -> gateway (QoS 1)
//! aislecast/v1/<store>/in/<desk>                 profiles, consents, baskets, ... (QoS 1)
//! aislecast/v1/<store>/in/till/<till>            a till's receipt in its own words (QoS 1)
//! aislecast/v1/<store>/out/answer                what became of an `in` message (QoS 1)
//! aislecast/v1/<store>/out/event/<kind>          what happened, as a CloudEvent (QoS 1)
//! aislecast/v1/<store>/demo/truth                the simulator's ground truth (QoS 0)
//! aislecast/v1/<store>/demo/tag                  where a tag is carried in a simulated shop (QoS 1)
//! ```
//!
//! Towards a hub of many shops, at a broker of its own:
//!
//! ```text
//! aislecast/v1/up/<store>/ev       what happened, numbered (QoS 1)
//! aislecast/v1/up/<store>/hello    what the gateway still holds (QoS 1)
//! aislecast/v1/dn/<store>/mark     up to where the hub has it, retained
//! ```
//!
//! No topic ever names a person, a device address or a beacon.

use crate::id::{ScannerId, ScreenId, StoreId, TillId, ZoneId};
use core::fmt::{self, Write as _};
use heapless::String;

/// Longest topic of ours, bytes: prefix, three names, separators.
pub const MAX_LEN: usize = 128;

/// A spelled topic.
pub type TopicText = String<MAX_LEN>;

const PREFIX: &str = "aislecast/v1/";

/// Messages that people and other systems send in, one topic each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Desk {
    /// Profile and consent upsert of one shopper.
    Profile,
    /// Withdrawal of consent, all purposes or some.
    Withdraw,
    /// Erasure of one shopper.
    Forget,
    /// A till's basket.
    Basket,
    /// A sensor value from something that speaks plain JSON.
    Reading,
    /// A complaint about a screen, or a call for help near it.
    Complaint,
}

impl Desk {
    /// Every desk.
    pub const ALL: [Self; 6] = [
        Self::Profile,
        Self::Withdraw,
        Self::Forget,
        Self::Basket,
        Self::Reading,
        Self::Complaint,
    ];

    /// The last level of the topic.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Profile => "profile",
            Self::Withdraw => "withdraw",
            Self::Forget => "forget",
            Self::Basket => "basket",
            Self::Reading => "reading",
            Self::Complaint => "complaint",
        }
    }
}

/// What other systems are told of, one topic each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    /// A screen showed an offer, by its own word, and it is over.
    ScreenShown,
    /// Something is wrong with a screen, or right again.
    ScreenAlarm,
    /// A zone holds more or fewer people.
    ZoneOccupancy,
    /// Something else is wrong, or right again.
    GatewayHealth,
}

impl EventKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [
        Self::ScreenShown,
        Self::ScreenAlarm,
        Self::ZoneOccupancy,
        Self::GatewayHealth,
    ];

    /// The last level of the topic.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ScreenShown => "screen-shown",
            Self::ScreenAlarm => "screen-alarm",
            Self::ZoneOccupancy => "zone-occupancy",
            Self::GatewayHealth => "gateway-health",
        }
    }
}

/// A topic of ours, within one store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Topic {
    /// Whether the gateway is there; retained.
    GatewayStatus,
    /// What is wrong in the shop; retained.
    GatewayHealth,
    /// How full a zone is at least; retained.
    ZoneState(ZoneId),
    /// What a screen shows; retained.
    ScreenState(ScreenId),
    /// A node's batch.
    NodeFrame(ScannerId),
    /// Whether a node is there; retained, and its last will.
    NodeStatus(ScannerId),
    /// What became of everything a node heard; retained.
    NodeHealth(ScannerId),
    /// A node asks what time it is.
    NodeAsk(ScannerId),
    /// The gateway tells a node what time it is.
    NodeTime(ScannerId),
    /// Command to a screen.
    ScreenCommand(ScreenId),
    /// Report of a screen.
    ScreenReport(ScreenId),
    /// A message to one of the desks.
    In(Desk),
    /// A till's receipt, in its own words.
    Till(TillId),
    /// What became of a message to a desk.
    Answer,
    /// A signed bundle of offers to be put into force.
    OffersSet,
    /// What came of a bundle of offers.
    OffersResult,
    /// Something that other systems are told of.
    Event(EventKind),
    /// The simulator's ground truth.
    DemoTruth,
    /// Where the tag is carried with which a simulated shop is calibrated.
    DemoTag,
}

impl Topic {
    /// Spells the topic.
    pub fn text(&self, store: &StoreId) -> TopicText {
        let mut text = TopicText::new();
        self.write(store, &mut text)
            .expect("three names of at most 32 bytes fit 128 bytes");
        text
    }

    fn write(&self, store: &StoreId, text: &mut TopicText) -> fmt::Result {
        write!(text, "{PREFIX}{store}/")?;
        match self {
            Self::GatewayStatus => text.write_str("gateway/status"),
            Self::GatewayHealth => text.write_str("gateway/health"),
            Self::ZoneState(zone) => write!(text, "zone/{zone}/state"),
            Self::ScreenState(screen) => write!(text, "screen/{screen}/state"),
            Self::NodeFrame(node) => write!(text, "node/{node}/frame"),
            Self::NodeStatus(node) => write!(text, "node/{node}/status"),
            Self::NodeHealth(node) => write!(text, "node/{node}/health"),
            Self::NodeAsk(node) => write!(text, "node/{node}/ask"),
            Self::NodeTime(node) => write!(text, "node/{node}/time"),
            Self::ScreenCommand(screen) => write!(text, "screen/{screen}/command"),
            Self::ScreenReport(screen) => write!(text, "screen/{screen}/report"),
            Self::In(desk) => write!(text, "in/{}", desk.name()),
            Self::Till(till) => write!(text, "in/till/{till}"),
            Self::Answer => text.write_str("out/answer"),
            Self::OffersSet => text.write_str("offers/set"),
            Self::OffersResult => text.write_str("offers/result"),
            Self::Event(kind) => write!(text, "out/event/{}", kind.name()),
            Self::DemoTruth => text.write_str("demo/truth"),
            Self::DemoTag => text.write_str("demo/tag"),
        }
    }

    /// Reads a topic of `store`; `None` when it is none of ours.
    pub fn parse(store: &StoreId, text: &str) -> Option<Self> {
        let rest = text
            .strip_prefix(PREFIX)?
            .strip_prefix(store.as_str())?
            .strip_prefix('/')?;
        let mut levels = rest.split('/');
        let topic = match (levels.next()?, levels.next()?, levels.next()) {
            ("gateway", "status", None) => Self::GatewayStatus,
            ("gateway", "health", None) => Self::GatewayHealth,
            ("zone", zone, Some("state")) => Self::ZoneState(zone.parse().ok()?),
            ("screen", screen, Some("state")) => Self::ScreenState(screen.parse().ok()?),
            ("node", node, Some("frame")) => Self::NodeFrame(node.parse().ok()?),
            ("node", node, Some("status")) => Self::NodeStatus(node.parse().ok()?),
            ("node", node, Some("health")) => Self::NodeHealth(node.parse().ok()?),
            ("node", node, Some("ask")) => Self::NodeAsk(node.parse().ok()?),
            ("node", node, Some("time")) => Self::NodeTime(node.parse().ok()?),
            ("screen", screen, Some("command")) => Self::ScreenCommand(screen.parse().ok()?),
            ("screen", screen, Some("report")) => Self::ScreenReport(screen.parse().ok()?),
            ("in", "till", Some(till)) => Self::Till(till.parse().ok()?),
            ("in", desk, None) => Self::In(Desk::ALL.into_iter().find(|d| d.name() == desk)?),
            ("out", "answer", None) => Self::Answer,
            ("offers", "set", None) => Self::OffersSet,
            ("offers", "result", None) => Self::OffersResult,
            ("out", "event", Some(kind)) => {
                Self::Event(EventKind::ALL.into_iter().find(|k| k.name() == kind)?)
            }
            ("demo", "truth", None) => Self::DemoTruth,
            ("demo", "tag", None) => Self::DemoTag,
            _ => return None,
        };
        levels.next().is_none().then_some(topic)
    }
}

/// What passes between a gateway and a hub of many shops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HubTopic {
    /// What happened, numbered.
    Events,
    /// What the gateway still holds, said at the beginning of every session.
    Hello,
    /// Up to where the hub has everything; retained.
    Mark,
}

impl HubTopic {
    /// Spells the topic.
    pub fn text(self, store: &StoreId) -> TopicText {
        let (way, last) = match self {
            Self::Events => ("up", "ev"),
            Self::Hello => ("up", "hello"),
            Self::Mark => ("dn", "mark"),
        };
        let mut text = TopicText::new();
        write!(text, "{PREFIX}{way}/{store}/{last}").expect("one name of 32 bytes fits 128 bytes");
        text
    }
}

/// What the gateway subscribes to; `+` stands for any one name.
pub const GATEWAY_FILTERS: [&str; 8] = [
    "node/+/frame",
    "node/+/status",
    "node/+/health",
    "node/+/ask",
    "screen/+/report",
    "in/+",
    "in/till/+",
    "offers/set",
];

/// What the gateway says, and nobody else may; `+` stands for any one name.
pub const GATEWAY_SAYS: [&str; 9] = [
    "gateway/status",
    "gateway/health",
    "zone/+/state",
    "screen/+/state",
    "screen/+/command",
    "node/+/time",
    "out/answer",
    "out/event/+",
    "offers/result",
];

/// Spells a filter of [`GATEWAY_FILTERS`] or any other tail below the store.
pub fn filter(store: &StoreId, tail: &str) -> TopicText {
    let mut text = TopicText::new();
    write!(text, "{PREFIX}{store}/{tail}").expect("a filter fits 128 bytes");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::str::FromStr;

    /// Every topic, with names that stand for any.
    fn topics() -> heapless::Vec<Topic, 32> {
        let scanner = ScannerId::from_str("s-01").unwrap();
        let screen = ScreenId::from_str("dairy").unwrap();
        let zone = ZoneId::from_str("bakery").unwrap();
        let mut topics = heapless::Vec::<Topic, 32>::new();
        topics
            .extend_from_slice(&[
                Topic::GatewayStatus,
                Topic::GatewayHealth,
                Topic::ZoneState(zone),
                Topic::ScreenState(screen.clone()),
                Topic::NodeFrame(scanner.clone()),
                Topic::NodeStatus(scanner.clone()),
                Topic::NodeHealth(scanner.clone()),
                Topic::NodeAsk(scanner.clone()),
                Topic::NodeTime(scanner),
                Topic::ScreenCommand(screen.clone()),
                Topic::ScreenReport(screen),
                Topic::Answer,
                Topic::OffersSet,
                Topic::OffersResult,
                Topic::Till(TillId::from_str("till-1").unwrap()),
                Topic::DemoTruth,
                Topic::DemoTag,
            ])
            .unwrap();
        topics.extend(Desk::ALL.map(Topic::In));
        topics.extend(EventKind::ALL.map(Topic::Event));
        topics
    }

    #[test]
    fn every_topic_reads_back_and_another_stores_topic_does_not() {
        let store = StoreId::from_str("quan-1").unwrap();
        let other = StoreId::from_str("quan-10").unwrap();
        for topic in topics() {
            let text = topic.text(&store);
            assert_eq!(Topic::parse(&store, &text), Some(topic), "{text}");
            assert_eq!(Topic::parse(&other, &text), None, "{text}");
        }
    }

    /// Whether a topic below a store is one that a filter means.
    fn fits(filter: &str, topic: &str) -> bool {
        let (mut asked, mut given) = (filter.split('/'), topic.split('/'));
        loop {
            match (asked.next(), given.next()) {
                (None, None) => return true,
                (Some(level), Some(name)) if level == "+" || level == name => {}
                _ => return false,
            }
        }
    }

    #[test]
    fn every_topic_is_heard_or_said_by_the_gateway_and_none_both() {
        let store = StoreId::from_str("quan-1").unwrap();
        let below = "aislecast/v1/quan-1/";
        for topic in topics() {
            let text = topic.text(&store);
            let tail = text.strip_prefix(below).unwrap();
            if tail.starts_with("demo/") {
                continue;
            }
            let heard = GATEWAY_FILTERS.iter().any(|filter| fits(filter, tail));
            let said = GATEWAY_SAYS.iter().any(|filter| fits(filter, tail));
            assert!(heard != said, "{tail}: heard {heard}, said {said}");
        }
    }

    #[test]
    fn topics_of_a_hub_are_spelled_as_its_makers_were_told() {
        let store = StoreId::from_str("quan-1").unwrap();
        for (topic, expected) in [
            (HubTopic::Events, "aislecast/v1/up/quan-1/ev"),
            (HubTopic::Hello, "aislecast/v1/up/quan-1/hello"),
            (HubTopic::Mark, "aislecast/v1/dn/quan-1/mark"),
        ] {
            assert_eq!(topic.text(&store), expected);
        }
    }

    #[test]
    fn foreign_and_longer_topics_are_not_ours() {
        let store = StoreId::from_str("quan-1").unwrap();
        for text in [
            "",
            "aislecast/v1/quan-1",
            "aislecast/v1/quan-1/in/profile/x",
            "aislecast/v1/quan-1/node/A/frame",
            "aislecast/v2/quan-1/in/profile",
            "/aislecast/v1/quan-1/in/profile",
        ] {
            assert_eq!(Topic::parse(&store, text), None, "{text}");
        }
    }
}
