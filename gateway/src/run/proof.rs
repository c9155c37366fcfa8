//! What is kept as proof of a consent, beside the entry that changes it.

use crate::{
    privacy::given::{Channel, Given},
    shop::Ask,
};
use engine::{
    Now,
    effect::LedgerEntry,
    shopper::{ConsentAct, ConsentNote},
};

/// How the consent came to be that is asked about.
pub(super) fn given_with(ask: &Ask) -> Given {
    match ask {
        Ask::Upsert(_, _, given) | Ask::Withdraw(_, _, given) => given.clone(),
        Ask::WithdrawVisit(_) => Given::at_the(Channel::Console),
        _ => Given::default(),
    }
}

/// The note that goes with an entry, if it changes a consent.
pub(super) fn note(now: Now, entry: &LedgerEntry, given: &mut Given) -> Option<ConsentNote> {
    let (shopper, act) = match entry {
        LedgerEntry::Enrolled(enrolment) => {
            let act = ConsentAct::Given {
                version: enrolment.version,
                consent: enrolment.consent,
            };
            (enrolment.shopper, act)
        }
        LedgerEntry::Withdrawn { shopper, purposes } => {
            let purposes = *purposes;
            (*shopper, ConsentAct::Withdrawn { purposes })
        }
        _ => return None,
    };
    Some(ConsentNote {
        shopper,
        at: now.wall.known(),
        act,
        how: std::mem::take(given).bytes(),
    })
}
