//! OPT3001 on I2C: how bright it is.
//!
//! Texas Instruments SBOS681C: 0.01 to 83,865 lx; a conversion takes 800 ms.

use super::Repeat;
use crate::uptime::Uptime;
use core::fmt;
use embedded_hal::i2c::I2c;
use opt300x::{Opt300x, SlaveAddr, ic, mode};
use protocol::frame::Quantity;

/// A conversion that takes longer never ends, ms.
const CONVERTED_MS: u32 = 2_000;

/// A light sensor, at address `0x44` with its address pin low.
pub struct Light<I2C> {
    chip: Opt300x<I2C, ic::Opt3001, mode::OneShot>,
    begun: Option<Uptime>,
    repeat: Repeat,
}

impl<I2C: I2c> Light<I2C> {
    /// Takes the bus. `is_high` says how its address pin is wired.
    pub fn new(i2c: I2C, is_high: bool) -> Self {
        Self {
            chip: Opt300x::new_opt3001(i2c, SlaveAddr::Alternative(false, is_high)),
            begun: None,
            repeat: Repeat::default(),
        }
    }

    /// Begins a conversion when it is due, and tells its result at a later poll.
    pub fn poll(&mut self, now: Uptime) -> Option<Quantity> {
        if !self.repeat.due(now) {
            return None;
        }
        let begun = *self.begun.get_or_insert(now);
        let value = match self.chip.read_raw() {
            Ok(measured) => {
                // 0.01 lx times the number, times two to the exponent (table 10).
                let (exponent, number) = measured.result;
                Quantity::IlluminanceLux((u32::from(number) << exponent) / 100)
            }
            Err(nb::Error::WouldBlock) if now.since(begun) < CONVERTED_MS => return None,
            Err(nb::Error::WouldBlock | nb::Error::Other(_)) => {
                // The next conversion begins from nothing.
                self.chip.reset_internal_driver_state();
                Quantity::Fault
            }
        };
        self.begun = None;
        self.repeat.spoke(now);
        Some(value)
    }

    /// Gives the bus back.
    pub fn release(self) -> I2C {
        self.chip.destroy()
    }
}

impl<I2C> fmt::Debug for Light<I2C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Light")
            .field("repeat", &self.repeat)
            .finish_non_exhaustive()
    }
}
