//! Nothing a node hears or reads vanishes without being counted: by example.
//! `src/node/tests.rs` has it for whatever happens.

use node::{Advert, Event, LONG_WINDOW_MS, MAX_FRAMES, Node, Uptime, WINDOW_MS};
use protocol::{
    beacon::{Address, Beacon},
    frame::{MAX_SIGHTINGS, NodeFrame, Quantity},
    settings::Allowed,
};

const FAMILY: [u8; 16] = [0xA1; 16];
const STRANGER: [u8; 16] = [0x57; 16];

fn ibeacon(uuid: [u8; 16], minor: u16) -> Vec<u8> {
    let mut ad = vec![0x1A, 0xFF, 0x4C, 0x00, 0x02, 0x15];
    ad.extend(uuid);
    ad.extend(1_u16.to_be_bytes());
    ad.extend(minor.to_be_bytes());
    ad.push(0xC5);
    ad
}

fn allowed() -> Allowed {
    Allowed {
        ibeacon: [FAMILY].into_iter().collect(),
        ..Allowed::NOTHING
    }
}

fn hear(node: &mut Node, now: u32, data: &[u8], rssi_dbm: i8) {
    let advert = Advert {
        address: Some((Address([0x4A, 1, 2, 3, 4, 5]), true)),
        data,
        rssi_dbm,
    };
    node.handle(Uptime(now), Event::Heard(advert));
}

/// Takes everything that waits, as a link would.
fn drain(node: &mut Node, now: u32) -> Vec<NodeFrame> {
    let mut frames = Vec::new();
    while let Some(frame) = node.outgoing() {
        frames.push(frame.clone());
        node.handle(Uptime(now), Event::Sent);
    }
    frames
}

#[test]
fn a_beacon_heard_often_is_one_sighting_with_mean_and_best() {
    let mut node = Node::new(7, allowed());
    for (now, rssi) in [(10, -70), (110, -60), (210, -65), (310, -64)] {
        hear(&mut node, now, &ibeacon(FAMILY, 1), rssi);
    }
    node.handle(Uptime(1_000), Event::Woke);
    let frames = drain(&mut node, 1_000);
    let [frame] = &frames[..] else {
        panic!("one window, one frame: {frames:?}");
    };
    let sighting = frame.sightings[0];
    assert_eq!((frame.boot, frame.sequence, frame.uptime_ms), (7, 0, 1_000));
    // -64.75 in all.
    assert_eq!((sighting.rssi_mean_dbm, sighting.rssi_max_dbm), (-65, -60));
    assert_eq!((sighting.count, sighting.age_ms), (4, 690));
    assert_eq!(sighting.reference_dbm, Some(-59));
}

#[test]
fn strangers_and_unknown_formats_never_leave_the_node() {
    let mut node = Node::new(7, allowed());
    hear(&mut node, 1, &ibeacon(STRANGER, 1), -50);
    hear(&mut node, 2, &[2, 1, 6], -50);
    hear(
        &mut node,
        3,
        &[0x0B, 0x16, 0xAA, 0xFE, 0x30, 0, 1, 2, 3, 4, 5, 6],
        -50,
    );
    hear(&mut node, 4, &[], -50);
    node.handle(Uptime(1_000), Event::Woke);
    let frames = drain(&mut node, 1_000);
    assert!(frames.iter().all(|frame| frame.sightings.is_empty()));
    assert_eq!((node.counters().heard, node.counters().refused), (4, 4));
}

#[test]
fn a_phone_leaves_only_where_the_shop_asked_for_phones() {
    for (private_address, expected) in [(false, 0), (true, 1)] {
        let mut node = Node::new(
            7,
            Allowed {
                private_address,
                ..Allowed::NOTHING
            },
        );
        hear(&mut node, 1, &[2, 1, 6], -50);
        node.handle(Uptime(1_000), Event::Woke);
        let frames = drain(&mut node, 1_000);
        let phones = frames[0].sightings.iter();
        let phones = phones.filter(|s| matches!(s.beacon, Beacon::PrivateAddress(_)));
        assert_eq!(phones.count(), expected);
    }
}

#[test]
fn in_a_full_window_the_weakest_gives_way_and_is_counted() {
    let mut node = Node::new(7, allowed());
    for minor in 0..MAX_SIGHTINGS as u16 {
        hear(&mut node, 1, &ibeacon(FAMILY, minor), -80);
    }
    hear(&mut node, 2, &ibeacon(FAMILY, 100), -90);
    assert_eq!(node.counters().dropped, 1, "a weaker one is not let in");
    hear(&mut node, 3, &ibeacon(FAMILY, 101), -50);
    assert_eq!(node.counters().dropped, 2, "a stronger one takes a place");
    node.handle(Uptime(1_000), Event::Woke);
    let frames = drain(&mut node, 1_000);
    let minors: Vec<u16> = frames[0]
        .sightings
        .iter()
        .filter_map(|s| match s.beacon {
            Beacon::IBeacon { minor, .. } => Some(minor),
            _ => None,
        })
        .collect();
    assert_eq!(minors.len(), MAX_SIGHTINGS);
    assert!(minors.contains(&101) && !minors.contains(&100));
    assert_eq!(frames[0].dropped, 2);
}

#[test]
fn without_a_link_the_oldest_frames_go_and_the_next_frame_says_how_much() {
    let mut node = Node::new(7, allowed());
    let rounds = MAX_FRAMES as u32 + 3;
    for round in 0..rounds {
        let now = round * LONG_WINDOW_MS;
        hear(&mut node, now + 1, &ibeacon(FAMILY, 1), -60);
        let value = Quantity::Occupied(round % 2 == 0);
        node.handle(Uptime(now + 2), Event::Read { port: 0, value });
        node.handle(Uptime(now + LONG_WINDOW_MS), Event::Woke);
    }
    let frames = drain(&mut node, rounds * LONG_WINDOW_MS);
    let sequences: Vec<u32> = frames.iter().map(|frame| frame.sequence).collect();
    assert_eq!(sequences, (3..rounds).collect::<Vec<_>>());
    assert_eq!(node.counters().dropped, 3 * 2);
    // The frame that pushed the last one out was made before it was counted.
    assert_eq!(frames.last().map(|frame| frame.dropped), Some(2 * 2));
}

#[test]
fn windows_are_twice_as_long_while_frames_wait() {
    let mut node = Node::new(7, allowed());
    let mut ended = Vec::new();
    let wake = |node: &mut Node, times: core::ops::RangeInclusive<u32>| {
        for now in times.map(|n| 500 * n) {
            node.handle(Uptime(now), Event::Woke);
        }
    };
    wake(&mut node, 1..=1);
    ended.extend(drain(&mut node, 500));
    // The link is away until 4.5 s, when the window that goes on has been long enough.
    wake(&mut node, 2..=9);
    ended.extend(drain(&mut node, 4_500));
    wake(&mut node, 10..=10);
    ended.extend(drain(&mut node, 5_000));
    let ended: Vec<u32> = ended.iter().map(|frame| frame.uptime_ms).collect();
    assert_eq!(ended, [500, 1_000, 2_000, 3_000, 4_000, 4_500, 5_000]);
}

#[test]
fn ticks_that_come_a_little_late_each_end_a_window() {
    let mut node = Node::new(7, allowed());
    let ticks = [515_u32, 1_001, 1_700, 2_000, 2_505, 3_000, 4_500, 5_000];
    let mut ended = Vec::new();
    for now in ticks {
        node.handle(Uptime(now), Event::Woke);
        ended.extend(drain(&mut node, now).iter().map(|frame| frame.uptime_ms));
    }
    assert_eq!(ended, ticks);
}

#[test]
fn a_window_across_the_wrap_of_the_clock_is_a_window_like_any_other() {
    let mut node = Node::new(7, allowed());
    let before = u32::MAX - 400;
    node.handle(Uptime(before), Event::Woke);
    drain(&mut node, before);
    hear(&mut node, before + 100, &ibeacon(FAMILY, 1), -60);
    node.handle(Uptime(before.wrapping_add(WINDOW_MS - 1)), Event::Woke);
    assert_eq!(node.outgoing(), None);
    node.handle(Uptime(before.wrapping_add(WINDOW_MS)), Event::Woke);
    let frame = node.outgoing().expect("the window is over");
    assert_eq!((frame.uptime_ms, frame.sightings[0].age_ms), (99, 400));
}
