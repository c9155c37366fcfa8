//! What is so now, one retained message each.

use super::crowd::{Crowds, STEP};
use crate::{problems::Problem, shop::Live};
use engine::plan::StorePlan;
use protocol::{
    id::{OfferId, ScreenId},
    topic::Topic,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Retained messages by topic.
pub(super) type Retained = BTreeMap<String, Vec<u8>>;

/// What is wrong in the shop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GatewayHealth {
    /// Offers are shown: nothing worse than a warning.
    pub healthy: bool,
    /// What is wrong, worst first: `store`, `screen:dairy`, `scanner:s-01`.
    pub problems: Vec<String>,
}

/// How full a zone is at least.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ZoneState {
    /// At least so many people are there, in steps of 5, by the mean of the
    /// last minute. 0 tells nothing: there may be nobody, or up to 4.
    #[schemars(extend("multipleOf" = STEP))]
    pub people_min: u32,
    /// Whether at least 5 are there.
    pub busy: bool,
}

/// What a screen shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScreenState {
    /// The offer on the glass by the screen's own word; `null` for the house loop.
    pub offer: Option<OfferId>,
    /// Whether something is wrong with it.
    pub problem: bool,
}

impl GatewayHealth {
    pub(super) fn of(problems: &[Problem]) -> Self {
        Self {
            healthy: problems.iter().all(|problem| !problem.is_bad()),
            problems: problems.iter().map(|problem| problem.key.clone()).collect(),
        }
    }
}

impl ScreenState {
    fn of(screen: &ScreenId, live: &Live, problems: &[Problem]) -> Self {
        let seen = live.status.screens.iter().find(|s| s.id == *screen);
        let key = format!("screen:{screen}");
        Self {
            offer: seen.and_then(|screen| screen.offer.clone()),
            problem: problems.iter().any(|problem| problem.key == key),
        }
    }
}

/// The message at `gateway/health`.
pub(super) fn health(plan: &StorePlan, problems: &[Problem]) -> (String, Vec<u8>) {
    message(plan, &Topic::GatewayHealth, &GatewayHealth::of(problems))
}

/// The messages of zones and screens.
pub(super) fn floor(
    plan: &StorePlan,
    live: &Live,
    crowds: &Crowds,
    problems: &[Problem],
) -> Retained {
    let zones = plan.zones.iter().map(|zone| {
        let people_min = crowds.people_min(&zone.id);
        let state = ZoneState {
            people_min,
            busy: people_min > 0,
        };
        message(plan, &Topic::ZoneState(zone.id.clone()), &state)
    });
    let screens = plan.screens.iter().map(|screen| {
        let state = ScreenState::of(&screen.id, live, problems);
        message(plan, &Topic::ScreenState(screen.id.clone()), &state)
    });
    zones.chain(screens).collect()
}

fn message(plan: &StorePlan, topic: &Topic, state: &impl Serialize) -> (String, Vec<u8>) {
    let payload = serde_json::to_vec(state).expect("a state has only text keys");
    (topic.text(&plan.store).to_string(), payload)
}
