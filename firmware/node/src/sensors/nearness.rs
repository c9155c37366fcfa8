//! VL53L0X on I2C: whether somebody stands before a shelf, by time of flight.
//!
//! `STMicroelectronics` DS11555: up to 2 m, a measurement takes 33 ms.

use super::Repeat;
use crate::uptime::Uptime;
use core::fmt;
use embedded_hal::i2c::I2c;
use protocol::frame::Quantity;
use vl53l0x::VL53L0x;

/// A measurement that takes longer never ends, ms.
const MEASURED_MS: u32 = 1_000;

/// A range finder. `bus` makes a handle on the bus whenever the chip must be
/// set up: at the start, and after it was away.
pub struct Nearness<I2C: I2c, B> {
    bus: B,
    chip: Option<VL53L0x<I2C>>,
    near_mm: u16,
    measured: Uptime,
    said: Option<Quantity>,
    repeat: Repeat,
}

impl<I2C: I2c, B: FnMut() -> I2C> Nearness<I2C, B> {
    /// Somebody is there who is nearer than `near_mm`.
    pub const fn new(bus: B, near_mm: u16) -> Self {
        Self {
            bus,
            chip: None,
            near_mm,
            measured: Uptime(0),
            said: None,
            repeat: Repeat { last: None },
        }
    }

    /// Looks whether a measurement is done. Poll every 100 ms.
    pub fn poll(&mut self, now: Uptime) -> Option<Quantity> {
        let value = self.look(now)?;
        if self.said == Some(value) && !self.repeat.due(now) {
            return None;
        }
        self.said = Some(value);
        self.repeat.spoke(now);
        Some(value)
    }

    fn look(&mut self, now: Uptime) -> Option<Quantity> {
        let Some(chip) = &mut self.chip else {
            // Setting up takes long: only as often as a fault is told.
            if self.said.is_some() && !self.repeat.due(now) {
                return None;
            }
            self.chip = set_up((self.bus)());
            self.measured = now;
            return self.chip.is_none().then_some(Quantity::Fault);
        };
        match chip.read_range_mm() {
            Ok(range_mm) => {
                self.measured = now;
                Some(Quantity::Occupied(range_mm < self.near_mm))
            }
            Err(nb::Error::WouldBlock) if now.since(self.measured) < MEASURED_MS => None,
            Err(nb::Error::WouldBlock | nb::Error::Other(_)) => {
                self.chip = None;
                Some(Quantity::Fault)
            }
        }
    }
}

fn set_up<I2C: I2c>(bus: I2C) -> Option<VL53L0x<I2C>> {
    let mut chip = VL53L0x::new(bus).ok()?;
    // 0: one measurement after the other.
    chip.start_continuous(0).ok()?;
    Some(chip)
}

impl<I2C: I2c, B> fmt::Debug for Nearness<I2C, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Nearness")
            .field("said", &self.said)
            .field("repeat", &self.repeat)
            .finish_non_exhaustive()
    }
}
