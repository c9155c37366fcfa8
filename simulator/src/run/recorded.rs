//! What a run recorded is decided again bit for bit.

use super::{Options, Outcome, Stage, run};
use crate::{faults::Allowed, small_shop, world::Ground};
use config::ScannerSource;
use engine::{
    Effects,
    recording::{Moment, Reader, Taken},
    replay::Replay,
};

pub(super) fn stage() -> Stage {
    let ground = Ground::new(small_shop::plan()).unwrap();
    let sources = vec![ScannerSource::Node; ground.plan.scanners.len()];
    Stage { ground, sources }
}

fn recorded(seed: u64, faults: Allowed, every_ms: u64) -> Outcome {
    let options = Options {
        seed,
        shoppers: 60,
        customers: None,
        for_ms: 20 * 60_000,
        faults,
        record_every_ms: Some(every_ms),
        planted: None,
    };
    run(&stage(), &options, None)
}

pub(super) fn moments(run: &[u8]) -> Vec<Moment> {
    let (mut reader, mut left, mut moments) = (Reader::default(), run, Vec::new());
    while let Some(moment) = reader.next(&mut left).unwrap() {
        moments.push(moment);
    }
    moments
}

/// Decides a run again. Decisions, and signals.
fn again(run: &[u8]) -> (u64, u64) {
    let moments = moments(run);
    let mut replay = Replay::begin(&moments[0]).unwrap();
    let mut effects = Effects::new();
    for moment in &moments[1..] {
        replay.take(moment, &mut effects).unwrap();
        effects.clear();
        assert_eq!(replay.otherwise(), None, "{:?}", moment.now);
    }
    (replay.chain().decisions, replay.signals())
}

#[test]
fn every_run_with_faults_is_decided_again_bit_for_bit() {
    let mut heard_by_seed = Vec::new();
    for seed in 1..=8 {
        let outcome = recorded(seed, Allowed::Swarm, u64::MAX);
        assert_eq!(outcome.recording.len(), outcome.starts as usize);
        let (mut decisions, mut signals) = (0, 0);
        for run in &outcome.recording {
            let (decided, heard) = again(run);
            decisions += decided;
            signals += heard;
        }
        assert!(decisions > 100, "seed {seed}: {decisions}");
        heard_by_seed.push(signals);
    }
    // Where a part of the ledger is lost early, nobody may be followed any more.
    let many = heard_by_seed.iter().filter(|signals| **signals > 100);
    assert!(many.count() >= 6, "{heard_by_seed:?}");
}

#[test]
fn a_run_that_begins_in_the_midst_of_things_is_decided_again_bit_for_bit() {
    for seed in 1..=6 {
        let outcome = recorded(seed, Allowed::Swarm, 5 * 60_000);
        assert!(outcome.recording.len() > 3);
        for run in &outcome.recording {
            again(run);
        }
    }
}

#[test]
fn recording_changes_nothing() {
    let with = recorded(3, Allowed::Swarm, 60_000);
    let options = Options {
        seed: 3,
        shoppers: 60,
        customers: None,
        for_ms: 20 * 60_000,
        faults: Allowed::Swarm,
        record_every_ms: None,
        planted: None,
    };
    let without = run(&stage(), &options, None);
    assert!(without.recording.is_empty());
    assert_eq!(with.hash, without.hash);
}

#[test]
fn a_signal_takes_few_bytes() {
    let outcome = recorded(1, Allowed::None, u64::MAX);
    let run = &outcome.recording[0];
    let moments = moments(run);
    let signals = moments
        .iter()
        .filter(|m| matches!(m.taken, Taken::Signal(..)));
    let bytes = run.len() as f64 / signals.count() as f64;
    assert!(bytes < 20.0, "{bytes} bytes for a signal");
}
