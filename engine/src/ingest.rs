//! What comes in is taken in or counted: late, repeated, impossible.

use crate::{
    event::{Heard, Malformed, Sighting},
    plan::ScannerIx,
    time::{Mono, Now},
    view::Counts,
};
use protocol::frame::NodeFrame;

/// A sighting older than this says nothing about where somebody is, ms.
pub const LATE_MS: u64 = 10_000;
/// A sender's clock further ahead than this is not believed, ms.
const AHEAD_MS: i64 = 10_000;
/// Strongest and weakest signal a receiver can mean, dBm. Bluetooth's RSSI runs
/// from -127 to 20 (Core 5.4, Vol 4, Part E, 7.7.65.2).
const RSSI_DBM: core::ops::RangeInclusive<f32> = -127.0..=20.0;

/// What is known of each scanner's stream.
#[derive(Debug)]
pub struct Ingest {
    streams: Vec<Stream>,
}

/// One scanner's stream.
#[derive(Debug, Clone, Default)]
pub struct Stream {
    /// When it last said anything.
    pub last: Option<Mono>,
    /// Sightings taken in.
    pub sightings: u64,
    /// Sequence of a node's frames.
    frames: Option<Frames>,
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
    /// For this many scanners.
    pub fn new(scanners: usize) -> Self {
        Self {
            streams: vec![Stream::default(); scanners],
        }
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
        if !RSSI_DBM.contains(&sighting.rssi_dbm) {
            counts.implausible += 1;
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

    /// Whether this frame has not come before; counts what the node dropped.
    pub fn frame(
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

    fn now() -> Now {
        Now {
            mono: Mono(100_000),
            wall: Wall::Synced(UnixMs(1_000_000_000)),
        }
    }

    fn frame(boot: u32, sequence: u32, dropped: u32) -> NodeFrame {
        NodeFrame {
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
        let mut ingest = Ingest::new(1);
        let mut counts = Counts::default();
        let mut take = |boot, sequence| {
            ingest.frame(now(), ScannerIx(0), &frame(boot, sequence, 0), &mut counts)
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
        let mut ingest = Ingest::new(1);
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
    fn late_impossible_and_unknown_are_counted_apart() {
        let mut ingest = Ingest::new(1);
        let mut counts = Counts::default();
        let base = Sighting {
            scanner: ScannerIx(0),
            beacon: Beacon::EddystoneEid([0; 8]),
            rssi_dbm: -60.0,
            reference_dbm: None,
            heard: Heard::OnReceipt,
        };
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
                    rssi_dbm: 35.0,
                    ..base
                },
                None,
            ),
            (
                Sighting {
                    rssi_dbm: f32::NAN,
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
