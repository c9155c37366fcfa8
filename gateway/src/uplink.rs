//! What a hub of many shops is told: every entry of the ledger that concerns it,
//! once and in order, whatever becomes of the line and of the brokers on it.
//!
//! The ledger itself is the outbox. Events are read from it, sent with a bounded
//! number on their way, and let go of only when the hub's own word says that its
//! database has them: a broker's acknowledgement frees a place, nothing else.
//! The contract is `docs/uplink.md`.

mod course;
mod event;
mod gauge;
mod kept;
pub(crate) mod problems;
mod pump;
mod words;

pub(crate) use event::{Event, Exposed, Lane, RECEIPTS, Receipts, told};
pub use gauge::{Gauge, UplinkHealth};
pub(crate) use kept::{read_told, write_told};

use crate::{
    mqtt::MqttError,
    stop::Stop,
    store::{Reader, Store, Tail, Told},
};
use config::Shell;
use course::Course;
use link::{Filter, Inbox, Link};
use protocol::{id::StoreId, topic::HubTopic};
use std::{collections::VecDeque, io, path::PathBuf, sync::Arc, time::Instant};

/// Why there is no uplink.
#[derive(Debug, thiserror::Error)]
pub enum UplinkError {
    /// The data folder refuses.
    #[error("failed to remember in the data folder what the hub has: {0}")]
    Remember(#[from] io::Error),
    /// Password, certificates.
    #[error("failed to set up the link to the hub ([uplink]): {0}")]
    Link(#[from] MqttError),
}

/// A started uplink.
#[derive(Debug)]
pub struct Uplink {
    link: Link,
    inbox: Inbox,
    dir: PathBuf,
    store: StoreId,
    tail: Tail,
    lanes: [(Course, Reader); 2],
    /// What is on its way, oldest first: which lane, how much, since when.
    afloat: VecDeque<(Option<Lane>, Instant)>,
    landed: u64,
    /// Whether the hub said that it has what was never said, and an epoch began for that.
    has_begun_anew: bool,
    /// What is remembered on the disk.
    kept: Told,
    gauge: Arc<Gauge>,
}

impl Uplink {
    /// Starts it if the shop's files name a hub. Its broker need not be there yet.
    pub fn start(
        shell: &Shell,
        store: &StoreId,
        ledger: &Store,
    ) -> Result<Option<Self>, UplinkError> {
        let dir = &shell.storage.dir;
        let Some(hub) = &shell.uplink else {
            kept::forget(dir)?;
            ledger.tail().unfollow();
            return Ok(None);
        };
        let tail = ledger.tail();
        let known = tail.told();
        let told = known.unwrap_or(Told {
            first: tail.last(),
            rest: tail.last(),
            sent: tail.last(),
        });
        write_told(dir, told)?;
        tail.follow(told);
        if known.is_none() || tail.epochs().is_empty() {
            tail.begin_epoch();
        }
        let settings = crate::mqtt::external_settings(hub)?;
        let mark = Filter::reliable(HubTopic::Mark.text(store).as_str());
        let (link, inbox) = Link::start(settings, vec![mark]).map_err(MqttError::from)?;
        let receipts = Receipts::new(ledger.secret().derive(RECEIPTS));
        let lanes = Lane::ALL.map(|lane| {
            let reader = Reader::new(tail.clone(), lane, receipts.clone());
            let reached = told.sent.min(tail.last());
            let course = Course::new(lane, told.of(lane), reached, Instant::now());
            (course, reader)
        });
        Ok(Some(Self {
            link,
            inbox,
            dir: dir.to_owned(),
            store: store.clone(),
            tail,
            lanes,
            afloat: VecDeque::new(),
            landed: 0,
            has_begun_anew: false,
            kept: told,
            gauge: Arc::default(),
        }))
    }

    /// How it stands, for the console.
    pub fn watch(&self) -> Watch {
        Watch {
            gauge: self.gauge.clone(),
            tail: self.tail.clone(),
        }
    }

    /// Serves until asked to stop.
    pub async fn serve(mut self, stop: Stop) {
        let link = self.link.clone();
        tokio::select! {
            () = self.pump() => {}
            () = stop.requested() => {}
        }
        self.remember().await;
        link.stop().await;
    }
}

/// Where the console sees how the uplink stands.
#[derive(Debug, Clone)]
pub struct Watch {
    gauge: Arc<Gauge>,
    tail: Tail,
}

impl Watch {
    /// As it is now.
    pub fn health(&self) -> UplinkHealth {
        self.gauge.health(&self.tail)
    }
}
