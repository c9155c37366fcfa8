//! What vouchers take out of budgets while a day is decided with other offers.
//! Nobody redeems there: who would have is in no recording.

use crate::{
    effect::{Effect, LedgerEntry},
    money::{CampaignSums, Issued, Money, MoneyEntry, Sums, Wanted},
    plan::{CampaignIx, StorePlan},
    time::{UnixMs, Wall},
};
use protocol::id::{CampaignId, OfferId};
use serde::Serialize;
use std::collections::BTreeMap;

/// What the vouchers of one offer or one campaign took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Burn {
    /// Codes issued that day.
    pub issued: u32,
    /// What they were worth, in the currency's smallest unit.
    pub issued_minor: u64,
    /// The most that was set aside or redeemed at any moment, with what had been
    /// before that day.
    pub most_minor: u64,
    /// What may be, if there is a limit.
    pub of_minor: Option<u64>,
    /// When for the first time no further code fitted in, because too many were
    /// set aside; more do when codes lapse.
    pub full_at: Option<UnixMs>,
    /// When it would have been used up for good if everybody had redeemed theirs
    /// at once: the earliest moment there is.
    pub gone_at: Option<UnixMs>,
    /// Redeemed, set aside or late before the first code of that day, in the
    /// currency's smallest unit.
    pub before_minor: u64,
}

impl Burn {
    fn issue(&mut self, issued: &Issued, taken: Taken, at: Option<UnixMs>) {
        let worth_minor = u64::from(issued.worth_minor);
        if self.issued == 0 {
            self.before_minor = taken.minor.saturating_sub(worth_minor);
        }
        self.issued += 1;
        self.issued_minor += worth_minor;
        self.most_minor = self.most_minor.max(taken.minor);
        self.of_minor = taken.of_minor;
        if taken.is_full {
            self.full_at = self.full_at.or(at);
        }
        let all_minor = self.before_minor + self.issued_minor + worth_minor;
        if taken.of_minor.is_some_and(|of_minor| all_minor > of_minor) {
            self.gone_at = self.gone_at.or(at);
        }
    }

    /// Another run of the same day, after this one.
    fn add(&mut self, later: &Self) {
        if self.issued == 0 {
            self.before_minor = later.before_minor;
        }
        self.issued += later.issued;
        self.issued_minor += later.issued_minor;
        self.most_minor = self.most_minor.max(later.most_minor);
        self.of_minor = later.of_minor.or(self.of_minor);
        self.full_at = self.full_at.or(later.full_at);
        self.gone_at = self.gone_at.or(later.gone_at);
    }
}

/// How a budget stands after a code.
#[derive(Debug, Clone, Copy)]
struct Taken {
    minor: u64,
    of_minor: Option<u64>,
    is_full: bool,
}

/// By offer and by campaign.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Burns {
    /// Offers with vouchers that issued a code.
    pub offers: BTreeMap<OfferId, Burn>,
    /// Campaigns of theirs.
    pub campaigns: BTreeMap<CampaignId, Burn>,
}

impl Burns {
    /// Takes in what an engine asks for; `money` holds it already.
    pub(super) fn note(&mut self, wall: Wall, plan: &StorePlan, money: &Money, effect: &Effect) {
        let Effect::Commit {
            entry: LedgerEntry::Money(entry),
            ..
        } = effect
        else {
            return;
        };
        if let MoneyEntry::Issued(issued) = entry.as_ref() {
            self.issued(wall.known(), plan, money, issued);
        }
    }

    /// Adds another run of the same day.
    pub(super) fn add(&mut self, later: &Self) {
        for (id, burn) in &later.offers {
            self.offers.entry(id.clone()).or_default().add(burn);
        }
        for (id, burn) in &later.campaigns {
            self.campaigns.entry(id.clone()).or_default().add(burn);
        }
    }

    fn issued(&mut self, at: Option<UnixMs>, plan: &StorePlan, money: &Money, issued: &Issued) {
        let Some(offer) = plan.offer(&issued.offer) else {
            return;
        };
        let spec = &plan.offers[offer.at()];
        let campaign = spec
            .limits
            .campaign
            .map(|CampaignIx(at)| &plan.campaigns[at as usize]);
        let wanted = Wanted {
            offer: &issued.offer,
            voucher: spec.voucher.as_ref(),
            campaign,
            day: issued.day,
        };
        let worth_minor = u64::from(issued.worth_minor);
        let codes = money.offers.get(&issued.offer).map_or(0, Sums::taken);
        let most = spec.voucher.as_ref().map(|v| u64::from(v.redemptions));
        let taken = Taken {
            minor: u64::from(codes) * worth_minor,
            of_minor: most.map(|most| most * worth_minor),
            is_full: !money.has_room(&wanted),
        };
        let burn = self.offers.entry(issued.offer.clone()).or_default();
        burn.issue(issued, taken, at);
        if let Some(campaign) = campaign {
            let sums = money.campaigns.get(&campaign.id);
            let taken = Taken {
                minor: sums.map_or(0, CampaignSums::taken_minor),
                of_minor: campaign.money_minor,
                is_full: !money.has_room_in_campaign(&wanted),
            };
            let burn = self.campaigns.entry(campaign.id.clone()).or_default();
            burn.issue(issued, taken, at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effect::ShowingId;

    fn issued(worth_minor: u32) -> Issued {
        Issued {
            showing: ShowingId {
                screen: "front".parse().unwrap(),
                revision: 1,
            },
            offer: "tea".parse().unwrap(),
            campaign: None,
            group: None,
            stacks: false,
            worth_minor,
            day: 1,
            until: UnixMs(0),
        }
    }

    /// Of 1,000 there were 300 gone before; codes of 100 lapse after each two.
    #[test]
    fn a_budget_is_full_for_a_while_and_gone_when_everybody_redeems() {
        let mut burn = Burn::default();
        for (at, minor, is_full) in [
            (1, 400, false),
            (2, 500, false),
            (3, 400, false),
            (4, 500, true),
            (5, 400, false),
            (6, 500, true),
            (7, 400, false),
            (8, 500, false),
        ] {
            let taken = Taken {
                minor,
                of_minor: Some(1_000),
                is_full,
            };
            burn.issue(&issued(100), taken, Some(UnixMs(at)));
        }
        assert_eq!((burn.issued, burn.issued_minor), (8, 800));
        assert_eq!((burn.most_minor, burn.of_minor), (500, Some(1_000)));
        assert_eq!(burn.full_at, Some(UnixMs(4)));
        // 300 and seven codes are 1,000: an eighth would not have fitted in.
        assert_eq!(burn.gone_at, Some(UnixMs(7)));
        let mut day = Burn::default();
        day.add(&burn);
        day.add(&burn);
        assert_eq!((day.before_minor, day.issued), (300, 16));
    }

    #[test]
    fn a_budget_without_a_limit_is_never_gone() {
        let mut burn = Burn::default();
        let taken = Taken {
            minor: u64::MAX / 2,
            of_minor: None,
            is_full: false,
        };
        burn.issue(&issued(100), taken, Some(UnixMs(1)));
        assert_eq!(
            (burn.full_at, burn.gone_at, burn.of_minor),
            (None, None, None)
        );
    }
}
