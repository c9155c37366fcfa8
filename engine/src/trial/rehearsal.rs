//! A trial in a described situation: what a marketer says instead of what
//! hashes say.

use super::{Incident, RampState, TrialTally, Trials, Unit, let_in};
use crate::{
    decide::{Reason, Verdict},
    measure::held_out,
    plan::{Offer, OfferIx, StorePlan},
    shopper::ShopperId,
};

/// In a rehearsal a ramp lets half of all pseudonyms in, so that there are some
/// inside and some outside to choose from.
const REHEARSED_PERMILLE: u16 = 500;

/// The trial of a described situation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TrialSituation {
    /// Whether the offer's switchback is off on the screen.
    pub switched_off: bool,
    /// Whether the offer was taken back by its ramp's guard.
    pub reverted: bool,
}

impl TrialSituation {
    /// What becomes of the offer if its switchback is off.
    pub(crate) fn verdict(self, offer: &Offer, verdict: Verdict) -> Verdict {
        let is_off = self.switched_off && offer.trial.switchback_ms.is_some();
        let is_asked = match verdict {
            Verdict::Scored(_) => true,
            Verdict::Stopped(reason) => reason > Reason::Switchback,
        };
        if is_off && is_asked {
            Verdict::Stopped(Reason::Switchback)
        } else {
            verdict
        }
    }

    /// How far offers are let loose: all of them on everybody, but for this one
    /// if somebody described waits for it.
    pub(crate) fn trials(self, plan: &StorePlan, about: Option<OfferIx>, waits: bool) -> Trials {
        let mut trials = Trials::default();
        for (offer, at) in plan.offers.iter().zip(0..) {
            let is_this = about == Some(OfferIx(at));
            if offer.trial.ramp.is_none() {
                continue;
            }
            let permille = if is_this && waits {
                REHEARSED_PERMILLE
            } else {
                1_000
            };
            let is_reverted = is_this && self.reverted;
            let ramp = RampState {
                halted: is_reverted.then_some(Incident::Complaint),
                ..RampState::at(permille)
            };
            let tally = TrialTally {
                ramp,
                ..TrialTally::default()
            };
            trials.restore(offer.id.clone(), tally);
        }
        trials
    }
}

/// Whether a pseudonym is assigned as a person is described.
pub(crate) fn is_assigned(offer: &Offer, id: ShopperId, is_held: bool, is_waiting: bool) -> bool {
    let waits = || !let_in(offer, Unit::Shopper(id), REHEARSED_PERMILLE);
    held_out(offer, id) == is_held && (offer.trial.ramp.is_none() || waits() == is_waiting)
}
