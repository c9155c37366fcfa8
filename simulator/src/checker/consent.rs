//! Promise 3. Keeps its own books of who agreed to what: from requests as they
//! come in, commits as they are asked for, and the disk as it is.

use super::{Call, Complaints, caps::Caps, shows};
use engine::{
    Effect, Event, Now,
    effect::{CommitId, LedgerEntry},
    plan::{OfferIx, ScreenIx, StorePlan},
    shopper::{Consent, Purpose, Purposes, ShopperId},
};
use protocol::screen::{ScreenAction, ScreenStatus};
use std::{collections::BTreeMap, sync::Arc};

/// Somebody who left this long before a decision may still be taken for
/// present, ms: beyond the plan's absence time, messages may be delayed.
const GONE_SLACK_MS: u64 = 30_000;

/// Who agreed to what, by the checker's own books.
#[derive(Debug)]
pub struct Consents {
    plan: Arc<StorePlan>,
    /// What the disk says: survives crashes.
    disk: BTreeMap<ShopperId, Consent>,
    /// What holds now.
    live: BTreeMap<ShopperId, Consent>,
    /// Grants on their way to the disk.
    coming: Vec<(CommitId, ShopperId, Consent)>,
    last_here_ms: BTreeMap<ShopperId, u64>,
    standing: Vec<Option<Standing>>,
}

/// A picture that a screen was told and may be showing.
#[derive(Debug, Clone, Copy)]
struct Standing {
    offer: OfferIx,
    revision: u64,
    until_ms: u64,
}

impl Consents {
    /// Knows nobody.
    pub fn new(plan: Arc<StorePlan>) -> Self {
        Self {
            disk: BTreeMap::new(),
            live: BTreeMap::new(),
            coming: Vec::new(),
            last_here_ms: BTreeMap::new(),
            standing: vec![None; plan.screens.len()],
            plan,
        }
    }

    /// After a start the disk is all there is.
    pub fn started(&mut self) {
        self.live = self.disk.clone();
        self.coming.clear();
    }

    /// The disk changed.
    pub fn on_disk(&mut self, entry: &LedgerEntry) {
        match entry {
            LedgerEntry::Enrolled(e) => {
                self.disk.insert(e.shopper, e.consent);
            }
            LedgerEntry::Withdrawn { shopper, purposes } => {
                take_back(self.disk.get_mut(shopper), *purposes);
            }
            LedgerEntry::Forgotten { shopper, .. } => {
                self.disk.remove(shopper);
            }
            LedgerEntry::Doubted => self.disk.clear(),
            LedgerEntry::Started { .. }
            | LedgerEntry::Reserved(_)
            | LedgerEntry::Released { .. }
            | LedgerEntry::Exposed(_)
            | LedgerEntry::Redeemed(_)
            | LedgerEntry::Sold(_)
            | LedgerEntry::Voided { .. }
            | LedgerEntry::Coded(_)
            | LedgerEntry::Kept(_)
            | LedgerEntry::CodesTallied { .. }
            | LedgerEntry::Paused(_)
            | LedgerEntry::Resumed(_)
            | LedgerEntry::Money(_)
            | LedgerEntry::Tallied { .. }
            | LedgerEntry::Open(_)
            | LedgerEntry::Receipt(_)
            | LedgerEntry::Reached(_)
            | LedgerEntry::Bought(_)
            | LedgerEntry::Paired(_)
            | LedgerEntry::Ramped { .. }
            | LedgerEntry::Incident { .. }
            | LedgerEntry::Tried { .. }
            | LedgerEntry::Epoch { .. }
            | LedgerEntry::Sealed(_)
            | LedgerEntry::Noted(_)
            | LedgerEntry::Blank => {}
        }
    }

    /// Ground truth: this shopper is in the shop.
    pub fn is_here(&mut self, shopper: ShopperId, at_ms: u64) {
        self.last_here_ms.insert(shopper, at_ms);
    }

    /// One call of the engine.
    pub fn called(&mut self, call: &Call<'_>, caps: &Caps, complaints: &mut Complaints) {
        match call.event {
            Event::Withdraw {
                shopper, purposes, ..
            } => {
                self.withdraw(*shopper, *purposes);
                self.must_clear(*shopper, call, caps, complaints);
            }
            Event::Forget { shopper, .. } => {
                self.withdraw(*shopper, Purposes::ALL);
                self.must_clear(*shopper, call, caps, complaints);
            }
            Event::Durable(id) => self.arrived(*id),
            Event::Screen(said) if said.status == ScreenStatus::Rejected => {
                let refused = &mut self.standing[said.screen.at()];
                if refused.is_some_and(|s| s.revision == said.revision) {
                    *refused = None;
                }
            }
            _ => {}
        }
        for effect in call.effects {
            if let Effect::Commit {
                id,
                entry: LedgerEntry::Enrolled(e),
            } = effect
            {
                // What the new consent no longer holds is gone at once.
                let kept = e.consent.purposes;
                take_back(self.live.get_mut(&e.shopper), Purposes::ALL.without(kept));
                self.coming.push((*id, e.shopper, e.consent));
            }
        }
        for (screen, offer, command) in shows(call.effects, &self.plan) {
            let personal = self.plan.offers[offer.at()].is_personal();
            let new = self.standing[screen.at()].is_none_or(|s| s.revision != command.revision);
            if personal && new && !self.has_reason(screen, command.revision, call, caps) {
                complaints.add(
                    3,
                    call.at_ms,
                    format!(
                        "screen {} is sent personal offer {} (revision {}) without a live consent of anybody it was reserved for who is here",
                        command.screen, self.plan.offers[offer.at()].id, command.revision
                    ),
                );
            }
        }
        self.note_commands(call);
    }

    /// Whether any of those a picture was reserved for agrees and is here.
    fn has_reason(&self, screen: ScreenIx, revision: u64, call: &Call<'_>, caps: &Caps) -> bool {
        let gone_ms = self.plan.presence.absent_after_ms + GONE_SLACK_MS;
        caps.reserved_for(screen, revision).iter().any(|shopper| {
            let here = self
                .last_here_ms
                .get(shopper)
                .is_some_and(|last| call.at_ms <= last + gone_ms);
            here && self.agrees(*shopper, call.now)
        })
    }

    /// A personal offer asks for being shown offers and being chosen for.
    fn agrees(&self, shopper: ShopperId, now: Now) -> bool {
        self.live.get(&shopper).is_some_and(|consent| {
            let both = consent.purposes.has(Purpose::InStoreOffers)
                && consent.purposes.has(Purpose::Personalisation);
            let holds = match (consent.until, now.wall.known()) {
                (None, _) => true,
                (Some(until), Some(at)) => at < until,
                (Some(_), None) => false,
            };
            both && holds
        })
    }

    fn withdraw(&mut self, shopper: ShopperId, purposes: Purposes) {
        take_back(self.live.get_mut(&shopper), purposes);
        for (_, whose, consent) in &mut self.coming {
            if *whose == shopper {
                take_back(Some(consent), purposes);
            }
        }
    }

    /// Whoever was the last reason for a personal picture takes it along.
    fn must_clear(
        &self,
        shopper: ShopperId,
        call: &Call<'_>,
        caps: &Caps,
        complaints: &mut Complaints,
    ) {
        for (screen, standing) in (0..).map(ScreenIx).zip(&self.standing) {
            let Some(standing) = standing.filter(|s| call.at_ms < s.until_ms) else {
                continue;
            };
            let reasons = caps.reserved_for(screen, standing.revision);
            let personal = self.plan.offers[standing.offer.at()].is_personal();
            let still = reasons.iter().any(|s| self.agrees(*s, call.now));
            if personal && reasons.contains(&shopper) && !still && !replaces(call, screen, self) {
                complaints.add(
                    3,
                    call.at_ms,
                    format!(
                        "the last reason for revision {} on screen {} was withdrawn, and the screen was not told in the same breath",
                        standing.revision, self.plan.screens[screen.at()].id
                    ),
                );
            }
        }
    }

    fn arrived(&mut self, up_to: CommitId) {
        let live = &mut self.live;
        self.coming.retain(|(id, shopper, consent)| {
            let arrived = *id <= up_to;
            if arrived {
                live.insert(*shopper, *consent);
            }
            !arrived
        });
    }

    fn note_commands(&mut self, call: &Call<'_>) {
        for effect in call.effects {
            let Effect::Command(command) = effect else {
                continue;
            };
            let Some(screen) = self.plan.screen(&command.screen) else {
                continue;
            };
            let told = match &command.action {
                ScreenAction::Clear => None,
                ScreenAction::Show {
                    offer,
                    shown_for_ms,
                    ..
                } => self.plan.offer(offer).map(|offer| Standing {
                    offer,
                    revision: command.revision,
                    until_ms: call.at_ms + u64::from(*shown_for_ms),
                }),
            };
            self.standing[screen.at()] = told;
        }
    }
}

fn replaces(call: &Call<'_>, screen: ScreenIx, books: &Consents) -> bool {
    let id = &books.plan.screens[screen.at()].id;
    call.effects
        .iter()
        .any(|e| matches!(e, Effect::Command(command) if command.screen == *id))
}

fn take_back(consent: Option<&mut Consent>, purposes: Purposes) {
    if let Some(consent) = consent {
        consent.purposes = consent.purposes.without(purposes);
    }
}

#[cfg(test)]
mod tests {
    use super::super::trace::{BREAD, MAI, MILK, Trace};
    use super::*;
    use engine::{event::RequestId, shopper::Enrolment};

    fn withdrawal(purposes: Purposes) -> Event {
        Event::Withdraw {
            request: RequestId(2),
            shopper: MAI,
            purposes,
        }
    }

    #[test]
    fn a_personal_offer_for_somebody_who_agreed_is_fine_and_others_are_not() {
        let agreed = Purposes::NONE
            .with(Purpose::InStoreOffers)
            .with(Purpose::Personalisation);
        for (offer, purposes, broken) in [
            (MILK, agreed, vec![]),
            (MILK, Purposes::NONE.with(Purpose::InStoreOffers), vec![3]),
            (MILK, Purposes::NONE, vec![3]),
            (BREAD, Purposes::NONE, vec![]),
        ] {
            let mut trace = Trace::new();
            trace.enrol(MAI, purposes);
            trace.reserve(offer, 1, &[MAI]).durable().show(offer, 1);
            assert_eq!(trace.broken(), broken, "{offer} {purposes:?}");
        }
    }

    #[test]
    fn a_grant_that_is_not_durable_yet_is_no_consent() {
        let mut trace = Trace::new();
        trace.reserve(MILK, 1, &[MAI]).durable();
        trace.checker.is_here(MAI, 0);
        let enrolled = LedgerEntry::Enrolled(Enrolment::consenting(MAI, 1, Purposes::ALL));
        trace.commit(&Event::Woke, enrolled).show(MILK, 1);
        assert_eq!(trace.broken(), [3]);
    }

    #[test]
    fn a_withdrawal_must_clear_in_the_same_breath() {
        for (clears, broken) in [(true, vec![]), (false, vec![3])] {
            let mut trace = Trace::new();
            trace.enrol(MAI, Purposes::ALL);
            trace.reserve(MILK, 1, &[MAI]).durable().show(MILK, 1);
            let clear = trace.clear_command(2);
            let effects = if clears { vec![clear] } else { vec![] };
            trace.call(&withdrawal(Purposes::ALL), &effects);
            assert_eq!(trace.broken(), broken);
        }
    }

    #[test]
    fn a_withdrawal_between_reservation_and_showing_forbids_the_showing() {
        let mut trace = Trace::new();
        trace.enrol(MAI, Purposes::ALL).reserve(MILK, 1, &[MAI]);
        trace.call(
            &withdrawal(Purposes::NONE.with(Purpose::Personalisation)),
            &[],
        );
        trace.durable().show(MILK, 1);
        assert_eq!(trace.broken(), [3]);
    }

    #[test]
    fn after_a_crash_only_what_is_on_the_disk_counts() {
        let mut trace = Trace::new();
        trace.enrol(MAI, Purposes::ALL);
        trace.checker.on_disk(&LedgerEntry::Withdrawn {
            shopper: MAI,
            purposes: Purposes::ALL,
        });
        trace.checker.started();
        trace.reserve(MILK, 1, &[MAI]).durable().show(MILK, 1);
        assert_eq!(trace.broken(), [3]);
    }

    #[test]
    fn an_offer_for_somebody_long_gone_is_for_nobody() {
        let mut trace = Trace::new();
        trace.enrol(MAI, Purposes::ALL);
        trace.at_ms += 3_600_000;
        trace.reserve(MILK, 1, &[MAI]).durable().show(MILK, 1);
        assert_eq!(trace.broken(), [3]);
    }
}
