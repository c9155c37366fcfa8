//! What waits: at a node while its broker was away, which is taken in as of when it was
//! heard, and not as of now; and for a disk that stands still.

use crate::shop::plan;
use engine::{
    Effect, Effects, Engine, Event, Now, Seed, Snapshot,
    event::{Basket, Outcome, Receipt, RequestId},
    plan::ScannerIx,
    shopper::{Enrolment, IdentityKey, Purposes, ShopperId},
    time::{Mono, UnixMs, Wall},
};
use protocol::{
    beacon::Beacon,
    frame::{NodeFrame, NodeSighting},
    time::Stamp,
};
use std::sync::Arc;

const EPOCH: u32 = 7;
/// Most that waits for the disk.
const WAITING_MAX: u64 = 16_384;
const ANNA: ShopperId = ShopperId(1);
const FOB: Beacon = Beacon::IBeacon {
    uuid: [1; 16],
    major: 0,
    minor: 1,
};
const ARRIVAL_MS: u64 = 100_000;

fn at(ms: u64) -> Now {
    Now {
        mono: Mono(ms),
        wall: Wall::Synced(UnixMs(1_795_226_400_000 + ms as i64)),
    }
}

/// A shop that knows Anna, in its seventh start.
fn shop() -> Engine {
    let mut enrolment = Enrolment::consenting(ANNA, 1, Purposes::ALL);
    enrolment.keys = vec![IdentityKey::Fixed(FOB)];
    let restored = Snapshot {
        boot: EPOCH,
        enrolled: [(ANNA, enrolment)].into_iter().collect(),
        ..Snapshot::default()
    };
    Engine::new(Arc::new(plan::small()), restored, Seed(1), at(0))
}

/// A frame in which she was last heard 500 ms before it was made.
fn frame(made: Option<Stamp>) -> Event {
    let sighting = NodeSighting {
        beacon: FOB,
        rssi_mean_dbm: -55,
        rssi_max_dbm: -50,
        count: 9,
        reference_dbm: None,
        age_ms: 500,
    };
    let frame = NodeFrame {
        made,
        boot: 1,
        sequence: 0,
        uptime_ms: 0,
        dropped: 0,
        sightings: [sighting].into_iter().collect(),
        readings: [].into_iter().collect(),
    };
    Event::Node {
        scanner: ScannerIx(0),
        frame: Box::new(frame),
    }
}

/// Whether she is there when a frame of this age comes, and how long after that
/// she is taken to have left, ms, to the second.
fn stay(made: Option<Stamp>) -> Option<u64> {
    let (mut shop, mut effects) = (shop(), Effects::new());
    shop.handle(at(ARRIVAL_MS), frame(made), &mut effects);
    shop.visit_of(ANNA)?;
    (1..600_u64).map(|second| second * 1_000).find(|after| {
        shop.handle(at(ARRIVAL_MS + after), Event::Woke, &mut effects);
        shop.visit_of(ANNA).is_none()
    })
}

#[test]
fn what_waited_at_a_node_counts_from_when_it_was_heard() {
    let stamp = |waited_ms, within_ms| {
        Some(Stamp {
            epoch: EPOCH,
            steady_ms: ARRIVAL_MS - waited_ms,
            within_ms,
            date_ms: None,
        })
    };
    let long = plan::small().presence.absent_after_ms;
    assert_eq!(stay(None), Some(long), "as of now, without a time");
    assert_eq!(stay(stamp(0, 20)), Some(long));
    assert_eq!(stay(stamp(8_000, 20)), Some(long - 8_000));
    assert_eq!(stay(stamp(20_000, 20)), None, "she does not appear now");
    assert_eq!(stay(stamp(20_000, 9_000)), None, "that old in any case");
    assert_eq!(stay(stamp(8_000, 9_000)), Some(long), "it may be new");
}

/// A disk that stands still: voided receipts wait for it, so many and no more, and the
/// till is told to keep the next.
#[test]
fn a_till_is_told_when_too_much_waits_for_the_disk() {
    let (mut shop, mut effects) = (shop(), Effects::new());
    let mut receipts = 0;
    let refused = loop {
        let receipt = Receipt {
            basket: Basket {
                receipt: format!("r{receipts}"),
                shopper: None,
                lines: Vec::new(),
            },
            is_void: true,
            returned_from: None,
            codes: Vec::new(),
            vouchers: Vec::new(),
        };
        let event = Event::Receipt {
            request: RequestId(receipts),
            receipt: Box::new(receipt),
        };
        effects.clear();
        shop.handle(at(0), event, &mut effects);
        let commits = effects.iter();
        let commits = commits.filter(|effect| matches!(effect, Effect::Commit { .. }));
        if commits.count() == 0 {
            break effects.clone();
        }
        receipts += 1;
        assert!(receipts <= WAITING_MAX, "nothing is unbounded");
    };
    let full = Effect::Answer {
        request: RequestId(receipts),
        outcome: Outcome::Full,
    };
    assert_eq!(refused, [full]);
    // The entry of each waits, and its answer.
    assert_eq!(2 * receipts, WAITING_MAX);
    assert_eq!(
        (shop.counts().tills_full, shop.counts().voids),
        (1, receipts)
    );
}
