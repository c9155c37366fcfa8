//! What may not be on displays that cannot take it back quickly.
//!
//! Consent can be taken back at any moment, and who stood before a label may
//! be gone before it changes. So an offer that says something about the people
//! before it never goes to a slow display: what was not asked for is left out,
//! what was asked for is an error.

use super::Site;
use crate::{
    raw::offer::{Offer, Sensitivity},
    report::Report,
};
use engine::plan::Bits;

/// The screens an offer may be on; empty for all.
pub(crate) fn without(raw: &Offer, screens: Bits, site: &Site, report: &mut Report<'_>) -> Bits {
    let rule = &raw.segments;
    let is_aimed = !(rule.any.is_empty() && rule.all.is_empty() && rule.none.is_empty());
    let each = || site.plan.screens.iter().enumerate();
    let slow = each().filter(|(_, s)| s.pace.is_slow());
    let slow = slow.fold(Bits::NONE, |bits, (i, _)| bits.with(i as u8));
    if slow.is_empty() || (raw.sensitivity == Sensitivity::Public && !is_aimed) {
        return screens;
    }
    for (i, name) in raw.screens.iter().enumerate() {
        if each().any(|(_, s)| s.pace.is_slow() && s.id.as_str() == name.0) {
            report.error(
                &format!("screens[{i}]"),
                format!("{:?} is too slow to take an offer for a group back", name.0),
                "name screens that are no e-paper, or make the offer public",
            );
        }
    }
    if !screens.is_empty() {
        return screens;
    }
    let quick = each().filter(|(_, s)| !s.pace.is_slow());
    let quick = quick.fold(Bits::NONE, |bits, (i, _)| bits.with(i as u8));
    if quick.is_empty() {
        report.error(
            "sensitivity",
            "every screen of this shop is too slow to take an offer for a group back",
            "make the offer public, or add a screen that is no e-paper",
        );
    }
    quick
}
