//! Whether one more showing or code fits, asked before it is decided.

use super::{HourKey, MAX_CODES, Money};
use crate::plan::{Campaign, Voucher};
use protocol::id::{OfferId, ScreenId};

/// What a showing would take.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Of which offer.
    pub offer: &'a OfferId,
    /// The voucher that it carries.
    pub voucher: Option<&'a Voucher>,
    /// The campaign that it belongs to.
    pub campaign: Option<&'a Campaign>,
    /// On which local day it counts.
    pub day: i32,
}

impl Money {
    /// Whether the budget of vouchers has room for one more code.
    pub fn has_room(&self, wanted: &Wanted<'_>) -> bool {
        let Some(voucher) = wanted.voucher else {
            return true;
        };
        let sums = self.offers.get(wanted.offer).copied().unwrap_or_default();
        // A day before the newest is a clock gone back: it renews nothing.
        let today = if wanted.day > sums.day {
            0
        } else {
            sums.issued_today
        };
        self.live() < MAX_CODES
            && sums.taken() < voucher.redemptions
            && voucher.redemptions_per_day.is_none_or(|most| today < most)
    }

    /// Whether the budget of the campaign has room for one more.
    pub fn has_room_in_campaign(&self, wanted: &Wanted<'_>) -> bool {
        let Some(campaign) = wanted.campaign else {
            return true;
        };
        let sums = self
            .campaigns
            .get(&campaign.id)
            .copied()
            .unwrap_or_default();
        let today = if wanted.day > sums.day {
            0
        } else {
            sums.showings_today
        };
        let worth_minor = wanted.voucher.map_or(0, |v| u64::from(v.worth_minor));
        campaign.showings.is_none_or(|most| sums.showings < most)
            && campaign.showings_per_day.is_none_or(|most| today < most)
            && campaign
                .money_minor
                .is_none_or(|most| sums.taken_minor().saturating_add(worth_minor) <= most)
    }

    /// Showings of an offer on a screen within this hour.
    pub fn shown_in_hour(&self, offer: &OfferId, screen: &ScreenId, hour: i64) -> u16 {
        let of = HourKey {
            offer: offer.clone(),
            screen: screen.clone(),
        };
        self.hours.get(&of).map_or(0, |count| count.within(hour))
    }
}
