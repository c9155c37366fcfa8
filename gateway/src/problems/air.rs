//! What is heard that no honest beacon sends: somebody copies, replays, floods, or
//! a receiver is broken. None of it moves an offer; a shopkeeper should know.

use super::{Problem, Severity};
use crate::shop::Live;
use engine::view::{AirStatus, ScannerStatus};

/// What was last heard so long ago is over, ms.
const OVER_MS: u64 = 60_000;

pub(super) fn find(live: &Live) -> Vec<Problem> {
    let mut problems = of_air(&live.status.air);
    problems.extend(live.status.scanners.iter().filter_map(of_scanner));
    problems
}

fn of_air(air: &AirStatus) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut tell = |key: &str, what: &str, remedy: &str| {
        let key = format!("air:{key}");
        problems.push(Problem::new(Severity::Warn, key, what, remedy));
    };
    if air.doubled > 0 {
        tell(
            "doubled",
            "One shopper's tag is heard in two places at once: somebody has copied it.",
            "Nothing is shown for that tag meanwhile. If it comes again, hand out new tags.",
        );
    }
    if is_recent(air.replayed_ms) {
        tell(
            "replayed",
            "Identifiers of a shopper are heard again whose time is over: somebody has \
             recorded them.",
            "They are not believed. Look for a foreign device near the scanners.",
        );
    }
    if is_recent(air.flooded_ms) {
        tell(
            "flooded",
            "One tag is heard more often than any tag sends.",
            "What is too much is not counted. Look for a foreign device near the scanners.",
        );
    }
    if is_recent(air.unresolved_ms) {
        tell(
            "unresolved",
            "So many phones are heard at once that not all are tried against enrolled ones.",
            "Shoppers found by their phone may be missed; tags are not. In an empty shop, look \
             for a foreign device near the scanners.",
        );
    }
    problems
}

fn of_scanner(scanner: &ScannerStatus) -> Option<Problem> {
    let ScannerStatus { id, .. } = scanner;
    let (what, remedy) = if is_recent(scanner.flooded_ms) {
        (
            format!("Scanner {id} tells more than any receiver hears."),
            "What is too much is not counted. If nobody works on it, give it a new password: \
             somebody speaks in its name.",
        )
    } else if is_recent(scanner.impossible_ms) {
        (
            format!("Scanner {id} tells strengths that no receiver measures."),
            "They are not counted. Renew its firmware; if that does not help, give it a new \
             password: somebody may speak in its name.",
        )
    } else {
        return None;
    };
    let key = format!("scanner-says:{id}");
    Some(Problem::new(Severity::Warn, key, what, remedy))
}

fn is_recent(since_ms: Option<u64>) -> bool {
    since_ms.is_some_and(|ms| ms < OVER_MS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::tests::shop::busy_live;

    #[test]
    fn foul_play_is_told_while_it_lasts_and_a_minute_longer() {
        let check = |spoil: &dyn Fn(&mut Live), expected: &[&str]| {
            let mut live = busy_live();
            spoil(&mut live);
            let keys: Vec<_> = find(&live).into_iter().map(|p| p.key).collect();
            assert_eq!(keys, expected);
        };
        check(&|_| {}, &[]);
        check(&|l| l.status.air.doubled = 1, &["air:doubled"]);
        let since = |ms| {
            move |l: &mut Live| {
                l.status.air.replayed_ms = Some(ms);
                l.status.air.flooded_ms = Some(ms);
                l.status.air.unresolved_ms = Some(ms);
                l.status.scanners[0].flooded_ms = Some(ms);
                l.status.scanners[0].impossible_ms = Some(ms);
                l.status.scanners[1].impossible_ms = Some(ms);
            }
        };
        let all = [
            "air:replayed",
            "air:flooded",
            "air:unresolved",
            "scanner-says:s-1",
            "scanner-says:s-2",
        ];
        check(&since(OVER_MS - 1), &all);
        check(&since(OVER_MS), &[]);
    }
}
