//! What is wrong with the uplink, in words.

use super::UplinkHealth;
use crate::problems::{Problem, Severity};

pub(crate) fn find(health: &UplinkHealth) -> Vec<Problem> {
    let mut problems = Vec::new();
    if !health.up {
        problems.push(Problem::new(
            Severity::Note,
            "uplink",
            format!(
                "The hub is not connected: {} entries wait for it. The shop goes on without it.",
                health.waiting
            ),
            "Check the line to the hub. Everything is kept here and sent when it is back.",
        ));
    }
    if health.dropped + health.folded > 0 {
        problems.push(Problem::new(
            Severity::Warn,
            "uplink-full",
            format!(
                "The hub was away for so long that room ran out: it will get {} pictures by the \
                 hour instead of one by one, and {} diagnostics not at all. Every redemption, \
                 consent and erasure is kept.",
                health.folded, health.dropped
            ),
            "Bring the line to the hub back.",
        ));
    }
    if health.strange > 0 {
        problems.push(Problem::new(
            Severity::Warn,
            "uplink-strange",
            format!(
                "The hub said {} times what cannot be: a mark that cannot be read, or of more \
                 than it was ever told. Nothing was let go for it.",
                health.strange
            ),
            "See who may publish the mark of this shop at the hub's broker, and whether the \
             hub's database is the right one.",
        ));
    }
    problems
}
