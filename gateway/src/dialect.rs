//! Bytes of our nodes, of screens and of the desks, to words of ours. Pure: no
//! clock, no socket, and no input that panics. Other makers' words are the
//! crate `dialect`.

pub mod desk;
pub mod node;
pub mod screen;

#[cfg(test)]
pub(crate) mod test_plan;

pub use ::dialect::{MAX_PAYLOAD, Unreadable};
