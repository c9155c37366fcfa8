//! When keys of shoppers are drawn and destroyed, around each group of commits.

use super::{Job, keyring::Content, ledger::LedgerError, writer::Writer};
use engine::{effect::LedgerEntry, shopper::Purpose};
use std::io;

/// How many jobs come before the end of a part: one with which somebody's key is
/// destroyed is the last of its part.
pub(super) fn part(group: &[Job]) -> usize {
    let forgets = |job: &Job| matches!(job, Job::Commit(_, LedgerEntry::Forgotten { .. }));
    group
        .iter()
        .position(forgets)
        .map_or(group.len(), |at| at + 1)
}

/// Whether a replay of the entry would remove a profile.
pub(super) fn may_drop_profile(entry: &LedgerEntry) -> bool {
    match entry {
        LedgerEntry::Forgotten { .. } | LedgerEntry::Withdrawn { .. } => true,
        LedgerEntry::Enrolled(enrolment) => {
            !enrolment.consent.purposes.has(Purpose::Personalisation)
        }
        _ => false,
    }
}

impl Writer {
    /// Draws keys for those of a group who have none, and makes them durable:
    /// what is sealed with them follows. Whoever's profile is to be kept waits for room:
    /// they are told that it is.
    pub(super) fn prepare(&mut self, group: &[Job]) -> Result<(), LedgerError> {
        self.keyring.keep_ahead()?;
        let keeps = group.iter().any(|job| matches!(job, Job::Keep(..)));
        if keeps && !self.has_room() {
            return Err(io::Error::from(io::ErrorKind::StorageFull).into());
        }
        for job in group {
            match job {
                Job::Commit(_, LedgerEntry::Enrolled(enrolment)) => {
                    self.keyring.make(enrolment.shopper)?;
                }
                Job::Keep(shopper, _) => self.keyring.make(*shopper)?,
                Job::Note(note) => self.keyring.make(note.shopper)?,
                _ => {}
            }
        }
        Ok(self.keyring.sync()?)
    }

    /// Seals what notes say of how a consent came to be.
    pub(super) fn seal_notes(&self, group: &mut [Job]) {
        for job in group {
            if let Job::Note(note) = job {
                let sealed = self.keyring.seal(note.shopper, Content::Consent, &note.how);
                // Without a key, whatever is said of a shopper is not written.
                note.how = sealed.unwrap_or_default();
            }
        }
    }

    /// Destroys the keys of those whom a group forgets, once the ledger says so.
    pub(super) fn destroy(&self, group: &[Job]) -> Result<(), LedgerError> {
        let day = self.retention.today.unwrap_or(0);
        for job in group {
            if let Job::Commit(_, LedgerEntry::Forgotten { shopper, version }) = job {
                self.keyring.destroy(*shopper, *version, day)?;
            }
        }
        Ok(())
    }
}
