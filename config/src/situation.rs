//! The `[[test]]` cases of offers, looked up and ready to be tried.

use crate::{
    doc::Finding,
    problem::{Excerpt, Problem, Problems},
};
use engine::{
    decide::{Reason, Situation, Verdict, rehearse},
    plan::{OfferIx, StorePlan},
};

/// One `[[test]]`: a situation and what is expected of one offer in it.
/// Indices belong to the plan it was read with.
#[derive(Debug, Clone, PartialEq)]
pub struct OfferTest {
    /// Which offer.
    pub offer: OfferIx,
    /// The situation in words.
    pub name: String,
    /// The file it stands in, for messages.
    pub file: String,
    /// The line it begins on.
    pub line: usize,
    /// What is the case.
    pub situation: Situation,
    /// What is to become of the offer.
    pub expected: Expected,
}

/// What is to become of an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Nothing stops it. (An offer of higher priority may still go first.)
    Shown,
    /// This rule stops it.
    Stopped(Reason),
}

/// Tries every case against the rules that the live shop decides by, and says
/// which came out otherwise.
pub(crate) fn try_all(plan: &StorePlan, tests: &[OfferTest]) -> Problems {
    Problems::sorted(tests.iter().filter_map(|t| failure(plan, t)).collect())
}

fn failure(plan: &StorePlan, test: &OfferTest) -> Option<Problem> {
    let got = match rehearse(plan, test.offer, &test.situation) {
        Verdict::Scored(_) => Expected::Shown,
        Verdict::Stopped(reason) => Expected::Stopped(reason),
    };
    if got == test.expected {
        return None;
    }
    let finding = Finding::error(
        format!("test {:?}: {}", test.name, in_words(got)),
        format!(
            "expected {}; change the offer, or what is expected",
            as_written(test.expected)
        ),
    );
    Some(Problem {
        severity: finding.severity,
        file: test.file.clone(),
        line: test.line,
        column: 1,
        key: "test".to_owned(),
        value: as_written(got),
        what: finding.what,
        did_you_mean: None,
        remedy: finding.remedy,
        excerpt: Excerpt::default(),
    })
}

fn in_words(outcome: Expected) -> String {
    match outcome {
        Expected::Shown => "the offer can be shown (shown = true)".to_owned(),
        Expected::Stopped(reason) => {
            format!(
                "the offer is stopped: {} (why = {:?})",
                reason.words(),
                reason.label()
            )
        }
    }
}

fn as_written(outcome: Expected) -> String {
    match outcome {
        Expected::Shown => "shown = true".to_owned(),
        Expected::Stopped(reason) => format!("why = {:?}", reason.label()),
    }
}
