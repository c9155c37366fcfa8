//! What limits have been used up in a described situation.

use crate::{
    money::{CampaignSums, HourCount, HourKey, Money, MoneyEntry, Sums, hour},
    plan::{OfferIx, ScreenIx, StorePlan},
    presence::Visit,
    time::UnixMs,
};

/// What an offer's vouchers, its campaign and this hour have used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Used {
    /// Vouchers out or redeemed.
    pub vouchers: u32,
    /// Those of them issued today.
    pub vouchers_today: u32,
    /// Showings of its campaign.
    pub campaign_showings: u32,
    /// What vouchers of its campaign cost, in the currency's smallest unit.
    pub campaign_minor: u64,
    /// Showings on this screen within this hour.
    pub this_hour: u16,
}

impl Used {
    /// As the ledger would add it up.
    pub(super) fn money(
        self,
        plan: &StorePlan,
        offer: OfferIx,
        screen: ScreenIx,
        at: Option<UnixMs>,
        day: i32,
    ) -> Money {
        let spec = &plan.offers[offer.at()];
        let mut money = Money::default();
        money.apply(&MoneyEntry::Tallied {
            offer: spec.id.clone(),
            sums: Sums {
                committed: self.vouchers.max(self.vouchers_today),
                day,
                issued_today: self.vouchers_today,
                ..Sums::default()
            },
        });
        if let Some(campaign) = spec.limits.campaign {
            money.apply(&MoneyEntry::CampaignTallied {
                campaign: plan.campaigns[campaign.at()].id.clone(),
                sums: CampaignSums {
                    showings: self.campaign_showings,
                    day,
                    committed_minor: self.campaign_minor,
                    ..CampaignSums::default()
                },
            });
        }
        let of = HourKey {
            offer: spec.id.clone(),
            screen: plan.screens[screen.at()].id.clone(),
        };
        let count = HourCount {
            hour: at.map_or(0, hour),
            count: self.this_hour,
        };
        money.apply(&MoneyEntry::HourTallied { of, count });
        money
    }
}

/// A visit has been shown others of the offer's group and campaign, as often as
/// described. Without such others in the plan nothing was.
pub(super) fn shown_others(
    plan: &StorePlan,
    offer: OfferIx,
    visit: &mut Visit,
    (group, campaign): (bool, u16),
) {
    let limits = &plan.offers[offer.at()].limits;
    let others = || {
        let all = (0..plan.offers.len() as u16).map(OfferIx);
        all.filter(|other| *other != offer)
    };
    let limits_of = |other: &OfferIx| &plan.offers[other.at()].limits;
    if group
        && limits.group.is_some()
        && let Some(other) = others().find(|o| limits_of(o).group == limits.group)
    {
        visit.charge(other);
    }
    if limits.campaign.is_some()
        && let Some(other) = others().find(|o| limits_of(o).campaign == limits.campaign)
    {
        (0..campaign).for_each(|_| visit.charge(other));
    }
}
