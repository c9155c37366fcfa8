//! Campaigns and vouchers as they are written.

use super::{Duration, Money, Name};
use schemars::JsonSchema;
use serde::Deserialize;

/// Offers that share caps and a budget.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Campaign {
    /// Name, which offers give as their `campaign`.
    pub(crate) id: Name,
    /// How often one shopper is shown any of its offers; as often as each
    /// offer says if left out.
    #[serde(default)]
    pub(crate) cap: Option<CampaignCap>,
    /// What all of its offers may use up together.
    #[serde(default)]
    pub(crate) budget: CampaignBudget,
}

/// How often one shopper is shown any of a campaign's offers.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CampaignCap {
    /// Within one visit; once if left out.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100), extend("default" = 1))]
    pub(crate) per_visit: Option<u16>,
    /// Within one day; as often as within one visit if left out.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    pub(crate) per_day: Option<u16>,
}

/// What the offers of a campaign may use up together.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CampaignBudget {
    /// Showings over the whole campaign; as many as its offers have if left out.
    #[serde(default)]
    #[schemars(range(min = 1, max = 1_000_000_000))]
    pub(crate) showings: Option<u32>,
    /// Showings within one day; as many as there are if left out.
    #[serde(default)]
    #[schemars(range(min = 1, max = 1_000_000_000))]
    pub(crate) showings_per_day: Option<u32>,
    /// What its vouchers may cost; as much as its offers allow if left out.
    #[serde(default)]
    pub(crate) money: Option<Money>,
}

/// A voucher beside the picture: a signed code for one redemption.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Voucher {
    /// The number that your tills know the discount by; each offer has its own.
    #[schemars(range(min = 1, max = 65_535))]
    pub(crate) number: u16,
    /// What one of them takes off.
    pub(crate) worth: Money,
    /// How many may be redeemed in all. No more codes are shown than that.
    #[schemars(range(min = 1, max = 1_000_000_000))]
    pub(crate) redemptions: u32,
    /// How many codes of one day may be redeemed; as many as there are if left out.
    #[serde(default)]
    #[schemars(range(min = 1, max = 1_000_000_000))]
    pub(crate) redemptions_per_day: Option<u32>,
    /// How long a code is good for; 20 minutes if left out.
    #[serde(default)]
    #[schemars(extend("default" = "20min"))]
    pub(crate) valid_for: Option<Duration>,
    /// Whether it may be taken together with vouchers of its group that may,
    /// too; no if left out.
    #[serde(default)]
    #[schemars(extend("default" = false))]
    pub(crate) stacks: Option<bool>,
}
