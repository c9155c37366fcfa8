//! What the engine took in, in as few bytes as it needs, so that a day can be
//! decided again bit for bit, or otherwise, with other offers.
//!
//! ```text
//! run    = Begin (plan, image of the engine) record*
//! record = head [time] rest
//! head   = bit 7: time follows | bit 6: a signal, else 0 a step, 1 anything else
//! time   = varint(ms since the record before << 2 | clock)
//!          clock 0: as before, 1: +1 ms, 2: -1 ms, 3: a word on the date follows
//! signal = slot, scanner, strength [age] [tag]   bits 0..2 of head say in which form
//! step   = how many decisions, two bytes of the chain after each
//! other  = length, postcard(Body)
//! ```
//!
//! A signal is taped after identity and consent: it names a slot of somebody
//! who agreed to be followed, never a beacon. Strangers leave no trace but that
//! a second's step may have been done when one of them was heard. Keys of
//! beacons are not needed again and are not here.
//!
//! Nothing here writes to a disk or knows a cipher: the shell seals the bytes.

mod bytes;
mod chain;
mod erase;
mod hook;
mod image;
mod pen;
pub mod plain;
mod reader;
mod taken;
mod tape;

pub use chain::Chain;
pub use erase::Eraser;
pub use image::{Image, Standing};
pub use reader::Reader;
pub use taken::{Begin, Body, Moment, PendingConsent, Signal, Slot, Taken};

pub(crate) use tape::Tape;

/// Format of what follows; another number is not read. Higher by one whenever
/// a recording of the build before could not be decided again as it was because
/// of how it is written or hashed: 2 hashes reasons by their names, not numbers;
/// 3 knows when somebody was shown what today; 4 what was learnt of how radio fades; 5 how
/// strong a scanner heard somebody a moment ago; 7 tells the strongest of several packets; 8 which
/// receipts made buyers, and were counted in blocks.
pub const VERSION: u32 = 8;

/// Why bytes are no recording, or not a whole one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// They were cut or changed.
    Damaged,
    /// Another build of the program wrote them, in this format.
    OtherVersion(u32),
}

impl core::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Damaged => f.write_str("the recording is damaged"),
            Self::OtherVersion(version) => write!(
                f,
                "it was recorded by another version of the program (format {version}; this one \
                 reads {VERSION}): nothing is wrong with it, but only that version can decide it \
                 again; name a day recorded since"
            ),
        }
    }
}

impl core::error::Error for Unreadable {}
