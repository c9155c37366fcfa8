//! Bytes of other makers, and of the desks, to words of ours. Pure: no clock,
//! no socket, and no input that panics.

pub mod desk;
#[cfg(test)]
pub(crate) mod test_plan;

/// Largest payload that is looked at, bytes. The largest honest one is a
/// basket of a few hundred lines.
pub const MAX_PAYLOAD: usize = 64 << 10;
