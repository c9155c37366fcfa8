//! The data map (GDPR, article 30): what is kept, about whom, where, in which
//! form, for what, on which ground, for how long. A row is a [`Kind`], and
//! [`kind_of`] names every entry of the ledger: whoever adds one is asked by
//! the compiler what it keeps of people.

use engine::{effect::LedgerEntry, money::MoneyEntry, shopper::Purpose};
use serde::Serialize;
use std::time::Duration;

/// Something that is kept of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Segments, language, age, likings and visits.
    Profile,
    /// What a phone or fob is recognised by.
    Keys,
    /// Who agreed to what, and took it back.
    Consent,
    /// Whose old records must not come back.
    Tombstone,
    /// Whose caps a showing counts for.
    Charge,
    /// Who saw what, for how long.
    Exposure,
    /// Whom an offer reached, or would have.
    Reach,
    /// What was bought of an offer's products.
    Purchase,
    /// What happened, for a replay.
    Recording,
    /// Where somebody is.
    Whereabouts,
    /// Whoever did not opt in.
    Stranger,
    /// Who looked at what is kept of somebody.
    Look,
}

/// How it is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// As it is, beside the shopper's pseudonym.
    Pseudonym,
    /// Encrypted with a key of the shopper's own, which forgetting destroys.
    SealedAlone,
    /// Encrypted with a key of the store.
    Sealed,
    /// Without anything that names a shopper.
    Anonymous,
    /// In memory alone: gone when the gateway ends.
    Memory,
    /// Nowhere.
    Nothing,
}

/// Why it may be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// GDPR 6(1)(a): the shopper agreed to the purposes.
    Consent,
    /// GDPR 6(1)(c): consent and erasure must be proven (7(1), 5(2)).
    Proof,
    /// GDPR 6(1)(f): the shop's accounts; names nobody.
    Accounts,
    /// Nothing is kept, so nothing needs a ground.
    None,
}

/// How long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// Since it was last used: `retention.unused_profiles`.
    UnusedProfiles,
    /// Since it happened: `retention.exposures`.
    Exposures,
    /// `recording.keep_days`.
    Recordings,
    /// Until the shopper is forgotten.
    UntilForgotten,
    /// As long as the shop's data folder.
    AsLongAsTheShop,
    /// Until the visit ends.
    Visit,
    /// As long as two files have room.
    Looks,
    /// Not at all.
    NotKept,
}

/// One line of the map.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// What.
    pub kind: Kind,
    /// In words.
    pub what: &'static str,
    /// Where it lies.
    pub place: &'static str,
    /// How.
    pub form: Form,
    /// For what.
    pub purposes: &'static [Purpose],
    /// Why it may be.
    pub ground: Ground,
    /// For how long.
    pub term: Term,
}

/// How long things are kept in this shop.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Who was shown what, one by one.
    pub exposures: Duration,
    /// Profiles that nobody used.
    pub unused_profiles: Duration,
    /// Recordings, days.
    pub recording_days: u8,
}

/// Every kind there is.
pub const ROWS: [Row; 12] = [
    Row {
        kind: Kind::Profile,
        what: "segments, language, whether of age, likings, count and days of visits",
        place: "cache/profiles",
        form: Form::SealedAlone,
        purposes: &[Purpose::Personalisation],
        ground: Ground::Consent,
        term: Term::UnusedProfiles,
    },
    Row {
        kind: Kind::Keys,
        what: "keys of a phone or fob",
        place: "ledger, cache/enrolled",
        form: Form::SealedAlone,
        purposes: &[Purpose::InStoreOffers, Purpose::Measurement],
        ground: Ground::Consent,
        term: Term::UntilForgotten,
    },
    Row {
        kind: Kind::Consent,
        what: "purposes, version of the notice, end, frequency; when, where and by whom it was given and taken back",
        place: "ledger, cache/enrolled, cache/notes",
        form: Form::Pseudonym,
        purposes: &[],
        ground: Ground::Proof,
        term: Term::UntilForgotten,
    },
    Row {
        kind: Kind::Tombstone,
        what: "the pseudonym of somebody forgotten and the version that ended",
        place: "ledger, cache/forgotten, keyring",
        form: Form::Pseudonym,
        purposes: &[],
        ground: Ground::Proof,
        term: Term::AsLongAsTheShop,
    },
    Row {
        kind: Kind::Charge,
        what: "whose caps a showing counts for",
        place: "ledger, cache/state",
        form: Form::Pseudonym,
        purposes: &[Purpose::InStoreOffers],
        ground: Ground::Consent,
        term: Term::Exposures,
    },
    Row {
        kind: Kind::Exposure,
        what: "who saw which offer, for how long",
        place: "ledger",
        form: Form::Pseudonym,
        purposes: &[Purpose::Measurement],
        ground: Ground::Consent,
        term: Term::Exposures,
    },
    Row {
        kind: Kind::Reach,
        what: "whom an offer reached, or would have, and what chance assigned",
        place: "ledger, cache/state",
        form: Form::Pseudonym,
        purposes: &[Purpose::Measurement],
        ground: Ground::Consent,
        term: Term::Exposures,
    },
    Row {
        kind: Kind::Purchase,
        what: "receipt number, offer, pieces and amount; whose it was is nowhere written",
        place: "ledger, cache/state",
        form: Form::Anonymous,
        purposes: &[Purpose::Measurement],
        ground: Ground::Accounts,
        term: Term::Exposures,
    },
    Row {
        kind: Kind::Recording,
        what: "signals, profiles and decisions of shoppers who agreed, for a replay",
        place: "recordings",
        form: Form::Sealed,
        purposes: &[Purpose::InStoreOffers, Purpose::Measurement],
        ground: Ground::Consent,
        term: Term::Recordings,
    },
    Row {
        kind: Kind::Whereabouts,
        what: "zone, place and dwell of shoppers who are here",
        place: "memory",
        form: Form::Memory,
        purposes: &[Purpose::InStoreOffers, Purpose::Measurement],
        ground: Ground::Consent,
        term: Term::Visit,
    },
    Row {
        kind: Kind::Look,
        what: "who looked and when, and a keyed hash of the shopper",
        place: "looks.jsonl",
        form: Form::Pseudonym,
        purposes: &[],
        ground: Ground::Proof,
        term: Term::Looks,
    },
    Row {
        kind: Kind::Stranger,
        what: "frames of people who did not opt in are counted, together, and dropped",
        place: "nowhere",
        form: Form::Nothing,
        purposes: &[],
        ground: Ground::None,
        term: Term::NotKept,
    },
];

/// What an entry of the ledger keeps of people, if anything.
pub fn kind_of(entry: &LedgerEntry) -> Option<Kind> {
    match entry {
        LedgerEntry::Enrolled(_)
        | LedgerEntry::Sealed(_)
        | LedgerEntry::Noted(_)
        | LedgerEntry::Withdrawn { .. } => Some(Kind::Consent),
        LedgerEntry::Forgotten { .. } => Some(Kind::Tombstone),
        LedgerEntry::Reserved(_) | LedgerEntry::Open(_) | LedgerEntry::Tallied { .. } => {
            Some(Kind::Charge)
        }
        LedgerEntry::Exposed(_) => Some(Kind::Exposure),
        LedgerEntry::Reached(_) | LedgerEntry::Tried { .. } => Some(Kind::Reach),
        LedgerEntry::Redeemed(_)
        | LedgerEntry::Sold(_)
        | LedgerEntry::Voided { .. }
        | LedgerEntry::Receipt(_)
        | LedgerEntry::Kept(_)
        | LedgerEntry::Bought(_) => Some(Kind::Purchase),
        LedgerEntry::Money(entry) => of_money(entry),
        LedgerEntry::Started { .. }
        | LedgerEntry::Released { .. }
        | LedgerEntry::Coded(_)
        | LedgerEntry::CodesTallied { .. }
        | LedgerEntry::Paused(_)
        | LedgerEntry::Resumed(_)
        | LedgerEntry::Paired(_)
        | LedgerEntry::Ramped { .. }
        | LedgerEntry::Incident { .. }
        | LedgerEntry::Blank
        | LedgerEntry::Epoch { .. }
        | LedgerEntry::Doubted => None,
    }
}

fn of_money(entry: &MoneyEntry) -> Option<Kind> {
    match entry {
        // They name the receipt that used a code.
        MoneyEntry::Held { .. }
        | MoneyEntry::Committed { .. }
        | MoneyEntry::Released { .. }
        | MoneyEntry::Kept(_) => Some(Kind::Purchase),
        MoneyEntry::Charged(_)
        | MoneyEntry::Issued(_)
        | MoneyEntry::Lapsed { .. }
        | MoneyEntry::Tallied { .. }
        | MoneyEntry::CampaignTallied { .. }
        | MoneyEntry::HourTallied { .. }
        | MoneyEntry::OpenCharge(_) => None,
    }
}

impl Term {
    /// In days, where it is counted in them; none at all is zero.
    pub fn days(self, limits: &Limits) -> Option<u64> {
        let days = |limit: Duration| limit.as_secs().div_ceil(86_400);
        match self {
            Self::UnusedProfiles => Some(days(limits.unused_profiles)),
            Self::Exposures => Some(days(limits.exposures)),
            Self::Recordings => Some(limits.recording_days.into()),
            Self::NotKept => Some(0),
            Self::UntilForgotten | Self::AsLongAsTheShop | Self::Visit | Self::Looks => None,
        }
    }

    /// In words, with this shop's numbers.
    pub fn told(self, limits: &Limits) -> String {
        let days = self.days(limits).unwrap_or_default();
        match self {
            Self::UnusedProfiles => format!("{days} days after the last visit or import"),
            Self::Exposures => format!("{days} days, then only sums"),
            Self::Recordings if days == 0 => "switched off".to_owned(),
            Self::Recordings => format!("{days} days"),
            Self::UntilForgotten => "until the shopper is forgotten".to_owned(),
            Self::AsLongAsTheShop => "as long as the shop's data folder".to_owned(),
            Self::Visit => "until the visit ends".to_owned(),
            Self::Looks => "the newest 2 MiB".to_owned(),
            Self::NotKept => "not kept".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_map_names_every_kind_once_and_every_purpose() {
        let kinds: BTreeSet<Kind> = ROWS.iter().map(|row| row.kind).collect();
        assert_eq!(kinds.len(), ROWS.len());
        let used: BTreeSet<Purpose> = ROWS.iter().flat_map(|row| row.purposes).copied().collect();
        let unused: Vec<_> = Purpose::ALL.iter().filter(|p| !used.contains(p)).collect();
        // Nothing leaves the shop yet, so nothing is kept for it.
        assert_eq!(unused, [&Purpose::CrossStore]);
    }

    #[test]
    fn whatever_rests_on_consent_says_for_which_purpose() {
        for row in ROWS.iter().filter(|row| row.ground == Ground::Consent) {
            assert!(!row.purposes.is_empty(), "{:?}", row.kind);
        }
    }
}
