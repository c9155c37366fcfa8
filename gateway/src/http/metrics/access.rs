//! Who is signed in, and who tried too often.

use super::Page;
use crate::access::Gate;
use std::fmt;

/// What is counted at the gate.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Access {
    pub(super) signed_in: u64,
    pub(super) slowed_down: u64,
    pub(super) deeds_lost: u64,
}

impl Access {
    pub(super) fn of(gate: &Gate) -> Self {
        let (signed_in, slowed_down) = gate.figures();
        Self {
            signed_in: signed_in as u64,
            slowed_down,
            deeds_lost: gate.audit().lost(),
        }
    }
}

pub(super) fn access(page: &mut Page<'_>, access: Access) -> fmt::Result {
    page.gauge(
        "signed_in",
        "Sessions of people that go on",
        access.signed_in,
    )?;
    page.counter(
        "attempts_slowed_down",
        "Attempts to sign in that came before their wait was over",
        access.slowed_down,
    )?;
    page.counter(
        "deeds_lost",
        "Lines of who did what that could not be written",
        access.deeds_lost,
    )
}
