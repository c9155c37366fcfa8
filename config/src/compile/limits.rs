//! Campaigns, groups, hours and vouchers: what they mean in this shop.

use super::{Site, settings::in_words};
use crate::{
    raw::{limit, offer, store::Store},
    report::Report,
};
use engine::{
    decide::Used,
    plan::{Campaign, CampaignIx, Cap, Limits, MAX_CAMPAIGNS, Voucher},
};

/// A code is good for so long unless stated, ms: a walk through the shop and a queue.
const VALID_FOR_MS: u64 = 20 * 60_000;
/// Longest time a code is good for, ms: all that long its worth is set aside.
const VALID_FOR_MS_MAX: u64 = 24 * 3_600_000;
/// Shortest time that is left after the picture has gone, ms.
const WALK_MS_MIN: u64 = 60_000;

/// The shop's campaigns.
pub(crate) fn campaigns(raw: &Store, report: &mut Report<'_>) -> Vec<Campaign> {
    let each = || raw.campaigns.iter().enumerate();
    let names = each().map(|(i, c)| (format!("campaigns[{i}].id"), c.id.0.as_str()));
    report.unique(names, "campaign");
    let built = each().take(MAX_CAMPAIGNS);
    built
        .filter_map(|(i, raw)| campaign(raw, &format!("campaigns[{i}]"), report))
        .collect()
}

fn campaign(raw: &limit::Campaign, key: &str, report: &mut Report<'_>) -> Option<Campaign> {
    let budget = &raw.budget;
    if let (Some(day), Some(all)) = (budget.showings_per_day, budget.showings)
        && day > all
    {
        report.warn(
            &format!("{key}.budget.showings_per_day"),
            format!("a day may use more than the {all} showings there are"),
            "lower it, or raise budget.showings",
        );
    }
    Some(Campaign {
        id: raw.id.0.parse().ok()?,
        cap: raw.cap.as_ref().map(|cap| shopper_cap(cap, key, report)),
        showings: budget.showings,
        showings_per_day: budget.showings_per_day,
        money_minor: budget.money.as_ref().map(|money| money.0),
    })
}

fn shopper_cap(raw: &limit::CampaignCap, key: &str, report: &mut Report<'_>) -> Cap {
    let per_visit = raw.per_visit.unwrap_or(1);
    let per_day = raw.per_day.unwrap_or(per_visit);
    if per_day < per_visit {
        report.warn(
            &format!("{key}.cap.per_day"),
            format!("per_visit = {per_visit} is never reached"),
            "set per_day to per_visit or more",
        );
    }
    Cap { per_visit, per_day }
}

/// What limits one offer besides its own cap and budget.
pub(crate) fn build(raw: &offer::Offer, site: &Site, report: &mut Report<'_>) -> Limits {
    let campaign = raw.campaign.as_ref().and_then(|name| {
        let known = site.plan.campaigns.iter().map(|c| c.id.as_str());
        report.find("campaign", "campaign", &name.0, known)
    });
    Limits {
        per_screen_hour: raw.cap.per_screen_hour,
        group: raw.group.as_ref().and_then(|name| name.0.parse().ok()),
        campaign: campaign.map(|ix| CampaignIx(ix as u16)),
    }
}

/// The voucher that an offer carries.
pub(crate) fn voucher(
    raw: &offer::Offer,
    limits: &Limits,
    shown_for_ms: u32,
    site: &Site,
    report: &mut Report<'_>,
) -> Option<Voucher> {
    let given = raw.voucher.as_ref()?;
    if raw.code.is_some() {
        report.error(
            "voucher",
            "a picture carries one code",
            "remove [code]: a voucher joins the receipt to its showing, too",
        );
    }
    let valid_for_ms = given.valid_for.as_ref().map_or(VALID_FOR_MS, |d| d.0);
    let least_ms = u64::from(shown_for_ms) + WALK_MS_MIN;
    if !(least_ms..=VALID_FOR_MS_MAX).contains(&valid_for_ms) {
        report.error(
            "voucher.valid_for",
            format!("{} is too short or too long", in_words(valid_for_ms)),
            format!(
                "give {} (shown_for and a minute to the till) to {}",
                in_words(least_ms),
                in_words(VALID_FOR_MS_MAX)
            ),
        );
    }
    let worth_minor = u32::try_from(given.worth.0).unwrap_or(0);
    if worth_minor == 0 {
        report.error(
            "voucher.worth",
            "a voucher is worth something, and less than 4 billion of the smallest coin",
            "give what it takes off, such as \"5.000 ₫\"",
        );
    }
    check_redemptions(given, report);
    check_campaign(given, limits, site, report);
    Some(Voucher {
        number: given.number,
        worth_minor,
        redemptions: given.redemptions,
        redemptions_per_day: given.redemptions_per_day,
        valid_for_ms,
        stacks: given.stacks.unwrap_or(false),
    })
}

/// What of the limits a test says is used up.
pub(crate) fn used(raw: &offer::Test) -> Used {
    Used {
        vouchers: raw.vouchers.unwrap_or(0),
        vouchers_today: raw.vouchers_today.unwrap_or(0),
        campaign_showings: raw.campaign_showings.unwrap_or(0),
        campaign_minor: raw.campaign_money.as_ref().map_or(0, |money| money.0),
        this_hour: raw.this_hour.unwrap_or(0),
    }
}

fn check_redemptions(given: &limit::Voucher, report: &mut Report<'_>) {
    if given
        .redemptions_per_day
        .is_some_and(|day| day > given.redemptions)
    {
        report.warn(
            "voucher.redemptions_per_day",
            format!(
                "a day may use more than the {} there are",
                given.redemptions
            ),
            "lower it, or raise voucher.redemptions",
        );
    }
}

fn check_campaign(given: &limit::Voucher, limits: &Limits, site: &Site, report: &mut Report<'_>) {
    let campaign = limits.campaign.map(|c| &site.plan.campaigns[c.at()]);
    let Some((campaign, money)) = campaign.and_then(|c| Some((c, c.money_minor?))) else {
        return;
    };
    if given.worth.0 > money {
        report.error(
            "voucher.worth",
            format!(
                "one voucher is worth more than campaign {:?} has: none could ever be shown",
                campaign.id.as_str()
            ),
            "lower it, or raise budget.money of the campaign in store.toml",
        );
    }
}
