//! Customers who once signed up: keys, consent, profile. All drawn from the
//! seed, so that the second start of a demo finds the same people.

use super::facts::{DEPARTMENTS, department_row};
use crate::chance::{Chance, Concern};
use engine::{
    plan::StorePlan,
    shopper::{Consent, IdentityKey, Profile, Purpose, Purposes},
    time::UnixMs,
};
use protocol::{beacon::Beacon, settings::Allowed};
use std::sync::Arc;

/// The fobs of this chain share one proximity UUID.
const FOB_UUID: [u8; 16] = *b"aislecast-fob-01";
/// And one Eddystone namespace.
const FOB_NAMESPACE: [u8; 10] = *b"aislecast1";
/// App tokens rotate every 2^9 s, about 9 minutes.
const TOKEN_EXPONENT: u8 = 9;
/// Segments a customer is in, at most.
const SEGMENTS_MAX: usize = 3;

/// Everybody who once signed up.
#[derive(Debug)]
pub struct Population {
    customers: Vec<Customer>,
}

/// One customer as the shop's own books have them.
#[derive(Clone)]
pub struct Customer {
    /// The customer reference of the CRM.
    pub reference: String,
    /// How the gateway can recognise them.
    pub key: IdentityKey,
    /// What they agreed to.
    pub consent: Consent,
    /// What the CRM knows.
    pub profile: Profile,
}

impl std::fmt::Debug for Customer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("customer(redacted)")
    }
}

impl Population {
    /// Draws `count` customers of the shop. With `opens` given, some consents
    /// end within the hours after it.
    pub fn draw(plan: &StorePlan, seed: u64, count: u32, opens: Option<UnixMs>) -> Arc<Self> {
        let mut chance = Chance::new(seed, Concern::Population);
        let departments = departments(plan);
        let customers = (0..count)
            .map(|n| customer(n, plan, &departments, opens, &mut chance))
            .collect();
        Arc::new(Self { customers })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.customers.len()
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.customers.is_empty()
    }

    /// One of them.
    pub fn get(&self, customer: u32) -> &Customer {
        &self.customers[customer as usize]
    }

    /// All of them with their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &Customer)> {
        (0..).zip(&self.customers)
    }
}

/// What nodes of the shop let through: what its customers carry, but no bare
/// addresses of phones, most of which are strangers'.
pub fn allowed() -> Allowed {
    Allowed {
        ibeacon: [FOB_UUID].into_iter().collect(),
        eddystone_uid: [FOB_NAMESPACE].into_iter().collect(),
        eddystone_eid: true,
        ..Allowed::NOTHING
    }
}

/// The shop's departments, each once, sorted.
pub fn departments(plan: &StorePlan) -> Vec<String> {
    let mut names: Vec<String> = plan
        .zones
        .iter()
        .filter_map(|z| z.department.clone())
        .collect();
    names.sort();
    names.dedup();
    names
}

fn customer(
    n: u32,
    plan: &StorePlan,
    departments: &[String],
    opens: Option<UnixMs>,
    chance: &mut Chance,
) -> Customer {
    Customer {
        reference: format!("demo-{n:06}"),
        key: key(n, chance),
        consent: consent(opens, chance),
        profile: profile(plan, departments, chance),
    }
}

/// Four kinds of identity, a quarter each.
fn key(n: u32, chance: &mut Chance) -> IdentityKey {
    match chance.below(4) {
        0 => IdentityKey::Fixed(Beacon::IBeacon {
            uuid: FOB_UUID,
            major: (n >> 16) as u16,
            minor: n as u16,
        }),
        1 => {
            let mut instance = [0; 6];
            instance[2..].copy_from_slice(&n.to_be_bytes());
            IdentityKey::Fixed(Beacon::EddystoneUid {
                namespace: FOB_NAMESPACE,
                instance,
            })
        }
        2 => IdentityKey::Rotating {
            key: chance.bytes(),
            exponent: TOKEN_EXPONENT,
        },
        _ => IdentityKey::Irk(chance.bytes()),
    }
}

/// Most agree to all a single shop asks for, some to parts, a few to nothing
/// (they signed up for the till's discount only).
fn consent(opens: Option<UnixMs>, chance: &mut Chance) -> Consent {
    let offers = Purposes::NONE.with(Purpose::InStoreOffers);
    let purposes = match chance.below(100) {
        0..75 => offers
            .with(Purpose::Personalisation)
            .with(Purpose::Measurement),
        75..83 => offers.with(Purpose::Personalisation),
        83..90 => offers.with(Purpose::Measurement),
        90..94 => offers,
        94..97 => Purposes::NONE.with(Purpose::Measurement),
        _ => Purposes::NONE,
    };
    let ends = chance.happens(0.06);
    let within_ms = chance.below(3 * 3_600_000) as i64;
    Consent {
        purposes,
        notice: 1,
        until: opens
            .filter(|_| ends)
            .map(|opens| UnixMs(opens.0 + within_ms)),
        showings_per_day: [None, None, None, Some(3), Some(10)][chance.index(5)],
    }
}

fn profile(plan: &StorePlan, departments: &[String], chance: &mut Chance) -> Profile {
    let mut segments: Vec<String> = Vec::new();
    for _ in 0..chance.below(SEGMENTS_MAX as u64 + 1) {
        if !plan.segments.is_empty() {
            segments.push(chance.pick(&plan.segments).clone());
        }
    }
    segments.sort();
    segments.dedup();
    let affinities = departments
        .iter()
        .filter_map(|name| {
            let liked = DEPARTMENTS[department_row(name)].1 * chance.between(0.2, 1.8);
            let score = (liked * 100.0).min(100.0) as u8;
            (score >= 15).then(|| (name.clone(), score))
        })
        .take(8)
        .collect();
    Profile {
        segments,
        language: Some(if chance.happens(0.85) { "vi" } else { "en" }.to_owned()),
        adult: [
            Some(true),
            Some(true),
            Some(true),
            Some(true),
            None,
            Some(false),
        ][chance
            .weighted(&[0.3, 0.3, 0.2, 0.1, 0.06, 0.04])
            .unwrap_or(0)],
        affinities,
        visits: chance.below(80) as u32,
        last_visit_day: None,
    }
}
