//! A walk with a tag that nobody wears, while somebody says where it is; and
//! what scanners hear of each other. Kept in memory only, bounded, and only for
//! as long as it is of use.

mod scanners;
#[cfg(test)]
mod tests;

pub use scanners::{Neighbours, SelfTest, self_test};

use engine::{
    Event,
    calibration::{self, Leg, Packet, Quality},
    event::Sighting,
    plan::{Point, ScannerIx, StorePlan, SurveyPoint},
};
use protocol::{beacon::Beacon, id::ScannerId};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Most packets kept of a walk: an hour at ten packets a second from each of
/// twelve scanners, sampled at half of that.
const PACKETS_MAX: usize = 200_000;
/// Most legs of a walk.
const LEGS_MAX: usize = 512;
/// A walk that nobody goes on with is given up after this long, ms.
const FORGOTTEN_MS: u64 = 30 * 60_000;
/// A leg needs this many packets in all to say anything.
const PACKETS_MIN: usize = 10;

/// What the person who walks says.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Step {
    /// Begins a walk with this tag; a walk that was going on is given up.
    Begin {
        /// As [`protocol::written`] reads it.
        tag: String,
    },
    /// From now on the tag is held here, or carried from here to there.
    Leg {
        /// Metres east and north.
        from: [f32; 2],
        /// Metres east and north; standing if left out.
        #[serde(default)]
        to: Option<[f32; 2]>,
        /// Storey, 0 if left out.
        #[serde(default)]
        level: u8,
    },
    /// The leg ends now.
    End,
    /// The last leg was wrong: it goes.
    Undo,
    /// The walk is given up.
    Stop,
}

/// How a walk stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Progress {
    /// Packets of the tag heard since the walk began.
    pub packets: usize,
    /// Packets that found no room.
    pub dropped: usize,
    /// Scanners that have heard the tag, and how often within the current or
    /// last leg.
    pub scanners: Vec<(ScannerId, usize)>,
    /// Legs that ended.
    pub legs: usize,
    /// Whether a leg is going on.
    pub is_open: bool,
}

/// Why a step cannot be taken, in words with a remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(pub String);

/// A walk that is going on, if one is.
#[derive(Debug, Default)]
pub struct Calibration {
    walk: Option<Walk>,
}

/// One walk.
#[derive(Debug, Clone)]
pub struct Walk {
    tag: Beacon,
    packets: Vec<Packet>,
    dropped: usize,
    legs: Vec<Leg>,
    open: Option<Leg>,
    touched_ms: u64,
}

impl Calibration {
    /// Takes part in what comes in. Only the tag of the walk is looked at.
    pub fn hear(&mut self, now_ms: u64, event: &Event) {
        let Some(walk) = &mut self.walk else {
            return;
        };
        if now_ms.saturating_sub(walk.touched_ms) > FORGOTTEN_MS {
            self.walk = None;
            return;
        }
        each_sighting(event, |scanner, beacon, rssi_dbm, age_ms| {
            if *beacon == walk.tag {
                walk.keep(Packet {
                    at_ms: now_ms.saturating_sub(age_ms),
                    scanner,
                    rssi_dbm,
                });
            }
        });
    }

    /// Takes a step. `is_enrolled` tells whether a beacon is somebody's.
    pub fn step(
        &mut self,
        now_ms: u64,
        step: &Step,
        plan: &StorePlan,
        is_enrolled: impl FnOnce(&Beacon) -> bool,
    ) -> Result<Progress, Refused> {
        match step {
            Step::Begin { tag } => self.begin(now_ms, tag, is_enrolled)?,
            Step::Leg { from, to, level } => {
                let leg = leg(now_ms, *from, to.unwrap_or(*from), *level, plan)?;
                self.going_on(now_ms)?.open(leg)?;
            }
            Step::End => self.going_on(now_ms)?.end(now_ms)?,
            Step::Undo => self.going_on(now_ms)?.undo()?,
            Step::Stop => self.walk = None,
        }
        Ok(self.progress(plan))
    }

    /// How the walk stands.
    pub fn progress(&self, plan: &StorePlan) -> Progress {
        match &self.walk {
            Some(walk) => walk.progress(plan),
            None => Progress {
                packets: 0,
                dropped: 0,
                scanners: Vec::new(),
                legs: 0,
                is_open: false,
            },
        }
    }

    /// The walk so far, to be made a survey of.
    pub fn walk(&self) -> Result<Walk, Refused> {
        let none = || refused("no walk is going on; begin one with a tag");
        self.walk.clone().ok_or_else(none)
    }

    fn begin(
        &mut self,
        now_ms: u64,
        tag: &str,
        is_enrolled: impl FnOnce(&Beacon) -> bool,
    ) -> Result<(), Refused> {
        let tag = tag
            .parse()
            .map_err(|why| refused(format!("no tag is written like that: {why}")))?;
        // Following somebody about is not calibrating.
        if is_enrolled(&tag) {
            return Err(refused(
                "this tag belongs to a shopper; take one that nobody has enrolled",
            ));
        }
        self.walk = Some(Walk {
            tag,
            packets: Vec::new(),
            dropped: 0,
            legs: Vec::new(),
            open: None,
            touched_ms: now_ms,
        });
        Ok(())
    }

    fn going_on(&mut self, now_ms: u64) -> Result<&mut Walk, Refused> {
        let none = || refused("no walk is going on; begin one with a tag");
        let walk = self.walk.as_mut().ok_or_else(none)?;
        walk.touched_ms = now_ms;
        Ok(walk)
    }
}

impl Walk {
    fn keep(&mut self, packet: Packet) {
        if self.packets.len() < PACKETS_MAX {
            self.packets.push(packet);
        } else {
            self.dropped += 1;
        }
    }

    fn open(&mut self, leg: Leg) -> Result<(), Refused> {
        if self.open.is_some() {
            return Err(refused("a leg is going on: end it first"));
        }
        if self.legs.len() >= LEGS_MAX {
            return Err(refused(format!(
                "{LEGS_MAX} legs are enough: finish the walk"
            )));
        }
        self.open = Some(leg);
        Ok(())
    }

    fn end(&mut self, now_ms: u64) -> Result<(), Refused> {
        let none = || refused("no leg is going on: say where the tag is");
        let leg = self.open.take().ok_or_else(none)?;
        let leg = Leg {
            until_ms: now_ms,
            ..leg
        };
        let heard = self.within(&leg).count();
        if heard < PACKETS_MIN {
            return Err(refused(format!(
                "the tag was heard {heard} times only, so this leg does not count; stay longer, \
                 or look whether the tag is on and {PACKETS_MIN} packets reach a scanner"
            )));
        }
        self.legs.push(leg);
        Ok(())
    }

    fn undo(&mut self) -> Result<(), Refused> {
        let gone = self.open.take().or_else(|| self.legs.pop());
        gone.map(drop)
            .ok_or_else(|| refused("there is no leg to take back"))
    }

    fn within(&self, leg: &Leg) -> impl Iterator<Item = &Packet> {
        let time = leg.from_ms..leg.until_ms;
        self.packets.iter().filter(move |p| time.contains(&p.at_ms))
    }

    fn progress(&self, plan: &StorePlan) -> Progress {
        let open = self.open.map(|leg| Leg {
            until_ms: u64::MAX,
            ..leg
        });
        let leg = open.or_else(|| self.legs.last().copied());
        let heard: Vec<ScannerIx> = leg.map_or_else(Vec::new, |leg| {
            self.within(&leg).map(|p| p.scanner).collect()
        });
        let each = plan.scanners.iter().enumerate().map(|(ix, scanner)| {
            let count = heard.iter().filter(|s| s.at() == ix).count();
            (scanner.id.clone(), count)
        });
        Progress {
            packets: self.packets.len(),
            dropped: self.dropped,
            scanners: each.filter(|(_, count)| *count > 0).collect(),
            legs: self.legs.len(),
            is_open: self.open.is_some(),
        }
    }

    /// The survey, and what it is worth. Takes seconds for a long walk.
    pub fn survey(mut self, plan: &Arc<StorePlan>) -> (Vec<SurveyPoint>, Option<Quality>) {
        self.packets.sort_by_key(|p| p.at_ms);
        (
            calibration::survey(&self.legs, &self.packets),
            calibration::cross_validate(plan, &self.legs, &self.packets),
        )
    }
}

fn leg(
    now_ms: u64,
    from: [f32; 2],
    to: [f32; 2],
    level: u8,
    plan: &StorePlan,
) -> Result<Leg, Refused> {
    let point = |[x, y]: [f32; 2]| Point { x, y };
    let Some((outline, _)) = plan.levels().nth(usize::from(level)) else {
        return Err(refused(format!("there is no storey {level}")));
    };
    let (from, to) = (point(from), point(to));
    if !outline.contains(from) || !outline.contains(to) {
        return Err(refused(
            "this place is outside the floor; give metres from its south-west corner",
        ));
    }
    Ok(Leg {
        from,
        to,
        level,
        from_ms: now_ms,
        until_ms: now_ms,
    })
}

fn refused(why: impl Into<String>) -> Refused {
    Refused(why.into())
}

/// Every sighting in an event: scanner, beacon, dBm, age in ms.
fn each_sighting(event: &Event, mut each: impl FnMut(ScannerIx, &Beacon, f32, u64)) {
    match event {
        Event::Sighting(Sighting {
            scanner,
            beacon,
            rssi_dbm,
            ..
        }) => each(*scanner, beacon, *rssi_dbm, 0),
        Event::Node { scanner, frame } => {
            for heard in &frame.sightings {
                let dbm = f32::from(heard.rssi_mean_dbm);
                each(*scanner, &heard.beacon, dbm, u64::from(heard.age_ms));
            }
        }
        _ => {}
    }
}
