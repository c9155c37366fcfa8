//! What people carry that sends: fobs, app tokens, phones; and the phones of
//! everybody else.

use super::facts::{ADVERT_JITTER_MS, ADVERT_PERIOD_S};
use super::population::Customer;
use crate::chance::Chance;
use engine::{
    identity::{address_hash, rotating_id},
    shopper::IdentityKey,
};
use protocol::beacon::{Address, Beacon};

/// Phones change their private address about every 15 minutes (Bluetooth Core
/// 5.4, Vol 3, Part C, appendix A: recommended 900 s).
const ADDRESS_LIFE_S: i64 = 900;
/// A stranger's phone advertises about once a second, assumed: background
/// frames of phones are sparser than beacons.
const PHONE_PERIOD_S: f64 = 1.0;
/// What fobs and app tokens state of themselves: the mean of TETAM's tag.
const STATED_DBM: i8 = -61;
/// How much devices differ in strength, dB, assumed.
const DEVICE_SD_DB: f32 = 2.0;

/// Something that sends.
#[derive(Debug, Clone)]
pub struct Emitter {
    source: Source,
    air: Air,
    /// The next change of `air`, Unix seconds.
    changes_s: i64,
    /// Stronger or weaker than others of its kind, dB.
    pub strength_db: f32,
    /// What it states of its strength at one metre.
    pub reference_dbm: Option<i8>,
    period_ms: f64,
    /// When it sends next, ms of world time.
    next_ms: f64,
}

/// What is on the air right now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Air {
    /// The frame as a beacon.
    pub beacon: Beacon,
    /// The device address it comes from.
    pub address: Address,
    /// What else the frame tells.
    pub kind: FrameKind,
}

/// What kind of frame it is, for scanners that pass the kind on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameKind {
    /// The beacon itself.
    Beacon,
    /// A phone's bare private address with Apple's continuity data.
    Apple,
    /// Exposure-notification style: service FD6F.
    Exposure,
}

#[derive(Debug, Clone)]
enum Source {
    Fixed(Beacon),
    Token { key: [u8; 16], exponent: u8 },
    Phone { irk: [u8; 16] },
    Stranger(FrameKind),
}

impl Emitter {
    /// What a customer carries.
    pub fn of(customer: &Customer, now_ms: u64, unix_s: i64, chance: &mut Chance) -> Self {
        let source = match customer.key {
            IdentityKey::Fixed(beacon) => Source::Fixed(beacon),
            IdentityKey::Rotating { key, exponent } => Source::Token { key, exponent },
            IdentityKey::Irk(irk) => Source::Phone { irk },
        };
        Self::start(source, now_ms, unix_s, chance)
    }

    /// What a stranger carries: mostly a phone, now and then a fob of somebody else's.
    pub fn of_stranger(now_ms: u64, unix_s: i64, chance: &mut Chance) -> Self {
        let source = match chance.below(100) {
            0..55 => Source::Stranger(FrameKind::Apple),
            55..90 => Source::Stranger(FrameKind::Exposure),
            90..96 => Source::Fixed(Beacon::IBeacon {
                uuid: chance.bytes(),
                major: chance.bits() as u16,
                minor: chance.bits() as u16,
            }),
            _ => Source::Token {
                key: chance.bytes(),
                exponent: 10,
            },
        };
        Self::start(source, now_ms, unix_s, chance)
    }

    /// What the shop itself sends: a scanner's beacon, or a tag to calibrate with.
    pub fn of_shop(beacon: Beacon, period_s: f64, now_ms: u64, chance: &mut Chance) -> Self {
        let mut emitter = Self::start(Source::Fixed(beacon), now_ms, 0, chance);
        emitter.period_ms = 1_000.0 * period_s;
        emitter
    }

    fn start(source: Source, now_ms: u64, unix_s: i64, chance: &mut Chance) -> Self {
        let period_ms = 1000.0
            * match source {
                Source::Stranger(_) => PHONE_PERIOD_S,
                Source::Fixed(_) | Source::Token { .. } | Source::Phone { .. } => ADVERT_PERIOD_S,
            };
        let states = matches!(source, Source::Fixed(_) | Source::Token { .. });
        let mut emitter = Self {
            air: Air {
                beacon: Beacon::EddystoneEid([0; 8]),
                address: static_address(chance),
                kind: FrameKind::Beacon,
            },
            source,
            changes_s: i64::MIN,
            strength_db: DEVICE_SD_DB * chance.normal(),
            reference_dbm: states.then_some(STATED_DBM),
            period_ms,
            next_ms: now_ms as f64 + chance.between(0.0, period_ms),
        };
        emitter.renew(unix_s, chance);
        // Lives begin at different moments: not all addresses change together.
        if emitter.changes_s < i64::MAX && matches!(emitter.source, Source::Stranger(_)) {
            emitter.changes_s -= chance.below(ADDRESS_LIFE_S as u64) as i64;
        }
        emitter
    }

    /// What is on the air at the next packet before `until_ms`, and when it is sent.
    pub fn next_packet(&mut self, until_ms: u64, unix_s: i64, chance: &mut Chance) -> Option<u64> {
        if self.next_ms >= until_ms as f64 {
            return None;
        }
        let at = self.next_ms as u64;
        self.next_ms += self.period_ms + chance.between(0.0, ADVERT_JITTER_MS);
        if unix_s >= self.changes_s {
            self.renew(unix_s, chance);
        }
        Some(at)
    }

    /// What is on the air.
    pub fn air(&self) -> &Air {
        &self.air
    }

    fn renew(&mut self, unix_s: i64, chance: &mut Chance) {
        match self.source {
            Source::Fixed(beacon) => {
                self.air.beacon = beacon;
                self.changes_s = i64::MAX;
            }
            Source::Token { key, exponent } => {
                let slot = unix_s.clamp(0, i64::from(u32::MAX)) as u32;
                self.air.beacon = Beacon::EddystoneEid(rotating_id(&key, exponent, slot));
                // A device must not keep its address when its identifier changes.
                self.air.address = private_address(chance.bytes(), chance.bytes());
                self.changes_s = ((unix_s >> exponent) + 1) << exponent;
            }
            Source::Phone { irk } => {
                let prand = resolvable(chance.bytes());
                let address = private_address(prand, address_hash(&irk, prand));
                self.air.address = address;
                self.air.beacon = Beacon::PrivateAddress(address);
                self.air.kind = FrameKind::Apple;
                self.changes_s = unix_s + ADDRESS_LIFE_S;
            }
            Source::Stranger(kind) => {
                let address = private_address(chance.bytes(), chance.bytes());
                self.air.address = address;
                self.air.beacon = Beacon::PrivateAddress(address);
                self.air.kind = kind;
                self.changes_s = unix_s + ADDRESS_LIFE_S;
            }
        }
    }
}

/// Top bits `01`: resolvable (Bluetooth Core 5.4, Vol 6, Part B, 1.3.2.2).
fn resolvable(mut prand: [u8; 3]) -> [u8; 3] {
    prand[0] = prand[0] & 0x3f | 0x40;
    prand
}

fn private_address(prand: [u8; 3], hash: [u8; 3]) -> Address {
    let p = resolvable(prand);
    Address([p[0], p[1], p[2], hash[0], hash[1], hash[2]])
}

/// Top bits `11`: random and kept for life.
fn static_address(chance: &mut Chance) -> Address {
    let mut bytes: [u8; 6] = chance.bytes();
    bytes[0] |= 0xc0;
    Address(bytes)
}
