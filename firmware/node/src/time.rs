//! What the node knows of the gateway's clock, and how surely.
//!
//! The node's own clock says how much time has passed; the gateway says now and
//! then what time it is ([`protocol::time`]). An answer tells the time to half of
//! its round trip, and from then on the node's crystal adds to the doubt.

use crate::uptime::Uptime;
use protocol::{
    health::NodeTime,
    time::{Stamp, TimeAnswer, TimeAsk, Trust},
};

/// The worst clock that a Bluetooth device may keep time with while it sleeps is
/// 500 ppm off, one millisecond in so many (Core 5.4, Vol 6, Part B, 4.2.2).
const DRIFT_ONE_IN: u32 = 2_000;
/// An answer that takes longer says too little, ms.
const ROUND_TRIP_MS_MAX: u32 = 2_000;
/// Without an answer for so long the node knows the time no more: by then it may
/// be off by two seconds, ms.
const HOLD_MS_MAX: u32 = 3_600_000;
/// So many answers in a row that agree with each other and not with the node's
/// clock mean that its clock is wrong.
const PERSUADED_AFTER: u8 = 3;
/// No gateway runs for longer without a start, ms: a hundred years.
const STEADY_MS_MAX: u64 = 100 * 366 * 86_400_000;

/// What the node knows of the gateway's clock.
#[derive(Debug, Default)]
pub(crate) struct Time {
    /// What has been asked and not been answered.
    asked: Option<TimeAsk>,
    known: Option<Anchor>,
    /// What the newest answers say that contradict it, and how many they are.
    doubt: Option<(Anchor, u8)>,
    /// The newest stamp: no later one goes back behind it.
    said: Option<Stamp>,
    refused: u32,
}

/// A moment on both clocks.
#[derive(Debug, Clone, Copy)]
struct Anchor {
    at: Uptime,
    epoch: u32,
    steady_ms: u64,
    within_ms: u32,
    date_ms: Option<u64>,
}

impl Time {
    /// Nothing.
    pub(crate) const fn unknown() -> Self {
        Self {
            asked: None,
            known: None,
            doubt: None,
            said: None,
            refused: 0,
        }
    }

    /// Asks; only the answer to the newest question counts.
    pub(crate) const fn ask(&mut self, now: Uptime, boot: u32) -> TimeAsk {
        let ask = TimeAsk {
            boot,
            uptime_ms: now.0,
        };
        self.asked = Some(ask);
        ask
    }

    /// Takes an answer in, or counts that it is not believed.
    pub(crate) fn take(&mut self, now: Uptime, answer: &TimeAnswer) {
        let Some(fresh) = self.examine(now, answer) else {
            self.refused = self.refused.wrapping_add(1);
            return;
        };
        let Some(known) = self.known.filter(|known| known.epoch == fresh.epoch) else {
            // Another start of the gateway has another clock.
            return self.adopt(fresh);
        };
        let doubt = known.doubt_ms(now);
        if known.contradicts(&fresh, now) {
            self.refused = self.refused.wrapping_add(1);
            let before = self.doubt.take();
            let before = before.filter(|(other, _)| !other.contradicts(&fresh, now));
            let times = before.map_or(1, |(_, times)| times + 1);
            if times >= PERSUADED_AFTER {
                self.adopt(fresh);
            } else {
                self.doubt = Some((fresh, times));
            }
        } else if fresh.within_ms <= doubt {
            self.adopt(fresh);
        } else {
            self.doubt = None;
        }
    }

    /// When something was that happened at this moment of the node's clock.
    pub(crate) fn stamp(&mut self, at: Uptime) -> Option<Stamp> {
        let mut stamp = self.known?.at(at);
        if let Some(said) = self.said.filter(|said| said.epoch == stamp.epoch) {
            let back = said.steady_ms.saturating_sub(stamp.steady_ms);
            stamp.steady_ms += back;
            stamp.date_ms = stamp.date_ms.map(|date| date.saturating_add(back));
            let back = u32::try_from(back).unwrap_or(u32::MAX);
            stamp.within_ms = stamp.within_ms.saturating_add(back);
        }
        self.said = Some(stamp);
        Some(stamp)
    }

    /// Forgets what is too old. To be called more often than the clock wraps.
    pub(crate) fn age(&mut self, now: Uptime) {
        let is_old = |anchor: &Anchor| now.since(anchor.at) > HOLD_MS_MAX;
        self.known = self.known.filter(|known| !is_old(known));
        self.doubt = self.doubt.filter(|(anchor, _)| !is_old(anchor));
        let is_open = |ask: &TimeAsk| now.since(Uptime(ask.uptime_ms)) <= ROUND_TRIP_MS_MAX;
        self.asked = self.asked.filter(is_open);
    }

    /// What the node knows of the time now.
    pub(crate) fn health(&self, now: Uptime) -> NodeTime {
        let within_ms = self.known.map(|known| known.doubt_ms(now));
        NodeTime {
            trust: within_ms.map_or(Trust::None, Trust::within),
            within_ms: within_ms.unwrap_or(0),
            refused: self.refused,
        }
    }

    /// What an answer says, if it is one to the newest question, in time and
    /// possible.
    fn examine(&mut self, now: Uptime, answer: &TimeAnswer) -> Option<Anchor> {
        let asked = self.asked.take_if(|asked| *asked == answer.ask)?;
        let round_trip_ms = now.since(Uptime(asked.uptime_ms));
        if round_trip_ms > ROUND_TRIP_MS_MAX || answer.steady_ms > STEADY_MS_MAX {
            return None;
        }
        let half_ms = u64::from(round_trip_ms / 2);
        Some(Anchor {
            at: now,
            epoch: answer.epoch,
            steady_ms: answer.steady_ms + half_ms,
            // Both clocks say whole milliseconds.
            within_ms: round_trip_ms.div_ceil(2) + 1,
            date_ms: answer.date_ms.map(|date| date.saturating_add(half_ms)),
        })
    }

    const fn adopt(&mut self, anchor: Anchor) {
        self.known = Some(anchor);
        self.doubt = None;
    }
}

impl Anchor {
    /// The gateway's time at this moment, before or after the anchor.
    fn at(&self, at: Uptime) -> Stamp {
        let (passed, is_before) = self.distance_ms(at);
        let passed = u64::from(passed);
        let shift = |ms: u64| {
            if is_before {
                ms.saturating_sub(passed)
            } else {
                ms.saturating_add(passed)
            }
        };
        Stamp {
            epoch: self.epoch,
            steady_ms: shift(self.steady_ms),
            within_ms: self.doubt_ms(at),
            date_ms: self.date_ms.map(shift),
        }
    }

    /// How far the time of this moment may be off, ms.
    fn doubt_ms(&self, at: Uptime) -> u32 {
        self.within_ms + self.distance_ms(at).0.div_ceil(DRIFT_ONE_IN)
    }

    fn contradicts(&self, other: &Self, now: Uptime) -> bool {
        let (mine, theirs) = (self.at(now), other.at(now));
        let apart = mine.steady_ms.abs_diff(theirs.steady_ms);
        apart > u64::from(mine.within_ms) + u64::from(theirs.within_ms)
    }

    /// Milliseconds between the anchor and this moment, right across a wrap, and
    /// whether the moment is the earlier one.
    const fn distance_ms(&self, at: Uptime) -> (u32, bool) {
        let after = at.since(self.at);
        if after < u32::MAX / 2 {
            (after, false)
        } else {
            (self.at.since(at), true)
        }
    }
}
