//! What can only be seen of several offers side by side: numbers given twice,
//! groups that exclude nothing, two prices for one product.

use super::offer::Checked;
use crate::{
    doc::{At, Doc, Finding},
    problem::Problem,
    sources::Source,
};
use engine::plan::{Offer, Schedule};
use std::collections::BTreeMap;

/// Everything that contradicts itself between offers. `offers` and `sources`
/// are those that could be read.
pub(crate) fn check(offers: &[Checked], sources: &[Source]) -> Vec<Problem> {
    let offers: Vec<&Offer> = offers.iter().map(|checked| &checked.offer).collect();
    let mut findings = numbers(&offers);
    // One that could not be read may be the other of its group.
    let is_whole = offers.len() == sources.len();
    findings.extend(groups(&offers, is_whole));
    findings.extend(prices(&offers));
    findings
        .into_iter()
        .filter_map(|found| told(found, sources))
        .collect()
}

/// Of which offer, at which key, what.
type Found<'a> = (&'a Offer, &'static str, Finding);

fn told((offer, key, finding): Found<'_>, sources: &[Source]) -> Option<Problem> {
    let name = format!("{}.toml", offer.id);
    let source = sources.iter().find(|s| s.file.ends_with(&name))?;
    let doc = Doc::parse(&source.file, &source.text).ok()?;
    Some(doc.problem(At::Value, key, finding))
}

/// A till that knows two discounts by one number gives the wrong one.
fn numbers<'a>(offers: &[&'a Offer]) -> Vec<Found<'a>> {
    let mut by_number: BTreeMap<u16, &Offer> = BTreeMap::new();
    let mut found = Vec::new();
    for offer in offers {
        let Some(voucher) = &offer.voucher else {
            continue;
        };
        if let Some(other) = by_number.insert(voucher.number, offer) {
            let finding = Finding::error(
                format!(
                    "{} is the number of {:?}, too",
                    voucher.number,
                    other.id.as_str()
                ),
                "give each voucher the number that your tills know it by",
            );
            found.push((*offer, "voucher.number", finding));
        }
    }
    found
}

fn groups<'a>(offers: &[&'a Offer], is_whole: bool) -> Vec<Found<'a>> {
    let mut by_group: BTreeMap<_, Vec<&Offer>> = BTreeMap::new();
    for offer in offers {
        if let Some(group) = &offer.limits.group {
            by_group.entry(group).or_default().push(offer);
        }
    }
    let mut found = Vec::new();
    for (group, members) in by_group {
        if let ([only], true) = (&members[..], is_whole) {
            let finding = Finding::warning(
                format!(
                    "group {:?} has no other offer: it excludes nothing",
                    group.as_str()
                ),
                "give the same group to the offers it stands for, or remove it",
            );
            found.push((*only, "group", finding));
        }
        let vouchers = || {
            members
                .iter()
                .filter_map(|o| Some((*o, o.voucher.as_ref()?)))
        };
        let alone = vouchers().find(|(_, voucher)| !voucher.stacks);
        let stacking = vouchers().find(|(_, voucher)| voucher.stacks);
        if let (Some((alone, _)), Some((stacking, _))) = (alone, stacking) {
            let finding = Finding::warning(
                format!(
                    "{:?} of the same group may not: they are never taken together",
                    alone.id.as_str()
                ),
                "say stacks = true in both, or in none",
            );
            found.push((stacking, "voucher.stacks", finding));
        }
    }
    found
}

/// Two prices for one product that one shopper may see within minutes.
fn prices<'a>(offers: &[&'a Offer]) -> Vec<Found<'a>> {
    let mut found = Vec::new();
    for (i, offer) in offers.iter().enumerate() {
        let clash = offers[..i].iter().find(|other| contradict(offer, other));
        if let Some(other) = clash {
            let finding = Finding::warning(
                format!(
                    "{:?} gives the same product another price",
                    other.id.as_str()
                ),
                "give both one group, so that a shopper sees one of them; or other dates or hours",
            );
            found.push((*offer, "creative.price", finding));
        }
    }
    found
}

fn contradict(one: &Offer, other: &Offer) -> bool {
    let same_product = one.skus.iter().any(|sku| other.skus.contains(sku));
    let (mine, theirs) = (&one.creative.price, &other.creative.price);
    let priced = mine.is_some() && theirs.is_some() && mine != theirs;
    let apart = one.limits.group.is_some() && one.limits.group == other.limits.group;
    same_product && priced && !apart && meet(&one.schedule, &other.schedule)
}

/// Whether there is a date on which both hold, and an hour of the week.
fn meet(one: &Schedule, other: &Schedule) -> bool {
    let begins = |s: &Schedule| s.from.map_or(i64::MIN, |at| at.0);
    let ends = |s: &Schedule| s.until.map_or(i64::MAX, |at| at.0);
    let dates = begins(one) < ends(other) && begins(other) < ends(one);
    dates && super::clock::ever_together(one, other)
}
