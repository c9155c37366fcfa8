//! What recording keeps, costs and loses.

use super::Page;
use crate::recording::RecordingHealth;
use std::fmt;

pub(super) fn recording(page: &mut Page<'_>, health: Option<&RecordingHealth>) -> fmt::Result {
    page.gauge(
        "recording_on",
        "Whether the shop records its days",
        u64::from(health.is_some()),
    )?;
    let Some(health) = health else {
        return Ok(());
    };
    page.gauge("recording_bytes", "Bytes of all recordings", health.bytes)?;
    page.gauge(
        "recording_days",
        "Days there are recordings of",
        health.days,
    )?;
    for (name, help, value) in [
        (
            "recording_moments",
            "Signals, steps and all else that was recorded",
            health.moments,
        ),
        (
            "recording_lost_bytes",
            "Bytes that found no room and are not recorded",
            health.bytes_lost,
        ),
        (
            "recording_days_let_go",
            "Days let go of for age or want of room",
            health.days_let_go,
        ),
        (
            "recording_failures",
            "Times the disk refused a recording or did not keep up",
            health.failures,
        ),
    ] {
        page.counter(name, help, value)?;
    }
    Ok(())
}
