//! One row for each topic: who sends, how, and what.

use super::ANY;
use crate::mqtt::{ANSWER_OF_USE, CARRIED_OF_USE, CLEAR_OF_USE};
use protocol::topic::{Desk, EventKind, Topic};
use std::time::Duration;

/// Who sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// The gateway.
    Send,
    /// Somebody else.
    Receive,
}

/// How one topic is used.
#[derive(Debug)]
pub(super) struct Channel {
    pub(super) topic: Topic,
    pub(super) key: &'static str,
    pub(super) title: &'static str,
    pub(super) says: &'static str,
    pub(super) direction: Direction,
    pub(super) qos: u8,
    pub(super) retain: bool,
    pub(super) expiry: Option<Duration>,
    pub(super) content_type: &'static str,
    /// Name of the payload's schema.
    pub(super) schema: &'static str,
}

/// Every channel.
pub(super) fn all() -> Vec<Channel> {
    topics().into_iter().map(of).collect()
}

/// Every topic, with names that stand for any.
pub(super) fn topics() -> Vec<Topic> {
    let [_, (scanner, _), (screen, _), (zone, _), (till, _)] = ANY;
    let name = "a name of a-z and -";
    let mut topics = vec![
        Topic::GatewayStatus,
        Topic::GatewayHealth,
        Topic::ZoneState(zone.parse().expect(name)),
        Topic::ScreenState(screen.parse().expect(name)),
        Topic::NodeFrame(scanner.parse().expect(name)),
        Topic::NodeStatus(scanner.parse().expect(name)),
        Topic::NodeHealth(scanner.parse().expect(name)),
        Topic::NodeAsk(scanner.parse().expect(name)),
        Topic::NodeTime(scanner.parse().expect(name)),
        Topic::ScreenCommand(screen.parse().expect(name)),
        Topic::ScreenReport(screen.parse().expect(name)),
        Topic::Till(till.parse().expect(name)),
        Topic::Answer,
        Topic::OffersSet,
        Topic::OffersResult,
        Topic::DemoTruth,
        Topic::DemoTag,
    ];
    topics.extend(Desk::ALL.map(Topic::In));
    topics.extend(EventKind::ALL.map(Topic::Event));
    topics
}

fn of(topic: Topic) -> Channel {
    use Direction::{Receive, Send};
    match topic {
        Topic::GatewayStatus
        | Topic::GatewayHealth
        | Topic::ZoneState(_)
        | Topic::ScreenState(_) => retained(topic),
        Topic::NodeFrame(_) => Channel {
            qos: 0,
            content_type: "application/octet-stream",
            ..fleeting(
                topic,
                ("nodeFrame", "NodeFrame"),
                Receive,
                "What a node of ours heard and read within about a second.",
            )
        },
        Topic::NodeStatus(_) | Topic::NodeHealth(_) => of_node(topic),
        Topic::NodeAsk(_) | Topic::NodeTime(_) => of_time(topic),
        Topic::ScreenCommand(_) => Channel {
            expiry: Some(CLEAR_OF_USE),
            ..fleeting(
                topic,
                ("screenCommand", "ScreenCommand"),
                Send,
                "What a screen is told. Only the newest counts; one to show something is of use \
                 no longer than `shown_for_ms`.",
            )
        },
        Topic::ScreenReport(_) => fleeting(
            topic,
            ("screenReport", "ScreenReport"),
            Receive,
            "What a screen says it has on the glass.",
        ),
        Topic::In(desk) => of_desk(desk),
        Topic::Till(_) => fleeting(
            topic,
            ("inTill", "TillReceipt"),
            Receive,
            "A till closed, voided or took back a receipt, in its own words.",
        ),
        Topic::Answer => Channel {
            expiry: Some(ANSWER_OF_USE),
            ..fleeting(
                topic,
                ("answer", "Answer"),
                Send,
                "What became of a message to a desk, once it is on the disk. This alone is the \
                 promise: a broker is told that a message has come before it is on the disk, \
                 and one with an `id` that is not answered is to be sent again.",
            )
        },
        Topic::OffersSet | Topic::OffersResult => of_offers(topic),
        Topic::Event(kind) => of_event(kind),
        Topic::DemoTruth | Topic::DemoTag => of_demo(topic),
    }
}

/// What the simulated shop and its gateway say to each other besides.
fn of_demo(topic: Topic) -> Channel {
    if topic == Topic::DemoTruth {
        return Channel {
            qos: 0,
            ..fleeting(
                topic,
                ("demoTruth", "Truth"),
                Direction::Receive,
                "Where simulated people truly are; heeded in the demo only.",
            )
        };
    }
    Channel {
        expiry: Some(CARRIED_OF_USE),
        ..fleeting(
            topic,
            ("demoTag", "Carried"),
            Direction::Send,
            "Where the tag is carried with which the simulated shop is calibrated; said in \
                 the demo only.",
        )
    }
}

/// Bundles of offers, and what came of them.
fn of_offers(topic: Topic) -> Channel {
    if topic == Topic::OffersSet {
        return Channel {
            content_type: "application/octet-stream",
            ..fleeting(
                topic,
                ("offersSet", "Bundle"),
                Direction::Receive,
                "A signed bundle of offers to be put into force. It comes whole, in one message \
                 of at most 250 KiB; larger ones go to POST /api/v1/offers/apply.",
            )
        };
    }
    Channel {
        expiry: Some(ANSWER_OF_USE),
        ..fleeting(
            topic,
            ("offersResult", "BundleResult"),
            Direction::Send,
            "What came of a bundle of offers, once it is on the disk.",
        )
    }
}

/// What a node of ours says of itself, which the broker keeps.
fn of_node(topic: Topic) -> Channel {
    let is_word = matches!(topic, Topic::NodeStatus(_));
    let (names, says) = if is_word {
        (
            ("nodeStatus", "Status"),
            "Whether a node of ours is there: `online` after every connect, `offline` as the \
             last will. For whoever looks after nodes.",
        )
    } else {
        (
            ("nodeHealth", "NodeHealth"),
            "What became of everything a node of ours heard and read. For whoever looks after \
             nodes.",
        )
    };
    Channel {
        qos: u8::from(is_word),
        ..state(topic, names, Direction::Receive, says, is_word)
    }
}

/// What time it is: a question and its answer.
fn of_time(topic: Topic) -> Channel {
    let (names, direction, says) = if matches!(topic, Topic::NodeAsk(_)) {
        (
            ("nodeAsk", "TimeAsk"),
            Direction::Receive,
            "A node of ours asks what time it is. It is answered at once, or not at all.",
        )
    } else {
        (
            ("nodeTime", "TimeAnswer"),
            Direction::Send,
            "A node of ours is told what time it is, by the clock of this start of the gateway.",
        )
    };
    Channel {
        qos: 0,
        content_type: "application/octet-stream",
        ..fleeting(topic, names, direction, says)
    }
}

/// State, which the broker keeps.
fn retained(topic: Topic) -> Channel {
    let (names, says) = match &topic {
        Topic::ZoneState(_) => (
            ("zoneState", "ZoneState"),
            "How full a zone is at least. With [outward.home_assistant].",
        ),
        Topic::ScreenState(_) => (
            ("screenState", "ScreenState"),
            "What a screen shows. With [outward.home_assistant].",
        ),
        Topic::GatewayHealth => (
            ("gatewayHealth", "GatewayHealth"),
            "What is wrong in the shop. With [outward].",
        ),
        _ => (
            ("gatewayStatus", "Status"),
            "Whether the gateway is there: `online` after every connect, `offline` at a clean \
             stop and as the last will.",
        ),
    };
    let is_word = topic == Topic::GatewayStatus;
    state(topic, names, Direction::Send, says, is_word)
}

/// State: a word, or JSON.
fn state(
    topic: Topic,
    names: (&'static str, &'static str),
    direction: Direction,
    says: &'static str,
    is_word: bool,
) -> Channel {
    Channel {
        retain: true,
        content_type: if is_word {
            "text/plain"
        } else {
            "application/json"
        },
        ..fleeting(topic, names, direction, says)
    }
}

fn of_desk(desk: Desk) -> Channel {
    let (names, says) = match desk {
        Desk::Profile => (
            ("inProfile", "Profile"),
            "Consent, keys and profile of one shopper, new or changed.",
        ),
        Desk::Withdraw => (
            ("inWithdraw", "Withdraw"),
            "A shopper takes consent back. Give it an `id`, and send it again until `out/answer` \
             names it. Never retained: it would be acted on at every session again, also after \
             a newer consent.",
        ),
        Desk::Forget => (
            ("inForget", "Forget"),
            "A shopper is to be forgotten. Give it an `id`, and send it again until `out/answer` \
             names it. Never retained: whoever came back would be forgotten at every session \
             again.",
        ),
        Desk::Basket => (("inBasket", "Basket"), "A till closed a basket."),
        Desk::Reading => (("inReading", "Reading"), "A sensor says something."),
        Desk::Complaint => (
            ("inComplaint", "Complaint"),
            "Somebody complains about a screen, or calls for help near it.",
        ),
    };
    fleeting(Topic::In(desk), names, Direction::Receive, says)
}

fn of_event(kind: EventKind) -> Channel {
    let (names, says) = match kind {
        EventKind::ScreenShown => (
            ("eventScreenShown", "ScreenShownEvent"),
            "A screen showed an offer, by its own word, and it is over.",
        ),
        EventKind::ScreenAlarm => (
            ("eventScreenAlarm", "AlarmEvent"),
            "Something is wrong with a screen, or right again.",
        ),
        EventKind::ZoneOccupancy => (
            ("eventZoneOccupancy", "ZoneOccupancyEvent"),
            "A zone holds more or fewer people; at most once a minute.",
        ),
        EventKind::GatewayHealth => (
            ("eventGatewayHealth", "AlarmEvent"),
            "Something else is wrong, or right again.",
        ),
    };
    Channel {
        content_type: "application/cloudevents+json",
        ..fleeting(Topic::Event(kind), names, Direction::Send, says)
    }
}

/// At least once, and not retained.
fn fleeting(
    topic: Topic,
    (key, schema): (&'static str, &'static str),
    direction: Direction,
    says: &'static str,
) -> Channel {
    Channel {
        topic,
        key,
        title: says.split(['.', ':', ';']).next().unwrap_or(says),
        says,
        direction,
        qos: 1,
        retain: false,
        expiry: None,
        content_type: "application/json",
        schema,
    }
}
