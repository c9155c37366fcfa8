//! What a broker keeps, and what a follower hears.

use super::*;
use crate::{
    broker::{self, Broker},
    shop::{self, Counter},
};
use link::Inbox;
use std::{collections::BTreeMap, path::Path, sync::Arc, time::Duration};
use tokio::{task::JoinHandle, time::timeout};

const DEADLINE: Duration = Duration::from_secs(30);

/// The telling side of a gateway, with a hand on what its shop looks like.
struct House {
    outward: Outward,
    counter: Counter,
    link: Link,
    serving: JoinHandle<()>,
    uptime_ms: u64,
}

async fn connected(broker: &Broker, id: &str, filters: Vec<Filter>) -> (Link, Inbox) {
    let settings = link::Settings::new("127.0.0.1", broker.address().port(), id.to_owned());
    let (link, inbox) = Link::start(settings, filters).unwrap();
    let mut status = link.status();
    let up = status.wait_for(|status| *status == Status::Up);
    timeout(DEADLINE, up).await.unwrap().unwrap();
    (link, inbox)
}

impl House {
    async fn open(broker: &Broker, dir: &Path, settings: config::Outward) -> Self {
        let outward = Outward {
            settings,
            dir: dir.to_owned(),
            births: watch::Sender::new(()),
        };
        let (link, _) = connected(broker, "house", vec![]).await;
        let (shop, counter) = shop::open(Arc::new(small_plan()));
        let serving = tokio::spawn(outward.clone().serve(link.clone(), shop));
        Self {
            outward,
            counter,
            link,
            serving,
            uptime_ms: 60_000,
        }
    }

    /// The shop is looked at once more, two seconds later.
    fn look(&mut self) {
        self.uptime_ms += 2_000;
        let mut live = busy_live();
        live.health.uptime_ms = self.uptime_ms;
        self.counter.live.send_replace(Arc::new(live));
    }

    async fn close(self) {
        self.serving.abort();
        self.link.stop().await;
    }
}

/// Everybody else on the broker.
struct Follower {
    heard: Inbox,
    kept: BTreeMap<String, Vec<u8>>,
    /// Messages by topic.
    count: BTreeMap<String, usize>,
    _link: Link,
}

impl Follower {
    async fn new(broker: &Broker, id: &str) -> Self {
        let (link, heard) = connected(broker, id, vec![Filter::reliable("#")]).await;
        Self {
            heard,
            kept: BTreeMap::new(),
            count: BTreeMap::new(),
            _link: link,
        }
    }

    /// Looks at the shop again and again until this holds.
    async fn until(&mut self, house: &mut House, holds: impl Fn(&Self) -> bool) {
        let all = async {
            while !holds(self) {
                house.look();
                let soon = timeout(Duration::from_millis(50), self.heard.next());
                if let Ok(Some(message)) = soon.await {
                    self.hear(message);
                }
            }
        };
        timeout(DEADLINE, all).await.unwrap();
    }

    fn hear(&mut self, message: Message) {
        let store = small_plan().store;
        if let Some(topic) = Topic::parse(&store, &message.topic)
            && !message.payload.is_empty()
        {
            let value = spelled(&topic, &message.payload);
            schema_of(&topic).accepts(&value).unwrap();
        }
        *self.count.entry(message.topic.clone()).or_default() += 1;
        if message.payload.is_empty() {
            self.kept.remove(&message.topic);
        } else if !message.topic.contains("/out/") {
            self.kept.insert(message.topic, message.payload.to_vec());
        }
    }
}

const ZONE: &str = "homeassistant/device/aislecast_quan-1_zone_dairy/config";
const ZONE_STATE: &str = "aislecast/v1/quan-1/zone/dairy/state";
const SHOWN: &str = "aislecast/v1/quan-1/out/event/screen-shown";

#[tokio::test]
async fn home_assistant_is_told_again_when_it_is_back_and_loses_what_is_gone() {
    let broker = broker::start("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let dir = tempfile::tempdir().unwrap();
    let mut house = House::open(&broker, dir.path(), settings(true, true)).await;
    let mut follower = Follower::new(&broker, "follower").await;
    let wanted = retained(&small_plan(), &busy_live());
    follower.until(&mut house, |f| f.kept == wanted).await;
    assert_eq!(
        follower.count[ZONE], 1,
        "nothing is repeated without a reason"
    );

    let birth = Message {
        topic: "homeassistant/status".to_owned(),
        payload: b"online"[..].to_vec().into(),
        retained: false,
    };
    assert!(house.outward.takes(&birth));
    follower
        .until(&mut house, |f| {
            f.count[ZONE] == 2 && f.count[ZONE_STATE] == 2
        })
        .await;

    let mut without = small_plan();
    without.zones.clear();
    house.counter.plan.send_replace(Arc::new(without));
    let gone = |f: &Follower| !f.kept.contains_key(ZONE) && !f.kept.contains_key(ZONE_STATE);
    follower.until(&mut house, gone).await;
    house.close().await;

    // Switched off while it did not run: its traces are gone.
    let mut house = House::open(&broker, dir.path(), settings(false, false)).await;
    follower.until(&mut house, |f| f.kept.is_empty()).await;
    house.close().await;
    broker.stop().await;
}

#[tokio::test]
async fn a_showing_is_heard_as_an_event_and_not_kept() {
    let broker = broker::start("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let dir = tempfile::tempdir().unwrap();
    let mut house = House::open(&broker, dir.path(), settings(true, false)).await;
    let mut follower = Follower::new(&broker, "follower").await;
    // The health comes when the teller is there to hear of showings.
    follower.until(&mut house, |f| f.kept.len() == 1).await;
    let shown = Shown {
        screen: "dairy".parse().unwrap(),
        revision: 7,
        offer: "milk".parse().unwrap(),
        painted_ms: 9_000,
        ended: None,
    };
    house.counter.shown.send(shown).unwrap();
    follower
        .until(&mut house, |f| f.count.contains_key(SHOWN))
        .await;
    let mut late = Follower::new(&broker, "late").await;
    late.until(&mut house, |f| !f.kept.is_empty()).await;
    assert_eq!(late.count.get(SHOWN), None);
    house.close().await;
    broker.stop().await;
}
