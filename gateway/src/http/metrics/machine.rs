//! The machine's own gauges: what it does not say is left out.

use super::{Page, seconds};
use crate::machine::MachineHealth;
use std::fmt;

pub(super) fn write(page: &mut Page<'_>, machine: &MachineHealth) -> fmt::Result {
    let free = machine.disk_free_bytes.map(|bytes| bytes as f64);
    for (name, help, value) in [
        (
            "disk_free_bytes",
            "Free on the disk of the data folder",
            free,
        ),
        (
            "processor_celsius",
            "Temperature of the processor, where the machine says it",
            machine.celsius.map(f64::from),
        ),
        (
            "flash_worn_percent",
            "Rated life that built-in flash memory has behind it, where it says so",
            machine.worn_percent.map(f64::from),
        ),
        (
            "power_weak_seconds",
            "Since the supply was last too weak, if within a day",
            machine.weak_power_ms.map(seconds),
        ),
    ] {
        if let Some(value) = value {
            page.gauge(name, help, value)?;
        }
    }
    Ok(())
}
