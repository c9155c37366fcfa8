//! Vouchers, compiled: a code of its own for every showing, worth money once.

use serde::{Deserialize, Serialize};

/// A voucher that an offer's pictures carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voucher {
    /// The number that tills know the discount by; each offer has its own.
    pub number: u16,
    /// What one of them is worth, in the currency's smallest unit.
    pub worth_minor: u32,
    /// How many may be redeemed in all.
    pub redemptions: u32,
    /// How many codes of one local day may be redeemed.
    pub redemptions_per_day: Option<u32>,
    /// How long a code is good for, ms.
    pub valid_for_ms: u64,
    /// Whether it may be taken together with others of its group.
    pub stacks: bool,
}
