//! Where a display that is told an address finds its page.

use crate::access::Gate;
use protocol::id::ScreenId;
use std::{fmt, sync::Arc};

/// The address of a screen's page, with the key of the screen as it is now: once a key
/// is taken back the address is another one.
pub(super) struct Address(Box<dyn Fn() -> String + Send + Sync>);

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("address(redacted)")
    }
}

impl Address {
    /// As the gate has it, at the root of this page.
    pub(super) fn at(gate: &Arc<Gate>, page: &str, screen: &ScreenId) -> Self {
        let (gate, page, screen) = (gate.clone(), page.to_owned(), screen.clone());
        Self::by(move || gate.address(&page, screen.as_str()))
    }

    /// As this says whenever it is asked.
    pub(super) fn by(says: impl Fn() -> String + Send + Sync + 'static) -> Self {
        Self(Box::new(says))
    }

    /// The address now.
    pub(super) fn now(&self) -> String {
        (self.0)()
    }
}
