//! What may not be on displays that cannot take it back quickly.
//!
//! Consent can be taken back at any moment, and who stood before a label may
//! be gone before it changes. So an offer that says something about the people
//! before it never goes to a slow display. Nor does a voucher: a label draws no
//! code, so its worth would be set aside for nobody. What was not asked for is
//! left out, what was asked for is an error.

use super::Site;
use crate::{
    raw::offer::{Offer, Sensitivity},
    report::Report,
};
use engine::plan::Bits;

/// What keeps an offer off slow displays.
struct Why {
    key: &'static str,
    says: &'static str,
    remedy: &'static str,
}

const AIMED: Why = Why {
    key: "sensitivity",
    says: "is too slow to take an offer for a group back",
    remedy: "make the offer public",
};
const VOUCHER: Why = Why {
    key: "voucher",
    says: "draws no codes: a voucher's worth would be set aside for nobody",
    remedy: "remove [voucher]",
};

fn why(raw: &Offer) -> Option<&'static Why> {
    let rule = &raw.segments;
    let is_aimed = !(rule.any.is_empty() && rule.all.is_empty() && rule.none.is_empty());
    if raw.sensitivity != Sensitivity::Public || is_aimed {
        Some(&AIMED)
    } else {
        raw.voucher.is_some().then_some(&VOUCHER)
    }
}

/// The screens an offer may be on; empty for all.
pub(crate) fn without(raw: &Offer, screens: Bits, site: &Site, report: &mut Report<'_>) -> Bits {
    let each = || site.plan.screens.iter().enumerate();
    let slow = each().filter(|(_, s)| s.pace.is_slow());
    let slow = slow.fold(Bits::NONE, |bits, (i, _)| bits.with(i as u8));
    let Some(why) = why(raw).filter(|_| !slow.is_empty()) else {
        return screens;
    };
    for (i, name) in raw.screens.iter().enumerate() {
        if each().any(|(_, s)| s.pace.is_slow() && s.id.as_str() == name.0) {
            report.error(
                &format!("screens[{i}]"),
                format!("{:?} {}", name.0, why.says),
                format!("name screens that are no e-paper, or {}", why.remedy),
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
            why.key,
            format!("every screen of this shop {}", why.says),
            format!("{}, or add a screen that is no e-paper", why.remedy),
        );
    }
    quick
}
