//! What one showing charges besides its offer's budget.

use super::{Charge, Issued, MoneyEntry, Ticket};
use crate::{
    effect::ShowingId,
    plan::{OfferIx, StorePlan},
    time::UnixMs,
};

/// When a showing is charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bill {
    /// The date.
    pub at: UnixMs,
    /// The local day on which it counts.
    pub day: i32,
}

impl Bill {
    /// Hours since 1970-01-01T00:00Z.
    pub const fn hour(self) -> i64 {
        hour(self.at)
    }

    /// What is written before the showing is reserved.
    pub fn entries(
        self,
        plan: &StorePlan,
        offer: OfferIx,
        showing: &ShowingId,
    ) -> impl Iterator<Item = MoneyEntry> + use<> {
        let charge = self.charge(plan, offer, showing).map(MoneyEntry::Charged);
        let issued = self.issued(plan, offer, showing).map(MoneyEntry::Issued);
        charge.into_iter().chain(issued)
    }

    /// What a showing in private counts for, if its offer is one of a campaign: hours are
    /// those of a screen, and no code is issued.
    pub fn private_entry(
        self,
        plan: &StorePlan,
        offer: OfferIx,
        showing: &ShowingId,
    ) -> Option<MoneyEntry> {
        let charge = self.charge(plan, offer, showing)?;
        let charge = Charge {
            hour: None,
            ..charge
        };
        charge
            .campaign
            .is_some()
            .then_some(MoneyEntry::Charged(charge))
    }

    /// What it counts for, if its offer is limited by a campaign or by hours.
    fn charge(self, plan: &StorePlan, offer: OfferIx, showing: &ShowingId) -> Option<Charge> {
        let spec = &plan.offers[offer.at()];
        let limits = &spec.limits;
        let campaign = limits.campaign.map(|c| plan.campaigns[c.at()].id.clone());
        let hour = limits.per_screen_hour.map(|_| self.hour());
        (campaign.is_some() || hour.is_some()).then(|| Charge {
            showing: showing.clone(),
            offer: spec.id.clone(),
            campaign,
            hour,
            day: self.day,
        })
    }

    /// The code that it issues, if its offer has vouchers.
    fn issued(self, plan: &StorePlan, offer: OfferIx, showing: &ShowingId) -> Option<Issued> {
        let spec = &plan.offers[offer.at()];
        let voucher = spec.voucher.as_ref()?;
        let campaign = spec.limits.campaign;
        Some(Issued {
            showing: showing.clone(),
            offer: spec.id.clone(),
            campaign: campaign.map(|c| plan.campaigns[c.at()].id.clone()),
            group: spec.limits.group.clone(),
            stacks: voucher.stacks,
            worth_minor: voucher.worth_minor,
            day: self.day,
            until: UnixMs(self.at.0.saturating_add_unsigned(voucher.valid_for_ms)),
        })
    }

    /// What the code says.
    pub fn ticket(self, plan: &StorePlan, offer: OfferIx, serial: u64) -> Option<Ticket> {
        let voucher = plan.offers[offer.at()].voucher.as_ref()?;
        let until = UnixMs(self.at.0.saturating_add_unsigned(voucher.valid_for_ms));
        Some(Ticket {
            number: voucher.number,
            serial,
            until_s: u32::try_from(until.seconds()).unwrap_or(u32::MAX),
            worth_minor: voucher.worth_minor,
        })
    }
}

/// Hours since 1970-01-01T00:00Z.
pub const fn hour(at: UnixMs) -> i64 {
    at.seconds().div_euclid(3_600)
}
