//! A hash over all decisions, each folded into the one of all before: two runs
//! with the same last value decided everything the same, bit for bit.

use crate::{
    decide::{Choice, Reason, Verdict},
    plan::{ScreenIx, StorePlan},
    replay::Sums,
};
use core::hash::Hasher as _;
use siphasher::sip::SipHasher13;
use std::collections::BTreeMap;

/// The chain, and its lowest bits after each decision not yet taken off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chain {
    /// Of all decisions so far.
    pub value: u64,
    /// How many.
    pub decisions: u64,
    marks: Vec<(ScreenIx, u16)>,
    /// For every offer of the plan how often which rule was the first to stop
    /// it, if that is counted.
    stops: Option<Vec<BTreeMap<Reason, u64>>>,
}

impl Chain {
    /// One that also counts what stopped offers.
    pub(crate) fn counting() -> Self {
        Self {
            stops: Some(Vec::new()),
            ..Self::default()
        }
    }

    /// Hands the counts over.
    pub(crate) fn count_into(&self, plan: &StorePlan, sums: &mut Sums) {
        let stops = self.stops.iter().flatten();
        for (offer, stops) in plan.offers.iter().zip(stops) {
            let sum = sums.of(&offer.id);
            for (reason, count) in stops {
                match reason {
                    Reason::GuardSensitivity | Reason::GuardCrowd | Reason::GuardSettle => {
                        sum.guarded += count;
                    }
                    Reason::Cap | Reason::CampaignCap | Reason::Group | Reason::ScreenHour => {
                        sum.capped += count;
                    }
                    Reason::Budget | Reason::VoucherBudget | Reason::CampaignBudget => {
                        sum.spent += count;
                    }
                    _ => {}
                }
            }
        }
    }

    fn count(&mut self, waterfall: &[Verdict]) {
        let Some(stops) = &mut self.stops else {
            return;
        };
        stops.resize(waterfall.len(), BTreeMap::new());
        for (stops, verdict) in stops.iter_mut().zip(waterfall) {
            if let Verdict::Stopped(reason) = verdict {
                *stops.entry(*reason).or_default() += 1;
            }
        }
    }

    /// One decision more.
    pub fn note(&mut self, choice: &Choice) {
        let decision = &choice.decision;
        let mut hasher = SipHasher13::new_with_keys(self.value, self.decisions);
        hasher.write_u8(decision.screen.0);
        hasher.write_u64(decision.at.0);
        hasher.write_u32(decision.chosen.map_or(u32::MAX, |offer| offer.0.into()));
        hasher.write_u32(decision.audience.0);
        hasher.write_u32(decision.audience.1.to_bits());
        hasher.write_u32(decision.propensity.to_bits());
        for verdict in &decision.waterfall {
            match verdict {
                Verdict::Scored(score) => hasher.write_u32(score.total().to_bits()),
                Verdict::Stopped(reason) => hasher.write_u32(reason.mark()),
            }
        }
        for shopper in &choice.shoppers {
            hasher.write_u64(shopper.0);
        }
        hasher.write_u8(choice.arm.unwrap_or(u8::MAX));
        if let Some(reached) = &choice.reached {
            hasher.write_u16(reached.offer.0);
            for shopper in &reached.shoppers {
                hasher.write_u64(shopper.0);
            }
        }
        self.value = hasher.finish();
        self.decisions += 1;
        self.count(&decision.waterfall);
        self.marks.push((decision.screen, self.value as u16));
    }

    /// Takes off what was noted since the last time: for every decision the
    /// screen, and the lowest bits of the chain after it.
    pub fn take_marks(&mut self) -> Vec<(ScreenIx, u16)> {
        core::mem::take(&mut self.marks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        decide::{Decision, Reached, Score},
        plan::OfferIx,
        shopper::ShopperId,
        time::Mono,
    };

    /// Every reason there is, a score, people, an arm and a reach.
    fn choice(at_ms: u64) -> Choice {
        let score = Score {
            value: 50.0,
            reach: 1.5,
            fatigue: 0.5,
            pacing: 1.0,
            learned: 1.0,
        };
        let stopped = Reason::ALL.map(Verdict::Stopped);
        Choice {
            decision: Decision {
                screen: ScreenIx(2),
                at: Mono(at_ms),
                chosen: Some(OfferIx(0)),
                audience: (2, 4.5),
                propensity: 0.975,
                explored: false,
                waterfall: [Verdict::Scored(score)]
                    .into_iter()
                    .chain(stopped)
                    .collect(),
            },
            shoppers: vec![ShopperId(7), ShopperId(11)],
            reached: Some(Reached {
                offer: OfferIx(0),
                score: 1.0,
                shoppers: vec![ShopperId(7)],
            }),
            ranked: Vec::new(),
            arm: Some(1),
        }
    }

    /// Recorded days carry these: when one of them changes, recordings of the
    /// build before seem to have been decided otherwise, and [`super::VERSION`]
    /// has to rise with it.
    #[test]
    fn a_chain_of_the_build_before_has_the_same_hash() {
        assert_eq!(super::super::VERSION, 8);
        let mut chain = Chain::default();
        chain.note(&choice(1_000));
        assert_eq!(chain.value, 0x3c52_d858_bfd7_8904);
        let house = Choice {
            arm: None,
            reached: None,
            shoppers: Vec::new(),
            ..choice(2_000)
        };
        chain.note(&house);
        assert_eq!((chain.value, chain.decisions), (0xdc63_a7ca_04e6_0661, 2));
    }
}
