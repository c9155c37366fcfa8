//! What of vouchers, campaigns and hours is written to the ledger. New kinds
//! come last: the place of a kind is its number on the disk.

use super::{CampaignSums, Code, HourCount, Sums};
use crate::{effect::ShowingId, time::UnixMs};
use protocol::id::{CampaignId, GroupId, OfferId, ScreenId};
use serde::{Deserialize, Serialize};

/// One thing that happened to money or to a limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum MoneyEntry {
    /// A showing counts for a campaign, an hour, or both.
    Charged(Charge),
    /// A code is about to be shown: its worth is reserved.
    Issued(Issued),
    /// A till holds a code for one receipt.
    Held {
        /// Which: the revision of its showing.
        code: u64,
        /// By which receipt.
        by: Claim,
        /// Since when, if the date was known.
        at: Option<UnixMs>,
    },
    /// A code was redeemed.
    Committed {
        /// Which.
        code: u64,
        /// By which receipt.
        by: Claim,
    },
    /// A receipt lets a code go, and can do nothing more with it.
    Released {
        /// Which.
        code: u64,
        /// Which receipt.
        by: Claim,
    },
    /// Codes are too old to be redeemed: what they reserved is free again.
    Lapsed {
        /// Which, a few at a time.
        codes: Vec<u64>,
    },
    /// In a checkpoint only: a code that is remembered.
    Kept(Box<Code>),
    /// In a checkpoint only: the sums of one offer, which hold its codes.
    Tallied {
        /// Which offer.
        offer: OfferId,
        /// So far.
        sums: Sums,
    },
    /// In a checkpoint only: the sums of one campaign.
    CampaignTallied {
        /// Which campaign.
        campaign: CampaignId,
        /// So far.
        sums: CampaignSums,
    },
    /// In a checkpoint only: showings of one offer on one screen in an hour.
    HourTallied {
        /// Which offer on which screen.
        of: HourKey,
        /// So far.
        count: HourCount,
    },
    /// In a checkpoint only: a charge that its sums hold and that may still be
    /// given back.
    OpenCharge(Charge),
}

/// What a showing counts for besides its offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// Which showing.
    pub showing: ShowingId,
    /// Of which offer.
    pub offer: OfferId,
    /// For which campaign.
    pub campaign: Option<CampaignId>,
    /// In which hour (hours since 1970-01-01T00:00Z), if hours are limited.
    pub hour: Option<i64>,
    /// On which local day.
    pub day: i32,
}

/// A code that was issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    /// With which showing; its revision names the code.
    pub showing: ShowingId,
    /// Of which offer.
    pub offer: OfferId,
    /// Whose budget it counts against, besides its offer's.
    pub campaign: Option<CampaignId>,
    /// Which vouchers it is not taken together with, unless both stack.
    pub group: Option<GroupId>,
    /// Whether it may be taken together with others of its group.
    pub stacks: bool,
    /// What it is worth, in the currency's smallest unit.
    pub worth_minor: u32,
    /// On which local day it counts.
    pub day: i32,
    /// Last moment at which it can be redeemed.
    pub until: UnixMs,
}

/// A receipt's claim to a code. A receipt that let go may come again with a
/// higher attempt; what was sent for an earlier one comes too late.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Till and receipt.
    pub receipt: String,
    /// Which attempt, 1 for the first.
    pub attempt: u8,
}

/// One offer on one screen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HourKey {
    /// Which offer.
    pub offer: OfferId,
    /// Which screen.
    pub screen: ScreenId,
}
