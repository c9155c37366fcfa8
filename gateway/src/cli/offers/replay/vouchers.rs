//! What other offers' vouchers would have taken out of budgets.

use super::report::clock;
use engine::{
    money::Money,
    plan::StorePlan,
    replay::{Burn, Burns},
    time::{Mono, Now, UnixMs, Wall},
};
use serde::Serialize;
use std::{collections::BTreeMap, fmt::Write as _};

/// The vouchers of one offer or one campaign, before and after.
#[derive(Debug, Serialize)]
pub(super) struct VoucherChange {
    /// `offer` or `campaign`.
    pub(super) kind: &'static str,
    pub(super) name: String,
    pub(super) before: Took,
    pub(super) after: Took,
    /// Codes redeemed live that day; nobody redeems in a rehearsal. Offers only.
    pub(super) redeemed_live: Option<u32>,
    /// Of so many issued live.
    pub(super) issued_live: Option<u32>,
}

/// Amounts are in the currency's smallest unit.
#[derive(Debug, Serialize)]
pub(super) struct Took {
    #[serde(flatten)]
    burn: Burn,
    /// `full_at` by the shop's clock.
    full_from: Option<String>,
    /// `gone_at` by the shop's clock.
    gone_from: Option<String>,
}

/// Codes issued and redeemed live, by offer.
#[derive(Debug, Default)]
pub(super) struct Live(BTreeMap<String, (u32, u32)>);

impl Live {
    /// Adds what a run did to the books.
    pub(super) fn add(&mut self, begin: &BTreeMap<String, (u32, u32)>, end: &Money) {
        for (offer, (all, redeemed)) in totals(end) {
            let (all_before, before) = begin.get(&offer).copied().unwrap_or_default();
            let sum = self.0.entry(offer).or_default();
            sum.0 += all.saturating_sub(all_before);
            sum.1 += redeemed.saturating_sub(before);
        }
    }
}

/// For each offer how many codes were ever issued, and how many redeemed.
pub(super) fn totals(money: &Money) -> BTreeMap<String, (u32, u32)> {
    let offers = money.offers.iter();
    let of = offers.map(|(id, sums)| {
        let issued = sums.reserved + sums.committed + sums.released;
        (id.to_string(), (issued, sums.committed + sums.late))
    });
    of.collect()
}

/// What changed, offers first.
pub(super) fn changes(
    plan: &StorePlan,
    before: &Burns,
    after: &Burns,
    live: &Live,
) -> Vec<VoucherChange> {
    let offers = merged(plan, "offer", &before.offers, &after.offers);
    let campaigns = merged(plan, "campaign", &before.campaigns, &after.campaigns);
    let told = offers.into_iter().map(|change| {
        let live = live.0.get(&change.name).copied();
        VoucherChange {
            issued_live: live.map(|(issued, _)| issued),
            redeemed_live: live.map(|(_, redeemed)| redeemed),
            ..change
        }
    });
    told.chain(campaigns).collect()
}

fn merged<Id: Ord + ToString>(
    plan: &StorePlan,
    kind: &'static str,
    before: &BTreeMap<Id, Burn>,
    after: &BTreeMap<Id, Burn>,
) -> Vec<VoucherChange> {
    let mut names: Vec<&Id> = before.keys().chain(after.keys()).collect();
    names.sort();
    names.dedup();
    let took = |burn: Option<&Burn>| {
        let burn = burn.copied().unwrap_or_default();
        let said = |at: Option<UnixMs>| at.and_then(|at| clock(plan, moment(at), false));
        Took {
            full_from: said(burn.full_at),
            gone_from: said(burn.gone_at),
            burn,
        }
    };
    let changes = names.into_iter().map(|id| VoucherChange {
        kind,
        name: id.to_string(),
        before: took(before.get(id)),
        after: took(after.get(id)),
        redeemed_live: None,
        issued_live: None,
    });
    changes.collect()
}

const fn moment(at: UnixMs) -> Now {
    Now {
        mono: Mono(0),
        wall: Wall::Synced(at),
    }
}

/// In words.
pub(super) fn tell(text: &mut String, changes: &[VoucherChange]) {
    if changes.is_empty() {
        return;
    }
    let _ = writeln!(text, "\nVouchers, in the currency's smallest unit:");
    for change in changes {
        tell_one(text, change);
    }
    let _ = writeln!(
        text,
        "  Nobody redeems in a rehearsal, because who would have is in no recording: every code is \
         set aside until it lapses. So the most at once is what codes alone take, and the hour at \
         which all is gone is the earliest there is, with every code redeemed."
    );
}

fn tell_one(text: &mut String, change: &VoucherChange) {
    let (before, after) = (&change.before.burn, &change.after.burn);
    let of = after.of_minor.or(before.of_minor);
    let of = of.map_or_else(|| "no limit".to_owned(), |of| of.to_string());
    let _ = writeln!(
        text,
        "  {} {}: {} codes worth {} instead of {} worth {}; at most {} at once instead of {}, of {of}",
        change.kind,
        change.name,
        after.issued,
        after.issued_minor,
        before.issued,
        before.issued_minor,
        after.most_minor,
        before.most_minor,
    );
    for (what, after, before) in [
        (
            "full, so that no more were issued for a while,",
            &change.after.full_from,
            &change.before.full_from,
        ),
        (
            "gone for good if everybody redeemed theirs,",
            &change.after.gone_from,
            &change.before.gone_from,
        ),
    ] {
        if after.is_some() || before.is_some() {
            let or_never = |at: &Option<String>| at.clone().unwrap_or_else(|| "never".to_owned());
            let _ = writeln!(
                text,
                "    {what} from {} instead of {}",
                or_never(after),
                or_never(before)
            );
        }
    }
    if let (Some(redeemed), Some(issued @ 1..)) = (change.redeemed_live, change.issued_live) {
        let share = f64::from(redeemed) / f64::from(issued);
        let _ = writeln!(
            text,
            "    live, {redeemed} of {issued} codes were redeemed that day ({:.0} %); at that rate \
             they would have cost {:.0}",
            share * 100.0,
            share * after.issued_minor as f64
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_vouchers_would_have_taken_is_said_with_what_is_assumed() {
        let took = |issued: u32, gone: Option<&str>| Took {
            burn: Burn {
                issued,
                issued_minor: u64::from(issued) * 5_000,
                ..Burn::default()
            },
            full_from: None,
            gone_from: gone.map(str::to_owned),
        };
        let change = VoucherChange {
            kind: "offer",
            name: "summer-float".to_owned(),
            before: took(10, None),
            after: took(40, Some("16:20")),
            redeemed_live: Some(4),
            issued_live: Some(16),
        };
        let mut text = String::new();
        tell(&mut text, &[change]);
        for part in [
            "offer summer-float: 40 codes worth 200000 instead of 10 worth 50000",
            "gone for good if everybody redeemed theirs, from 16:20 instead of never",
            "4 of 16 codes were redeemed that day (25 %); at that rate they would have cost 50000",
            "Nobody redeems in a rehearsal",
        ] {
            assert!(text.contains(part), "{part:?} is not in {text}");
        }
    }
}
