//! What is known of a shopper who opted in. Words shared by several stages.

use crate::time::UnixMs;
use core::fmt;
use protocol::beacon::Beacon;
use serde::{Deserialize, Serialize};

/// Most keys of one shopper.
pub const MAX_KEYS: usize = 4;
/// Most enrolled shoppers.
pub const MAX_ENROLLED: usize = 250_000;

/// The pseudonym of a shopper within one store: a keyed hash of the customer
/// reference, made by the shell with a secret of the store.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ShopperId(pub u64);

impl fmt::Debug for ShopperId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("shopper(redacted)")
    }
}

/// How a shopper can be recognised, each enrolled with consent.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum IdentityKey {
    /// A fixed beacon: a loyalty fob.
    Fixed(Beacon),
    /// An Eddystone-EID identity key or the seed of an app token that rotates
    /// the same way. The beacon's time counter is the Unix time in seconds.
    Rotating {
        /// Identity key, 16 bytes.
        key: [u8; 16],
        /// The identifier changes every 2^exponent seconds, 0 to 15.
        exponent: u8,
    },
    /// Identity resolving key of a phone, most significant byte first.
    Irk([u8; 16]),
}

impl fmt::Debug for IdentityKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fixed(_) => "fixed(redacted)",
            Self::Rotating { .. } => "rotating(redacted)",
            Self::Irk(_) => "irk(redacted)",
        })
    }
}

/// A set of purposes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Purposes(pub u8);

/// What personal data may be used for. Each is granted apart; default off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Being shown offers while in the shop.
    InStoreOffers,
    /// Choosing them by profile and history.
    Personalisation,
    /// Being counted when an offer's effect is measured.
    Measurement,
    /// Sharing among shops of one chain.
    CrossStore,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 4] = [
        Self::InStoreOffers,
        Self::Personalisation,
        Self::Measurement,
        Self::CrossStore,
    ];

    /// Its name in messages and files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::InStoreOffers => "in_store_offers",
            Self::Personalisation => "personalisation",
            Self::Measurement => "measurement",
            Self::CrossStore => "cross_store",
        }
    }
}

impl Purposes {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// Everything there is.
    pub const ALL: Self = Self(0b1111);

    /// Adds a purpose.
    #[must_use]
    pub const fn with(self, purpose: Purpose) -> Self {
        Self(self.0 | 1 << purpose as u8)
    }

    /// Takes purposes away.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether a purpose is in.
    pub const fn has(self, purpose: Purpose) -> bool {
        self.0 >> purpose as u8 & 1 == 1
    }

    /// Whether none is in.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// What a shopper agreed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// For what.
    pub purposes: Purposes,
    /// Version of the notice the shopper saw.
    pub notice: u32,
    /// First moment at which it no longer holds.
    pub until: Option<UnixMs>,
    /// The frequency agreed to: showings per local day over all offers.
    pub showings_per_day: Option<u16>,
}

/// Keys and consent of one shopper: what the engine keeps in memory for
/// everybody enrolled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    /// Who.
    pub shopper: ShopperId,
    /// Rises with every change at the source (CRM, consent desk).
    pub version: u64,
    /// At most [`MAX_KEYS`].
    pub keys: Vec<IdentityKey>,
    /// What was agreed to.
    pub consent: Consent,
}

/// An enrolment whose keys only the store can read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedEnrolment {
    /// Who.
    pub shopper: ShopperId,
    /// Rises with every change at the source.
    pub version: u64,
    /// What was agreed to.
    pub consent: Consent,
    /// The keys, sealed.
    pub keys: Vec<u8>,
}

impl SealedEnrolment {
    /// What is left of it once nobody can open the keys: the version, so that
    /// nothing older comes back, and a consent to nothing.
    pub fn locked(self) -> Enrolment {
        Enrolment {
            shopper: self.shopper,
            version: self.version,
            keys: Vec::new(),
            consent: Consent {
                purposes: Purposes::NONE,
                ..self.consent
            },
        }
    }
}

/// One line of proof: how a consent came to be, or ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentNote {
    /// Whose.
    pub shopper: ShopperId,
    /// When the gateway took it in, if the date was known.
    pub at: Option<UnixMs>,
    /// What happened.
    pub act: ConsentAct,
    /// Where, by whom and by what evidence, sealed like keys.
    pub how: Vec<u8>,
}

/// What happened to a consent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConsentAct {
    /// Given or changed.
    Given {
        /// The version of the record that said so.
        version: u64,
        /// What was agreed to from then on.
        consent: Consent,
    },
    /// Taken back, in whole or in part.
    Withdrawn {
        /// For these purposes.
        purposes: Purposes,
    },
}

/// What the store keeps of a shopper and the engine sees only while the
/// shopper is in the shop.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Profile {
    /// Names of segments.
    pub segments: Vec<String>,
    /// BCP 47 tag of the preferred language, if known.
    pub language: Option<String>,
    /// Whether the shopper is known to be of age. Unknown means no personal offer.
    pub adult: Option<bool>,
    /// Departments and how much they are liked, 0 to 100.
    pub affinities: Vec<(String, u8)>,
    /// Visits so far.
    pub visits: u32,
    /// Local day of the visit before this one, days since 1970-01-01.
    pub last_visit_day: Option<i32>,
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("profile(redacted)")
    }
}
