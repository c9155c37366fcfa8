//! A link against a real broker that is cut, killed, frozen and restarted.
#![cfg(test)]

#[path = "broker/cutter.rs"]
mod cutter;
#[path = "broker/mosquitto.rs"]
mod mosquitto;
#[path = "broker/secure.rs"]
mod secure;

use cutter::Cutter;
use link::{Delivery, Filter, Inbox, Link, Message, Reason, Session, Settings, Status};
use mosquitto::Mosquitto;
use std::{collections::HashSet, io::Read, time::Duration};
use tokio::time::timeout;

const DEADLINE: Duration = Duration::from_mins(1);

pub(crate) fn settings(port: u16, client_id: &str) -> Settings {
    Settings::new("127.0.0.1", port, client_id.to_owned())
}

fn delivery(topic: &str, payload: &str, retain: bool) -> Delivery {
    Delivery {
        topic: topic.to_owned(),
        payload: payload.as_bytes().to_vec(),
        retain,
        expires_after: None,
    }
}

pub(crate) async fn becomes(link: &Link, wanted: impl FnMut(&Status) -> bool) -> Status {
    let mut status = link.status();
    *timeout(DEADLINE, status.wait_for(wanted))
        .await
        .expect("the link changes in time")
        .expect("the link lives")
}

pub(crate) async fn up(link: &Link) {
    becomes(link, |status| *status == Status::Up).await;
}

async fn down(link: &Link) -> Reason {
    match becomes(link, |status| matches!(status, Status::Down(_))).await {
        Status::Down(reason) => reason,
        other => panic!("{other:?}"),
    }
}

async fn message(inbox: &mut Inbox) -> Message {
    timeout(DEADLINE, inbox.next())
        .await
        .expect("a message comes in time")
        .expect("the link has not stopped")
}

/// Delivers, waiting while the outbox is full.
async fn deliver(link: &Link, delivery: Delivery) {
    while link.deliver(delivery.clone()).is_err() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn every_delivery_arrives_in_order_over_twenty_cuts() {
    const MESSAGES: usize = 2_000;
    let Some(broker) = Mosquitto::start("max_queued_messages 0") else {
        return;
    };
    let (hears, mut inbox) = Link::start(
        settings(broker.port, "hears"),
        vec![Filter::reliable("t/#")],
    )
    .unwrap();
    up(&hears).await;
    // A publish packet of this test is about 20 bytes.
    let cutter = Cutter::start(broker.port, 20, 1_500).await;
    let (says, _inbox) = Link::start(settings(cutter.address.port(), "says"), vec![]).unwrap();
    for n in 0..MESSAGES {
        says.deliver(delivery("t/ordered", &format!("{n:06}"), false))
            .unwrap();
    }
    let mut seen = HashSet::new();
    let mut first_seen = Vec::new();
    let mut repeats = 0;
    while first_seen.len() < MESSAGES {
        let payload = message(&mut inbox).await.payload;
        if seen.insert(payload.clone()) {
            first_seen.push(payload);
        } else {
            repeats += 1;
        }
    }
    let expected: Vec<_> = (0..MESSAGES).map(|n| format!("{n:06}")).collect();
    assert_eq!(first_seen, expected, "lost or out of order");
    let cuts = cutter.cuts.load(std::sync::atomic::Ordering::Relaxed);
    let counters = says.counters();
    eprintln!("{cuts} cuts, {repeats} repeats, {counters:?}");
    assert_eq!(cuts, 20);
    assert_eq!(counters.failures, 20);
    assert!(counters.resent >= repeats);
}

#[tokio::test]
async fn a_burst_of_retained_messages_arrives_whole_at_a_slow_reader() {
    const MESSAGES: usize = 5_000;
    let Some(broker) = Mosquitto::start("") else {
        return;
    };
    let (says, _inbox) = Link::start(settings(broker.port, "says"), vec![]).unwrap();
    for n in 0..MESSAGES {
        deliver(&says, delivery(&format!("r/{n}"), "x", true)).await;
    }
    says.stop().await;
    assert_eq!(says.counters().acknowledged, MESSAGES as u64);
    let (_hears, mut inbox) = Link::start(
        settings(broker.port, "hears"),
        vec![Filter::fleeting("r/#")],
    )
    .unwrap();
    let mut topics = HashSet::new();
    while topics.len() < MESSAGES {
        let message = message(&mut inbox).await;
        assert!(message.retained);
        topics.insert(message.topic);
        if topics.len().is_multiple_of(500) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

#[tokio::test]
async fn a_killed_broker_is_survived_and_subscriptions_are_renewed() {
    let Some(mut broker) = Mosquitto::start("") else {
        return;
    };
    let (link, mut inbox) = Link::start(
        settings(broker.port, "both"),
        vec![Filter::fleeting("a/+"), Filter::reliable("b")],
    )
    .unwrap();
    up(&link).await;
    broker.kill();
    assert_eq!(down(&link).await, Reason::Closed);
    assert!(link.send("a/x", b"lost".to_vec()).is_err());
    link.deliver(delivery("b", "kept", false)).unwrap();
    broker.restart();
    up(&link).await;
    assert_eq!(&message(&mut inbox).await.payload[..], b"kept");
    link.send("a/x", b"heard".to_vec()).unwrap();
    assert_eq!(&message(&mut inbox).await.payload[..], b"heard");
    assert_eq!((link.counters().sessions, link.counters().dropped), (2, 1));
}

#[tokio::test]
async fn a_delivery_past_its_use_is_not_sent_to_the_broker_that_returns() {
    let Some(mut broker) = Mosquitto::start("") else {
        return;
    };
    let filters = vec![Filter::reliable("c")];
    let (link, mut inbox) = Link::start(settings(broker.port, "both"), filters).unwrap();
    up(&link).await;
    broker.kill();
    down(&link).await;
    let mut stale = delivery("c", "stale", false);
    stale.expires_after = Some(Duration::ZERO);
    link.deliver(stale).unwrap();
    link.deliver(delivery("c", "good", false)).unwrap();
    broker.restart();
    assert_eq!(&message(&mut inbox).await.payload[..], b"good");
    assert_eq!(link.counters().expired, 1);
}

#[tokio::test]
async fn a_kept_session_brings_what_came_while_away() {
    let Some(broker) = Mosquitto::start("") else {
        return;
    };
    let mut kept = settings(broker.port, "kept");
    kept.session = Session::Kept;
    let filters = vec![Filter::reliable("d")];
    let (away, mut inbox) = Link::start(kept.clone(), filters.clone()).unwrap();
    up(&away).await;
    away.stop().await;
    assert!(
        inbox.next().await.is_none(),
        "a stopped link brings no more"
    );
    broker
        .client("mosquitto_pub", &["-t", "d", "-q", "1", "-m", "meanwhile"])
        .wait()
        .unwrap();
    let (_back, mut inbox) = Link::start(kept, filters).unwrap();
    assert_eq!(&message(&mut inbox).await.payload[..], b"meanwhile");
}

/// What a foreign client reads at the status topic: as news, by one that comes
/// later, and by one that comes when we are gone; with quality and retained flag.
async fn status_words(polite: bool) -> Option<[String; 3]> {
    let broker = Mosquitto::start("")?;
    let reads = |count: &str| {
        let flags = [
            "-t", "status", "-q", "1", "-F", "%q %r %p", "-W", "20", "-C",
        ];
        broker.client("mosquitto_sub", &[&flags[..], &[count]].concat())
    };
    let said = |mut client: std::process::Child| async {
        let read = move || {
            let said = std::io::read_to_string(client.stdout.take().unwrap()).unwrap();
            client.wait().unwrap();
            said
        };
        tokio::task::spawn_blocking(read).await.unwrap()
    };
    let mut with_status = settings(broker.port, "status");
    with_status.status_topic = Some("status".to_owned());
    let (link, _inbox) = Link::start(with_status, vec![]).unwrap();
    up(&link).await;
    while link.counters().outbox > 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let later = said(reads("1")).await;
    let mut watcher = reads("2");
    let mut first = [0; 11];
    let mut output = watcher.stdout.take().unwrap();
    let (output, first) = tokio::task::spawn_blocking(move || {
        output.read_exact(&mut first).unwrap();
        (output, first)
    })
    .await
    .unwrap();
    assert_eq!(&first, b"1 1 online\n");
    watcher.stdout = Some(output);
    if polite {
        link.stop().await;
    } else {
        drop(link);
    }
    Some([later, said(watcher).await, said(reads("1")).await])
}

/// Retained, at least once, and news for whoever listens.
const STATUS: [&str; 3] = ["1 1 online\n", "1 0 offline\n", "1 1 offline\n"];

#[tokio::test]
async fn the_status_turns_offline_when_we_die() {
    if let Some(words) = status_words(false).await {
        assert_eq!(words, STATUS);
    }
}

#[tokio::test]
async fn the_status_turns_offline_when_we_stop() {
    if let Some(words) = status_words(true).await {
        assert_eq!(words, STATUS);
    }
}

#[tokio::test]
async fn a_frozen_broker_is_noticed() {
    let Some(broker) = Mosquitto::start("") else {
        return;
    };
    let mut nervous = settings(broker.port, "nervous");
    nervous.keep_alive = Duration::from_secs(1);
    let (link, _inbox) = Link::start(nervous, vec![]).unwrap();
    up(&link).await;
    broker.freeze();
    let reason = timeout(Duration::from_secs(5), down(&link)).await;
    broker.thaw();
    assert_eq!(reason.unwrap(), Reason::Silent);
    up(&link).await;
}

#[tokio::test]
async fn a_packet_too_large_costs_one_session_and_no_more() {
    let Some(broker) = Mosquitto::start("") else {
        return;
    };
    let file = broker.dir.path().join("large");
    std::fs::write(&file, vec![b'x'; 300 << 10]).unwrap();
    let file = file.to_str().unwrap();
    let args = ["-t", "e/large", "-r", "-q", "1", "-f", file];
    broker.client("mosquitto_pub", &args).wait().unwrap();
    let filters = vec![Filter::reliable("e/+")];
    let (link, mut inbox) = Link::start(settings(broker.port, "small"), filters).unwrap();
    let Reason::TooLarge(bytes) = down(&link).await else {
        panic!("the packet was taken");
    };
    assert!(bytes > 300 << 10);
    up(&link).await;
    link.deliver(delivery("e/small", "x", false)).unwrap();
    assert_eq!(message(&mut inbox).await.topic, "e/small");
    let counters = link.counters();
    assert_eq!((counters.oversized, counters.failures), (1, 1));
}

#[tokio::test]
async fn an_absent_broker_is_said_and_tried_again() {
    let port = mosquitto::free_port();
    let (link, _inbox) = Link::start(settings(port, "lonely"), vec![]).unwrap();
    assert_eq!(
        down(&link).await,
        Reason::Unreachable(std::io::ErrorKind::ConnectionRefused)
    );
    while link.counters().failures < 3 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    timeout(Duration::from_secs(1), link.stop()).await.unwrap();
}

#[tokio::test]
async fn a_host_that_does_not_exist_is_said_to_be_unknown() {
    let mut nowhere = settings(1, "lost");
    // Reserved never to exist (RFC 2606, section 2).
    "broker.invalid".clone_into(&mut nowhere.host);
    let (link, _inbox) = Link::start(nowhere, vec![]).unwrap();
    assert_eq!(down(&link).await, Reason::UnknownHost);
}

#[tokio::test]
async fn what_is_listened_to_changes_while_the_session_goes_on() {
    let Some(broker) = Mosquitto::start("") else {
        return;
    };
    let filters = |topic: &str| vec![Filter::reliable("end"), Filter::reliable(topic)];
    let kept = Settings {
        session: Session::Kept,
        ..settings(broker.port, "hears")
    };
    let (hears, mut inbox) = Link::start(kept.clone(), filters("old")).unwrap();
    up(&hears).await;
    let (says, _inbox) = Link::start(settings(broker.port, "says"), vec![]).unwrap();
    up(&says).await;
    hears.listen(filters("new")).unwrap();
    // The broker reads our questions in order, but another client's in between.
    loop {
        deliver(&says, delivery("new", "x", false)).await;
        deliver(&says, delivery("end", "x", false)).await;
        if message(&mut inbox).await.topic == "new" {
            break;
        }
    }
    deliver(&says, delivery("old", "x", false)).await;
    deliver(&says, delivery("new", "last", false)).await;
    loop {
        let message = message(&mut inbox).await;
        assert_ne!(message.topic, "old");
        if &message.payload[..] == b"last" {
            break;
        }
    }
    assert_eq!(hears.counters().sessions, 1, "it was never cut");

    // Another process of this name gives back what it does not want.
    hears.stop().await;
    let later = Settings {
        former_filters: vec!["new".to_owned(), "end".to_owned()],
        ..kept
    };
    let (hears, mut inbox) = Link::start(later, vec![Filter::reliable("end")]).unwrap();
    up(&hears).await;
    deliver(&says, delivery("new", "x", false)).await;
    deliver(&says, delivery("end", "x", false)).await;
    assert_eq!(message(&mut inbox).await.topic, "end");
}

#[tokio::test]
async fn news_is_not_held_up_by_five_thousand_retained_messages() {
    const KEPT: usize = 5_000;
    let Some(broker) = Mosquitto::start("max_queued_messages 0") else {
        return;
    };
    let (says, _inbox) = Link::start(settings(broker.port, "says"), vec![]).unwrap();
    up(&says).await;
    for n in 0..KEPT {
        deliver(&says, delivery(&format!("kept/{n}"), "old", true)).await;
    }
    while says.counters().outbox > 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let all = vec![Filter::fleeting("kept/+"), Filter::fleeting("news")];
    let (hears, mut inbox) = Link::start(settings(broker.port, "hears"), all).unwrap();
    up(&hears).await;
    deliver(&says, delivery("news", "now", false)).await;
    // Nobody has read so far, and yet all of the burst has been taken in.
    let received = || hears.counters().received as usize;
    while received() < KEPT + 1 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(message(&mut inbox).await.topic, "news");
    for _ in 0..KEPT {
        assert!(message(&mut inbox).await.retained);
    }
    assert_eq!(hears.counters().retained_dropped, 0);
}
