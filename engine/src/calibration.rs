//! From a walk with a tag to a survey, and what places can be expected to be
//! worth: by leaving parts of the walk out, or by the scanners that hear each
//! other. Nobody's truth is needed but the plan's.

mod expectation;
mod self_test;

pub use self_test::{ScannerTest, SelfTest, ZoneTest, self_test};

use crate::{
    Seed,
    plan::{Point, ScannerIx, StorePlan, SurveyPoint, ZoneIx},
    presence::{Tracker, Visit},
    strength::Strength,
    time::Mono,
};
use serde::Serialize;
use std::collections::BTreeMap;

/// A walk is cut into places this far apart, metres: about a person's width
/// from one to the next.
const PLACE_M: f32 = 1.0;
/// Fewest packets of a scanner at a place: the mean of fewer says little.
const PACKETS_MIN: u16 = 2;
/// A walk is left out in so many parts, one after the other.
const FOLDS: usize = 8;
/// The filter is not judged before it has heard a tag for so long, ms.
const SETTLED_MS: u64 = 5_000;
/// Number of the tag within a trial.
const TAG: u64 = 1;

/// A stretch of time in which a tag was carried straight from one place to
/// another at an even pace, or was held still.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Leg {
    /// Where it began.
    pub from: Point,
    /// Where it ended; the same for standing.
    pub to: Point,
    /// Storey, 0 for the ground floor.
    pub level: u8,
    /// When it began, ms.
    pub from_ms: u64,
    /// When it ended, ms; later.
    pub until_ms: u64,
}

/// One packet of a tag or of a scanner that sends, or several that were told together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Packet {
    /// When it was heard, ms.
    pub at_ms: u64,
    /// By whom.
    pub scanner: ScannerIx,
    /// How strong.
    pub strength: Strength,
}

/// How far off the filter is where the truth is known.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Quality {
    /// Seconds that were judged.
    pub seconds: u32,
    /// Mean distance between believed and true place, metres.
    pub error_m: f32,
    /// Share of seconds with the true zone the likeliest, 0 to 1.
    pub zone_right: f32,
}

impl Leg {
    fn at(&self, ms: u64) -> Point {
        let whole = self.until_ms.saturating_sub(self.from_ms).max(1) as f32;
        let part = (ms.saturating_sub(self.from_ms) as f32 / whole).min(1.0);
        Point {
            x: self.from.x + part * (self.to.x - self.from.x),
            y: self.from.y + part * (self.to.y - self.from.y),
        }
    }

    fn has(&self, packet: &Packet) -> bool {
        (self.from_ms..self.until_ms).contains(&packet.at_ms)
    }
}

/// What each scanner hears at each place that was stood at or walked through.
pub fn survey(legs: &[Leg], packets: &[Packet]) -> Vec<SurveyPoint> {
    let mut points = Vec::new();
    for leg in legs {
        let places = libm::ceilf(leg.from.distance(leg.to) / PLACE_M).max(1.0) as u64;
        let whole = leg.until_ms.saturating_sub(leg.from_ms);
        for place in 0..places {
            let part = Leg {
                from_ms: leg.from_ms + whole * place / places,
                until_ms: leg.from_ms + whole * (place + 1) / places,
                ..*leg
            };
            let at = leg.at(u64::midpoint(part.from_ms, part.until_ms));
            let heard = packets.iter().filter(|p| part.has(p));
            points.extend(
                means(heard).map(|(scanner, rssi_dbm, packets)| SurveyPoint {
                    at,
                    level: leg.level,
                    scanner,
                    rssi_dbm,
                    packets,
                }),
            );
        }
    }
    points
}

fn means<'p>(
    packets: impl Iterator<Item = &'p Packet>,
) -> impl Iterator<Item = (ScannerIx, f32, u16)> {
    let mut sums: BTreeMap<ScannerIx, (f32, u16)> = BTreeMap::new();
    for packet in packets {
        let (sum, count) = sums.entry(packet.scanner).or_default();
        let Strength {
            mean_dbm, packets, ..
        } = packet.strength;
        *sum += f32::from(packets) * mean_dbm;
        *count = count.saturating_add(packets.into());
    }
    let enough = sums.into_iter().filter(|(_, (_, n))| *n >= PACKETS_MIN);
    enough.map(|(scanner, (sum, n))| (scanner, sum / f32::from(n), n))
}

/// What a survey made of these legs is worth: each part is found by a filter
/// that was surveyed with the others only. `None` for fewer than two legs.
pub fn cross_validate(plan: &StorePlan, legs: &[Leg], packets: &[Packet]) -> Option<Quality> {
    let folds = FOLDS.min(legs.len());
    if folds < 2 {
        return None;
    }
    let mut trial = Trial::default();
    for fold in 0..folds {
        let others = legs.iter().enumerate().filter(|(i, _)| i % folds != fold);
        let others: Vec<Leg> = others.map(|(_, leg)| *leg).collect();
        let mut surveyed = plan.clone();
        surveyed.survey = survey(&others, packets);
        for leg in legs.iter().skip(fold).step_by(folds) {
            let heard: Vec<Packet> = packets.iter().filter(|p| leg.has(p)).copied().collect();
            trial.run(&surveyed, &heard, |ms| (leg.level, leg.at(ms)));
        }
    }
    trial.quality()
}

/// How well the shop finds the tag as it is, by the truth of these legs. `None`
/// when none was long enough to tell.
pub fn find_tag(plan: &StorePlan, legs: &[Leg], packets: &[Packet]) -> Option<Quality> {
    let mut trial = Trial::default();
    for leg in legs {
        let heard: Vec<Packet> = packets.iter().filter(|p| leg.has(p)).copied().collect();
        trial.run(plan, &heard, |ms| (leg.level, leg.at(ms)));
    }
    trial.quality()
}

/// How well the other scanners find one that sends and whose place is known.
/// `None` when it was not heard for long enough.
pub fn find_scanner(plan: &StorePlan, scanner: ScannerIx, packets: &[Packet]) -> Option<Quality> {
    let known = &plan.scanners[scanner.at()];
    let mut trial = Trial::default();
    trial.run(plan, packets, |_| (known.level, known.at));
    trial.quality()
}

/// Follows a tag with known places and sums up what is wrong.
#[derive(Debug, Default)]
struct Trial {
    seconds: u32,
    error_m: f32,
    in_zones: u32,
    right: u32,
}

impl Trial {
    fn run(&mut self, plan: &StorePlan, heard: &[Packet], truth: impl Fn(u64) -> (u8, Point)) {
        let (Some(first), Some(last)) = (heard.first(), heard.last()) else {
            return;
        };
        let mut tracker = Tracker::new(plan, Seed(0));
        let mut changes = Vec::new();
        let mut packets = heard.iter().peekable();
        let mut now_ms = first.at_ms;
        while now_ms <= last.at_ms {
            while let Some(packet) = packets.next_if(|p| p.at_ms <= now_ms) {
                tracker.hear(Mono(packet.at_ms), TAG, packet.scanner, packet.strength);
            }
            tracker.step(Mono(now_ms), &mut changes);
            if now_ms >= first.at_ms + SETTLED_MS {
                self.judge(plan, tracker.visit(TAG), truth(now_ms));
            }
            now_ms += 1_000;
        }
    }

    fn judge(&mut self, plan: &StorePlan, visit: Option<&Visit>, (level, at): (u8, Point)) {
        let Some(visit) = visit else {
            return;
        };
        self.seconds += 1;
        self.error_m += visit.place.at.distance(at);
        if let Some(zone) = plan.zone_on(level, at) {
            self.in_zones += 1;
            self.right += u32::from(likeliest(&visit.probabilities) == Some(zone));
        }
    }

    fn quality(&self) -> Option<Quality> {
        (self.seconds > 0).then(|| Quality {
            seconds: self.seconds,
            error_m: self.error_m / self.seconds as f32,
            zone_right: self.right as f32 / self.in_zones.max(1) as f32,
        })
    }
}

fn likeliest(probabilities: &[f32]) -> Option<ZoneIx> {
    let zones = 0..probabilities.len();
    zones
        .max_by(|a, b| probabilities[*a].total_cmp(&probabilities[*b]))
        .map(|zone| ZoneIx(zone as u8))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f32, y: f32) -> Point {
        Point { x, y }
    }

    fn packet(at_ms: u64, scanner: u8, rssi_dbm: f32) -> Packet {
        Packet {
            at_ms,
            scanner: ScannerIx(scanner),
            strength: Strength::of_one(rssi_dbm),
        }
    }

    #[test]
    fn standing_gives_one_place_and_walking_one_per_metre() {
        let stood = Leg {
            from: at(1.0, 1.0),
            to: at(1.0, 1.0),
            level: 0,
            from_ms: 0,
            until_ms: 1_000,
        };
        let walked = Leg {
            to: at(5.0, 1.0),
            from_ms: 2_000,
            until_ms: 6_000,
            ..stood
        };
        let packets: Vec<Packet> = (0..60)
            .map(|n| packet(n * 100, (n % 2) as u8, -50.0 - (n % 2) as f32))
            .collect();
        let points = survey(&[stood, walked], &packets);
        let places: Vec<(f32, u8, f32, u16)> = points
            .iter()
            .map(|p| (p.at.x, p.scanner.0, p.rssi_dbm, p.packets))
            .collect();
        let mut expected = vec![(1.0, 0, -50.0, 5), (1.0, 1, -51.0, 5)];
        for x in [1.5, 2.5, 3.5, 4.5] {
            expected.extend([(x, 0, -50.0, 5), (x, 1, -51.0, 5)]);
        }
        assert_eq!(places, expected);
    }

    #[test]
    fn a_single_packet_is_no_survey() {
        let leg = Leg {
            from: at(0.0, 0.0),
            to: at(0.0, 0.0),
            level: 0,
            from_ms: 0,
            until_ms: 10,
        };
        assert_eq!(survey(&[leg], &[packet(1, 0, -40.0)]), []);
    }
}
