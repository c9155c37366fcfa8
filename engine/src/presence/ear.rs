//! What one scanner heard of one beacon since the last step, and a moment before.
//!
//! A beacon sends on three advertising channels, and waves that take different ways
//! cancel each other on one of them and not on the next: of successive packets some are
//! far too weak, for as long as nobody moves. Those say little; the strong ones say that
//! somebody is near. So what a scanner says is no mean of decibels. It is the root of
//! the mean square of power, of all packets it heard, each counting `exp(-age / 0.5 s)`
//! (on means of power against fading: Lee, "Estimate of local average power of a mobile
//! radio signal", IEEE Trans. Vehicular Technology 34, 1985; the square leans farther to
//! the strong ones). Of packets that a sensor node tells together, the strongest and the
//! mean of the rest are known, which is nearly as good.

use super::Taken;
use crate::{ingest::LATE_MS, strength::Strength, time::Mono};
use serde::{Deserialize, Serialize};

/// A step is weighed in two halves, so that walking is followed by the half
/// second and the order of packets within a step counts.
pub const HALVES: usize = 2;
/// Length of one, ms.
pub const HALF_MS: u64 = 500;
/// This many identical strengths in a row come from a frozen sender, not from
/// a radio: real noise never stands still (ESPresense issues 1198, 1213). Means of several
/// packets may.
const FROZEN_AFTER: u16 = 40;
/// The same strength from the same scanner within this time is a repetition, ms.
const REPEATED_MS: u64 = 20;
/// More packets than this of one beacon nobody hears, not even who hands over all
/// that is not too late yet at once: it sends every 20 ms at most (Core 5.4, Vol 6,
/// Part B, 4.4.2.2), on three channels.
const SENT_MAX: u16 = 3 * (LATE_MS / 20) as u16;
/// Successive packets farther apart than this say nothing about each other: somebody may
/// have walked, ms.
const SUCCESSIVE_MS: u64 = 1_000;
/// Time in which what two successive packets differ by counts `1 / e`, ms.
const SWING_FADES_MS: f32 = 8_000.0;
/// Silence that counts as much as any longer one, ms.
const GAP_MS_MAX: u64 = 8_000;

/// Natural logarithm of the square of power, for each decibel.
const SQUARE_PER_DB: f32 = core::f32::consts::LN_10 / 5.0;

/// What one scanner heard of one beacon since the last step.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Ear {
    /// Weighed sum of the squares of packets' powers, mW², and of their weights.
    squares: f32,
    weights: f32,
    count: [u16; HALVES],
    peak_dbm: f32,
    swing: Swing,
    last_dbm: f32,
    /// When that was; and the packets it was told with.
    last: Mono,
    together: u8,
    same: u16,
    /// When what was heard was last weighed.
    weighed: Mono,
}

/// How far successive packets differ.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Swing {
    /// Weighed sum of differences, dB.
    pub sum_db: f32,
    /// Sum of their weights.
    pub pairs: f32,
}

/// What half a step brought.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Said {
    /// Strength at the end of the step, dBm: root of the mean square of power.
    pub rssi_dbm: f32,
    /// How many packets the half step had.
    pub packets: u16,
    /// Since this scanner was last weighed, ms.
    pub gap_ms: u64,
}

impl Ear {
    /// Nothing was heard yet.
    pub const fn new(now: Mono) -> Self {
        Self {
            squares: 0.0,
            weights: 0.0,
            count: [0; HALVES],
            peak_dbm: f32::NEG_INFINITY,
            swing: Swing {
                sum_db: 0.0,
                pairs: 0.0,
            },
            last_dbm: 0.0,
            last: now,
            together: 0,
            same: 0,
            weighed: now,
        }
    }

    /// Takes packets in that were heard together; what a packet counts falls to `1 / e`
    /// within `fades_ms`.
    pub fn hear(&mut self, at: Mono, half: usize, heard: Strength, fades_ms: f32) -> Taken {
        if self.count[half] >= SENT_MAX {
            return Taken::Flooded;
        }
        let dbm = heard.strongest_dbm;
        let same = self.last_dbm.to_bits() == dbm.to_bits() && heard.is_even() && self.same > 0;
        if same && at.since_ms(self.last) < REPEATED_MS && self.last.since_ms(at) < REPEATED_MS {
            return Taken::Repeated;
        }
        let age_ms = at.since_ms(self.last);
        self.swing = self.swing.after_ms(age_ms);
        if heard.packets > 1 {
            self.swing.sum_db += dbm - heard.rest_dbm();
            self.swing.pairs += pairs_within(heard.packets);
        } else if self.together == 1 && age_ms <= SUCCESSIVE_MS {
            self.swing.sum_db += libm::fabsf(dbm - self.last_dbm);
            self.swing.pairs += 1.0;
        }
        let kept = libm::expf(-(age_ms as f32) / fades_ms);
        self.squares *= kept;
        self.weights *= kept;
        self.same = if same { self.same.saturating_add(1) } else { 1 };
        self.last_dbm = dbm;
        self.last = at;
        self.together = heard.packets;
        if self.same > FROZEN_AFTER {
            // Nor is what it said a moment ago believed.
            (self.squares, self.weights, self.count) = (0.0, 0.0, [0; HALVES]);
            return Taken::Frozen;
        }
        let packets = f32::from(heard.packets);
        let mut squares = square(dbm);
        if heard.packets > 1 {
            squares += (packets - 1.0) * square(heard.rest_dbm());
        }
        self.squares += squares;
        self.weights += packets;
        self.count[half] = self.count[half].saturating_add(heard.packets.into());
        self.peak_dbm = self.peak_dbm.max(dbm);
        Taken::Known
    }

    /// What one half of a step brought, which is thereby weighed.
    pub fn take(&mut self, half: usize, now: Mono) -> Option<Said> {
        let packets = core::mem::take(&mut self.count[half]);
        if packets == 0 {
            return None;
        }
        let gap_ms = self.silent_ms(now);
        self.weighed = now;
        Some(Said {
            rssi_dbm: libm::logf(self.strength()) / SQUARE_PER_DB,
            packets,
            gap_ms,
        })
    }

    /// The strongest packet of a whole step, if there was any.
    pub fn take_peak(&mut self) -> Option<f32> {
        let peak = core::mem::replace(&mut self.peak_dbm, f32::NEG_INFINITY);
        (peak > f32::NEG_INFINITY).then_some(peak)
    }

    /// How strong the beacon was when last heard, mW squared.
    pub const fn strength(&self) -> f32 {
        self.squares / self.weights
    }

    /// How far successive packets differed until now.
    pub fn swing(&self, now: Mono) -> Swing {
        self.swing.after_ms(now.since_ms(self.last))
    }

    /// Whether it ever heard anything.
    pub const fn has_heard(&self) -> bool {
        self.same > 0
    }

    /// For how long it has heard nothing, ms.
    pub fn silent_ms(&self, now: Mono) -> u64 {
        now.since_ms(self.weighed).min(GAP_MS_MAX)
    }
}

/// Square of the power of a packet, mW².
fn square(rssi_dbm: f32) -> f32 {
    libm::expf(SQUARE_PER_DB * rssi_dbm)
}

/// By how much the strongest of so many packets stands out from the mean of the rest, in
/// terms of by how much two differ, where every packet fades by itself (Rayleigh): of `n`
/// exponential variables, the mean of the largest one's logarithm is
/// `sum((-1)^k C(n, k) ln k)` above the others'. From 2 to 255 this is within 2 % of that.
fn pairs_within(packets: u8) -> f32 {
    1.0 + 0.153 * libm::logf(f32::from(packets) / 2.0)
}

impl Swing {
    fn after_ms(self, age_ms: u64) -> Self {
        let kept = libm::expf(-(age_ms as f32) / SWING_FADES_MS);
        Self {
            sum_db: self.sum_db * kept,
            pairs: self.pairs * kept,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hears one packet.
    fn hear(ear: &mut Ear, at_ms: u64, half: usize, rssi_dbm: f32) -> Taken {
        ear.hear(Mono(at_ms), half, Strength::of_one(rssi_dbm), 500.0)
    }

    #[test]
    fn a_beacon_is_not_heard_more_often_than_it_can_send() {
        let mut ear = Ear::new(Mono(0));
        let heard = |n: u16| hear(&mut ear, u64::from(n) / 8, 0, -60.0 - f32::from(n % 2));
        let known = (0..4_000).map(heard).filter(|t| *t == Taken::Known);
        assert_eq!(known.count(), 1_500);
        assert!(ear.take(0, Mono(500)).is_some());
        assert_eq!(hear(&mut ear, 600, 0, -60.0), Taken::Known);
    }

    #[test]
    fn a_fade_says_little_and_what_was_heard_fades_within_a_second_or_two() {
        let mut ear = Ear::new(Mono(0));
        let mut says = |at: u64, rssi_dbm: f32| {
            assert_eq!(hear(&mut ear, at, 0, rssi_dbm), Taken::Known);
            ear.take(0, Mono(at)).unwrap().rssi_dbm
        };
        assert!((says(100, -60.0) + 60.0).abs() < 1e-3);
        // 20 dB below, half a second later: of two packets, one weighs exp(-1).
        let faded = says(600, -80.0);
        let expected = -60.0 + 5.0 * libm::log10f(libm::expf(-1.0) / (1.0 + libm::expf(-1.0)));
        assert!((faded - expected).abs() < 0.01, "{faded} {expected}");
        // Whoever went away is believed to fade by 4.3 dB a second.
        assert!((says(2_600, -80.0) + 70.9).abs() < 0.1);
        assert!(says(4_600, -80.0) < -78.0);
        // And who is near at once.
        assert!(says(5_000, -60.0) > -62.0);
        // However long nothing was heard.
        assert!((says(500_000_000, -90.0) + 90.0).abs() < 1e-3);
    }

    #[test]
    fn of_packets_told_together_the_strongest_counts_most() {
        let says = |heard: &[Strength]| {
            let mut ear = Ear::new(Mono(0));
            for (at, heard) in (100..).step_by(50).zip(heard) {
                assert_eq!(ear.hear(Mono(at), 0, *heard, 1e9), Taken::Known);
            }
            ear.take(0, Mono(500)).unwrap()
        };
        let several = |mean_dbm, strongest_dbm, packets| Strength {
            mean_dbm,
            strongest_dbm,
            packets,
        };
        let two = says(&[several(-65.0, -60.0, 2)]);
        let apart = says(&[Strength::of_one(-70.0), Strength::of_one(-60.0)]);
        assert!((two.rssi_dbm - apart.rssi_dbm).abs() < 1e-3);
        assert_eq!((two.packets, apart.packets), (2, 2));
        // Far above the mean of decibels, though of five only one is strong.
        let five = says(&[several(-68.0, -60.0, 5)]);
        assert!((-64.0..-63.0).contains(&five.rssi_dbm), "{five:?}");
        assert_eq!(five.packets, 5);
    }

    #[test]
    fn means_of_several_may_stand_still_and_packets_not() {
        let frozen = |heard: Strength| {
            let mut ear = Ear::new(Mono(0));
            let taken = (1..=100).map(|n| ear.hear(Mono(500 * n), 0, heard, 500.0));
            taken.filter(|taken| *taken == Taken::Frozen).count()
        };
        let several = |mean_dbm, strongest_dbm| Strength {
            mean_dbm,
            strongest_dbm,
            packets: 5,
        };
        assert_eq!(frozen(several(-61.0, -59.0)), 0);
        assert_eq!(frozen(several(-61.0, -61.0)), 60);
    }

    #[test]
    fn the_strongest_of_many_stands_out_by_no_more_than_fading_makes_it() {
        // sum((-1)^k C(n, k) ln k) n / (n - 1) for these n, in terms of that for 2.
        let known = [
            (2, 1.0),
            (3, 1.0613),
            (5, 1.1428),
            (8, 1.2196),
            (16, 1.3318),
        ];
        let more = [(32, 1.4392), (64, 1.5394), (127, 1.6306), (255, 1.7153)];
        for (packets, exact) in known.into_iter().chain(more) {
            let pairs = pairs_within(packets);
            assert!((pairs / exact - 1.0).abs() < 0.02, "{packets}: {pairs}");
        }
    }

    #[test]
    fn a_packet_counts_once_and_a_frozen_sender_not_for_ever() {
        let mut ear = Ear::new(Mono(0));
        assert!(!ear.has_heard());
        assert_eq!(ear.take_peak(), None);
        assert_eq!(hear(&mut ear, 10, 0, -60.0), Taken::Known);
        assert!(ear.has_heard());
        assert_eq!(hear(&mut ear, 29, 0, -60.0), Taken::Repeated);
        assert_eq!(hear(&mut ear, 12, 0, -62.0), Taken::Known);
        let said = ear.take(0, Mono(500)).unwrap();
        assert_eq!((said.packets, said.gap_ms), (2, 500));
        // Between the mean of decibels and the stronger of the two.
        assert!((-61.0..-60.5).contains(&said.rssi_dbm), "{said:?}");
        assert_eq!(ear.take(0, Mono(500)), None);
        assert_eq!(ear.take_peak(), Some(-60.0));
        assert_eq!(hear(&mut ear, 510, 0, -62.0), Taken::Known);
        assert_eq!(hear(&mut ear, 530, 0, -62.0), Taken::Known);
        assert!(ear.take(0, Mono(600)).is_some());
        let taken = (1..=100).map(|i| hear(&mut ear, 1_000 * i, 1, -70.0));
        let frozen = taken.filter(|t| *t == Taken::Frozen).count();
        assert_eq!(frozen, 60);
        assert_eq!(ear.take(1, Mono(100_500)), None);
        assert_eq!(hear(&mut ear, 101_000, 0, -75.0), Taken::Known);
        let said = ear.take(0, Mono(101_500)).unwrap();
        assert!((said.rssi_dbm + 75.0).abs() < 1e-3, "{said:?}");
    }
}
