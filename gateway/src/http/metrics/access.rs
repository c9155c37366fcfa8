//! Who is signed in, and who tried too often.

use super::Page;
use crate::http::App;
use std::fmt;

/// What is counted at the gate.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Access {
    pub(super) signed_in: u64,
    pub(super) slowed_down: u64,
    pub(super) deeds_lost: u64,
    pub(super) connections_gave_way: u64,
    pub(super) connections_turned_away: u64,
}

impl Access {
    pub(super) fn of(app: &App) -> Self {
        let (signed_in, slowed_down) = app.gate.figures();
        let (connections_gave_way, connections_turned_away) = app.seats.figures();
        Self {
            signed_in: signed_in as u64,
            slowed_down,
            deeds_lost: app.gate.audit().lost(),
            connections_gave_way,
            connections_turned_away,
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
    )?;
    page.counter(
        "connections_gave_way",
        "Connections that were ended because all were taken and somebody else came",
        access.connections_gave_way,
    )?;
    page.counter(
        "connections_turned_away",
        "Connections for which there was none left, or no more for their address",
        access.connections_turned_away,
    )
}
