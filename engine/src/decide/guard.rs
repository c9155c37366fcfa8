//! What keeps a public screen from giving people away. Asked before any score,
//! and cannot be outbid.
//!
//! Whoever stands in the shop sees who comes and what the screens show, and may
//! guess from both who is in a segment. No rule about who is in view stops that
//! by itself: of three people before a picture for families one is meant. So
//! each segment offer also has *turns*: slots drawn by key, one in so many, in
//! which it may be shown at all, whoever is there. What is seen in few slots
//! tells little (amplification by subsampling: Balle, Barthe, Gaboardi 2018).
//! `docs/guard.md` has the curve.

mod settle;

pub use settle::Settle;

use super::{Reason, Scene, offer_set::OfferSet};
use crate::{
    Seed,
    event::Eyes,
    plan::{GuardSettings, Offer, OfferIx, ScreenIx, Sensitivity},
    time::UnixMs,
};
use core::hash::Hasher as _;
use siphasher::sip::SipHasher13;

/// Length of a slot, ms: longer than people stay before one screen, so that a
/// visit meets one turn and not many.
pub(super) const SLOT_MS: i64 = 900_000;

/// How the guard is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Guarding {
    /// As the plan wants it, and never below [`GuardSettings::FLOOR`].
    #[default]
    Shop,
    /// The same in a described situation, which says whether it is the offer's turn.
    Rehearsed {
        /// Whether it is.
        turn: bool,
    },
    /// For one pair of eyes: nothing points at anybody.
    Private(Eyes),
    /// Exactly these, or not at all: to measure what the guard is worth. The
    /// gateway never asks so.
    Measured(Option<GuardSettings>),
}

impl Guarding {
    /// What holds in this plan; `None` when nothing does.
    pub(crate) fn settings(self, plan: &GuardSettings) -> Option<GuardSettings> {
        match self {
            Self::Shop | Self::Rehearsed { .. } => Some(plan.at_least_floor()),
            Self::Private(_) => None,
            Self::Measured(settings) => settings,
        }
    }
}

/// Whether a class may be on a public screen at all, or before these eyes.
pub(super) fn class(guarding: Guarding, offer: &Offer) -> Result<(), Reason> {
    let highest = match guarding {
        Guarding::Private(Eyes::Shopper) => Sensitivity::Sensitive,
        Guarding::Private(Eyes::Staff) => Sensitivity::Personal,
        Guarding::Shop | Guarding::Rehearsed { .. } | Guarding::Measured(_) => Sensitivity::Segment,
    };
    if offer.sensitivity <= highest {
        Ok(())
    } else {
        Err(Reason::GuardSensitivity)
    }
}

/// A turn's time, and what decides whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct GuardSlot {
    seed: Seed,
    turns: u16,
    slot: i64,
}

impl GuardSlot {
    /// The one of this moment.
    pub(super) fn new(seed: Seed, settings: &GuardSettings, wall: UnixMs) -> Self {
        Self {
            seed,
            turns: settings.turns.max(1),
            slot: wall.0.div_euclid(SLOT_MS),
        }
    }
}

/// The guard of one screen at one moment.
#[derive(Debug)]
pub(super) struct Guard<'s> {
    settings: Option<GuardSettings>,
    /// `None` without a date.
    slot: Option<GuardSlot>,
    /// Whose turn it is, if that was drawn before.
    turns: Option<&'s OfferSet>,
    /// People surely in view, once somebody asked.
    located: Option<f32>,
}

impl<'s> Guard<'s> {
    /// Of a scene.
    pub(super) fn new(scene: &Scene<'s>) -> Self {
        let settings = scene.guarding.settings(&scene.plan.guard);
        let wall = scene.now.wall.known();
        let slot = settings
            .zip(wall)
            .map(|(settings, wall)| GuardSlot::new(scene.seed, &settings, wall));
        Self {
            settings,
            slot,
            turns: slot.and_then(|slot| scene.book.lots().turns(slot, scene.screen)),
            located: None,
        }
    }

    /// Whether it is the turn of this offer, which is personal, on the screen.
    /// Asks nothing about anybody.
    pub(super) fn turn(&self, scene: &Scene<'_>, index: OfferIx) -> Result<(), Reason> {
        if self.settings.is_none() {
            return Ok(());
        }
        let slot = self.slot.ok_or(Reason::NoDate)?;
        let is_on = match (scene.guarding, self.turns) {
            (Guarding::Rehearsed { turn }, _) => turn,
            (_, Some(turns)) => turns.has(index),
            (_, None) => has_turn(slot, scene.screen, &scene.plan.offers[index.at()]),
        };
        if is_on {
            Ok(())
        } else {
            Err(Reason::GuardTurn)
        }
    }

    /// Whether enough people are about for the picture of this offer, which is
    /// personal, not to point at one.
    pub(super) fn crowd(&mut self, scene: &Scene<'_>, index: OfferIx) -> Result<(), Reason> {
        let Some(settings) = self.settings else {
            return Ok(());
        };
        // Surely there: those followed or counted on the spot. People whom only a
        // door has counted may be anywhere.
        let located = *self.located.get_or_insert_with(|| {
            let (now, seen_from) = (scene.now.mono, scene.seen_from());
            let context = scene.context;
            context.located(now, scene.plan, seen_from, scene.visits)
        });
        let enrolled = scene.census.get(index.at()).copied().unwrap_or(0);
        if located < f32::from(settings.people_in_view_min) || enrolled < settings.enrolled_min {
            return Err(Reason::GuardCrowd);
        }
        if scene.settling {
            return Err(Reason::GuardSettle);
        }
        Ok(())
    }
}

/// By the offer's name, so that another offer more or less moves no turns.
pub(super) fn has_turn(slot: GuardSlot, screen: ScreenIx, offer: &Offer) -> bool {
    let mut hasher = SipHasher13::new_with_keys(slot.seed.0, 0x7475_726e);
    hasher.write_u8(screen.0);
    hasher.write(offer.id.as_str().as_bytes());
    hasher.write_i64(slot.slot);
    hasher.finish().is_multiple_of(u64::from(slot.turns))
}
