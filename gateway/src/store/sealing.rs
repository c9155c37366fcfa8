//! When keys of shoppers are drawn and destroyed, around each group of commits.

use super::{Job, ledger::LedgerError, writer::Writer};
use engine::effect::LedgerEntry;

/// How many jobs come before the end of a part: one with which somebody's key is
/// destroyed is the last of its part.
pub(super) fn part(group: &[Job]) -> usize {
    let forgets = |job: &Job| matches!(job, Job::Commit(_, LedgerEntry::Forgotten { .. }));
    group
        .iter()
        .position(forgets)
        .map_or(group.len(), |at| at + 1)
}

impl Writer {
    /// Draws keys for those of a group who have none, and makes them durable:
    /// what is sealed with them follows.
    pub(super) fn prepare(&self, group: &[Job]) -> Result<(), LedgerError> {
        for job in group {
            match job {
                Job::Commit(_, LedgerEntry::Enrolled(enrolment)) => {
                    self.keyring.make(enrolment.shopper)?;
                }
                Job::Keep(shopper, _) => self.keyring.make(*shopper)?,
                _ => {}
            }
        }
        Ok(self.keyring.sync()?)
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
