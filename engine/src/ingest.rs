//! What comes in is taken in or counted: late, repeated, impossible.

use crate::{
    event::{Heard, Malformed, Sighting},
    plan::ScannerIx,
    strength::Strength,
    time::{Mono, Now},
    view::Counts,
};
use protocol::{
    frame::NodeFrame,
    time::{Stamp, Trust},
};

/// A sighting older than this says nothing about where somebody is, ms.
pub const LATE_MS: u64 = 10_000;
/// A sender's clock further ahead than this is not believed, ms.
const AHEAD_MS: i64 = 10_000;
/// Strengths that a receiver can have measured, dBm. Bluetooth's RSSI runs from -127
/// to 20 (Core 5.4, Vol 4, Part E, 7.7.65.2), but its ends and 0 are what drivers
/// write when they have not measured: thermal noise in a channel of 2 MHz is -111,
/// and receivers overflow long before 0.
const RSSI_DBM: core::ops::Range<f32> = -120.0..0.0;
/// More sightings than this within a second no receiver hears: the shortest packet
/// takes 128 µs (Core 5.4, Vol 6, Part B, 2.1, at 1 Mb/s), on each of three channels.
const FLOOD_PER_S: u32 = 25_000;

/// Whether a receiver can have measured it.
fn can_be_measured(strength: Strength) -> bool {
    let Strength {
        mean_dbm,
        strongest_dbm,
        ..
    } = strength;
    RSSI_DBM.contains(&mean_dbm) && RSSI_DBM.contains(&strongest_dbm) && mean_dbm <= strongest_dbm
}

/// What is known of each scanner's stream.
#[derive(Debug)]
pub struct Ingest {
    streams: Vec<Stream>,
    /// Number of this start: nodes say by which start's clock they count.
    epoch: u32,
}

/// One scanner's stream.
#[derive(Debug, Clone, Default)]
pub struct Stream {
    /// When it last said anything.
    pub last: Option<Mono>,
    /// Sightings taken in.
    pub sightings: u64,
    /// When it last told a strength that nobody can have measured.
    pub impossible: Option<Mono>,
    /// When it last told more than any receiver hears.
    pub flooded: Option<Mono>,
    /// Sequence of a node's frames.
    frames: Option<Frames>,
    /// When the running second began, and the sightings in it.
    second: (Mono, u32),
}

#[derive(Debug, Clone, Copy)]
struct Frames {
    boot: u32,
    highest: u32,
    /// Bit n: the frame `highest - n` has come.
    seen: u64,
    dropped: u32,
}

impl Ingest {
    /// For this many scanners, in this start of the gateway.
    pub fn new(scanners: usize, epoch: u32) -> Self {
        Self {
            streams: vec![Stream::default(); scanners],
            epoch,
        }
    }

    /// Begins anew, with this many scanners.
    pub fn replan(&mut self, scanners: usize) {
        *self = Self::new(scanners, self.epoch);
    }

    /// The streams, in the order of the plan.
    pub fn streams(&self) -> &[Stream] {
        &self.streams
    }

    /// Takes one sighting in, or counts why not. Returns when it was heard.
    pub fn sighting(&mut self, now: Now, sighting: &Sighting, counts: &mut Counts) -> Option<Mono> {
        let Some(stream) = self.streams.get_mut(sighting.scanner.at()) else {
            counts.malformed[Malformed::UnknownDevice as usize] += 1;
            return None;
        };
        stream.last = Some(now.mono);
        if !can_be_measured(sighting.strength) {
            counts.implausible += 1;
            stream.impossible = Some(now.mono);
            return None;
        }
        if stream.overflows(now.mono) {
            counts.flooded += 1;
            stream.flooded = Some(now.mono);
            return None;
        }
        let Some(at) = heard_at(now, sighting.heard) else {
            counts.late += 1;
            return None;
        };
        stream.sightings += 1;
        counts.sightings += 1;
        Some(at)
    }

    /// How old this frame is, ms, unless it has come before; counts what the node
    /// dropped.
    pub fn frame(
        &mut self,
        now: Now,
        scanner: ScannerIx,
        frame: &NodeFrame,
        counts: &mut Counts,
    ) -> Option<u32> {
        if !self.is_fresh(now, scanner, frame, counts) {
            return None;
        }
        let Some(made) = &frame.made else {
            return Some(0);
        };
        let age = age_ms(now.mono, self.epoch, made);
        counts.mistimed += u64::from(age.is_none());
        Some(age.unwrap_or(0))
    }

    fn is_fresh(
        &mut self,
        now: Now,
        scanner: ScannerIx,
        frame: &NodeFrame,
        counts: &mut Counts,
    ) -> bool {
        let Some(stream) = self.streams.get_mut(scanner.at()) else {
            counts.malformed[Malformed::UnknownDevice as usize] += 1;
            return false;
        };
        stream.last = Some(now.mono);
        let known = stream.frames.filter(|f| f.boot == frame.boot);
        let Some(mut frames) = known else {
            counts.node_dropped += u64::from(frame.dropped);
            stream.frames = Some(Frames {
                boot: frame.boot,
                highest: frame.sequence,
                seen: 1,
                dropped: frame.dropped,
            });
            return true;
        };
        let fresh = frames.note(frame.sequence);
        if fresh {
            // Wraps with the node's counter; a late frame brings an older, smaller one.
            let more = frame.dropped.wrapping_sub(frames.dropped);
            if more < u32::MAX / 2 {
                counts.node_dropped += u64::from(more);
                frames.dropped = frame.dropped;
            }
        } else {
            counts.duplicate += 1;
        }
        stream.frames = Some(frames);
        fresh
    }
}

impl Stream {
    /// Whether this is one sighting too many for a second.
    fn overflows(&mut self, now: Mono) -> bool {
        if now.since_ms(self.second.0) >= 1_000 {
            self.second = (now, 0);
        }
        self.second.1 = self.second.1.saturating_add(1);
        self.second.1 > FLOOD_PER_S
    }
}

impl Frames {
    /// Whether this number is new. Numbers wrap; one more than 63 behind the
    /// highest counts as seen, because it cannot be told any more.
    fn note(&mut self, sequence: u32) -> bool {
        let ahead = sequence.wrapping_sub(self.highest);
        if ahead == 0 {
            return false;
        }
        if ahead < u32::MAX / 2 {
            self.seen = self.seen.checked_shl(ahead).unwrap_or(0) | 1;
            self.highest = sequence;
            return true;
        }
        let behind = self.highest.wrapping_sub(sequence);
        if behind > 63 || self.seen >> behind & 1 == 1 {
            return false;
        }
        self.seen |= 1 << behind;
        true
    }
}

/// How old a frame is by its own word, ms; `None` when that cannot be: it counts
/// by the clock of another start, or is from the future. A frame that is not sure
/// of its age is taken to be as young as it may be: nobody is dated back by doubt.
pub fn age_ms(now: Mono, epoch: u32, made: &Stamp) -> Option<u32> {
    let within_ms = u64::from(made.within_ms);
    if made.epoch != epoch || made.steady_ms > now.0.saturating_add(within_ms) {
        return None;
    }
    let age = now.0.saturating_sub(made.steady_ms);
    let age = match Trust::within(made.within_ms) {
        Trust::Synced => age,
        Trust::Coarse | Trust::None => age.saturating_sub(within_ms),
    };
    Some(u32::try_from(age).unwrap_or(u32::MAX))
}

/// When something was heard by our own clock; `None` when too long ago. A date
/// that cannot be checked, or lies ahead, is not believed: now.
pub fn heard_at(now: Now, heard: Heard) -> Option<Mono> {
    let age_ms = match (heard, now.wall.known()) {
        (Heard::OnReceipt, _) | (Heard::At(_), None) => 0,
        (Heard::AgoMs(age), _) => u64::from(age),
        (Heard::At(at), Some(wall)) => {
            let age = wall.0.saturating_sub(at.0);
            if age < -AHEAD_MS {
                0
            } else {
                age.max(0) as u64
            }
        }
    };
    (age_ms <= LATE_MS).then(|| Mono(now.mono.0.saturating_sub(age_ms)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{UnixMs, Wall};
    use protocol::beacon::Beacon;

    const EPOCH: u32 = 7;

    fn now() -> Now {
        Now {
            mono: Mono(100_000),
            wall: Wall::Synced(UnixMs(1_000_000_000)),
        }
    }

    fn frame(boot: u32, sequence: u32, dropped: u32) -> NodeFrame {
        NodeFrame {
            made: None,
            boot,
            sequence,
            uptime_ms: 0,
            dropped,
            sightings: heapless_none(),
            readings: heapless_none(),
        }
    }

    fn heapless_none<T: Default>() -> T {
        T::default()
    }

    #[test]
    fn frames_may_come_out_of_order_but_not_twice() {
        let mut ingest = Ingest::new(1, EPOCH);
        let mut counts = Counts::default();
        let mut take = |boot, sequence| {
            let frame = frame(boot, sequence, 0);
            ingest
                .frame(now(), ScannerIx(0), &frame, &mut counts)
                .is_some()
        };
        for (boot, sequence, fresh) in [
            (1, u32::MAX, true),
            (1, 1, true),
            (1, 0, true),
            (1, 0, false),
            (1, u32::MAX, false),
            (1, 100, true),
            (1, 5, false),
            (1, 99, true),
            (2, 0, true),
            (2, 0, false),
        ] {
            assert_eq!(take(boot, sequence), fresh, "{boot} {sequence}");
        }
        assert_eq!(counts.duplicate, 4);
    }

    #[test]
    fn what_a_node_dropped_is_added_up_once() {
        let mut ingest = Ingest::new(1, EPOCH);
        let mut counts = Counts::default();
        for (sequence, dropped) in [(0, 3), (2, 7), (1, 5), (3, 7)] {
            ingest.frame(
                now(),
                ScannerIx(0),
                &frame(1, sequence, dropped),
                &mut counts,
            );
        }
        assert_eq!(counts.node_dropped, 7);
    }

    #[test]
    fn a_frame_is_as_old_as_it_says_if_that_can_be() {
        let stamp = |epoch, steady_ms, within_ms| Stamp {
            epoch,
            steady_ms,
            within_ms,
            date_ms: None,
        };
        for (made, age, mistimed) in [
            (None, 0, 0),
            (Some(stamp(EPOCH, 100_000, 10)), 0, 0),
            (Some(stamp(EPOCH, 92_000, 10)), 8_000, 0),
            (Some(stamp(EPOCH, 0, 10)), 100_000, 0),
            // A little ahead, as far as it is sure; then too far.
            (Some(stamp(EPOCH, 100_010, 10)), 0, 0),
            (Some(stamp(EPOCH, 100_011, 10)), 0, 1),
            (Some(stamp(EPOCH, u64::MAX, u32::MAX)), 0, 1),
            // Not sure of a second: at least 7 s old.
            (Some(stamp(EPOCH, 92_000, 1_000)), 7_000, 0),
            (Some(stamp(EPOCH, 99_500, 1_000)), 0, 0),
            // By the clock of the start before, and of one to come.
            (Some(stamp(EPOCH - 1, 92_000, 10)), 0, 1),
            (Some(stamp(EPOCH + 1, 92_000, 10)), 0, 1),
        ] {
            let (mut ingest, mut counts) = (Ingest::new(1, EPOCH), Counts::default());
            let frame = NodeFrame {
                made,
                ..frame(1, 0, 0)
            };
            let taken = ingest.frame(now(), ScannerIx(0), &frame, &mut counts);
            assert_eq!((taken, counts.mistimed), (Some(age), mistimed), "{made:?}");
        }
    }

    const SIGHTING: Sighting = Sighting {
        scanner: ScannerIx(0),
        beacon: Beacon::EddystoneEid([0; 8]),
        strength: Strength::of_one(-60.0),
        reference_dbm: None,
        heard: Heard::OnReceipt,
    };

    #[test]
    fn strengths_that_no_receiver_measures_are_refused() {
        for (rssi_dbm, taken) in [
            (127.0, false),
            (20.0, false),
            (0.0, false),
            (-0.0, false),
            (-1.0, true),
            (-105.5, true),
            (-120.0, true),
            (-127.0, false),
            (-128.0, false),
            (f32::NAN, false),
            (f32::INFINITY, false),
            (f32::NEG_INFINITY, false),
        ] {
            let (mut ingest, mut counts) = (Ingest::new(1, EPOCH), Counts::default());
            let sighting = Sighting {
                strength: Strength::of_one(rssi_dbm),
                ..SIGHTING
            };
            let at = ingest.sighting(now(), &sighting, &mut counts);
            assert_eq!(at.is_some(), taken, "{rssi_dbm}");
            assert_eq!(counts.implausible, u64::from(!taken), "{rssi_dbm}");
            assert_eq!(ingest.streams()[0].impossible.is_some(), !taken);
        }
    }

    #[test]
    fn a_mean_is_not_above_the_strongest() {
        for (mean_dbm, strongest_dbm, taken) in [
            (-60.0, -50.0, true),
            (-60.0, -60.0, true),
            (-60.0, -61.0, false),
            (-60.0, 0.0, false),
            (-127.0, -60.0, false),
        ] {
            let (mut ingest, mut counts) = (Ingest::new(1, EPOCH), Counts::default());
            let strength = Strength {
                mean_dbm,
                strongest_dbm,
                packets: 3,
            };
            let sighting = Sighting {
                strength,
                ..SIGHTING
            };
            let at = ingest.sighting(now(), &sighting, &mut counts);
            assert_eq!(at.is_some(), taken, "{strength:?}");
            assert_eq!(counts.implausible, u64::from(!taken), "{strength:?}");
        }
    }

    #[test]
    fn more_than_a_receiver_can_hear_is_refused_until_the_next_second() {
        let (mut ingest, mut counts) = (Ingest::new(1, EPOCH), Counts::default());
        let mut taken = 0;
        for second in 0..3 {
            let mut now = now();
            now.mono = now.mono.after_ms(second * 1_000);
            for _ in 0..2 * FLOOD_PER_S {
                let at = ingest.sighting(now, &SIGHTING, &mut counts);
                taken += u64::from(at.is_some());
            }
        }
        let each = u64::from(FLOOD_PER_S);
        assert_eq!((taken, counts.flooded), (3 * each, 3 * each));
        assert_eq!(ingest.streams()[0].flooded, Some(Mono(102_000)));
    }

    #[test]
    fn late_impossible_and_unknown_are_counted_apart() {
        let mut ingest = Ingest::new(1, EPOCH);
        let mut counts = Counts::default();
        let base = SIGHTING;
        let wall = 1_000_000_000;
        let cases = [
            (base, Some(100_000)),
            (
                Sighting {
                    heard: Heard::AgoMs(10_000),
                    ..base
                },
                Some(90_000),
            ),
            (
                Sighting {
                    heard: Heard::AgoMs(10_001),
                    ..base
                },
                None,
            ),
            (
                Sighting {
                    heard: Heard::At(UnixMs(wall - 3_000)),
                    ..base
                },
                Some(97_000),
            ),
            (
                Sighting {
                    heard: Heard::At(UnixMs(wall - 60_000)),
                    ..base
                },
                None,
            ),
            (
                Sighting {
                    heard: Heard::At(UnixMs(wall + 3_600_000)),
                    ..base
                },
                Some(100_000),
            ),
            (
                Sighting {
                    strength: Strength::of_one(35.0),
                    ..base
                },
                None,
            ),
            (
                Sighting {
                    strength: Strength::of_one(f32::NAN),
                    ..base
                },
                None,
            ),
            (
                Sighting {
                    scanner: ScannerIx(1),
                    ..base
                },
                None,
            ),
        ];
        for (sighting, at) in cases {
            assert_eq!(ingest.sighting(now(), &sighting, &mut counts), at.map(Mono));
        }
        assert_eq!((counts.late, counts.implausible), (2, 2));
        assert_eq!(counts.malformed[Malformed::UnknownDevice as usize], 1);
        assert_eq!(counts.sightings, 4);
    }
}
