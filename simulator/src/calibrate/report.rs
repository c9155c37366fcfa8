//! What a walk was worth, in words.

use super::{Judged, Worth};
use std::fmt::Write as _;

/// As a table.
pub(super) fn words(worth: &Worth) -> String {
    let mut text = format!(
        "{} places or ways in {:.1} minutes, {} entries\n",
        worth.ways, worth.minutes, worth.entries
    );
    if let Some((expected, now)) = worth.expected.zip(worth.now) {
        let _ = writeln!(
            text,
            "the page says: found to {:.1} m and {:.0} % in the right zone, {:.1} m and {:.0} % as \
             it is now",
            expected.error_m,
            100.0 * expected.zone_right,
            now.error_m,
            100.0 * now.zone_right
        );
    }
    for (name, judged) in [("without", &worth.before), ("with", &worth.after)] {
        let _ = write!(text, "\n{name} the survey\n{}", table(judged));
    }
    text
}

fn table(judged: &Judged) -> String {
    let mut text = format!(
        "{:<16} {:>8} {:>10} {:>12} {:>14}\n",
        "zone", "error", "right", "error said", "right said"
    );
    for zone in &judged.truth.zones {
        let said = judged.itself.zones.iter();
        let said = said.clone().find(|said| said.zone.as_str() == zone.zone);
        let share = |right: f64| format!("{:.0} %", 100.0 * right);
        let error_said = said.and_then(|said| said.error_m);
        let right_said = said.and_then(|said| said.zone_right);
        let _ = writeln!(
            text,
            "{:<16} {:>6.1} m {:>10} {:>12} {:>14}",
            zone.zone,
            zone.error_m,
            share(zone.right),
            error_said.map_or("-".to_owned(), |m| format!("{m:.1} m")),
            right_said.map_or("-".to_owned(), |right| share(f64::from(right))),
        );
    }
    let _ = writeln!(
        text,
        "{:<16} {:>6.1} m {:>8.0} %",
        "all",
        judged.truth.error_m,
        100.0 * judged.truth.zone_accuracy
    );
    text
}
