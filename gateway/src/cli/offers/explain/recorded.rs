//! What was decided on a recorded day.

use super::{offer_of, usage};
use crate::{
    cli::{
        Failure,
        offers::replay::day::{Recorded, Run},
    },
    waterfall,
};
use anyhow::anyhow;
use clap::Args;
use engine::{Effects, Now, plan::StorePlan, replay::Replay, time::UnixMs, time::Wall};
use jiff::civil::Time;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Which day.
#[derive(Debug, Args)]
pub(super) struct Recording {
    /// What was decided on a recorded day: a date such as 2026-11-21,
    /// `yesterday` or `today`.
    #[arg(long, value_name = "DAY", conflicts_with_all = ["person", "crowd", "sensor", "situation"])]
    day: Option<String>,
    /// The same of what `aislecast-sim run --record` wrote.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["day", "data", "person", "crowd", "sensor", "situation"])]
    file: Option<PathBuf>,
    /// The data folder, if it is not `storage.dir` of the shop.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

impl Recording {
    /// Whether a recording is asked about.
    pub(super) fn is_asked(&self) -> bool {
        self.day.is_some() || self.file.is_some()
    }

    /// What one screen had, and why.
    pub(super) fn of_screen(
        &self,
        shop: &Path,
        screen: &str,
        at: Option<&str>,
    ) -> Result<Value, Failure> {
        let past = self.past(shop, at)?;
        let plan = past.replay.plan();
        let index = plan.screens.iter().position(|s| s.id.as_str() == screen);
        let index = index.ok_or_else(|| {
            let known: Vec<&str> = plan.screens.iter().map(|s| s.id.as_str()).collect();
            anyhow!("there was no screen {screen:?}, only {}", known.join(", "))
        })?;
        let decision = past.replay.decisions()[index].as_ref();
        let decision = decision.ok_or_else(|| {
            anyhow!("nothing was decided for {screen:?} by then in this run of the gateway")
        })?;
        let mut told = waterfall::of_screen(plan, decision, &[], None);
        told["decided"] = past.moment(decision.at.0).into();
        told["doubt"] = past.doubt().into();
        Ok(told)
    }

    /// What became of one offer on every screen.
    pub(super) fn of_offer(
        &self,
        shop: &Path,
        name: &str,
        at: Option<&str>,
    ) -> Result<Value, Failure> {
        let past = self.past(shop, at)?;
        let plan = past.replay.plan();
        let offer = offer_of(plan, name)?;
        let decisions = past.replay.decisions().iter().flatten();
        let screens = decisions.map(|decision| {
            let mut told = waterfall::of_offer(plan, decision, offer, None);
            told["decided"] = past.moment(decision.at.0).into();
            told
        });
        Ok(json!({
            "offer": name,
            "title": plan.offers[offer.at()].title,
            "decided": past.until,
            "doubt": past.doubt(),
            "screens": screens.collect::<Vec<_>>(),
        }))
    }

    fn recorded(&self, shop: &Path) -> Result<Recorded, Failure> {
        match &self.file {
            Some(file) => Ok(Recorded::plain(file)?),
            None => Recorded::sealed(shop, self.data.as_deref(), self.day.as_deref()),
        }
    }

    fn past(&self, shop: &Path, at: Option<&str>) -> Result<Past, Failure> {
        let at = at.map(time_of_day).transpose()?;
        let recorded = self.recorded(shop)?;
        // The last run that had begun by then.
        for run in recorded.runs.iter().rev() {
            if let Some(past) = Past::of(run, at)? {
                return Ok(past);
            }
        }
        Err(anyhow!("nothing is recorded before that time of {}", recorded.name).into())
    }
}

/// A run as it stood at a moment.
struct Past {
    replay: Replay,
    now: Now,
    /// When that was, by the shop's clock.
    until: Option<String>,
    taken_out: u16,
}

impl Past {
    /// Nothing when the run began later.
    fn of(run: &Run, at_s: Option<u32>) -> Result<Option<Self>, Failure> {
        let mut moments = run.moments()?;
        let first = moments.first()?;
        let mut replay = Replay::begin(&first)?;
        let mut now = first.now;
        let (plan, mut effects) = (replay.plan(), Effects::new());
        let is_due = |plan: &StorePlan, now: Now| {
            at_s.is_none_or(|at_s| second_of_day(plan, now).is_none_or(|second| second <= at_s))
        };
        if !is_due(plan, now) {
            return Ok(None);
        }
        while let Some(moment) = moments.next() {
            if !is_due(replay.plan(), moment.now) {
                break;
            }
            replay.take(&moment, &mut effects)?;
            effects.clear();
            now = moment.now;
        }
        let until = clock(replay.plan(), now, 0);
        let taken_out = moments.ended().taken_out;
        Ok(Some(Self {
            replay,
            now,
            until,
            taken_out,
        }))
    }

    /// A moment of the gateway's timer by the shop's clock.
    fn moment(&self, mono_ms: u64) -> Option<String> {
        let ago = self.now.mono.0.saturating_sub(mono_ms);
        clock(self.replay.plan(), self.now, ago)
    }

    /// Why this may not be what was decided then.
    fn doubt(&self) -> Option<String> {
        if self.taken_out > 0 {
            return Some(format!(
                "{} people were taken out of this recording since, and are not among those in view",
                self.taken_out
            ));
        }
        self.replay.otherwise().map(|otherwise| {
            format!(
                "this program decides otherwise than the one that recorded it, from decision {} on",
                otherwise.decision
            )
        })
    }
}

/// `14:30` or `14:30:05` as seconds since midnight.
fn time_of_day(text: &str) -> Result<u32, Failure> {
    let time: Time = text
        .parse()
        .map_err(|_| usage("of a recorded day, --at is a time such as 14:30 or 14:30:05"))?;
    let seconds = i32::from(time.hour()) * 3600 + i32::from(time.minute()) * 60;
    Ok((seconds + i32::from(time.second())).unsigned_abs())
}

fn second_of_day(plan: &StorePlan, now: Now) -> Option<u32> {
    let wall = now.wall.known()?;
    let minute = u32::from(plan.local_time.at(wall).minute);
    Some(minute * 60 + wall.seconds().rem_euclid(60) as u32)
}

/// So many ms before a moment, by the shop's clock.
fn clock(plan: &StorePlan, now: Now, ago_ms: u64) -> Option<String> {
    let wall = now.wall.known()?;
    let then = Now {
        wall: Wall::Synced(UnixMs(wall.0 - ago_ms as i64)),
        ..now
    };
    let second = second_of_day(plan, then)?;
    let (hours, minutes) = (second / 3600, second / 60 % 60);
    Some(format!("{hours:02}:{minutes:02}:{:02}", second % 60))
}
