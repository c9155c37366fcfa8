//! One walk: what was heard of the tag, and where it is said to have been.

use super::{Refused, refused};
use engine::{
    calibration::{self, Leg, Packet, Quality},
    plan::{Point, StorePlan, SurveyPoint},
};
use protocol::{
    beacon::Beacon,
    carried::{Carried, Way},
    id::ScannerId,
};
use serde::Serialize;
use std::ops::Range;

/// Most packets kept of a walk: an hour at ten packets a second from each of
/// twelve scanners, sampled at half of that.
const PACKETS_MAX: usize = 200_000;
/// Most legs of a walk.
const LEGS_MAX: usize = 512;
/// A leg needs this many packets in all to say anything.
const PACKETS_MIN: usize = 10;

/// How a walk stands.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Progress {
    /// Whether one is going on.
    pub is_walking: bool,
    /// Packets of the tag heard since the walk began.
    pub packets: usize,
    /// Packets that found no room.
    pub dropped: usize,
    /// Scanners that have heard the tag, and how often within the current or
    /// last leg; since the walk began if there is none.
    pub scanners: Vec<(ScannerId, usize)>,
    /// Legs that ended.
    pub legs: Vec<Trodden>,
    /// The leg that is going on.
    pub open: Option<Trodden>,
}

/// A leg, and what was heard in it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Trodden {
    /// Metres east and north.
    pub from: [f32; 2],
    /// Metres east and north; the same for standing.
    pub to: [f32; 2],
    /// Storey, 0 for the ground floor.
    pub level: u8,
    /// How long it took, ms.
    pub for_ms: u64,
    /// Packets heard in it.
    pub packets: usize,
}

/// What a walk has come to.
#[derive(Debug, Clone)]
pub struct Surveyed {
    /// The survey.
    pub points: Vec<SurveyPoint>,
    /// What it is worth: each part of the walk found with the others as survey.
    pub quality: Option<Quality>,
    /// How well the shop as it is finds the tag on the same walk.
    pub now: Option<Quality>,
}

/// One walk.
#[derive(Debug, Clone)]
pub struct Walk {
    tag: Beacon,
    /// The tag as it was written.
    written: String,
    packets: Vec<Packet>,
    dropped: usize,
    /// With the packets heard in each.
    legs: Vec<(Leg, usize)>,
    open: Option<Leg>,
    pub(super) touched_ms: u64,
}

impl Walk {
    pub(super) fn begin(now_ms: u64, tag: Beacon, written: &str) -> Self {
        Self {
            tag,
            written: written.to_owned(),
            packets: Vec::new(),
            dropped: 0,
            legs: Vec::new(),
            open: None,
            touched_ms: now_ms,
        }
    }

    pub(super) const fn tag(&self) -> Beacon {
        self.tag
    }

    pub(super) fn keep(&mut self, packet: Packet) {
        if self.packets.len() < PACKETS_MAX {
            self.packets.push(packet);
        } else {
            self.dropped += usize::from(packet.strength.packets);
        }
    }

    pub(super) fn open(&mut self, leg: Leg) -> Result<(), Refused> {
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

    pub(super) fn end(&mut self, now_ms: u64) -> Result<(), Refused> {
        let none = || refused("no leg is going on: say where the tag is");
        let leg = self.open.take().ok_or_else(none)?;
        let leg = Leg {
            until_ms: now_ms,
            ..leg
        };
        let heard = packets(self.within(time_of(&leg)));
        if heard < PACKETS_MIN {
            return Err(refused(format!(
                "the tag was heard {heard} times only, so this leg does not count; stay longer, \
                 or look whether the tag is on and {PACKETS_MIN} packets reach a scanner"
            )));
        }
        self.legs.push((leg, heard));
        Ok(())
    }

    pub(super) fn undo(&mut self) -> Result<(), Refused> {
        let gone = self.open.take().or_else(|| Some(self.legs.pop()?.0));
        gone.map(drop)
            .ok_or_else(|| refused("there is no leg to take back"))
    }

    fn within(&self, time: Range<u64>) -> impl Iterator<Item = &Packet> {
        self.packets.iter().filter(move |p| time.contains(&p.at_ms))
    }

    pub(super) fn progress(&self, now_ms: u64, plan: &StorePlan) -> Progress {
        let heard: Vec<&Packet> = self.within(self.shown()).collect();
        let each = plan.scanners.iter().enumerate().map(|(ix, scanner)| {
            let of_it = heard.iter().copied().filter(|p| p.scanner.at() == ix);
            (scanner.id.clone(), packets(of_it))
        });
        let open = self.open.map(|leg| Leg {
            until_ms: now_ms,
            ..leg
        });
        Progress {
            is_walking: true,
            packets: packets(&self.packets),
            dropped: self.dropped,
            scanners: each.filter(|(_, count)| *count > 0).collect(),
            legs: self.legs.iter().map(|(leg, n)| trodden(leg, *n)).collect(),
            open: open.map(|leg| trodden(&leg, packets(self.within(time_of(&leg))))),
        }
    }

    /// The time of the leg that goes on, of the last one, or since the walk began.
    fn shown(&self) -> Range<u64> {
        let last = || self.legs.last().map(|(leg, _)| time_of(leg));
        let open = self.open.map(|leg| leg.from_ms..u64::MAX);
        open.or_else(last).unwrap_or(0..u64::MAX)
    }

    /// Where the tag is said to be.
    pub(super) fn carried(&self) -> Carried {
        let place = |at: Point| [at.x, at.y];
        let way = self.open.map(|leg| Way {
            from: place(leg.from),
            to: place(leg.to),
            level: leg.level,
        });
        Carried {
            tag: Some(self.written.clone()),
            way,
        }
    }

    /// The survey, and what it is worth. Takes seconds for a long walk.
    pub fn survey(mut self, plan: &StorePlan) -> Surveyed {
        self.packets.sort_by_key(|p| p.at_ms);
        let legs: Vec<Leg> = self.legs.iter().map(|(leg, _)| *leg).collect();
        Surveyed {
            points: calibration::survey(&legs, &self.packets),
            quality: calibration::cross_validate(plan, &legs, &self.packets),
            now: calibration::find_tag(plan, &legs, &self.packets),
        }
    }
}

const fn time_of(leg: &Leg) -> Range<u64> {
    leg.from_ms..leg.until_ms
}

/// How many packets they are: a sensor node tells several together.
fn packets<'p>(heard: impl IntoIterator<Item = &'p Packet>) -> usize {
    let each = heard.into_iter().map(|p| usize::from(p.strength.packets));
    each.sum()
}

fn trodden(leg: &Leg, packets: usize) -> Trodden {
    Trodden {
        from: [leg.from.x, leg.from.y],
        to: [leg.to.x, leg.to.y],
        level: leg.level,
        for_ms: leg.until_ms.saturating_sub(leg.from_ms),
        packets,
    }
}

pub(super) fn leg(
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
