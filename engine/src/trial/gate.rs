//! The rules that a decision asks about a trial.

use super::{BLOCK_MS, Cell, RampState, Unit, arm_of, block_at, is_on, let_in};
use crate::{
    decide::Reason,
    measure::held_out,
    plan::{Offer, Screen},
    shopper::ShopperId,
    time::UnixMs,
};

/// Whether a shopper may be shown an offer, as far as its trial goes.
pub fn admits(offer: &Offer, ramp: Option<&RampState>, shopper: ShopperId) -> Result<(), Reason> {
    if held_out(offer, shopper) {
        return Err(Reason::Holdout);
    }
    // A switchback assigns screens and blocks, whoever is there.
    if offer.trial.switchback_ms.is_some() {
        return Ok(());
    }
    in_ramp(offer, ramp, Unit::Shopper(shopper))
}

/// Whether a screen may show an offer at this moment to people whom nobody
/// knows, as far as its trial goes.
pub fn admits_block(
    offer: &Offer,
    ramp: Option<&RampState>,
    screen: &Screen,
    at: UnixMs,
) -> Result<(), Reason> {
    let block = block_at(at, offer.trial.switchback_ms.unwrap_or(BLOCK_MS));
    in_ramp(offer, ramp, Unit::Block(&screen.id, block))
}

/// Whether an offer's switchback is on; it is for offers without one.
pub fn is_switched_on(offer: &Offer, screen: &Screen, at: UnixMs) -> bool {
    let length = offer.trial.switchback_ms;
    length.is_none_or(|ms| is_on(offer, &screen.id, block_at(at, ms)))
}

/// Whether an offer was taken back.
pub fn is_reverted(offer: &Offer, ramp: Option<&RampState>) -> bool {
    offer.trial.ramp.is_some() && ramp.is_some_and(|state| state.halted.is_some())
}

/// What a shopper is assigned to.
pub fn cell_of(offer: &Offer, ramp: Option<&RampState>, shopper: ShopperId) -> Cell {
    match admits(offer, ramp, shopper) {
        Err(Reason::Holdout) => Cell::Holdout,
        Err(_) => Cell::Waiting,
        Ok(()) => match arm_of(offer, Unit::Shopper(shopper)) {
            Some(arm) => Cell::Arm(offer.trial.arms[usize::from(arm)].name.clone()),
            None => Cell::Shown,
        },
    }
}

fn in_ramp(offer: &Offer, ramp: Option<&RampState>, unit: Unit<'_>) -> Result<(), Reason> {
    if offer.trial.ramp.is_none() {
        return Ok(());
    }
    if is_reverted(offer, ramp) {
        return Err(Reason::Reverted);
    }
    // Not begun yet: nobody.
    let permille = ramp.map_or(0, |state| state.permille);
    if let_in(offer, unit, permille) {
        Ok(())
    } else {
        Err(Reason::Ramp)
    }
}
