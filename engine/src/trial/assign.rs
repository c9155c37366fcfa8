//! Who gets what: keyed hashes of names, so that nothing is stored and every
//! start and every gateway that shares the store's pseudonyms says the same.
//!
//! Each question has a key of its own, so that the answers are independent of
//! each other: who is held out says nothing about who is let in first.
//!
//! - Arm: rendezvous hashing (Thaler and Ravishankar, "Using name-based mappings
//!   to increase hit rates", IEEE/ACM Transactions on Networking 6(1), 1998) with one ticket per part
//!   of a share: ticket `r` of arm `a` draws `h(offer, a, r, shopper)`, and the
//!   arm that holds the highest ticket wins. An arm with `s` of all `S` parts
//!   wins with probability `s / S`. Raising a share adds tickets and changes
//!   none, so whoever moves, moves into that arm; lowering one, or taking an arm
//!   away, moves only those who were in it.
//! - Ramp: a shopper has one point in 0..1000, and is inside while it lies below
//!   the share. Shares that rise only let more in.
//! - Switchback: a pair of blocks tosses one coin for which of them is on.

use crate::{
    plan::{Offer, TrialArm},
    shopper::ShopperId,
    time::UnixMs,
};
use core::hash::Hasher as _;
use protocol::id::ScreenId;
use siphasher::sip::SipHasher24;

/// First half of every key: `aislecas`.
const KEY: u64 = 0x6169_736c_6563_6173;
/// Shoppers fall into so many groups, from whose differences the spread of a
/// result is estimated without keeping anything about one person.
pub const BUCKETS: u8 = 16;
/// An anonymous audience is let in, or given an arm, by blocks this long, ms.
pub const BLOCK_MS: u64 = 30 * 60_000;

// Which question is asked: the second half of the key.
const ARM: u64 = u64::from_be_bytes(*b"arm-one.");
const RAMP: u64 = u64::from_be_bytes(*b"ramp-one");
const SWITCHBACK: u64 = u64::from_be_bytes(*b"switch-1");
const BUCKET: u64 = u64::from_be_bytes(*b"bucket-1");

/// Who or what is assigned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit<'a> {
    /// A shopper who opted in.
    Shopper(ShopperId),
    /// A screen for the length of one block, when nobody before it is known.
    Block(&'a ScreenId, i64),
}

impl Unit<'_> {
    fn write(self, hasher: &mut SipHasher24) {
        match self {
            Self::Shopper(shopper) => hasher.write_u64(shopper.0),
            Self::Block(screen, block) => {
                hasher.write(screen.as_str().as_bytes());
                hasher.write_u8(0xff);
                hasher.write_i64(block);
            }
        }
    }
}

/// The index of the arm that somebody is in; `None` for an offer with one picture.
pub fn arm_of(offer: &Offer, unit: Unit<'_>) -> Option<u8> {
    let arms = offer.trial.arms.iter().zip(0..);
    arms.map(|(arm, at)| (best_ticket(offer, arm, unit), at))
        .max_by_key(|(ticket, at)| (*ticket, u8::MAX - at))
        .map(|(_, at)| at)
}

fn best_ticket(offer: &Offer, arm: &TrialArm, unit: Unit<'_>) -> u64 {
    let ticket = |part: u8| {
        let mut hasher = begin(ARM, offer);
        hasher.write(arm.name.as_bytes());
        hasher.write_u8(0xff);
        hasher.write_u8(part);
        unit.write(&mut hasher);
        hasher.finish()
    };
    (0..arm.share).map(ticket).max().unwrap_or(0)
}

/// Whether a ramp at this share, thousandths, lets somebody in.
pub fn let_in(offer: &Offer, unit: Unit<'_>, permille: u16) -> bool {
    let mut hasher = begin(RAMP, offer);
    unit.write(&mut hasher);
    below(hasher.finish(), 1_000) < u64::from(permille)
}

/// Whether a switchback shows the offer on this screen in this block. Blocks
/// `2k` and `2k + 1` are a pair: one of them is on.
pub fn is_on(offer: &Offer, screen: &ScreenId, block: i64) -> bool {
    let mut hasher = begin(SWITCHBACK, offer);
    Unit::Block(screen, block.div_euclid(2)).write(&mut hasher);
    let second_is_on = hasher.finish() >> 63 == 1;
    second_is_on == (block.rem_euclid(2) == 1)
}

/// The group, below [`BUCKETS`], that a shopper is counted with.
pub fn bucket_of(offer: &Offer, shopper: ShopperId) -> u8 {
    let mut hasher = begin(BUCKET, offer);
    hasher.write_u64(shopper.0);
    below(hasher.finish(), u64::from(BUCKETS)) as u8
}

/// The number of the block that holds this moment, from 1970 on.
pub const fn block_at(at: UnixMs, length_ms: u64) -> i64 {
    at.0.div_euclid(length_ms as i64)
}

fn begin(question: u64, offer: &Offer) -> SipHasher24 {
    let mut hasher = SipHasher24::new_with_keys(KEY, question);
    hasher.write(offer.id.as_str().as_bytes());
    hasher.write_u8(0xff);
    hasher
}

/// Multiply-shift maps a hash evenly onto `0..bound`.
fn below(hash: u64, bound: u64) -> u64 {
    ((u128::from(hash) * u128::from(bound)) >> 64) as u64
}
