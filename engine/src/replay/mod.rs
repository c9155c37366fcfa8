//! A recorded day, decided again by the very engine that decides live, in
//! virtual time.

mod exact;

pub use exact::{Otherwise, Replay};
