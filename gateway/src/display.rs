//! Displays: what each was told, and what is proven about its glass.
//!
//! The engine commands screens and believes their word. Here is who speaks for
//! them: our own page for itself; for displays of other makers an adapter that
//! passes orders on and says no more than it can prove.
//!
//! | display | orders go | `acked` when |
//! |---|---|---|
//! | own page | HTTP, MQTT | the page says that it painted |
//! | `TouchKio` | our page inside it; [`kiosk`] watches over MQTT | the page says so, and the kiosk does not say that its glass is dark |
//! | Anthias | [`anthias`] brings our page up over HTTP | the page says so, and the player is not known to be off |
//! | `OpenEPaperLink` | [`tag`] uploads a picture over HTTP | the access point says that the tag fetched it |
//!
//! Only `acked` reaches the engine, and so the ledger; `sent` and `unknown` are
//! shown on the console and in metrics, and never counted as seen.

mod address;
mod anthias;
mod board;
mod client;
mod drive;
mod kiosk;
mod kiosks;
mod label;
pub(crate) mod problems;
mod start;
mod tag;
#[cfg(test)]
mod tests;

pub use board::{Board, DisplayStatus, Evidence};
pub use kiosks::Kiosks;
pub use start::{DisplayError, start};

use crate::backoff::Backoff;

/// Between attempts at a display that fails, so that sixty tags do not ask one
/// access point in the same moment.
const BACKOFF: Backoff = Backoff::between(2_000, 120_000);
