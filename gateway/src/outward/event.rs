//! What happened, as [CloudEvents](https://cloudevents.io) 1.0 in structured
//! JSON: the only mode that MQTT 3.1.1 has (MQTT binding, section 3.2).
//!
//! An event can arrive twice and is the same one then: source and id together
//! name it. The id is drawn anew at each start and counts up from 1, so that
//! a gap tells what was lost.

use crate::{
    problems::{Problem, Severity},
    shop::Shown,
};
use engine::time::UnixMs;
use jiff::Timestamp;
use link::{Delivery, Link};
use protocol::{
    id::{OfferId, ScreenId, StoreId, ZoneId},
    topic::{EventKind, Topic},
};
use schemars::JsonSchema;
use serde::Serialize;
use std::{
    collections::VecDeque,
    hash::{BuildHasher, Hasher, RandomState},
};

/// Most events waiting for the broker; at one a second that is more than
/// eight minutes. When there are more the oldest go.
const WAITING_MAX: usize = 512;

/// One event.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "{D}Event")]
pub struct CloudEvent<'e, D> {
    /// Version of the specification.
    #[schemars(extend("const" = "1.0"))]
    specversion: &'static str,
    /// Drawn at the gateway's start, and a number that counts up from 1.
    #[schemars(regex(pattern = "^[0-9a-f]{16}-[1-9][0-9]*$"))]
    id: String,
    /// The gateway: `/aislecast/v1/<store>`.
    #[schemars(regex(pattern = "^/aislecast/v1/[a-z0-9-]{1,32}$"))]
    source: String,
    /// What kind of event.
    #[schemars(regex(pattern = "^org\\.aislecast\\.[a-z]+\\.[a-z]+\\.v1$"))]
    r#type: &'static str,
    /// What it is about: `screen/dairy`.
    subject: &'e str,
    /// When, if the gateway knows the date.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date-time"))]
    time: Option<String>,
    /// What `data` is.
    #[schemars(extend("const" = "application/json"))]
    datacontenttype: &'static str,
    /// What happened.
    data: &'e D,
}

/// A screen showed an offer, by its own word, and it is over. Who saw it is
/// nobody's business but the ledger's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct ScreenShown {
    screen: ScreenId,
    offer: OfferId,
    /// Of the command that it obeyed.
    revision: u64,
    /// How long it was on the glass, ms.
    painted_ms: u32,
}

/// Something is wrong, or right again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Alarm {
    /// Names the problem while it lasts: `screen:dairy`, `store`.
    key: String,
    /// `true` when it began, `false` when it is over.
    raised: bool,
    severity: Severity,
    /// What is wrong, in words, as it began.
    what: String,
    /// What to do.
    remedy: String,
}

/// A zone holds more or fewer people than before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct ZoneOccupancy {
    zone: ZoneId,
    /// At least so many people are there, in steps of 5. 0 tells nothing.
    people_min: u32,
}

/// The type that tells consumers what `data` holds. A change that would break
/// one of them gets a new version.
pub(super) const fn type_of(kind: EventKind) -> &'static str {
    match kind {
        EventKind::ScreenShown => "org.aislecast.screen.shown.v1",
        EventKind::ScreenAlarm => "org.aislecast.screen.alarm.v1",
        EventKind::ZoneOccupancy => "org.aislecast.zone.occupancy.v1",
        EventKind::GatewayHealth => "org.aislecast.gateway.health.v1",
    }
}

/// Numbers events and hands them to the broker while it is there.
#[derive(Debug)]
pub(super) struct Events {
    store: StoreId,
    epoch: u64,
    last: u64,
    waiting: VecDeque<Delivery>,
    dropped: u64,
}

impl Events {
    pub(super) fn new(store: StoreId) -> Self {
        // The standard library seeds its hash keys from the system.
        Self::numbered(store, RandomState::new().build_hasher().finish())
    }

    /// With this in front of every number.
    pub(super) fn numbered(store: StoreId, epoch: u64) -> Self {
        Self {
            store,
            epoch,
            last: 0,
            waiting: VecDeque::new(),
            dropped: 0,
        }
    }

    /// A showing is over.
    pub(super) fn shown(&mut self, shown: Shown) {
        let subject = format!("screen/{}", shown.screen);
        let data = ScreenShown {
            screen: shown.screen,
            offer: shown.offer,
            revision: shown.revision,
            painted_ms: shown.painted_ms,
        };
        self.put(EventKind::ScreenShown, &subject, shown.ended, &data);
    }

    /// A problem began or ended.
    pub(super) fn alarm(&mut self, at: Option<UnixMs>, problem: &Problem, raised: bool) {
        let screen = problem.key.strip_prefix("screen:");
        let (kind, subject) = match screen {
            Some(screen) => (EventKind::ScreenAlarm, format!("screen/{screen}")),
            None => (EventKind::GatewayHealth, problem.key.replace(':', "/")),
        };
        let data = Alarm {
            key: problem.key.clone(),
            raised,
            severity: problem.severity,
            what: problem.what.clone(),
            remedy: problem.remedy.clone(),
        };
        self.put(kind, &subject, at, &data);
    }

    /// A zone holds more or fewer people.
    pub(super) fn crowd(&mut self, at: Option<UnixMs>, zone: ZoneId, people_min: u32) {
        let subject = format!("zone/{zone}");
        let data = ZoneOccupancy { zone, people_min };
        self.put(EventKind::ZoneOccupancy, &subject, at, &data);
    }

    /// Hands over what waits, as far as the link takes it.
    pub(super) fn hand_over(&mut self, link: &Link) {
        while let Some(event) = self.waiting.front() {
            if link.deliver(event.clone()).is_err() {
                return;
            }
            self.waiting.pop_front();
        }
        if self.dropped > 0 {
            let dropped = std::mem::take(&mut self.dropped);
            tracing::warn!(dropped, "events were dropped while the broker was away");
        }
    }

    /// What waits, oldest first.
    pub(super) fn waiting(&self) -> impl Iterator<Item = &Delivery> {
        self.waiting.iter()
    }

    /// Events that were never taken in.
    pub(super) fn missed(&mut self, count: u64) {
        self.last += count;
        self.dropped += count;
    }

    fn put(
        &mut self,
        kind: EventKind,
        subject: &str,
        at: Option<UnixMs>,
        data: &(impl Serialize + ?Sized),
    ) {
        self.last += 1;
        let event = CloudEvent {
            specversion: "1.0",
            id: format!("{:016x}-{}", self.epoch, self.last),
            source: format!("/aislecast/v1/{}", self.store),
            r#type: type_of(kind),
            subject,
            time: at.and_then(rfc3339),
            datacontenttype: "application/json",
            data: &data,
        };
        if self.waiting.len() >= WAITING_MAX {
            self.waiting.pop_front();
            self.dropped += 1;
        }
        self.waiting.push_back(Delivery {
            topic: Topic::Event(kind).text(&self.store).to_string(),
            payload: serde_json::to_vec(&event).expect("an event has only text keys"),
            retain: false,
            expires_after: None,
        });
    }
}

/// `None` for a date that no calendar has.
fn rfc3339(at: UnixMs) -> Option<String> {
    let at = Timestamp::from_millisecond(at.0).ok()?;
    Some(at.to_string())
}
