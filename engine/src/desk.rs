//! Requests about shoppers: enrol, withdraw, forget. Taking back works at once;
//! an answer is given when it is on the disk.

use crate::{
    Engine, Now,
    commits::Then,
    effect::{Effect, Effects, LedgerEntry, Record},
    event::{Outcome, RequestId},
    shopper::{Enrolment, Profile, Purpose, Purposes, ShopperId},
};

impl Engine {
    pub(crate) fn upsert(
        &mut self,
        now: Now,
        request: RequestId,
        enrolment: Enrolment,
        profile: Box<Profile>,
        effects: &mut Effects,
    ) {
        if let Err(outcome) = self.judge(&enrolment) {
            self.refuse(now, &enrolment, profile, outcome, effects);
            effects.push(Effect::Answer { request, outcome });
            return;
        }
        let (shopper, version, consent) = (enrolment.shopper, enrolment.version, enrolment.consent);
        if !consent.purposes.has(Purpose::InStoreOffers) {
            self.note_opt_out(now, shopper, effects);
        }
        let before = self.consents.announce(&enrolment);
        before.iter().for_each(|key| self.identity.remove(key));
        if !consent.purposes.is_empty() {
            enrolment
                .keys
                .iter()
                .for_each(|key| self.identity.add(shopper, key));
        }
        self.after_consent_shrank(now, shopper, effects);
        self.counts.enrolled += 1;
        effects.push(Effect::Keep { shopper, profile });
        let then = Then::Confirm {
            request,
            shopper,
            version,
            consent,
        };
        self.out(effects)
            .commit(LedgerEntry::Enrolled(enrolment), then);
    }

    /// What a record that is not taken in changes nevertheless.
    fn refuse(
        &mut self,
        now: Now,
        enrolment: &Enrolment,
        profile: Box<Profile>,
        outcome: Outcome,
        effects: &mut Effects,
    ) {
        let shopper = enrolment.shopper;
        if outcome == Outcome::NoRoom {
            self.counts.turned_away += 1;
            // It comes again; who changed their mind does not wait for that.
            let purposes = self.consents.taken_back_by(enrolment);
            if !purposes.is_empty() {
                self.take_back(now, shopper, purposes, Then::Nothing, effects);
            }
            return;
        }
        // The same record again may bring back a profile that the store
        // lost with its cache; it changes no consent.
        let known = self.consents.permit(shopper, Purpose::Personalisation, now);
        let is_same = self.consents.version(shopper) == Some(enrolment.version);
        if known.is_some() && is_same && !self.commits.is_disk_full {
            effects.push(Effect::Keep { shopper, profile });
        }
    }

    pub(crate) fn judge(&self, enrolment: &Enrolment) -> Result<(), Outcome> {
        self.consents.judge(enrolment)?;
        if !self.commits.has_room() {
            return Err(Outcome::Full);
        }
        let taken = |key| self.identity.is_taken(key, enrolment.shopper);
        if enrolment.keys.iter().any(taken) {
            return Err(Outcome::KeyTaken);
        }
        if self.commits.is_disk_full {
            return Err(Outcome::NoRoom);
        }
        Ok(())
    }

    pub(crate) fn withdraw(
        &mut self,
        now: Now,
        request: RequestId,
        shopper: ShopperId,
        purposes: Purposes,
        effects: &mut Effects,
    ) {
        if !self.take_back(now, shopper, purposes, Then::Answer(request), effects) {
            effects.push(Effect::Answer {
                request,
                outcome: Outcome::Unknown,
            });
        }
    }

    /// Says whether there is such a shopper.
    fn take_back(
        &mut self,
        now: Now,
        shopper: ShopperId,
        purposes: Purposes,
        then: Then,
        effects: &mut Effects,
    ) -> bool {
        if purposes.has(Purpose::InStoreOffers) {
            self.note_opt_out(now, shopper, effects);
        }
        let coming = self.commits.pending(shopper).filter(|coming| {
            // Something newer has come in the meantime, and waits for nothing.
            self.consents.version(shopper) == Some(coming.version)
        });
        let coming = coming.map_or(Purposes::NONE, |coming| coming.consent.purposes);
        let Some(keys) = self.consents.withdraw(shopper, purposes, coming) else {
            return false;
        };
        keys.iter().for_each(|key| self.identity.remove(key));
        self.counts.withdrawn += 1;
        self.after_consent_shrank(now, shopper, effects);
        let entry = LedgerEntry::Withdrawn { shopper, purposes };
        self.out(effects).commit(entry, then);
        true
    }

    pub(crate) fn forget(
        &mut self,
        now: Now,
        request: RequestId,
        shopper: ShopperId,
        effects: &mut Effects,
    ) {
        self.note_opt_out(now, shopper, effects);
        let Some((version, keys)) = self.consents.forget(shopper) else {
            effects.push(Effect::Answer {
                request,
                outcome: Outcome::Unknown,
            });
            return;
        };
        keys.iter().for_each(|key| self.identity.remove(key));
        self.counts.forgotten += 1;
        self.after_consent_shrank(now, shopper, effects);
        effects.push(Effect::Erase { shopper });
        self.out(effects).commit(
            LedgerEntry::Forgotten { shopper, version },
            Then::Answer(request),
        );
    }

    /// Before a consent to offers goes, in whatever way: once, if it was given.
    fn note_opt_out(&mut self, now: Now, shopper: ShopperId, effects: &mut Effects) {
        let standing = self.consents.standing(shopper);
        if standing.is_some_and(|s| s.consent.purposes.has(Purpose::InStoreOffers)) {
            self.opted_out(now, shopper, effects);
        }
    }

    /// In a replay: the ledger was given an entry about somebody else.
    pub(crate) fn commit_elsewhere(&mut self, effects: &mut Effects) {
        let mut out = self.out(effects);
        out.commit(LedgerEntry::Blank, Then::Nothing);
    }

    /// Clears every screen that shows or is about to show something for this
    /// shopper's sake and is not agreed to any more.
    fn clear_for(&mut self, now: Now, shopper: ShopperId, effects: &mut Effects) {
        let agreed = |purpose| self.consents.permit(shopper, purpose, now).is_some();
        let offers = agreed(Purpose::InStoreOffers);
        let personal = offers && agreed(Purpose::Personalisation);
        for (screen, offer) in self.deliver.shown_for(shopper) {
            let may_stay = if self.plan.offers[offer.at()].is_personal() {
                personal
            } else {
                offers
            };
            if !may_stay {
                let mut out = crate::out!(self, effects);
                self.deliver.clear(now, screen, &mut out);
            }
        }
    }

    /// Drops from RAM and from screens what is not agreed to any more.
    fn after_consent_shrank(&mut self, now: Now, shopper: ShopperId, effects: &mut Effects) {
        if self
            .consents
            .permit(shopper, Purpose::Measurement, now)
            .is_none()
        {
            self.deliver.forget_viewer(shopper);
            self.arms.forget(shopper);
            self.watch.forget(shopper);
        }
        if self
            .consents
            .permit(shopper, Purpose::Personalisation, now)
            .is_none()
        {
            self.traits.remove(&shopper);
        }
        if self.consents.permit_to_follow(shopper, now).is_none()
            && let Some(visit) = self.presence.end(shopper)
        {
            self.traits.remove(&shopper);
            effects.push(Effect::Record(Record::Left {
                visit: visit.number,
            }));
        }
        self.clear_for(now, shopper, effects);
    }

    /// What waited for the disk may happen.
    pub(crate) fn then(&mut self, now: Now, then: Then, effects: &mut Effects) {
        match then {
            Then::Nothing => {}
            Then::Answer(request) => {
                effects.push(Effect::Answer {
                    request,
                    outcome: Outcome::Done,
                });
            }
            Then::Tell(request, outcome) => {
                let outcome = Outcome::Code(outcome);
                effects.push(Effect::Answer { request, outcome });
            }
            Then::Confirm {
                request,
                shopper,
                version,
                consent,
            } => {
                self.consents.confirm(shopper, version, consent);
                effects.push(Effect::Answer {
                    request,
                    outcome: Outcome::Done,
                });
                if self.presence.visit(shopper).is_some() {
                    self.fetch(now, shopper, effects);
                }
            }
            Then::Offer { request, offered } => effects.push(Effect::Answer {
                request,
                outcome: Outcome::Offered(offered),
            }),
            Then::Send { screen, revision } => self.send_reserved(now, screen, revision, effects),
        }
    }

    /// Asks the store for a profile, if the shopper agreed to be known by it.
    pub(crate) fn fetch(&self, now: Now, shopper: ShopperId, effects: &mut Effects) {
        if self
            .consents
            .permit(shopper, Purpose::Personalisation, now)
            .is_some()
        {
            effects.push(Effect::Fetch { shopper });
        }
    }
}
