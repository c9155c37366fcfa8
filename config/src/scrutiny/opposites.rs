//! Pairs that were meant to exclude each other: the one takes a sensor's values
//! up to a bound, the other from a bound on, and both bounds admit some values
//! together; or the title of one denies that of the other, and nothing that
//! both ask for keeps them apart.

use super::Finding;
use engine::plan::{Bits, Bound, Condition, Offer, SensorIx, StorePlan};

/// Words that make a title the opposite of the same title without them.
const DENIALS: [&str; 8] = [
    "no", "not", "non", "without", "không", "chưa", "kein", "keine",
];

/// Looks at every pair that may meet on a screen.
pub(super) fn find(plan: &StorePlan) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, one) in plan.offers.iter().enumerate() {
        let others = plan.offers[index + 1..].iter();
        for other in others.filter(|other| may_meet(one, other)) {
            findings.extend(of_pair(plan, one, other));
        }
    }
    findings
}

fn of_pair(plan: &StorePlan, one: &Offer, other: &Offer) -> Option<Finding> {
    if are_apart(one, other) {
        return None;
    }
    let overlap = sensors(one).find_map(|(sensor, bound)| {
        let mut same = sensors(other).filter(|(s, _)| *s == sensor);
        same.find_map(|(_, against)| meeting(bound, against).map(|range| (sensor, range)))
    });
    let told = match overlap {
        Some((sensor, (from, until))) => {
            let sensor = &plan.sensors[sensor.at()];
            format!(
                "both can be shown when {} says {} to {} {}: move one of the two bounds",
                sensor.id,
                milli(from),
                milli(until),
                sensor.kind.unit()
            )
        }
        None if denies(&one.title, &other.title) => {
            "their titles are opposites, yet no condition that both have keeps them apart: give \
             both a condition on the same sensor, with ranges that do not meet"
                .to_owned()
        }
        None => return None,
    };
    Some(Finding {
        kind: "overlapping",
        offer: one.id.to_string(),
        other: Some(other.id.to_string()),
        what: format!(
            "\u{201c}{}\u{201d} and \u{201c}{}\u{201d}: {told}",
            one.title, other.title
        ),
    })
}

/// Whether the same screen may show either on the same day.
fn may_meet(one: &Offer, other: &Offer) -> bool {
    let meet = |a: Bits, b: Bits| a.is_empty() || b.is_empty() || a.0 & b.0 != 0;
    let (a, b) = (&one.schedule, &other.schedule);
    let begins_before = |from: Option<_>, until: Option<_>| match (from, until) {
        (Some(from), Some(until)) => from < until,
        _ => true,
    };
    meet(one.screens, other.screens)
        && a.weekdays & b.weekdays != 0
        && begins_before(a.from, b.until)
        && begins_before(b.from, a.until)
}

/// Whether some sensor can never satisfy both.
fn are_apart(one: &Offer, other: &Offer) -> bool {
    sensors(one).any(|(sensor, bound)| {
        let mut same = sensors(other).filter(|(s, _)| *s == sensor);
        same.any(|(_, against)| common(bound, against).is_none())
    })
}

fn sensors(offer: &Offer) -> impl Iterator<Item = (SensorIx, Bound)> + '_ {
    offer.conditions.iter().filter_map(|c| match c {
        Condition::Sensor { sensor, bound } => Some((*sensor, *bound)),
        _ => None,
    })
}

/// Values that both admit.
fn common(one: Bound, other: Bound) -> Option<(Option<i64>, Option<i64>)> {
    let min = one.min_milli.max(other.min_milli);
    let max = match (one.max_milli, other.max_milli) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    };
    let is_empty = matches!((min, max), (Some(min), Some(max)) if min > max);
    (!is_empty).then_some((min, max))
}

/// Where one that ends and one that begins meet. Neither holds the other: a
/// narrower range within a wider one is a choice, not an oversight.
fn meeting(one: Bound, other: Bound) -> Option<(i64, i64)> {
    let complement = |low: Bound, high: Bound| {
        let ends = low.max_milli?;
        let begins = high.min_milli?;
        let low_begins_first = low.min_milli.is_none_or(|min| min < begins);
        let high_ends_last = high.max_milli.is_none_or(|max| max > ends);
        (low_begins_first && high_ends_last && begins <= ends).then_some((begins, ends))
    };
    complement(one, other).or_else(|| complement(other, one))
}

fn denies(one: &str, other: &str) -> bool {
    let words = |title: &str| -> Vec<String> {
        let lower = title.to_lowercase();
        let words = lower.split(|c: char| !c.is_alphanumeric());
        words.filter(|w| !w.is_empty()).map(str::to_owned).collect()
    };
    let bare = |words: &[String]| -> Vec<String> {
        let kept = words.iter().filter(|w| !DENIALS.contains(&w.as_str()));
        kept.cloned().collect()
    };
    let (one, other) = (words(one), words(other));
    let (bare_one, bare_other) = (bare(&one), bare(&other));
    let denials = (one.len() - bare_one.len(), other.len() - bare_other.len());
    !bare_one.is_empty() && bare_one == bare_other && denials.0 % 2 != denials.1 % 2
}

fn milli(value: i64) -> String {
    let text = format!("{:.3}", value as f64 / 1_000.0);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn bound(min_milli: Option<i64>, max_milli: Option<i64>) -> Bound {
        Bound {
            min_milli,
            max_milli,
        }
    }

    #[test]
    fn ranges_that_end_and_begin_at_the_same_value_meet_there() {
        for (one, other, expected) in [
            ((None, Some(1)), (Some(1), None), Some((1, 1))),
            ((Some(1), None), (None, Some(3)), Some((1, 3))),
            ((None, Some(1)), (Some(2), None), None),
            ((Some(0), Some(9)), (Some(2), Some(4)), None),
            ((Some(0), Some(5)), (Some(4), Some(9)), Some((4, 5))),
            ((Some(1), None), (Some(2), None), None),
        ] {
            let met = meeting(bound(one.0, one.1), bound(other.0, other.1));
            assert_eq!(met, expected, "{one:?} {other:?}");
        }
    }

    #[test]
    fn a_title_is_denied_by_one_more_no() {
        for (one, other, expected) in [
            ("Rain", "No rain", true),
            ("Mưa", "Không mưa", true),
            ("Rain", "Sun", false),
            ("No rain", "No rain", false),
            ("No", "Not", false),
        ] {
            assert_eq!(denies(one, other), expected, "{one} / {other}");
        }
    }
}
