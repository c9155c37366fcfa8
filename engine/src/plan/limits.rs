//! What holds back how often and how much, compiled: campaigns, groups, hours.

use super::Cap;
use protocol::id::{CampaignId, GroupId};
use serde::{Deserialize, Serialize};

/// What limits one offer besides its own cap and budget.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Limits {
    /// Showings on one screen within one hour.
    pub per_screen_hour: Option<u16>,
    /// Of one group a shopper is shown one offer a visit, and its vouchers are
    /// not taken together.
    pub group: Option<GroupId>,
    /// The campaign that it shares caps and budget with.
    pub campaign: Option<CampaignIx>,
}

impl Limits {
    /// No limits.
    pub const NONE: Self = Self {
        per_screen_hour: None,
        group: None,
        campaign: None,
    };
}

/// Index into the plan's campaigns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CampaignIx(pub u16);

impl CampaignIx {
    /// For indexing the plan's vector.
    pub const fn at(self) -> usize {
        self.0 as usize
    }
}

/// Offers that share caps and a budget.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Campaign {
    /// Name.
    pub id: CampaignId,
    /// How often one shopper is shown any of its offers.
    pub cap: Option<Cap>,
    /// Showings of all of them.
    pub showings: Option<u32>,
    /// Showings of all of them within one local day.
    pub showings_per_day: Option<u32>,
    /// What their vouchers may cost, in the currency's smallest unit.
    pub money_minor: Option<u64>,
}
