//! What is proven about displays.

use super::Page;
use crate::display::{DisplayStatus, Evidence};
use std::fmt;

/// One series for each display and fact.
pub(super) fn displays(page: &mut Page<'_>, displays: &[DisplayStatus]) -> fmt::Result {
    let each = || displays.iter();
    page.gauges(
        "display_evidence",
        "What is known about a display's newest order",
        each().flat_map(|d| {
            Evidence::ALL.map(|evidence| {
                let labels = [d.screen.as_str(), d.display, evidence.word()];
                let holds = u32::from(d.evidence == evidence);
                (["screen", "display", "evidence"], labels, holds)
            })
        }),
    )?;
    page.gauges(
        "display_dark",
        "Whether a display is known to show nothing",
        each().map(|d| (["screen"], [d.screen.as_str()], u32::from(d.dark.is_some()))),
    )?;
    for (name, help, count) in COUNTS {
        page.counters(
            name,
            help,
            "screen",
            each().map(|d| (d.screen.as_str(), count(d))),
        )?;
    }
    Ok(())
}

/// Name, help, which count.
type Count = (&'static str, &'static str, fn(&DisplayStatus) -> u64);

const COUNTS: [Count; 5] = [
    ("display_pictures", "Pictures ordered", |d| d.pictures),
    ("display_proven", "Pictures proven on the glass", |d| {
        d.proven
    }),
    (
        "display_unproven",
        "Pictures that ended without a proof, counted as seen by nobody",
        |d| d.unproven,
    ),
    (
        "display_failed",
        "Requests that a display refused or did not answer",
        |d| d.failed,
    ),
    (
        "display_disbelieved",
        "Reports not believed: the glass was dark, or nobody should report",
        |d| d.disbelieved,
    ),
];
