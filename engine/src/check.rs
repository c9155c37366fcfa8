//! Promises the engine makes about its own state, asked by the simulator and
//! by tests after every event.

use crate::{Engine, plan::OfferIx};

impl Engine {
    /// The first promise that does not hold, in words.
    pub fn check(&self) -> Result<(), String> {
        self.budgets_hold()?;
        self.vouchers_hold()?;
        self.profiles_are_only_of_those_here()?;
        self.what_is_kept_is_bounded()
    }

    fn budgets_hold(&self) -> Result<(), String> {
        for (index, offer) in self.plan.offers.iter().enumerate() {
            let Some(tally) = self.tallies.of(OfferIx(index as u16)) else {
                continue;
            };
            if tally.showings > offer.budget.showings {
                return Err(format!(
                    "{}: {} showings of a budget of {}",
                    offer.id, tally.showings, offer.budget.showings
                ));
            }
            let worst = tally.per_shopper.values().max().copied().unwrap_or(0);
            if worst > offer.cap.per_day {
                return Err(format!(
                    "{}: {worst} showings to one shopper with a cap of {} a day",
                    offer.id, offer.cap.per_day
                ));
            }
        }
        Ok(())
    }

    fn vouchers_hold(&self) -> Result<(), String> {
        let money = self.tallies.money();
        for offer in &self.plan.offers {
            let (Some(voucher), Some(sums)) = (&offer.voucher, money.offers.get(&offer.id)) else {
                continue;
            };
            if sums.reserved + sums.committed > voucher.redemptions {
                return Err(format!(
                    "{}: {} reserved and {} committed of {}",
                    offer.id, sums.reserved, sums.committed, voucher.redemptions
                ));
            }
        }
        for campaign in &self.plan.campaigns {
            let (Some(most), Some(sums)) =
                (campaign.money_minor, money.campaigns.get(&campaign.id))
            else {
                continue;
            };
            if sums.reserved_minor + sums.committed_minor > most {
                return Err(format!("{}: {sums:?} of {most}", campaign.id));
            }
        }
        Ok(())
    }

    fn profiles_are_only_of_those_here(&self) -> Result<(), String> {
        let here = |shopper| self.presence.visit(shopper).is_some();
        if self.traits.keys().all(|shopper| here(*shopper)) {
            Ok(())
        } else {
            Err("a profile is in memory of somebody who is not here".to_owned())
        }
    }

    fn what_is_kept_is_bounded(&self) -> Result<(), String> {
        let visits = self.presence.visits().len();
        if visits > crate::presence::MAX_VISITS || self.traits.len() > visits {
            return Err(format!("{visits} visits, {} profiles", self.traits.len()));
        }
        Ok(())
    }
}
