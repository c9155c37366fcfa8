//! Everything that is on its way, in the order of arrival, and what the
//! network does to it.

use crate::{
    chance::Chance,
    faults::{Fault, FaultPlan, Struck},
};
use engine::{Event, plan::ScreenIx, shopper::ShopperId};
use protocol::screen::ScreenCommand;
use std::{cmp::Ordering, collections::BinaryHeap};

/// A message's way over broker and local network, ms.
const WAY_MS: (f64, f64) = (3.0, 25.0);

/// Something on its way.
#[derive(Debug, Clone)]
pub enum Parcel {
    /// To the gateway, over the broker.
    ToGateway {
        /// What it says.
        event: Event,
        /// Ground truth: customers whose beacons are in it.
        heard: Vec<ShopperId>,
    },
    /// Within the gateway's process: dies with it.
    Inside(Event),
    /// To a screen, over the broker.
    ToScreen(ScreenCommand),
    /// The disk has taken what was written.
    Flushed,
    /// The gateway starts.
    Start,
    /// The disk has room again.
    RoomBack,
    /// The broker is back.
    BrokerBack,
    /// Somebody vouches for the right date again.
    ClockRight,
    /// A screen starts again.
    ScreenBack(ScreenIx),
}

/// Everything on its way.
#[derive(Debug)]
pub struct Post {
    parcels: BinaryHeap<Due>,
    sequence: u64,
    broker_down_until_ms: u64,
    delays: Chance,
    faults: Chance,
    plan: FaultPlan,
    /// Messages the network lost.
    pub lost: u64,
    /// What went wrong, with messages and elsewhere.
    pub struck: Struck,
}

#[derive(Debug)]
struct Due {
    at_ms: u64,
    sequence: u64,
    parcel: Parcel,
}

impl Ord for Due {
    /// The earliest is the greatest, for the heap.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at_ms, other.sequence).cmp(&(self.at_ms, self.sequence))
    }
}

impl PartialOrd for Due {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Due {
    fn eq(&self, other: &Self) -> bool {
        self.sequence == other.sequence
    }
}

impl Eq for Due {}

impl Post {
    /// Nothing is on its way.
    pub fn new(plan: FaultPlan, delays: Chance, faults: Chance) -> Self {
        Self {
            parcels: BinaryHeap::new(),
            sequence: 0,
            broker_down_until_ms: 0,
            delays,
            faults,
            plan,
            lost: 0,
            struck: Struck::default(),
        }
    }

    /// From now on the network is as it should be.
    pub fn heal(&mut self) {
        self.plan = FaultPlan::default();
    }

    /// When the next parcel arrives.
    pub fn next_ms(&self) -> u64 {
        self.parcels.peek().map_or(u64::MAX, |due| due.at_ms)
    }

    /// Takes the next parcel out.
    pub fn take(&mut self) -> Option<Parcel> {
        self.parcels.pop().map(|due| due.parcel)
    }

    /// Puts something in that arrives at that time, come what may.
    pub fn at(&mut self, at_ms: u64, parcel: Parcel) {
        self.sequence += 1;
        self.parcels.push(Due {
            at_ms,
            sequence: self.sequence,
            parcel,
        });
    }

    /// Sends a message over the broker.
    pub fn send(&mut self, now_ms: u64, parcel: Parcel) {
        // Drawn in any case: a fault that is off must not shift the others.
        let way_ms = self.delays.between(WAY_MS.0, WAY_MS.1);
        let (lost, twice) = (self.faults.unit(), self.faults.unit());
        let (late, overtaken) = (self.faults.unit(), self.faults.unit());
        let wait = self.faults.wait(1.0);
        let is_down = now_ms < self.broker_down_until_ms;
        if is_down || lost < self.plan.drop {
            self.struck.note_many(Fault::Drop, u64::from(!is_down));
            self.lost += 1;
            return;
        }
        let mut way_ms = way_ms;
        if late < self.plan.delay.0 {
            self.struck.note(Fault::Delay);
            way_ms += (wait * self.plan.delay.1).min(60_000.0);
        }
        if overtaken < self.plan.reorder {
            self.struck.note(Fault::Reorder);
            way_ms += 80.0 + 400.0 * overtaken / self.plan.reorder;
        }
        if twice < self.plan.duplicate {
            self.struck.note(Fault::Duplicate);
            let again_ms = way_ms + 2_000.0 * twice / self.plan.duplicate;
            self.at(now_ms + again_ms as u64, parcel.clone());
        }
        self.at(now_ms + way_ms as u64, parcel);
    }

    /// The broker restarts: what is on its way is lost, and so is all that is
    /// sent before it is back.
    pub fn broker_dies(&mut self, until_ms: u64) {
        let before = self.parcels.len();
        self.parcels
            .retain(|due| !matches!(due.parcel, Parcel::ToGateway { .. } | Parcel::ToScreen(_)));
        self.lost += (before - self.parcels.len()) as u64;
        self.broker_down_until_ms = until_ms;
        self.at(until_ms, Parcel::BrokerBack);
    }

    /// The gateway's process dies and takes its own errands along.
    pub fn gateway_dies(&mut self) {
        self.parcels
            .retain(|due| !matches!(due.parcel, Parcel::Inside(_) | Parcel::Flushed));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Concern;

    fn arrivals(plan: FaultPlan) -> (Vec<u64>, u64) {
        let stream = |concern| Chance::new(1, concern);
        let mut post = Post::new(plan, stream(Concern::Delays), stream(Concern::Faults));
        for at_ms in 0..1_000 {
            let parcel = Parcel::ToGateway {
                event: Event::Woke,
                heard: Vec::new(),
            };
            post.send(at_ms * 100, parcel);
        }
        let mut times = Vec::new();
        while post.next_ms() < u64::MAX {
            times.push(post.next_ms());
            post.take();
        }
        (times, post.lost)
    }

    #[test]
    fn a_healthy_network_brings_everything_once_and_in_time() {
        let (times, lost) = arrivals(FaultPlan::default());
        assert_eq!((times.len(), lost), (1_000, 0));
        assert!(times.is_sorted());
        assert!(times.iter().zip(0..).all(|(at, n)| *at < n * 100 + 30));
    }

    #[test]
    fn drop_and_duplicate_strike_at_their_rates() {
        let (times, lost) = arrivals(FaultPlan {
            drop: 0.2,
            ..FaultPlan::default()
        });
        assert!((150..250).contains(&lost), "{lost}");
        assert_eq!(times.len() as u64 + lost, 1_000);
        let (times, _) = arrivals(FaultPlan {
            duplicate: 0.2,
            ..FaultPlan::default()
        });
        assert!((1_150..1_250).contains(&times.len()), "{}", times.len());
    }

    #[test]
    fn a_broker_that_dies_loses_what_is_on_its_way_and_nothing_of_the_process() {
        let stream = |concern| Chance::new(1, concern);
        let mut post = Post::new(
            FaultPlan::default(),
            stream(Concern::Delays),
            stream(Concern::Faults),
        );
        let message = || Parcel::ToGateway {
            event: Event::Woke,
            heard: Vec::new(),
        };
        post.send(0, message());
        post.at(5, Parcel::Flushed);
        post.broker_dies(1_000);
        post.send(999, message());
        assert_eq!(post.lost, 2);
        assert!(matches!(post.take(), Some(Parcel::Flushed)));
        assert!(matches!(post.take(), Some(Parcel::BrokerBack)));
        assert!(post.take().is_none());
    }
}
