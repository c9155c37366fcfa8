//! One session: connect, subscribe, converse, until it breaks or is stopped.

use crate::{
    Delivery, Filter, MAX_PACKET, Shared, Status,
    inbox::{Message, Sender},
    settings::{Session, Settings},
    tls,
};
use rumqttc::{
    AsyncClient, ConnectReturnCode, ConnectionError, Event, EventLoop, LastWill, MqttOptions,
    NetworkOptions, Outgoing, Packet, Publish, QoS, StateError, SubscribeReasonCode,
    TlsConfiguration, Transport,
};
use std::{
    fmt,
    future::Future,
    io,
    pin::pin,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    time::{Duration, Instant},
};
use tokio::{sync::watch, time};

/// Requests that may wait in rumqttc: the window, subscriptions, and a burst
/// of QoS 0 messages.
const QUEUE: usize = 1_024;
/// rumqttc's own limit of unacknowledged messages; ten times our window, so
/// that its packet ids never collide.
const INFLIGHT: u16 = 10 * crate::outbox::WINDOW as u16;
/// Longest time for TCP, TLS and `CONNACK` together, and for one flush.
const CONNECT_S: u64 = 30;
/// Longest time from `CONNACK` to the last `SUBACK`.
const SUBSCRIBE: Duration = Duration::from_secs(20);
/// Longest time to deliver what waits when stopping.
const FAREWELL: Duration = Duration::from_secs(3);
/// Messages above this are not even swallowed.
const SWALLOW_MAX: usize = 32 << 20;

/// Why a session ended or did not begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// No connection: the system's word for it.
    Unreachable(io::ErrorKind),
    /// The broker refused us.
    Refused(&'static str),
    /// TLS failed: certificate, name or protocol.
    Tls,
    /// The connection closed.
    Closed,
    /// The broker is silent or acknowledges nothing.
    Silent,
    /// A filter was not granted in time.
    NotSubscribed,
    /// A packet of this many bytes came.
    TooLarge(usize),
    /// Bytes that are not MQTT 3.1.1.
    Protocol,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(kind) => write!(f, "the broker cannot be reached: {kind}"),
            Self::Refused(why) => write!(f, "the broker refuses us: {why}"),
            Self::Tls => f.write_str(
                "TLS failed: check that the CA file signed the broker's certificate and that it names the host",
            ),
            Self::Closed => f.write_str(
                "the broker closed the connection (another client of the same id?)",
            ),
            Self::Silent => f.write_str("the broker is silent"),
            Self::NotSubscribed => f.write_str("the broker does not answer a subscription"),
            Self::TooLarge(bytes) => write!(f, "a packet of {bytes} bytes came"),
            Self::Protocol => f.write_str("the broker does not speak MQTT 3.1.1"),
        }
    }
}

/// How a session ended; no reason when it was stopped.
pub(crate) struct Ending {
    pub(crate) was_up: bool,
    pub(crate) reason: Option<Reason>,
}

/// A packet that is too large costs one session, not every session: the next
/// one takes it in and throws it away.
pub(crate) fn raised_limit(bytes: usize) -> usize {
    bytes
        .checked_next_power_of_two()
        .unwrap_or(SWALLOW_MAX)
        .clamp(MAX_PACKET, SWALLOW_MAX)
}

/// The wish to stop.
#[derive(Clone)]
pub(crate) struct Stop(watch::Receiver<bool>);

impl Stop {
    pub(crate) fn new(stop: watch::Receiver<bool>) -> Self {
        Self(stop)
    }

    /// Waits for the wish. `true` when asked politely, `false` when the last
    /// link was dropped.
    async fn wished(&mut self) -> bool {
        self.0.wait_for(|stop| *stop).await.is_ok()
    }

    /// Does something, unless the wish comes first.
    pub(crate) async fn unless<T>(&mut self, something: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            _ = self.wished() => None,
            done = something => Some(done),
        }
    }
}

/// Runs one session.
pub(crate) async fn run(
    settings: &Settings,
    filters: &[Filter],
    shared: &Shared,
    inbox: &Sender,
    stop: &mut Stop,
    packet_limit: usize,
) -> Ending {
    let failed = |reason| Ending {
        was_up: false,
        reason: Some(reason),
    };
    let Ok(options) = options(settings, packet_limit) else {
        return failed(Reason::Tls);
    };
    // A new client for every session: nothing is inherited from a broken one.
    let (client, mut events) = AsyncClient::new(options, QUEUE);
    let mut network = NetworkOptions::new();
    // Off in rumqttc by default; at 1,000 readings/s the median latency was
    // 1,074 us without and 93 us with it.
    network.set_tcp_nodelay(true);
    network.set_connection_timeout(CONNECT_S);
    events.set_network_options(network);

    let pulse = Pulse::default();
    let conversation = Conversation {
        settings,
        filters,
        shared,
        inbox,
        client,
        events,
        pulse: &pulse,
        stop: stop.clone(),
        granted: 0,
        batch: Vec::new(),
    };
    let mut conversation = pin!(conversation.run());
    let reason = tokio::select! {
        reason = &mut conversation => Some(reason),
        reason = watch_over(settings, shared, &pulse) => Some(reason),
        politely = stop.wished() => {
            if politely && pulse.is_up() {
                part(settings, shared, conversation).await;
            }
            None
        }
    };
    Ending {
        was_up: pulse.is_up(),
        reason,
    }
}

/// Says `offline` after all else and goes on conversing until everything is
/// acknowledged. If that takes too long the connection is just dropped, and
/// the broker publishes the will, which says the same.
async fn part(settings: &Settings, shared: &Shared, conversation: impl Future<Output = Reason>) {
    {
        let now = Instant::now();
        let mut wire = shared.wire();
        if let Some(status) = status(settings, "offline") {
            wire.outbox.push_last(status, now);
        }
        wire.pump(now);
    }
    let delivered = async {
        let mut look = time::interval(Duration::from_millis(10));
        while shared.wire().outbox.depth() > 0 {
            look.tick().await;
        }
        if let Some(client) = shared.wire().client.take() {
            // The conversation ends itself when this is on the wire.
            let _ = client.try_disconnect();
        }
        std::future::pending::<()>().await;
    };
    let _ = time::timeout(FAREWELL, async {
        tokio::select! {
            _ = conversation => {}
            () = delivered => {}
        }
    })
    .await;
}

/// Signs of life, seen by the watch beside the conversation.
#[derive(Default)]
struct Pulse {
    heard: AtomicU64,
    /// While nobody reads our inbox we do not listen either.
    waiting_for_reader: AtomicBool,
    connected: AtomicBool,
    up: AtomicBool,
}

impl Pulse {
    fn is_up(&self) -> bool {
        self.up.load(Ordering::Relaxed)
    }
}

/// Ends when the broker has been silent, or has acknowledged nothing, for too
/// long. rumqttc itself notices a dead link only at the second ping.
async fn watch_over(settings: &Settings, shared: &Shared, pulse: &Pulse) -> Reason {
    let keep_alive = keep_alive(settings);
    let patience = keep_alive + keep_alive / 2;
    let mut tick = time::interval(keep_alive / 4);
    let mut heard = (0, Instant::now());
    let mut acknowledged = (0, Instant::now());
    let connected = loop {
        tick.tick().await;
        // Before that rumqttc's own time limit holds.
        if pulse.connected.load(Ordering::Relaxed) {
            break Instant::now();
        }
    };
    loop {
        let now = Instant::now();
        let (sum, lent) = {
            let wire = shared.wire();
            (wire.outbox.tally.acknowledged, wire.outbox.lent())
        };
        let blocked = pulse.waiting_for_reader.load(Ordering::Relaxed);
        let count = pulse.heard.load(Ordering::Relaxed);
        if count != heard.0 || blocked {
            heard = (count, now);
        }
        if sum != acknowledged.0 || lent == 0 || blocked {
            acknowledged = (sum, now);
        }
        if now - heard.1 > patience || now - acknowledged.1 > patience {
            return Reason::Silent;
        }
        if !pulse.is_up() && !blocked && now - connected > SUBSCRIBE {
            return Reason::NotSubscribed;
        }
        tick.tick().await;
    }
}

struct Conversation<'a> {
    settings: &'a Settings,
    filters: &'a [Filter],
    shared: &'a Shared,
    inbox: &'a Sender,
    client: AsyncClient,
    events: EventLoop,
    pulse: &'a Pulse,
    stop: Stop,
    /// Filters answered for so far.
    granted: usize,
    batch: Vec<Message>,
}

impl Conversation<'_> {
    /// Until the session breaks. Polling is never cancelled half-way, only
    /// abandoned together with the connection.
    async fn run(mut self) -> Reason {
        loop {
            match self.events.poll().await {
                Ok(event) => self.take(event),
                Err(error) => return reason(error),
            }
            // What rumqttc has already read, without going through its poll.
            while let Some(event) = self.events.state.events.pop_front() {
                self.take(event);
            }
            self.pulse.heard.fetch_add(1, Ordering::Relaxed);
            if !self.batch.is_empty() {
                self.hand_on().await;
            }
        }
    }

    async fn hand_on(&mut self) {
        let batch = std::mem::take(&mut self.batch);
        self.shared.tallies.received.add(batch.len() as u64);
        let Err(full) = self.inbox.try_send(batch) else {
            return;
        };
        self.pulse.waiting_for_reader.store(true, Ordering::Relaxed);
        // When nobody will ever read there is nothing to bring.
        let waited = self.inbox.send(full.into_inner());
        let _ = self.stop.unless(waited).await;
        self.pulse
            .waiting_for_reader
            .store(false, Ordering::Relaxed);
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::Incoming(Packet::Publish(publish)) => self.take_message(publish),
            Event::Incoming(Packet::PubAck(ack)) => {
                let mut wire = self.shared.wire();
                wire.outbox.acknowledged(ack.pkid);
                wire.pump(Instant::now());
            }
            Event::Outgoing(Outgoing::Publish(pkid)) => {
                let mut wire = self.shared.wire();
                if pkid != 0 {
                    wire.outbox.sent(pkid);
                }
                // A place in rumqttc's queue is free.
                if wire.outbox.has_waiting() {
                    wire.pump(Instant::now());
                }
            }
            Event::Incoming(Packet::ConnAck(_)) => {
                self.pulse.connected.store(true, Ordering::Relaxed);
                self.subscribe();
            }
            Event::Incoming(Packet::SubAck(ack)) => {
                if ack.return_codes.contains(&SubscribeReasonCode::Failure) {
                    self.shared.tallies.refused_filters.add(1);
                    tracing::error!(
                        filter = self.filters.get(self.granted).map(|f| f.topic.as_str()),
                        "the broker refuses a subscription: grant it in the broker's access list"
                    );
                }
                self.granted += 1;
                self.subscribe();
            }
            Event::Incoming(_) | Event::Outgoing(_) => {}
        }
    }

    fn take_message(&mut self, publish: Publish) {
        if publish.topic.len() + publish.payload.len() > MAX_PACKET {
            self.shared.tallies.oversized.add(1);
            return;
        }
        self.batch.push(Message {
            topic: publish.topic,
            payload: publish.payload,
            retained: publish.retain,
        });
    }

    /// Asks for the next filter; after the last one the session is up.
    fn subscribe(&mut self) {
        let Some(filter) = self.filters.get(self.granted) else {
            self.come_up();
            return;
        };
        let qos = if filter.reliable {
            QoS::AtLeastOnce
        } else {
            QoS::AtMostOnce
        };
        self.client
            .try_subscribe(&filter.topic, qos)
            .expect("the filter was checked at the start and the queue holds only this");
    }

    fn come_up(&mut self) {
        let now = Instant::now();
        let mut wire = self.shared.wire();
        if let Some(status) = status(self.settings, "online") {
            wire.outbox.push_first(status, now);
        }
        wire.client = Some(self.client.clone());
        wire.pump(now);
        drop(wire);
        self.pulse.up.store(true, Ordering::Relaxed);
        self.shared.tallies.sessions.add(1);
        tracing::info!(broker = ?self.settings, "the link to the broker is up");
        self.shared.status.send_replace(Status::Up);
    }
}

fn options(settings: &Settings, packet_limit: usize) -> Result<MqttOptions, crate::StartError> {
    let host = if settings.host.contains(':') {
        format!("[{}]", settings.host)
    } else {
        settings.host.clone()
    };
    let mut options = MqttOptions::new(settings.client_id.clone(), host, settings.port);
    options
        .set_keep_alive(keep_alive(settings))
        .set_clean_session(settings.session == Session::Fresh)
        .set_max_packet_size(packet_limit, MAX_PACKET)
        .set_inflight(INFLIGHT);
    if let Some((user, password)) = &settings.credentials {
        options.set_credentials(user, password);
    }
    if let Some(will) = status(settings, "offline") {
        options.set_last_will(LastWill::new(
            will.topic,
            will.payload,
            QoS::AtLeastOnce,
            will.retain,
        ));
    }
    if let Some(tls) = &settings.tls {
        let config = TlsConfiguration::Rustls(tls::client_config(tls)?);
        options.set_transport(Transport::Tls(config));
    }
    Ok(options)
}

fn keep_alive(settings: &Settings) -> Duration {
    settings
        .keep_alive
        .clamp(Duration::from_secs(1), Duration::from_mins(5))
}

fn status(settings: &Settings, word: &str) -> Option<Delivery> {
    settings.status_topic.as_ref().map(|topic| Delivery {
        topic: topic.clone(),
        payload: word.as_bytes().to_vec(),
        retain: true,
        expires_after: None,
    })
}

fn reason(error: ConnectionError) -> Reason {
    match error {
        ConnectionError::Io(error) => Reason::Unreachable(error.kind()),
        ConnectionError::NetworkTimeout | ConnectionError::FlushTimeout => {
            Reason::Unreachable(io::ErrorKind::TimedOut)
        }
        ConnectionError::Tls(_) => Reason::Tls,
        ConnectionError::ConnectionRefused(code) => Reason::Refused(refusal(code)),
        ConnectionError::MqttState(StateError::Io(_) | StateError::ConnectionAborted)
        | ConnectionError::RequestsDone => Reason::Closed,
        ConnectionError::MqttState(StateError::AwaitPingResp) => Reason::Silent,
        ConnectionError::MqttState(StateError::Deserialization(error)) => match error {
            rumqttc::Error::PayloadSizeLimitExceeded(bytes) => Reason::TooLarge(bytes),
            rumqttc::Error::Io(_) => Reason::Closed,
            _ => Reason::Protocol,
        },
        ConnectionError::MqttState(_) | ConnectionError::NotConnAck(_) => Reason::Protocol,
    }
}

fn refusal(code: ConnectReturnCode) -> &'static str {
    match code {
        ConnectReturnCode::Success => "it accepts and refuses at once",
        ConnectReturnCode::RefusedProtocolVersion => "it does not speak MQTT 3.1.1",
        ConnectReturnCode::BadClientId => "it does not like the client id",
        ConnectReturnCode::ServiceUnavailable => "it is not available",
        ConnectReturnCode::BadUserNamePassword => "user name or password is wrong",
        ConnectReturnCode::NotAuthorized => "we are not authorised: set user name and password",
    }
}
