//! The shop's promises as code. The checker sees what the engine is told and
//! what it asks for, the ledger's entries as they reach the disk, and the
//! ground truth that only the simulator has; it never asks the engine what it
//! thinks of itself.
//!
//! | room | promise |
//! |---|---|
//! | [`consent`] | 3: no personal offer without a live consent; from withdrawal on none, and the screen clears |
//! | [`answers`] | 3: what somebody was told is done is on the disk |
//! | [`caps`] | 4: caps and budgets hold across crashes; no picture before its reservation is durable |
//! | [`strangers`] | 5: a stranger's frame reaches no sink |
//! | [`screens`] | 6: every screen is right once the world heals; revisions rise |
//! | [`room`] | 3 and 7 on a full disk: what is taken back is taken back, nothing new is shown |
//! | [`guard`] | 7: doubt means the house loop; sensitive classes, schedule and stock |
//!
//! Promises 1 (same seed, same effects) and 2 (no panic) are checked by the
//! run itself.

pub mod answers;
pub mod caps;
pub mod consent;
pub mod guard;
pub mod room;
pub mod screens;
pub mod strangers;

use engine::{
    Effect, Event, Now,
    effect::LedgerEntry,
    plan::{OfferIx, ScreenIx, StorePlan},
    shopper::ShopperId,
};
use protocol::screen::{ScreenAction, ScreenCommand};
use std::sync::Arc;

/// Most violations kept; one is enough to fail, a flood helps nobody.
pub const VIOLATIONS_MAX: usize = 50;

/// A broken promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Which promise, by the number in the design, 1 to 7.
    pub promise: u8,
    /// When, ms since the world began.
    pub at_ms: u64,
    /// In words, without personal data.
    pub what: String,
}

impl std::fmt::Display for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let s = self.at_ms as f64 / 1000.0;
        write!(
            f,
            "promise {} broken at {s:.3} s: {}",
            self.promise, self.what
        )
    }
}

/// One call of the engine.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// When, ms since the world began.
    pub at_ms: u64,
    /// What the engine took for the time.
    pub now: Now,
    /// What it was told.
    pub event: &'a Event,
    /// What it asked for.
    pub effects: &'a [Effect],
}

/// Where violations are put.
#[derive(Debug, Default)]
pub struct Complaints {
    kept: Vec<Violation>,
    /// All of them, also those not kept.
    pub count: u64,
}

impl Complaints {
    /// Adds one.
    pub fn add(&mut self, promise: u8, at_ms: u64, what: impl Into<String>) {
        self.count += 1;
        if self.kept.len() < VIOLATIONS_MAX {
            self.kept.push(Violation {
                promise,
                at_ms,
                what: what.into(),
            });
        }
    }

    /// Those kept, first first.
    pub fn kept(&self) -> &[Violation] {
        &self.kept
    }
}

/// All promises together.
#[derive(Debug)]
pub struct Checker {
    /// What was found.
    pub complaints: Complaints,
    answers: answers::Answers,
    consent: consent::Consents,
    caps: caps::Caps,
    strangers: strangers::Strangers,
    screens: screens::Screens,
    guard: guard::Guard,
    room: room::FullDisk,
}

impl Checker {
    /// For this shop.
    pub fn new(plan: Arc<StorePlan>) -> Self {
        Self {
            complaints: Complaints::default(),
            answers: answers::Answers::default(),
            consent: consent::Consents::new(plan.clone()),
            caps: caps::Caps::new(plan.clone()),
            strangers: strangers::Strangers::default(),
            screens: screens::Screens::new(plan.clone()),
            guard: guard::Guard::new(plan),
            room: room::FullDisk::default(),
        }
    }

    /// The gateway starts, for the first time or again.
    pub fn started(&mut self) {
        self.answers.started();
        self.consent.started();
        self.caps.started();
        self.screens.started();
        self.guard.started();
        self.room.started();
    }

    /// An entry is on the disk, acknowledged or not.
    pub fn on_disk(&mut self, entry: &LedgerEntry) {
        self.answers.on_disk(entry);
        self.consent.on_disk(entry);
        self.caps.on_disk(entry);
    }

    /// One call of the engine; `texts` are its effects as they would be written.
    pub fn called(&mut self, call: &Call<'_>, texts: &[String]) {
        let complaints = &mut self.complaints;
        self.answers.called(call, complaints);
        self.caps.called(call, complaints);
        self.consent.called(call, &self.caps, complaints);
        self.guard.called(call, &self.caps, complaints);
        self.room.called(call, complaints);
        self.screens.called(call, complaints);
        self.strangers.called(call, texts, complaints);
    }

    /// Ground truth: this shopper is in the shop.
    pub fn is_here(&mut self, shopper: ShopperId, at_ms: u64) {
        self.consent.is_here(shopper, at_ms);
    }

    /// Ground truth: something of this shopper was delivered; `surely` when
    /// nothing keeps the gateway from telling whose it is.
    pub fn was_heard(&mut self, shopper: ShopperId, at_ms: u64, surely: bool) {
        self.caps.was_heard(shopper, at_ms, surely);
    }

    /// Ground truth: a stranger sends this.
    pub fn strangers(&mut self) -> &mut strangers::Strangers {
        &mut self.strangers
    }

    /// Ground truth: a screen painted this revision.
    pub fn painted(&mut self, screen: ScreenIx, revision: u64, at_ms: u64) {
        self.caps
            .painted(screen, revision, at_ms, &mut self.complaints);
    }

    /// Ground truth: what is on a screen that runs, long after the world healed.
    pub fn settled(&mut self, glass: &screens::Glass, at_ms: u64) {
        self.screens.settled(glass, at_ms, &mut self.complaints);
    }
}

/// The pictures among some effects.
pub(crate) fn shows<'a>(
    effects: &'a [Effect],
    plan: &'a StorePlan,
) -> impl Iterator<Item = (ScreenIx, OfferIx, &'a ScreenCommand)> + 'a {
    effects.iter().filter_map(|effect| {
        let Effect::Command(command) = effect else {
            return None;
        };
        let ScreenAction::Show { offer, .. } = &command.action else {
            return None;
        };
        Some((plan.screen(&command.screen)?, plan.offer(offer)?, command))
    })
}

#[cfg(test)]
pub(crate) mod trace {
    //! Hand-made traces: a check that cannot fail is a defect.

    use super::*;
    use crate::small_shop;
    use engine::{
        effect::{CommitId, Reservation, ShowingId},
        event::RequestId,
        shopper::{Enrolment, Profile, Purposes},
        time::{Mono, UnixMs, Wall},
    };

    /// A Saturday, 10:00 in the shop.
    pub(crate) const DATE: i64 = 1_795_230_000_000;
    pub(crate) const MAI: ShopperId = ShopperId(1);
    pub(crate) const MILK: &str = "milk-for-families";
    pub(crate) const BREAD: &str = "bread-for-all";

    pub(crate) struct Trace {
        pub(crate) checker: Checker,
        pub(crate) plan: Arc<StorePlan>,
        pub(crate) at_ms: u64,
        pub(crate) wall: Wall,
        commits: u64,
        /// Appended, and not on the disk yet.
        waiting: Vec<LedgerEntry>,
    }

    impl Trace {
        pub(crate) fn new() -> Self {
            let plan = small_shop::plan();
            let mut checker = Checker::new(plan.clone());
            checker.started();
            Self {
                checker,
                plan,
                at_ms: 0,
                wall: Wall::Synced(UnixMs(DATE)),
                commits: 0,
                waiting: Vec::new(),
            }
        }

        pub(crate) fn call(&mut self, event: &Event, effects: &[Effect]) -> &mut Self {
            self.at_ms += 100;
            let texts: Vec<String> = effects.iter().map(crate::run::journal::text).collect();
            let call = Call {
                at_ms: self.at_ms,
                now: Now {
                    mono: Mono(self.at_ms),
                    wall: self.wall,
                },
                event,
                effects,
            };
            self.checker.called(&call, &texts);
            self
        }

        pub(crate) fn commit(&mut self, event: &Event, entry: LedgerEntry) -> &mut Self {
            self.commits += 1;
            let id = CommitId(self.commits);
            self.waiting.push(entry.clone());
            self.call(event, &[Effect::Commit { id, entry }])
        }

        pub(crate) fn durable(&mut self) -> &mut Self {
            for entry in std::mem::take(&mut self.waiting) {
                self.checker.on_disk(&entry);
            }
            let event = Event::Durable(CommitId(self.commits));
            self.call(&event, &[])
        }

        pub(crate) fn enrol(&mut self, shopper: ShopperId, purposes: Purposes) -> &mut Self {
            let enrolment = Enrolment::consenting(shopper, 1, purposes);
            let event = Event::Upsert {
                request: RequestId(1),
                enrolment: Box::new(enrolment.clone()),
                profile: Box::new(Profile::default()),
            };
            self.checker.is_here(shopper, self.at_ms);
            self.commit(&event, LedgerEntry::Enrolled(enrolment));
            self.durable()
        }

        pub(crate) fn reserve(
            &mut self,
            offer: &str,
            revision: u64,
            for_whom: &[ShopperId],
        ) -> &mut Self {
            let day = self.plan.local_time.at(UnixMs(DATE)).day;
            let entry = LedgerEntry::Reserved(Reservation {
                showing: ShowingId {
                    screen: self.plan.screens[0].id.clone(),
                    revision,
                },
                offer: offer.parse().unwrap(),
                shoppers: for_whom.to_vec(),
                day,
            });
            self.commit(&Event::Woke, entry)
        }

        pub(crate) fn show_command(&self, offer: &str, revision: u64) -> Effect {
            let ix = self.plan.offer(&offer.parse().unwrap()).unwrap();
            Effect::Command(ScreenCommand {
                screen: self.plan.screens[0].id.clone(),
                revision,
                action: ScreenAction::Show {
                    offer: offer.parse().unwrap(),
                    creative: self.plan.offers[ix.at()].creative.clone(),
                    shown_for_ms: 15_000,
                    code: None,
                },
            })
        }

        pub(crate) fn clear_command(&self, revision: u64) -> Effect {
            Effect::Command(ScreenCommand {
                screen: self.plan.screens[0].id.clone(),
                revision,
                action: ScreenAction::Clear,
            })
        }

        pub(crate) fn show(&mut self, offer: &str, revision: u64) -> &mut Self {
            let command = self.show_command(offer, revision);
            self.call(&Event::Woke, &[command])
        }

        /// The promises broken so far.
        pub(crate) fn broken(&self) -> Vec<u8> {
            let kept = self.checker.complaints.kept();
            kept.iter().map(|v| v.promise).collect()
        }
    }
}
