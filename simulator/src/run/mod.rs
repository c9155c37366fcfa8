//! A shop in one process and in virtual time: the world's happenings become
//! the engine's events, the engine's effects happen to a virtual shell, and
//! the checker watches both.

mod again;
pub mod command;
mod coverage;
pub mod desk;
mod drive;
pub mod gateway;
pub mod journal;
pub mod ledger;
pub mod many;
pub mod mishaps;
pub mod planted;
pub mod post;
#[cfg(test)]
mod recorded;
#[cfg(test)]
mod rehearsed;
pub mod report;
pub mod score;
#[cfg(test)]
mod taped;
pub mod translate;

use crate::{
    bystander::watch::Watch,
    chance::{Chance, Concern},
    checker::Violation,
    faults::{Allowed, Fault, Struck},
    world::{Ground, floor::NoFloor},
};
use config::{ScannerSource, Shop};
use engine::{
    plan::{GuardSettings, StorePlan},
    time::UnixMs,
};
use planted::Planted;
use score::Scorecard;
use std::{io, time::Duration};

/// A Monday, 2026-11-23, days since 1970-01-01: within the demo's campaigns.
const MONDAY: i64 = 20_780;
/// A run shorter than this begins at an hour and on a day drawn from its seed.
const SHORT_MS: u64 = 4 * 3_600_000;
/// Longer ones are a Saturday from this hour on.
const OPENS_H: i64 = 9;

/// What to run.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// The only source of chance.
    pub seed: u64,
    /// People who come in over the whole time, strangers included.
    pub shoppers: u32,
    /// Customers who once signed up; half as many as people come in if `None`.
    pub customers: Option<u32>,
    /// How long, ms of the world.
    pub for_ms: u64,
    /// Which faults there may be.
    pub faults: Allowed,
    /// Records what the engine takes in, in a new run after so long, ms.
    pub record_every_ms: Option<u64>,
    /// A bug that is to be found.
    pub planted: Option<Planted>,
}

/// The shop, worked out once for any number of runs.
#[derive(Debug, Clone)]
pub struct Stage {
    /// The floor and what radio does on it.
    pub ground: Ground,
    /// How each scanner speaks.
    pub sources: Vec<ScannerSource>,
}

impl Stage {
    /// Of this shop.
    pub fn new(shop: &Shop) -> Result<Self, NoFloor> {
        Ok(Self {
            ground: Ground::new(shop.plan.clone())?,
            sources: shop.shell.scanners.clone(),
        })
    }
}

/// What came of it.
#[derive(Debug)]
pub struct Outcome {
    /// Of everything the engine asked for.
    pub hash: u128,
    /// Broken promises, the first ones.
    pub violations: Vec<Violation>,
    /// All broken promises.
    pub violations_count: u64,
    /// How well the shop did.
    pub score: Scorecard,
    /// The faults that were on.
    pub faults: Vec<Fault>,
    /// How often each struck.
    pub struck: Struck,
    /// Starts of the gateway.
    pub starts: u32,
    /// Calls of the engine.
    pub calls: u64,
    /// Sightings handed to it.
    pub sightings: u64,
    /// Simulated time, ms.
    pub for_ms: u64,
    /// Time it took.
    pub took: Duration,
    /// What the engine took in, run by run, if that was wanted.
    pub recording: Vec<Vec<u8>>,
    /// Whether the journal could be written.
    pub journal: io::Result<()>,
}

/// Runs one shop. `lines` receives the journal.
pub fn run(stage: &Stage, options: &Options, lines: Option<&mut dyn io::Write>) -> Outcome {
    drive::Run::new(stage, options, lines).finish()
}

/// Runs one shop with somebody in it who takes notes; says what came of it and
/// who the customers were.
pub fn run_watched(
    stage: &Stage,
    options: &Options,
    guard: Option<GuardSettings>,
    watch: &mut Watch,
) -> Outcome {
    drive::Run::new(stage, options, None)
        .watched(guard, watch)
        .finish()
}

/// When a run opens, by its seed.
fn opening(plan: &StorePlan, options: &Options) -> UnixMs {
    let mut chance = Chance::new(options.seed, Concern::FaultPlan);
    let (day, hour) = (chance.below(7) as i64, 8 + chance.below(12) as i64);
    let (day, hour) = if options.for_ms < SHORT_MS {
        (MONDAY + day, hour)
    } else {
        (MONDAY + 5, OPENS_H)
    };
    let local_s = day * 86_400 + hour * 3_600;
    let offset_s = plan.local_time.offset_s(UnixMs(local_s * 1000));
    UnixMs((local_s - i64::from(offset_s)) * 1000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::small_shop;

    fn stage() -> Stage {
        let ground = Ground::new(small_shop::plan()).unwrap();
        let theengs = ScannerSource::Theengs {
            base: "home/gw".to_owned(),
        };
        let mut sources = vec![ScannerSource::Node; ground.plan.scanners.len()];
        sources[2] = theengs;
        Stage { ground, sources }
    }

    fn options(seed: u64, faults: Allowed) -> Options {
        Options {
            seed,
            shoppers: 60,
            customers: None,
            for_ms: 20 * 60_000,
            faults,
            record_every_ms: None,
            planted: None,
        }
    }

    #[test]
    fn twelve_seeds_with_faults_keep_every_promise() {
        let stage = stage();
        for seed in 1..=12 {
            let outcome = run(&stage, &options(seed, Allowed::Swarm), None);
            assert!(
                outcome.violations.is_empty(),
                "seed {seed} with {:?}: {}",
                outcome.faults,
                outcome.violations[0]
            );
        }
    }

    #[test]
    fn the_same_seed_asks_for_the_same_things() {
        let stage = stage();
        let hash = |seed| run(&stage, &options(seed, Allowed::Swarm), None).hash;
        assert_eq!(hash(3), hash(3));
        assert_ne!(hash(3), hash(4));
    }

    #[test]
    fn a_quiet_shop_shows_offers_finds_people_and_joins_baskets() {
        let outcome = run(&stage(), &options(1, Allowed::None), None);
        let score = &outcome.score;
        assert_eq!(outcome.starts, 1);
        assert!(score.shown >= 5, "{score:?}");
        assert_eq!(score.painted, score.shown);
        assert!(score.exposures >= 5, "{score:?}");
        assert!(score.zone_accuracy > 0.4, "{score:?}");
        assert!(score.redemptions.iter().sum::<u32>() >= 1, "{score:?}");
    }

    #[test]
    fn a_journal_is_json_lines_and_holds_no_beacon() {
        let mut lines = Vec::new();
        run(&stage(), &options(2, Allowed::None), Some(&mut lines));
        let text = String::from_utf8(lines).unwrap();
        assert!(text.lines().count() > 1_000);
        for line in text.lines() {
            serde_json::from_str::<serde_json::Value>(line).unwrap();
            assert!(
                !line.contains("IBeacon") && !line.contains("\"keys\""),
                "{line}"
            );
        }
    }
}
