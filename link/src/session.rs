//! One session: connect, subscribe, converse, until it breaks or is stopped.

use crate::{
    Delivery, MAX_PACKET, Shared, Status,
    inbox::{Message, Sender},
    listening::Ask,
    pulse::{self, Pulse},
    reason::Reason,
    settings::{Session, Settings},
    stop::Stop,
    tls,
};
use rumqttc::{
    AsyncClient, Event, EventLoop, LastWill, MqttOptions, NetworkOptions, Outgoing, Packet,
    Publish, QoS, SubscribeReasonCode, TlsConfiguration, Transport,
};
use std::{
    future::Future,
    pin::pin,
    sync::atomic::Ordering,
    time::{Duration, Instant},
};
use tokio::time;

/// Requests that may wait in rumqttc: the window, subscriptions, and a burst
/// of QoS 0 messages.
const QUEUE: usize = 1_024;
/// rumqttc's own limit of unacknowledged messages; ten times our window, so
/// that its packet ids never collide.
const INFLIGHT: u16 = 10 * crate::outbox::WINDOW as u16;
/// Longest time for TCP, TLS and `CONNACK` together, and for one flush.
const CONNECT_S: u64 = 30;
/// Longest time to deliver what waits when stopping.
const FAREWELL: Duration = Duration::from_secs(3);
/// Messages above this are not even swallowed.
const SWALLOW_MAX: usize = 32 << 20;

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

/// Runs one session.
pub(crate) async fn run(
    settings: &Settings,
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
        shared,
        inbox,
        client,
        events,
        pulse: &pulse,
        stop: stop.clone(),
        heard: 0,
        news: Vec::new(),
        kept: Vec::new(),
    };
    let mut conversation = pin!(conversation.run());
    let reason = tokio::select! {
        reason = &mut conversation => Some(reason),
        reason = pulse::watch_over(keep_alive(settings), shared, &pulse) => Some(reason),
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
        let client = shared.wire().client.take();
        if let Some(client) = client {
            // Behind what is in rumqttc's queue, as soon as that has room. The
            // broker then closes the connection, which ends the conversation.
            while client.try_disconnect().is_err() {
                look.tick().await;
            }
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

struct Conversation<'a> {
    settings: &'a Settings,
    shared: &'a Shared,
    inbox: &'a Sender,
    client: AsyncClient,
    events: EventLoop,
    pulse: &'a Pulse,
    stop: Stop,
    /// Packets so far.
    heard: u64,
    news: Vec<Message>,
    /// Retained messages, and whether the broker vouches for their arrival.
    kept: Vec<(Message, bool)>,
}

impl Conversation<'_> {
    /// Until the session breaks. Polling is never cancelled half-way, only
    /// abandoned together with the connection.
    async fn run(mut self) -> Reason {
        loop {
            match self.events.poll().await {
                Ok(event) => self.take(event),
                Err(error) => return error.into(),
            }
            // What rumqttc has already read, without going through its poll.
            while let Some(event) = self.events.state.events.pop_front() {
                self.take(event);
            }
            self.pulse.heard.store(self.heard, Ordering::Relaxed);
            if !self.news.is_empty() {
                self.hand_on().await;
            }
            for (message, promised) in std::mem::take(&mut self.kept) {
                self.hand_on_kept(message, promised).await;
            }
        }
    }

    async fn hand_on(&mut self) {
        let batch = std::mem::take(&mut self.news);
        self.shared.tallies.received.add(batch.len() as u64);
        if let Err(batch) = self.inbox.try_news(batch) {
            let inbox = self.inbox;
            self.wait_for_reader(inbox.news(batch)).await;
        }
    }

    /// What has no place is dropped, unless its sender wants it to arrive.
    async fn hand_on_kept(&mut self, message: Message, promised: bool) {
        let (tallies, inbox) = (&self.shared.tallies, self.inbox);
        match inbox.try_kept(message) {
            Ok(()) => tallies.received.add(1),
            Err(message) if promised => {
                tallies.received.add(1);
                self.wait_for_reader(inbox.kept(message)).await;
            }
            Err(_) => tallies.retained_dropped.add(1),
        }
    }

    /// When nobody will ever read there is nothing to bring.
    async fn wait_for_reader(&mut self, place: impl Future<Output = ()>) {
        let waiting = &self.pulse.waiting_for_reader;
        waiting.store(true, Ordering::Relaxed);
        let _ = self.stop.unless(place).await;
        waiting.store(false, Ordering::Relaxed);
    }

    fn take(&mut self, event: Event) {
        // What we send is no sign of the broker's life.
        self.heard += u64::from(matches!(event, Event::Incoming(_)));
        match event {
            Event::Incoming(Packet::Publish(publish)) => self.take_message(publish),
            Event::Incoming(Packet::PubAck(ack)) => {
                let mut wire = self.shared.wire();
                wire.outbox.acknowledged(ack.pkid);
                let so_far = wire.outbox.tally.acknowledged;
                wire.pump(Instant::now());
                drop(wire);
                self.shared.acknowledged.send_replace(so_far);
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
                wire.listen();
            }
            Event::Incoming(Packet::ConnAck(_)) => {
                self.pulse.connected.store(true, Ordering::Relaxed);
                let kept = self.settings.session == Session::Kept;
                self.shared.wire().listening.begin(kept);
                self.ask();
            }
            Event::Incoming(Packet::SubAck(ack)) => {
                self.answered(ack.return_codes.contains(&SubscribeReasonCode::Failure));
            }
            Event::Incoming(Packet::UnsubAck(_)) => self.answered(false),
            Event::Incoming(_) | Event::Outgoing(_) => {}
        }
    }

    fn take_message(&mut self, publish: Publish) {
        if publish.topic.len() + publish.payload.len() > MAX_PACKET {
            self.shared.tallies.oversized.add(1);
            return;
        }
        let promised = publish.qos != QoS::AtMostOnce;
        let message = Message {
            topic: publish.topic,
            payload: publish.payload,
            retained: publish.retain,
        };
        if message.retained {
            self.kept.push((message, promised));
        } else {
            self.news.push(message);
        }
    }

    /// A subscription, or its end, is answered for.
    fn answered(&mut self, refused: bool) {
        let answered = self.shared.wire().listening.answered();
        if let (true, Some(Ask::Subscribe(filter))) = (refused, answered) {
            self.shared.tallies.refused_filters.add(1);
            tracing::error!(
                filter = filter.topic,
                "the broker refuses a subscription: grant it in the broker's access list"
            );
        }
        self.ask();
    }

    /// Asks for the next filter; after the last one the session is up.
    fn ask(&mut self) {
        let open = self.shared.wire().listening.ask(&self.client);
        if !open && !self.pulse.is_up() {
            self.come_up();
        }
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
