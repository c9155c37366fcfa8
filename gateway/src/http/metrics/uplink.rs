//! What a hub was told, and what it waits for.

use super::Page;
use crate::uplink::UplinkHealth;
use std::fmt;

pub(super) fn uplink(page: &mut Page<'_>, health: Option<&UplinkHealth>) -> fmt::Result {
    let Some(health) = health else {
        return Ok(());
    };
    page.gauge(
        "uplink_connected",
        "Whether the hub's broker is connected",
        u64::from(health.up),
    )?;
    page.gauge(
        "uplink_waiting_entries",
        "Entries of the ledger that the hub may not have yet",
        health.waiting,
    )?;
    for (name, help, value) in [
        (
            "uplink_events_sent",
            "Events sent to the hub, each as often as it was",
            health.sent,
        ),
        (
            "uplink_said_again",
            "Times the hub did not have what was sent",
            health.again,
        ),
        (
            "uplink_unreadable",
            "Words of the hub that could not be read",
            health.strange,
        ),
        (
            "uplink_dropped_diagnostics",
            "Diagnostics the hub is not told for want of room",
            health.dropped,
        ),
        (
            "uplink_folded_exposures",
            "Pictures the hub is told by the hour for want of room",
            health.folded,
        ),
    ] {
        page.counter(name, help, value)?;
    }
    Ok(())
}
