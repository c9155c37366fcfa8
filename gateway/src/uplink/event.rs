//! What a hub is told of one entry of the ledger. Nobody is in it: no shopper,
//! no pseudonym of one, no key. `docs/uplink.md` says why.

use engine::{
    control::Pause,
    effect::{Exposure, LedgerEntry, ShowingId},
    money::MoneyEntry,
    sale::{CodeUse, Joined},
    shopper::{Purpose, Purposes},
    time::UnixMs,
    trial::{Incident, RampMove},
};
use protocol::id::{OfferId, ScreenId};
use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher24;
use std::{fmt, hash::Hasher as _};

/// Which way an event takes. Each has its own numbers of what was sent and what
/// the hub has, so that money does not wait behind pictures on a slow line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Lane {
    /// Redemptions, consents, erasures: never dropped, sent before the rest.
    First,
    /// Everything else.
    Rest,
}

impl Lane {
    pub(crate) const ALL: [Self; 2] = [Self::First, Self::Rest];
}

/// What happened. New kinds come last, and none changes: events lie on the disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Event {
    /// The gateway started.
    Started {
        /// Counts starts.
        boot: u32,
    },
    /// A picture was painted and is over.
    Exposed(Exposed),
    /// A receipt that holds products of offers, or codes.
    Sold {
        /// The same name for the same receipt, and no other shop's.
        receipt: String,
        /// Whether it is of somebody who agreed to be measured.
        known: bool,
        /// Of which offers.
        offers: Vec<Joined>,
        /// Codes redeemed with it.
        codes: Vec<CodeUse>,
    },
    /// A receipt was taken back.
    Voided {
        /// Which.
        receipt: String,
    },
    /// A code that is worth money is about to be shown.
    Issued {
        /// The revision of its showing.
        code: u64,
        /// Of which offer.
        offer: OfferId,
        /// What it is worth, in the currency's smallest unit.
        worth_minor: u32,
    },
    /// Such a code was redeemed.
    Redeemed {
        /// Which.
        code: u64,
        /// With which receipt.
        receipt: String,
    },
    /// Such codes can be redeemed no longer.
    Lapsed {
        /// Which.
        codes: Vec<u64>,
    },
    /// Somebody agreed.
    Consented {
        /// To what.
        purposes: Vec<Purpose>,
    },
    /// Somebody took consent back.
    Withdrew {
        /// For what.
        purposes: Vec<Purpose>,
    },
    /// Somebody was forgotten.
    Erased,
    /// Something was stopped by hand.
    Paused(Pause),
    /// It goes on.
    Resumed(Pause),
    /// An offer was let loose further, or taken back.
    Ramped {
        /// Which offer.
        offer: OfferId,
        /// How.
        moved: RampMove,
    },
    /// A complaint, or a call for help.
    Incident {
        /// What happened.
        what: Incident,
        /// Near which screen.
        screen: ScreenId,
        /// What it showed.
        offers: Vec<OfferId>,
    },
    /// What many pictures of one offer on one screen came to: told one by one
    /// they found no room.
    ExposedInHour {
        /// Hours since 1970-01-01T00:00Z; none where the date was not known.
        hour: Option<i64>,
        /// How many pictures.
        pictures: u32,
        /// Their sum.
        sum: Exposed,
    },
}

/// A picture, and how it was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Exposed {
    /// Where, and with which revision.
    pub(crate) showing: ShowingId,
    /// Of which offer.
    pub(crate) offer: OfferId,
    /// Time on the glass, ms.
    pub(crate) painted_ms: u64,
    /// How many shoppers who agreed to be measured saw it.
    pub(crate) viewers: u32,
    /// For how long, together, ms.
    pub(crate) viewed_ms: u64,
    /// Person-milliseconds of everybody else.
    pub(crate) anonymous_ms: u64,
    /// When it ended.
    pub(crate) ended: Option<UnixMs>,
}

/// Names receipts towards a hub. Holds a key of the store's secret: a hub that
/// has a till's numbers cannot look them up.
#[derive(Clone)]
pub(crate) struct Receipts(SipHasher24);

/// What the key of receipts is derived for.
pub(crate) const RECEIPTS: &str = "uplink receipts";

impl Receipts {
    pub(crate) fn new(key: [u8; 32]) -> Self {
        let mut half = [0; 16];
        half.copy_from_slice(&key[..16]);
        Self(SipHasher24::new_with_key(&half))
    }

    fn name(&self, receipt: &str) -> String {
        let mut hasher = self.0;
        hasher.write(receipt.as_bytes());
        format!("{:016x}", hasher.finish())
    }
}

impl fmt::Debug for Receipts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("receipts(redacted)")
    }
}

/// What a hub is told of an entry, if anything.
pub(crate) fn told(entry: &LedgerEntry, receipts: &Receipts) -> Option<(Lane, Event)> {
    let event = match entry {
        LedgerEntry::Started { boot } => Event::Started { boot: *boot },
        LedgerEntry::Exposed(exposure) => Event::Exposed(Exposed::of(exposure)),
        LedgerEntry::Sold(sale) => Event::Sold {
            receipt: receipts.name(&sale.receipt),
            known: sale.is_known,
            offers: sale.joined.clone(),
            codes: sale.codes.clone(),
        },
        LedgerEntry::Voided { receipt } => Event::Voided {
            receipt: receipts.name(receipt),
        },
        LedgerEntry::Enrolled(enrolment) => Event::Consented {
            purposes: list(enrolment.consent.purposes),
        },
        LedgerEntry::Sealed(enrolment) => Event::Consented {
            purposes: list(enrolment.consent.purposes),
        },
        LedgerEntry::Withdrawn { purposes, .. } => Event::Withdrew {
            purposes: list(*purposes),
        },
        LedgerEntry::Forgotten { .. } => Event::Erased,
        LedgerEntry::Paused(what) => Event::Paused(what.clone()),
        LedgerEntry::Resumed(what) => Event::Resumed(what.clone()),
        LedgerEntry::Ramped { offer, moved, .. } => Event::Ramped {
            offer: offer.clone(),
            moved: (*moved)?,
        },
        LedgerEntry::Incident {
            what,
            screen,
            offers,
        } => Event::Incident {
            what: *what,
            screen: screen.clone(),
            offers: offers.clone(),
        },
        LedgerEntry::Money(entry) => of_money(entry, receipts)?,
        // What only caps, budgets and trials need, sums, and older programs' entries.
        LedgerEntry::Reserved(_)
        | LedgerEntry::Released { .. }
        | LedgerEntry::Redeemed(_)
        | LedgerEntry::Tallied { .. }
        | LedgerEntry::Open(_)
        | LedgerEntry::Receipt(_)
        | LedgerEntry::Blank
        | LedgerEntry::Doubted
        | LedgerEntry::Coded(_)
        | LedgerEntry::Kept(_)
        | LedgerEntry::CodesTallied { .. }
        | LedgerEntry::Reached(_)
        | LedgerEntry::Bought(_)
        | LedgerEntry::Paired(_)
        | LedgerEntry::Tried { .. }
        | LedgerEntry::Epoch { .. }
        // What it goes with is told.
        | LedgerEntry::Noted(_) => return None,
    };
    Some((event.lane(), event))
}

fn of_money(entry: &MoneyEntry, receipts: &Receipts) -> Option<Event> {
    match entry {
        MoneyEntry::Issued(issued) => Some(Event::Issued {
            code: issued.showing.revision,
            offer: issued.offer.clone(),
            worth_minor: issued.worth_minor,
        }),
        MoneyEntry::Committed { code, by } => Some(Event::Redeemed {
            code: *code,
            receipt: receipts.name(&by.receipt),
        }),
        MoneyEntry::Lapsed { codes } => Some(Event::Lapsed {
            codes: codes.clone(),
        }),
        MoneyEntry::Charged(_)
        | MoneyEntry::Held { .. }
        | MoneyEntry::Released { .. }
        | MoneyEntry::Kept(_)
        | MoneyEntry::Tallied { .. }
        | MoneyEntry::CampaignTallied { .. }
        | MoneyEntry::HourTallied { .. }
        | MoneyEntry::OpenCharge(_) => None,
    }
}

fn list(purposes: Purposes) -> Vec<Purpose> {
    let all = Purpose::ALL.into_iter();
    all.filter(|purpose| purposes.has(*purpose)).collect()
}

impl Event {
    pub(crate) fn lane(&self) -> Lane {
        match self {
            Self::Sold { .. }
            | Self::Voided { .. }
            | Self::Issued { .. }
            | Self::Redeemed { .. }
            | Self::Lapsed { .. }
            | Self::Consented { .. }
            | Self::Withdrew { .. }
            | Self::Erased => Lane::First,
            Self::Started { .. }
            | Self::Exposed(_)
            | Self::ExposedInHour { .. }
            | Self::Paused(_)
            | Self::Resumed(_)
            | Self::Ramped { .. }
            | Self::Incident { .. } => Lane::Rest,
        }
    }
}

impl Exposed {
    fn of(exposure: &Exposure) -> Self {
        let viewed = exposure.seen_by.iter().map(|(_, ms)| u64::from(*ms));
        Self {
            showing: exposure.showing.clone(),
            offer: exposure.offer.clone(),
            painted_ms: u64::from(exposure.painted_ms),
            viewers: exposure.seen_by.len() as u32,
            viewed_ms: viewed.sum(),
            anonymous_ms: u64::from(exposure.anonymous_ms),
            ended: exposure.ended,
        }
    }
}

#[cfg(test)]
mod tests;
