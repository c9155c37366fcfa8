//! How an offer is tried out: arms, switchback, ramp.

use super::{creative, settings::in_words};
use crate::{
    raw::{
        offer::{Offer, Sensitivity},
        trial,
    },
    report::Report,
    sources::Sources,
};
use engine::plan::{Ramp, RampGuard, Trial, TrialArm};

/// Unless stated, thousandths: few enough to hurt few, in few enough steps to
/// be through within a week.
const STEPS: [u16; 6] = [10, 50, 100, 250, 500, 1_000];
/// Time between steps unless stated, ms: every hour of a day is seen once.
const EVERY_MS: u64 = 86_400_000;
/// Showings between steps unless stated.
const SHOWINGS: u32 = 10;
/// Times as often unless stated: less is chance in a shop of any size.
const TIMES: u8 = 2;
/// Shortest block, ms: with less, those who pay in it were before the screen in
/// another.
const BLOCK_MS_MIN: u64 = 10 * 60_000;
/// Longest block, ms: pairs of longer ones compare one day with another.
const BLOCK_MS_MAX: u64 = 12 * 3_600_000;
/// Shortest and longest step, ms.
const STEP_MS: (u64, u64) = (60_000, 30 * 86_400_000);

/// Checks what an offer says about it.
pub(crate) fn build(raw: &Offer, sources: &Sources, report: &mut Report<'_>) -> Trial {
    Trial {
        arms: arms(raw, sources, report),
        switchback_ms: switchback(raw, report),
        ramp: raw.ramp.as_ref().map(|ramp| build_ramp(ramp, report)),
    }
}

fn arms(raw: &Offer, sources: &Sources, report: &mut Report<'_>) -> Vec<TrialArm> {
    let names = raw.arms.iter().enumerate();
    report.unique(
        names.map(|(i, arm)| (format!("arm[{i}].name"), arm.name.0.as_str())),
        "arm",
    );
    if raw.arms.len() == 1 {
        report.error(
            "arm",
            "one arm compares with nothing",
            "add another [[arm]], or remove this one: holdout already compares with nothing shown",
        );
    }
    let arms = raw.arms.iter().enumerate();
    arms.map(|(i, arm)| build_arm(i, arm, sources, report))
        .collect()
}

fn build_arm(i: usize, arm: &trial::Arm, sources: &Sources, report: &mut Report<'_>) -> TrialArm {
    if i > 0 && arm.creative.is_none() {
        report.error(
            &format!("arm[{i}].name"),
            format!("arm {:?} has no picture of its own", arm.name.0),
            "add [arm.creative] to it; only the first arm may paint the offer's own",
        );
    }
    let key = format!("arm[{i}].creative");
    let own = arm.creative.as_ref();
    TrialArm {
        name: arm.name.0.clone(),
        share: arm.share.unwrap_or(1),
        creative: own.map(|own| creative::build(own, &key, sources, report)),
    }
}

fn switchback(raw: &Offer, report: &mut Report<'_>) -> Option<u64> {
    let length_ms = raw.switchback.as_ref()?.0;
    if !(BLOCK_MS_MIN..=BLOCK_MS_MAX).contains(&length_ms) {
        report.error(
            "switchback",
            format!("blocks of {} measure nothing", in_words(length_ms)),
            format!(
                "give {} to {}",
                in_words(BLOCK_MS_MIN),
                in_words(BLOCK_MS_MAX)
            ),
        );
    }
    if raw.sensitivity != Sensitivity::Public {
        report.error(
            "switchback",
            "an offer for a group goes to shoppers who are known",
            "remove switchback: holdout measures among them, and better",
        );
    }
    if raw.holdout.as_ref().is_some_and(|holdout| holdout.0 > 0) {
        report.error(
            "holdout",
            "whom a switchback shows it to is told by screen and block, not by shopper",
            "remove either holdout or switchback",
        );
    }
    Some(length_ms)
}

fn build_ramp(raw: &trial::Ramp, report: &mut Report<'_>) -> Ramp {
    let stated = raw.steps.as_ref();
    let steps: Vec<u16> = stated.map_or_else(
        || STEPS.to_vec(),
        |steps| steps.iter().map(|step| step.0).collect(),
    );
    let rises = steps.windows(2).all(|pair| pair[0] < pair[1]) && steps[0] > 0;
    if !rises || steps.last() != Some(&1_000) {
        report.error(
            "ramp.steps",
            "a ramp rises step by step from more than nobody to everybody",
            "write rising shares that end with \"100 %\", such as [\"5 %\", \"25 %\", \"100 %\"]",
        );
    }
    let every_ms = raw.every.as_ref().map_or(EVERY_MS, |every| every.0);
    if !(STEP_MS.0..=STEP_MS.1).contains(&every_ms) {
        report.error(
            "ramp.every",
            format!("a step of {} is too short or too long", in_words(every_ms)),
            format!("give {} to {}", in_words(STEP_MS.0), in_words(STEP_MS.1)),
        );
    }
    let times = |stated: Option<u8>| stated.unwrap_or(TIMES);
    Ramp {
        steps,
        every_ms,
        showings_min: raw.showings.unwrap_or(SHOWINGS),
        guard: RampGuard {
            opt_outs: times(raw.guard.opt_outs),
            complaints: times(raw.guard.complaints),
            help: times(raw.guard.help),
            screen_errors: times(raw.guard.screen_errors),
        },
    }
}
