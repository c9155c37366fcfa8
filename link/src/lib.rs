//! One MQTT session over rumqttc that survives its broker.
//!
//! - [`Link::send`] is fire and forget (QoS 0): what finds no room or no
//!   broker is dropped and counted.
//! - [`Link::deliver`] keeps a message until the broker acknowledges it
//!   (QoS 1), over any number of broken sessions, in order. It can arrive
//!   twice, so a message that must count once carries an id in its payload.
//! - [`Inbox`] brings messages in batches and makes the broker wait when
//!   nobody reads; news overtakes a burst of retained messages.
//! - [`Link::listen`] changes what is listened to while the session goes on.
//!
//! On every connection the session first subscribes, one filter at a time,
//! and publishes only when all are granted. Sessions use MQTT 3.1.1.

mod backoff;
mod counters;
mod inbox;
mod listening;
mod outbox;
mod pulse;
mod reason;
mod session;
mod settings;
mod stop;
mod supervisor;
mod tls;

pub use counters::Counters;
pub use inbox::{Inbox, Message};
pub use outbox::Delivery;
pub use reason::Reason;
pub use settings::{BadUrl, KEEP_ALIVE, Session, Settings, Tls, unique_client_id};

use counters::Tallies;
use listening::Listening;
use outbox::Outbox;
use rumqttc::{AsyncClient, QoS};
use std::{
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};
use tokio::sync::watch;

/// Largest packet sent or handed on, bytes. The largest payload of ours is
/// about 4 KiB; the room above is for other makers' discovery messages.
pub const MAX_PACKET: usize = 256 << 10;
/// What the header of a packet takes at most, beside topic and payload, bytes.
const PACKET_OVERHEAD: usize = 16;

/// What to listen to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Topic filter.
    pub topic: String,
    /// Whether the broker must bring each message at least once.
    pub reliable: bool,
}

impl Filter {
    /// Readings: one lost is replaced by the next.
    pub fn fleeting(topic: impl Into<String>) -> Self {
        Self {
            topic: topic.into(),
            reliable: false,
        }
    }

    /// Messages that matter one by one.
    pub fn reliable(topic: impl Into<String>) -> Self {
        Self {
            topic: topic.into(),
            reliable: true,
        }
    }
}

/// Why a link cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A PEM file of certificates.
    #[error("failed to read certificates from {0}: is it a readable PEM file?")]
    Certificate(PathBuf),
    /// A PEM file of a key.
    #[error("failed to read a private key from {0}: is it a readable, unencrypted PEM file?")]
    Key(PathBuf),
    /// Certificate and key do not belong together.
    #[error("failed to use the certificate {0}: it does not belong to its key")]
    Pair(PathBuf),
    /// No authority at all.
    #[error("failed to find a certificate authority: name a CA file")]
    NoAuthority,
    /// Not a topic filter.
    #[error("failed to listen to {0:?}: it is not a topic filter")]
    Filter(String),
    /// rumqttc cannot check a certificate against an IPv6 address.
    #[error("failed to use TLS with the IPv6 address {0}: give the broker a host name")]
    Ipv6Tls(String),
}

/// Why a message was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    /// No session, and the message does not wait for one.
    #[error("the broker is away")]
    Down,
    /// The queue or the outbox is full.
    #[error("too much is waiting for the broker")]
    Full,
    /// Larger than [`MAX_PACKET`].
    #[error("the message is too large")]
    TooLarge,
    /// Empty or with a wildcard.
    #[error("the topic cannot be published to")]
    BadTopic,
}

/// How the link stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// The first attempt is under way.
    Starting,
    /// Connected and subscribed.
    Up,
    /// The last session broke, or the last attempt failed.
    Down(Reason),
}

/// Held by those who publish. Cheap to clone. When the last clone is gone the
/// session ends as if the process had died: the broker publishes the will.
#[derive(Debug, Clone)]
pub struct Link {
    shared: Arc<Shared>,
    stopping: Arc<watch::Sender<bool>>,
    ended: watch::Receiver<()>,
}

/// What publishers and the session's task both touch. The lock is never held
/// across an await.
#[derive(Debug)]
pub(crate) struct Shared {
    wire: Mutex<Wire>,
    tallies: Tallies,
    status: watch::Sender<Status>,
    acknowledged: watch::Sender<u64>,
}

/// Where messages go.
#[derive(Debug, Default)]
pub(crate) struct Wire {
    outbox: Outbox,
    listening: Listening,
    /// Set while subscribed.
    client: Option<AsyncClient>,
}

impl Link {
    /// Starts a session that is renewed until [`Link::stop`]. Must be called
    /// within a tokio runtime. The broker need not be there yet.
    pub fn start(settings: Settings, filters: Vec<Filter>) -> Result<(Self, Inbox), StartError> {
        if let Some(tls) = &settings.tls {
            tls::client_config(tls)?;
            if settings.host.contains(':') {
                return Err(StartError::Ipv6Tls(settings.host));
            }
        }
        check_filters(&filters)?;
        let former = settings.former_filters.iter().cloned();
        let wire = Wire {
            listening: Listening::new(filters, former),
            ..Wire::default()
        };
        let shared = Arc::new(Shared {
            wire: Mutex::new(wire),
            tallies: Tallies::default(),
            status: watch::Sender::new(Status::Starting),
            acknowledged: watch::Sender::new(0),
        });
        let (stopping, stop) = watch::channel(false);
        let (sender, inbox) = inbox::channel();
        let (alive, ended) = watch::channel(());
        let task = supervisor::run(settings, shared.clone(), sender, stop);
        tokio::spawn(async move {
            task.await;
            drop(alive);
        });
        let link = Self {
            shared,
            stopping: Arc::new(stopping),
            ended,
        };
        Ok((link, inbox))
    }

    /// From now on listens to these filters and to no others. The broker hears
    /// only of the difference.
    pub fn listen(&self, filters: Vec<Filter>) -> Result<(), StartError> {
        check_filters(&filters)?;
        let mut wire = self.shared.wire();
        wire.listening.want(filters);
        wire.listen();
        Ok(())
    }

    /// Publishes at most once, now or never.
    pub fn send(&self, topic: &str, payload: Vec<u8>) -> Result<(), NotTaken> {
        self.counted(self.try_send(topic, payload))
    }

    /// Publishes at least once: kept until the broker acknowledges it, or it expires.
    pub fn deliver(&self, delivery: Delivery) -> Result<(), NotTaken> {
        self.counted(self.try_deliver(delivery, false))
    }

    /// The same, for a topic on which only the newest message is of use: what
    /// still waits for it is dropped.
    pub fn deliver_newest(&self, delivery: Delivery) -> Result<(), NotTaken> {
        self.counted(self.try_deliver(delivery, true))
    }

    /// Follows how the link stands.
    pub fn status(&self) -> watch::Receiver<Status> {
        self.shared.status.subscribe()
    }

    /// Follows how many deliveries the broker has acknowledged.
    pub fn acknowledged(&self) -> watch::Receiver<u64> {
        self.shared.acknowledged.subscribe()
    }

    /// Counts since start, and what waits now.
    pub fn counters(&self) -> Counters {
        let wire = self.shared.wire();
        self.shared.tallies.read(&wire.outbox)
    }

    /// Delivers what waits and says `offline`, for at most about 3 s; then
    /// ends the session. After that nothing is taken or brought any more.
    pub async fn stop(&self) {
        self.stopping.send_replace(true);
        let mut ended = self.ended.clone();
        // An error says that the sender is gone, which is the end we wait for.
        while ended.changed().await.is_ok() {}
    }

    fn counted(&self, taken: Result<(), NotTaken>) -> Result<(), NotTaken> {
        if taken.is_err() {
            self.shared.tallies.dropped.add(1);
        }
        taken
    }

    fn try_send(&self, topic: &str, payload: Vec<u8>) -> Result<(), NotTaken> {
        check(topic, payload.len())?;
        let wire = self.shared.wire();
        let client = wire.client.as_ref().ok_or(NotTaken::Down)?;
        client
            .try_publish(topic, QoS::AtMostOnce, false, payload)
            .map_err(|_| NotTaken::Full)
    }

    fn try_deliver(&self, delivery: Delivery, newest: bool) -> Result<(), NotTaken> {
        check(&delivery.topic, delivery.payload.len())?;
        let now = Instant::now();
        let wire = &mut *self.shared.wire();
        if newest {
            wire.outbox.drop_older(&delivery.topic);
        }
        if !wire.outbox.push(delivery, now) {
            return Err(NotTaken::Full);
        }
        wire.pump(now);
        Ok(())
    }
}

impl Shared {
    pub(crate) fn wire(&self) -> MutexGuard<'_, Wire> {
        // Nothing panics while holding it, and if it did the outbox is still whole.
        self.wire.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wire {
    pub(crate) fn pump(&mut self, now: Instant) {
        if let Some(client) = &self.client {
            self.outbox.pump(client, now);
        }
    }

    /// Asks for what is wanted and not there yet.
    pub(crate) fn listen(&mut self) {
        if let Some(client) = &self.client {
            self.listening.ask(client);
        }
    }
}

fn check_filters(filters: &[Filter]) -> Result<(), StartError> {
    let bad = filters.iter().find(|f| !rumqttc::valid_filter(&f.topic));
    bad.map_or(Ok(()), |bad| Err(StartError::Filter(bad.topic.clone())))
}

/// A packet that rumqttc would refuse to encode ends its session, and in the
/// outbox it would end every session: so it never gets that far.
fn check(topic: &str, payload: usize) -> Result<(), NotTaken> {
    if topic.is_empty() || topic.len() > usize::from(u16::MAX) || topic.contains(['#', '+', '\0']) {
        Err(NotTaken::BadTopic)
    } else if topic.len() + payload + PACKET_OVERHEAD > MAX_PACKET {
        Err(NotTaken::TooLarge)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_break_every_session_is_refused() {
        for (topic, payload, expected) in [
            ("a/b", 10, Ok(())),
            ("", 10, Err(NotTaken::BadTopic)),
            ("a/+", 10, Err(NotTaken::BadTopic)),
            ("a/#", 10, Err(NotTaken::BadTopic)),
            ("a", MAX_PACKET, Err(NotTaken::TooLarge)),
        ] {
            assert_eq!(check(topic, payload), expected, "{topic} {payload}");
        }
    }
}
