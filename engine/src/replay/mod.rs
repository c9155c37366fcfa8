//! A recorded day, decided again by the very engine that decides live, in
//! virtual time: with the same offers bit for bit ([`Replay`]), with others as
//! it would have come ([`WhatIf`]), and what that would have brought
//! ([`estimate`]).

mod asked;
mod burn;
mod cast;
mod estimate;
mod exact;
mod glass;
mod passive;
mod sums;
mod what_if;

pub use asked::Asked;
pub use burn::{Burn, Burns};
pub use estimate::{CannotTell, DRAWS_MIN, Draw, Estimate, OVERLAP_MIN, WEIGHT_MAX, estimate};
pub use exact::{Otherwise, Replay};
pub use sums::{OfferSum, Sums};
pub use what_if::{AnotherFloor, WhatIf};
