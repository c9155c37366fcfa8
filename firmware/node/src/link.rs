//! The link to the broker: one MQTT 5 session over whatever carries bytes. Frames
//! and health go out, and what time it is comes in.
//!
//! A frame leaves the node's outbox only after the transport took it. What is
//! under way when a connection breaks may be lost: its sequence number tells
//! the gateway so, and its place is worth nothing some seconds later.

use crate::{
    node::Event,
    shared::{HEALTH_BYTES, Shared},
};
use core::{convert::Infallible, fmt, num::NonZero};
use embassy_futures::select::{Either3, select3};
use embassy_time::{Duration, Instant, Timer, with_timeout};
use embedded_io_async::{Read, Write};
use protocol::{
    frame::MAX_BYTES,
    settings::Settings,
    time::{self, TimeAnswer},
    topic::{Topic, TopicText},
};
use rust_mqtt::{
    Bytes,
    buffer::BumpBuffer,
    client::{
        Client, event,
        options::{
            ConnectOptions, PublicationOptions, SubscriptionOptions, TopicReference, WillOptions,
        },
    },
    config::KeepAlive,
    header::FixedHeader,
    types::{MqttBinary, MqttString, TopicFilter, TopicName},
};

/// The broker forgets a node that says nothing for one and a half of this, s,
/// and tells everybody its will.
const KEEP_ALIVE_S: u16 = 20;
/// A broker that takes longer to answer is taken for gone.
const PATIENCE: Duration = Duration::from_secs(10);
/// The rest of a packet comes with its head, or the stream is out of step.
const REST: Duration = Duration::from_millis(1_500);
/// Between two words about the node's health; also proves that the link lives.
/// The time is asked for as often.
const HEALTH_EVERY: Duration = Duration::from_secs(10);
/// Frames wait so long for the first answer of a session, so that what they kept
/// while there was none is stamped by it. An older gateway never answers.
const TOLD_WITHIN: Duration = Duration::from_secs(1);
/// What the broker may send at once: its greeting with properties, or the time.
const INCOMING_BYTES: usize = 512;
const ONLINE: &[u8] = b"online";
const OFFLINE: &[u8] = b"offline";

type Session<'b, N> = Client<'b, 'b, N, BumpBuffer<'b>, 1, 1, 1, 1, 1, 0, 0>;

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkError {
    /// The broker did not let the node in.
    Refused,
    /// The broker does not answer.
    Silent,
    /// The connection broke, or the broker said something it must not.
    Broken,
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Refused => "the broker did not let the node in",
            Self::Silent => "the broker does not answer",
            Self::Broken => "the connection to the broker broke",
        })
    }
}

impl core::error::Error for LinkError {}

/// Serves one connection until it ends. `connected` is called once the broker
/// has let the node in.
pub async fn serve<N: Read + Write>(
    net: N,
    settings: &Settings,
    shared: &Shared,
    connected: impl FnOnce(),
) -> Result<Infallible, LinkError> {
    let mut room = [0; INCOMING_BYTES];
    let mut buffer = BumpBuffer::new(&mut room);
    let mut session: Session<'_, N> = Client::new(&mut buffer);
    let topics = Topics::new(settings);
    greet(&mut session, net, settings, &topics).await?;
    connected();
    let mut next_health = Instant::now();
    let mut answer_due = None;
    let mut frames_from = Instant::now() + TOLD_WITHIN;
    loop {
        let frame = async {
            Timer::at(frames_from).await;
            shared.frame_waits().await;
        };
        let heard = select3(
            session.poll_header(),
            frame,
            Timer::at(answer_due.unwrap_or(next_health).min(next_health)),
        );
        match heard.await {
            Either3::First(header) => {
                let header = header.map_err(|_| LinkError::Broken)?;
                if let Some(answer) = take_in(&mut session, header).await? {
                    shared.handle(Event::Told(&answer));
                    frames_from = Instant::now();
                }
                answer_due = None;
            }
            Either3::Second(()) => send_frames(&mut session, shared, &topics).await?,
            Either3::Third(()) if answer_due.is_some_and(|due| Instant::now() >= due) => {
                return Err(LinkError::Silent);
            }
            Either3::Third(()) => {
                say_health(&mut session, shared, &topics).await?;
                ask(&mut session, shared, &topics).await?;
                ping(&mut session).await?;
                answer_due.get_or_insert(Instant::now() + PATIENCE);
                next_health = Instant::now() + HEALTH_EVERY;
            }
        }
    }
}

struct Topics {
    frame: TopicText,
    health: TopicText,
    status: TopicText,
    ask: TopicText,
    time: TopicText,
}

impl Topics {
    fn new(settings: &Settings) -> Self {
        let node = &settings.node;
        Self {
            frame: Topic::NodeFrame(node.clone()).text(&settings.store),
            health: Topic::NodeHealth(node.clone()).text(&settings.store),
            status: Topic::NodeStatus(node.clone()).text(&settings.store),
            ask: Topic::NodeAsk(node.clone()).text(&settings.store),
            time: Topic::NodeTime(node.clone()).text(&settings.store),
        }
    }
}

async fn greet<N: Read + Write>(
    session: &mut Session<'_, N>,
    net: N,
    settings: &Settings,
    topics: &Topics,
) -> Result<(), LinkError> {
    let will = WillOptions::new(
        name(&topics.status),
        MqttBinary::from_slice(OFFLINE).expect("short"),
    );
    let mut options = ConnectOptions::new()
        .clean_start()
        .keep_alive(KeepAlive::Seconds(
            NonZero::new(KEEP_ALIVE_S).expect("not 0"),
        ))
        .will(will.at_least_once().retain());
    if !settings.user.is_empty() {
        options = options
            .user_name(text(&settings.user))
            .password(MqttBinary::from_slice(settings.password.as_bytes()).expect("short"));
    }
    let client = text(settings.node.as_str());
    match with_timeout(PATIENCE, session.connect(net, &options, Some(client))).await {
        Err(_) => return Err(LinkError::Silent),
        Ok(Err(_)) => return Err(LinkError::Refused),
        Ok(Ok(_)) => {}
    }
    let answers = TopicFilter::new(text(&topics.time)).expect("a topic is a filter");
    let options = SubscriptionOptions::new();
    match with_timeout(PATIENCE, session.subscribe(answers, &options)).await {
        Err(_) => return Err(LinkError::Silent),
        Ok(Err(_)) => return Err(LinkError::Broken),
        Ok(Ok(_)) => {}
    }
    publish(session, &topics.status, ONLINE, true).await
}

/// Takes the rest of a packet in. Returns what time it is, if it says so.
async fn take_in<N: Read + Write>(
    session: &mut Session<'_, N>,
    header: FixedHeader,
) -> Result<Option<TimeAnswer>, LinkError> {
    let said = match with_timeout(REST, session.poll_body(header)).await {
        Err(_) => return Err(LinkError::Silent),
        Ok(Err(_)) => return Err(LinkError::Broken),
        // One topic is listened to. What is no answer is nothing.
        Ok(Ok(event::Event::Publish(said))) => TimeAnswer::decode(&said.message).ok(),
        Ok(Ok(_)) => None,
    };
    // SAFETY: everything that lay in the buffer is dropped; an answer is a copy.
    #[expect(unsafe_code, reason = "the buffer cannot know that nobody reads it")]
    unsafe {
        session.buffer_mut().reset();
    }
    Ok(said)
}

async fn ask<N: Read + Write>(
    session: &mut Session<'_, N>,
    shared: &Shared,
    topics: &Topics,
) -> Result<(), LinkError> {
    let mut buffer = [0; time::MAX_BYTES];
    let ask = shared.ask();
    let bytes = ask.encode(&mut buffer).expect("any question fits");
    publish(session, &topics.ask, bytes, false).await
}

async fn send_frames<N: Read + Write>(
    session: &mut Session<'_, N>,
    shared: &Shared,
    topics: &Topics,
) -> Result<(), LinkError> {
    let mut buffer = [0; MAX_BYTES];
    while let Some(frame) = shared.write_next(&mut buffer) {
        let frame = frame.expect("any frame fits this buffer");
        publish(session, &topics.frame, frame, false).await?;
        shared.handle(Event::Sent);
    }
    Ok(())
}

async fn say_health<N: Read + Write>(
    session: &mut Session<'_, N>,
    shared: &Shared,
    topics: &Topics,
) -> Result<(), LinkError> {
    let mut buffer = [0; HEALTH_BYTES];
    let health = shared.write_health(&mut buffer);
    publish(session, &topics.health, health, true).await
}

async fn ping<N: Read + Write>(session: &mut Session<'_, N>) -> Result<(), LinkError> {
    let sent = with_timeout(PATIENCE, session.ping()).await;
    sent.map_err(|_| LinkError::Silent)?
        .map_err(|_| LinkError::Broken)
}

async fn publish<N: Read + Write>(
    session: &mut Session<'_, N>,
    topic: &TopicText,
    payload: &[u8],
    retain: bool,
) -> Result<(), LinkError> {
    let options = PublicationOptions::new(TopicReference::Name(name(topic)));
    let options = if retain { options.retain() } else { options };
    let sent = with_timeout(PATIENCE, session.publish(&options, Bytes::from(payload))).await;
    sent.map_err(|_| LinkError::Silent)?
        .map(drop)
        .map_err(|_| LinkError::Broken)
}

fn name(topic: &TopicText) -> TopicName<'_> {
    TopicName::new(text(topic)).expect("our topics hold no wildcard")
}

fn text(text: &str) -> MqttString<'_> {
    MqttString::from_str(text).expect("names and topics are short")
}
