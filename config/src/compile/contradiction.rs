//! Conditions of one offer that can never hold together.

use crate::{raw::offer::Offer, report::Report};
use engine::plan::{Bound, Condition};

/// Says which conditions exclude an earlier one. They are in the order of
/// `when.sensor` and then `when.crowd`.
pub(crate) fn check(raw: &Offer, conditions: &[(String, Condition)], report: &mut Report<'_>) {
    for (i, (key, condition)) in conditions.iter().enumerate() {
        let earlier = conditions[..i].iter();
        let excluding = earlier
            .filter_map(|(other, earlier)| Some((other, bounds(earlier, condition)?)))
            .find(|(_, (a, b))| excludes(a, b));
        if let Some((other, _)) = excluding {
            report.error(
                key,
                format!("{other} asks for the opposite: both are never true at once"),
                "remove one of the two, or make two offers of them",
            );
        }
    }
    let twice = |at: usize| {
        let rule = &raw.when.stock[at];
        raw.when.stock[..at]
            .iter()
            .any(|other| other.sku == rule.sku)
    };
    for at in (0..raw.when.stock.len()).filter(|at| twice(*at)) {
        report.error(
            &format!("when.stock[{at}].sku"),
            "this product is asked for twice",
            "keep the higher min",
        );
    }
}

/// The bounds of two conditions on the same thing.
fn bounds(one: &Condition, other: &Condition) -> Option<(Bound, Bound)> {
    match (one, other) {
        (
            Condition::Sensor {
                sensor: a,
                bound: one,
            },
            Condition::Sensor {
                sensor: b,
                bound: other,
            },
        ) if a == b => Some((*one, *other)),
        (
            Condition::Crowd {
                zone: a,
                bound: one,
            },
            Condition::Crowd {
                zone: b,
                bound: other,
            },
        ) if a == b => Some((*one, *other)),
        _ => None,
    }
}

fn excludes(one: &Bound, other: &Bound) -> bool {
    let above =
        |min: Option<i64>, max: Option<i64>| min.zip(max).is_some_and(|(min, max)| min > max);
    above(one.min_milli, other.max_milli) || above(other.min_milli, one.max_milli)
}
