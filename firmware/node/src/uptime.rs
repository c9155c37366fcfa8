//! The only clock a node knows.

/// Milliseconds since the node started. Wraps after 49 days, and nothing here
/// minds: only differences are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Uptime(pub u32);

impl Uptime {
    /// Milliseconds from `earlier` to here, right across a wrap.
    pub const fn since(self, earlier: Self) -> u32 {
        self.0.wrapping_sub(earlier.0)
    }

    /// The same, held at the largest age a frame can carry.
    pub(crate) fn age(self, earlier: Self) -> u16 {
        u16::try_from(self.since(earlier)).unwrap_or(u16::MAX)
    }
}
