//! What came of it: charges against caps and budgets, exposures with who saw
//! them, baskets joined to offers by arm.

mod arms;
mod exposure;
mod serial;
mod tallies;
mod weary;

pub use arms::{Arms, held_out};
pub use exposure::Viewing;
pub use serial::Serials;
pub use tallies::{Charges, ShownToday, Tallies};
pub use weary::Weary;
