//! How long to wait before the next attempt to reach the broker.

use protocol::id::ScannerId;

/// The first wait, ms.
const FIRST_MS: u32 = 500;
/// The longest wait, ms: a shop that gets its power back is whole within it.
const LONGEST_MS: u32 = 30_000;

/// Waits that double, each anywhere between half and one and a half of itself,
/// so that the nodes of a shop do not all come back in the same moment.
#[derive(Debug, Clone)]
pub struct Backoff {
    attempts: u32,
    state: u32,
}

impl Backoff {
    /// `seed` should differ between nodes.
    pub const fn new(seed: u32) -> Self {
        Self {
            attempts: 0,
            // Xorshift never leaves zero.
            state: seed | 1,
        }
    }

    /// Another one for each node and each of its starts.
    pub fn of(node: &ScannerId, start: u32) -> Self {
        let name = node.as_str().bytes();
        Self::new(name.fold(start, |seed, byte| {
            seed.wrapping_mul(31).wrapping_add(byte.into())
        }))
    }

    /// How long to wait now, ms.
    pub fn wait_ms(&mut self) -> u32 {
        let doubled = FIRST_MS << self.attempts.min(6);
        self.attempts = self.attempts.saturating_add(1);
        let base = doubled.min(LONGEST_MS);
        base / 2 + self.draw() % base
    }

    /// The broker was reached.
    pub const fn reached(&mut self) {
        self.attempts = 0;
    }

    /// Marsaglia, Xorshift RNGs, Journal of Statistical Software 8 (14), 2003.
    const fn draw(&mut self) -> u32 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 17;
        self.state ^= self.state << 5;
        self.state
    }
}
