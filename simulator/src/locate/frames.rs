//! The same recording as sensor nodes of ours would have told it: in frames, which come
//! later than what they tell.

use super::sightings::Sightings;
use crate::{
    run::translate::Node,
    world::{
        ears::{BATCH_EVERY_MS, Ear, Packet},
        emitter::{Air, FrameKind},
    },
};
use engine::{
    Event,
    plan::{ScannerIx, StorePlan},
};
use protocol::beacon::{Address, Beacon};
use std::collections::HashMap;

/// Nodes do not start together: each one's windows end by so much later than those of the
/// one before, ms. The golden section spreads any number of them.
const APART_MS: u64 = BATCH_EVERY_MS * 618 / 1_000;

/// What was heard when, ms, by nodes on the places of the plan's scanners, as events that
/// rise in time.
pub(super) fn told(
    plan: &StorePlan,
    sightings: &Sightings,
    ms_of: impl Fn(f64) -> u64,
    beacon: impl Fn(usize) -> Beacon,
) -> Vec<(u64, Event)> {
    let mut told = Vec::new();
    for (scanner, _) in (0..).map(ScannerIx).zip(&plan.scanners) {
        let after_ms = scanner.at() as u64 * APART_MS;
        let mut ear = Ear::new(scanner);
        let mut node = Node::start(1);
        let mut slots: HashMap<u32, (u32, u32)> = HashMap::new();
        let mut end_ms = 0;
        let mut end = |ear: &mut Ear, end_ms| {
            let frames = node.frames(&ear.flush(end_ms)).into_iter();
            let frames = frames.filter(|(frame, _)| !frame.sightings.is_empty());
            told.extend(frames.map(|(frame, _)| {
                let frame = Box::new(frame);
                (end_ms, Event::Node { scanner, frame })
            }));
        };
        for heard in sightings.heard.iter().filter(|h| h.scanner == scanner) {
            let at_ms = ms_of(heard.t_s);
            if at_ms >= end_ms {
                end(&mut ear, end_ms);
                let into = (at_ms + BATCH_EVERY_MS - after_ms % BATCH_EVERY_MS) % BATCH_EVERY_MS;
                end_ms = at_ms - into.min(at_ms) + BATCH_EVERY_MS;
            }
            let air = Air {
                beacon: beacon(heard.tag as usize),
                address: Address([0; 6]),
                kind: FrameKind::Beacon,
            };
            let packet = Packet {
                air,
                customer: None,
                reference_dbm: None,
                dbm: heard.rssi_dbm,
                at_ms,
            };
            ear.hear(slots.entry(heard.tag).or_default(), packet);
        }
        end(&mut ear, end_ms);
    }
    told.sort_by_key(|(at_ms, _)| *at_ms);
    told
}
