//! Who a beacon belongs to, among those who opted in. Everybody else is nobody:
//! the frame is dropped by the caller in the same breath and leaves no trace.

mod private_address;
mod rotating;

pub use protocol::keys::{address_hash, resolves, rotating_id};

use crate::{
    Seed,
    index::{Index, index},
    shopper::{IdentityKey, ShopperId},
    time::{Mono, Now},
};
use private_address::PrivateAddresses;
use protocol::beacon::Beacon;
use rotating::RotatingIds;

/// The answer to "whose beacon is this?".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// An enrolled shopper's.
    Shopper(ShopperId),
    /// Nobody's who opted in.
    Stranger,
    /// Not tried, for want of time: treated as a stranger's, but counted apart.
    NotTried,
    /// An identifier of an enrolled shopper that is over: somebody recorded it.
    Replayed,
}

/// Everything that resolves beacons. Grows with enrolment, never with what is heard.
#[derive(Debug)]
pub struct Identity {
    fixed: Index<Beacon, ShopperId>,
    rotating: RotatingIds,
    private: PrivateAddresses,
}

impl Identity {
    /// Knows nobody yet.
    pub fn new(seed: Seed) -> Self {
        Self {
            fixed: index(seed, 1),
            rotating: RotatingIds::new(seed),
            private: PrivateAddresses::new(seed),
        }
    }

    /// Makes room for these keys at once; see [`crate::consent::Consents::reserve`].
    pub fn reserve<'k>(&mut self, keys: impl Iterator<Item = &'k IdentityKey>) {
        let (mut fixed, mut rotating, mut irks) = (0, 0, 0);
        for key in keys {
            match key {
                IdentityKey::Fixed(_) => fixed += 1,
                IdentityKey::Rotating { .. } => rotating += 1,
                IdentityKey::Irk(_) => irks += 1,
            }
        }
        self.fixed.reserve(fixed);
        self.rotating.reserve(rotating);
        self.private.reserve(irks);
    }

    /// Whether a key already belongs to somebody else.
    pub fn is_taken(&self, key: &IdentityKey, by_other_than: ShopperId) -> bool {
        let owner = match key {
            IdentityKey::Fixed(beacon) => self.fixed.get(beacon).copied(),
            IdentityKey::Rotating { key, exponent } => self.rotating.owner(key, *exponent),
            IdentityKey::Irk(irk) => self.private.owner(irk),
        };
        owner.is_some_and(|owner| owner != by_other_than)
    }

    /// From now on this key is this shopper's.
    pub fn add(&mut self, shopper: ShopperId, key: &IdentityKey) {
        match key {
            IdentityKey::Fixed(beacon) => {
                self.fixed.insert(*beacon, shopper);
            }
            IdentityKey::Rotating { key, exponent } => self.rotating.add(shopper, *key, *exponent),
            IdentityKey::Irk(irk) => self.private.add(shopper, *irk),
        }
    }

    /// From now on this key is nobody's.
    pub fn remove(&mut self, key: &IdentityKey) {
        match key {
            IdentityKey::Fixed(beacon) => {
                self.fixed.remove(beacon);
            }
            IdentityKey::Rotating { key, exponent } => self.rotating.remove(key, *exponent),
            IdentityKey::Irk(irk) => self.private.remove(irk),
        }
    }

    /// Whose beacon this is.
    pub fn whose(&mut self, now: Now, beacon: &Beacon) -> Whose {
        let found = match beacon {
            Beacon::IBeacon { .. } | Beacon::EddystoneUid { .. } | Beacon::AltBeacon(_) => {
                self.fixed.get(beacon).copied()
            }
            Beacon::EddystoneEid(id) => return self.rotating.whose(now, *id),
            Beacon::PrivateAddress(address) => return self.private.whose(now.mono, *address),
        };
        found.map_or(Whose::Stranger, Whose::Shopper)
    }

    /// Computes a bounded part of the rotating identifiers that are due.
    pub fn prepare(&mut self, now: Now) {
        self.rotating.prepare(now);
    }

    /// Lets go of what is remembered of addresses whose time is over.
    pub fn forget(&mut self, now: Mono) {
        self.private.forget(now);
    }

    /// When [`Identity::prepare`] has something to do again.
    pub fn next_wake(&self) -> Option<Mono> {
        self.rotating.next_wake()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{UnixMs, Wall};
    use protocol::beacon::Address;

    fn at(mono: u64, unix_s: i64) -> Now {
        Now {
            mono: Mono(mono),
            wall: Wall::Synced(UnixMs(unix_s * 1000)),
        }
    }

    #[test]
    fn a_fixed_beacon_is_found_until_it_is_removed() {
        let mut identity = Identity::new(Seed(1));
        let fob = Beacon::IBeacon {
            uuid: [7; 16],
            major: 1,
            minor: 2,
        };
        assert_eq!(identity.whose(at(0, 0), &fob), Whose::Stranger);
        identity.add(ShopperId(5), &IdentityKey::Fixed(fob));
        assert_eq!(identity.whose(at(0, 0), &fob), Whose::Shopper(ShopperId(5)));
        assert!(identity.is_taken(&IdentityKey::Fixed(fob), ShopperId(6)));
        assert!(!identity.is_taken(&IdentityKey::Fixed(fob), ShopperId(5)));
        identity.remove(&IdentityKey::Fixed(fob));
        assert_eq!(identity.whose(at(0, 0), &fob), Whose::Stranger);
    }

    #[test]
    fn a_rotating_token_is_found_in_its_slot_and_one_either_side_only() {
        let (key, exponent) = ([3; 16], 9);
        let t = 1_800_000_000_u32;
        for (offset, found) in [
            (0_i64, true),
            (-512, true),
            (512, true),
            (-1024, false),
            (1024, false),
        ] {
            let mut identity = Identity::new(Seed(1));
            identity.add(ShopperId(5), &IdentityKey::Rotating { key, exponent });
            identity.prepare(at(0, i64::from(t)));
            let id = rotating_id(&key, exponent, (i64::from(t) + offset) as u32);
            let whose = identity.whose(at(0, i64::from(t)), &Beacon::EddystoneEid(id));
            assert_eq!(whose == Whose::Shopper(ShopperId(5)), found, "{offset}");
        }
    }

    #[test]
    fn a_key_enrolled_in_the_other_byte_order_resolves_all_the_same() {
        let irk = 0xec02_34a3_57c8_ad05_3410_10a6_0a39_7d9b_u128.to_le_bytes();
        let hers = Address([0x70, 0x81, 0x94, 0x0d, 0xfb, 0xaa]);
        assert!(resolves(&irk, hers));
    }

    #[test]
    fn a_private_address_is_found_by_its_key_and_a_strangers_is_not() {
        // Bluetooth Core 5.4, Vol 3, Part H, appendix D.7.
        let irk = 0xec02_34a3_57c8_ad05_3410_10a6_0a39_7d9b_u128.to_be_bytes();
        let hers = Address([0x70, 0x81, 0x94, 0x0d, 0xfb, 0xaa]);
        let other = Address([0x70, 0x81, 0x94, 0x0d, 0xfb, 0xab]);
        let mut identity = Identity::new(Seed(1));
        identity.add(ShopperId(9), &IdentityKey::Irk(irk));
        for _ in 0..2 {
            let whose = identity.whose(at(0, 0), &Beacon::PrivateAddress(hers));
            assert_eq!(whose, Whose::Shopper(ShopperId(9)));
            let whose = identity.whose(at(0, 0), &Beacon::PrivateAddress(other));
            assert_eq!(whose, Whose::Stranger);
        }
        identity.remove(&IdentityKey::Irk(irk));
        let whose = identity.whose(at(1, 0), &Beacon::PrivateAddress(hers));
        assert_eq!(whose, Whose::Stranger);
    }
}
