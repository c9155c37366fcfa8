//! What vouchers cost: reserved when a code is issued, committed when a till
//! redeems it, released when it lapses or was never shown. Reserved and
//! committed together never exceed what was given, at no moment and after no
//! power cut: what is not on the books is not on a screen.
//!
//! ```text
//!           issue             hold             commit
//!   nothing -----> open ----------------> held -------> spent
//!                   | ^ `--------------------------------^ |
//!                   | `------- release (a till lets go) ---'
//!                   `--- lapse, never shown ---> gone
//! ```
//!
//! The fold of [`Money`] knows no clock and no plan; what depends on them is
//! decided before an entry is written ([`Money::ask`], [`Money::has_room`]).

mod bill;
mod book;
mod claims;
mod entry;
mod room;
mod sums;
mod ticket;

pub use bill::{Bill, hour};
pub use book::{Code, MAX_CODES, Money, State};
pub use claims::{Action, Asked, CodeOutcome, GRACE_MS, HOLD_MS};
pub use entry::{Charge, Claim, HourKey, Issued, MoneyEntry};
pub use room::Wanted;
pub use sums::{CampaignSums, HourCount, Sums};
pub use ticket::Ticket;
