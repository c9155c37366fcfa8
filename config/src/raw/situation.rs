//! Who stands before a screen, in somebody's words.

use super::{
    Amount, Moment, Name,
    offer::{Person, Test},
};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A situation to ask every offer about.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Situation {
    /// Date and time on the shop's clock; now if left out.
    #[serde(default)]
    pub(crate) at: Option<Moment>,
    /// On which screen.
    pub(crate) screen: Name,
    /// Shoppers who opted in and are seen from the screen.
    #[serde(default)]
    #[schemars(length(max = 32))]
    pub(crate) audience: Vec<Person>,
    /// People nobody knows, by zone.
    #[serde(default)]
    pub(crate) crowd: BTreeMap<String, u16>,
    /// Values of sensors; a sensor that is left out is silent. A door says how
    /// many people are in the shop, which are spread over its zones by area.
    #[serde(default)]
    pub(crate) sensors: BTreeMap<String, Amount>,
    /// Enrolled shoppers who qualify for each segment offer; enough if left out.
    #[serde(default)]
    #[schemars(range(max = 1_000_000_000))]
    pub(crate) enrolled: Option<u32>,
    /// Whether few people came or went just now; no if left out.
    #[serde(default)]
    pub(crate) settling: Option<bool>,
    /// Whether it is the turn of segment offers on the screen; yes if left out.
    #[serde(default)]
    pub(crate) turn: Option<bool>,
}

impl Situation {
    /// As the case of an offer about which nothing is said.
    pub(crate) fn into_test(self) -> Test {
        Test {
            name: String::new(),
            at: self.at,
            screen: self.screen,
            audience: self.audience,
            sensors: self.sensors,
            // Nobody who asks how an offer stands before people means that the
            // shop has no members.
            enrolled: Some(self.enrolled.unwrap_or(u32::MAX)),
            settling: self.settling,
            turn: self.turn,
            showings: None,
            showings_today: None,
            switched_off: None,
            reverted: None,
            vouchers: None,
            vouchers_today: None,
            campaign_showings: None,
            campaign_money: None,
            this_hour: None,
            shown: None,
            why: None,
        }
    }
}
