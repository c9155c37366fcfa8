//! A walk with a tag that nobody wears, while somebody says where it is; and
//! what scanners hear of each other. Kept in memory only, bounded, and only for
//! as long as it is of use.

mod keep;
mod scanners;
#[cfg(test)]
mod tests;
mod walk;

pub use keep::{KeepError, Kept, keep};
pub use scanners::Neighbours;
pub use walk::{Progress, Surveyed, Trodden, Walk};

use engine::{
    Event, Now,
    calibration::Packet,
    event::{Heard, Sighting, age_ms, heard_at},
    plan::StorePlan,
    strength::Strength,
};
use protocol::{beacon::Beacon, carried::Carried};
use serde::Deserialize;

/// A walk that nobody goes on with is given up after this long, ms.
const FORGOTTEN_MS: u64 = 30 * 60_000;

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

/// Why a step cannot be taken, in words with a remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(pub String);

/// What is heard is dated by this.
#[derive(Debug, Clone, Copy)]
pub struct Dating {
    /// Both clocks.
    pub now: Now,
    /// Number of this start of the gateway, from which nodes count.
    pub epoch: u32,
}

/// A walk that is going on, if one is.
#[derive(Debug, Default)]
pub struct Calibration {
    walk: Option<Walk>,
}

impl Calibration {
    /// Takes part in what comes in. Only the tag of the walk is looked at.
    pub fn hear(&mut self, dating: Dating, event: &Event) {
        let Some(walk) = &mut self.walk else {
            return;
        };
        if dating.now.mono.0.saturating_sub(walk.touched_ms) > FORGOTTEN_MS {
            self.walk = None;
            return;
        }
        each_packet(dating, event, |beacon, packet| {
            if *beacon == walk.tag() {
                walk.keep(packet);
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
                let leg = walk::leg(now_ms, *from, to.unwrap_or(*from), *level, plan)?;
                self.going_on(now_ms)?.open(leg)?;
            }
            Step::End => self.going_on(now_ms)?.end(now_ms)?,
            Step::Undo => self.going_on(now_ms)?.undo()?,
            Step::Stop => self.walk = None,
        }
        Ok(self.progress(now_ms, plan))
    }

    /// How the walk stands.
    pub fn progress(&self, now_ms: u64, plan: &StorePlan) -> Progress {
        let walk = self.walk.as_ref();
        walk.map_or_else(Progress::default, |walk| walk.progress(now_ms, plan))
    }

    /// Where the tag is said to be, for a shop in which nobody can carry one.
    pub fn carried(&self) -> Carried {
        self.walk.as_ref().map(Walk::carried).unwrap_or_default()
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
        let written = tag;
        let tag: Beacon = written
            .parse()
            .map_err(|why| refused(format!("no tag is written like that: {why}")))?;
        // Following somebody about is not calibrating.
        if is_enrolled(&tag) {
            return Err(refused(
                "this tag belongs to a shopper; take one that nobody has enrolled",
            ));
        }
        self.walk = Some(Walk::begin(now_ms, tag, written));
        Ok(())
    }

    fn going_on(&mut self, now_ms: u64) -> Result<&mut Walk, Refused> {
        let none = || refused("no walk is going on; begin one with a tag");
        let walk = self.walk.as_mut().ok_or_else(none)?;
        walk.touched_ms = now_ms;
        Ok(walk)
    }
}

fn refused(why: impl Into<String>) -> Refused {
    Refused(why.into())
}

/// Every sighting in an event, at the time at which the engine takes it in; what is too
/// old for it is too old here.
fn each_packet(dating: Dating, event: &Event, mut each: impl FnMut(&Beacon, Packet)) {
    let Dating { now, epoch } = dating;
    let mut take = |heard, beacon, scanner, strength| {
        if let Some(at) = heard_at(now, heard) {
            let at_ms = at.0;
            each(
                beacon,
                Packet {
                    at_ms,
                    scanner,
                    strength,
                },
            );
        }
    };
    match event {
        Event::Sighting(Sighting {
            scanner,
            beacon,
            strength,
            heard,
            ..
        }) => take(*heard, beacon, *scanner, *strength),
        Event::Node { scanner, frame } => {
            let made = frame.made.as_ref();
            let age = made.and_then(|made| age_ms(now.mono, epoch, made));
            for heard in &frame.sightings {
                let ago = age.unwrap_or(0).saturating_add(heard.age_ms.into());
                let strength = Strength::of(heard);
                take(Heard::AgoMs(ago), &heard.beacon, *scanner, strength);
            }
        }
        _ => {}
    }
}
