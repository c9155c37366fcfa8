//! LM75 and its many compatibles (TMP75, TMP105, AT30TS75) on I2C.
//!
//! NXP LM75B data sheet, table 4: -55 to +125 °C.

use super::Repeat;
use crate::uptime::Uptime;
use core::fmt;
use embedded_hal::i2c::I2c;
use lm75::{Address, Lm75, ic};
use protocol::frame::Quantity;

/// A thermometer.
pub struct Thermometer<I2C> {
    chip: Lm75<I2C, ic::Lm75>,
    repeat: Repeat,
}

impl<I2C: I2c> Thermometer<I2C> {
    /// At the address with all three address pins low, `0x48`.
    pub fn new(i2c: I2C) -> Self {
        Self {
            chip: Lm75::new(i2c, Address::default()),
            repeat: Repeat::default(),
        }
    }

    /// Reads the temperature when it is due.
    pub fn poll(&mut self, now: Uptime) -> Option<Quantity> {
        if !self.repeat.due(now) {
            return None;
        }
        self.repeat.spoke(now);
        Some(match self.chip.read_temperature() {
            Ok(celsius) if (-55.0..=125.0).contains(&celsius) => {
                Quantity::TemperatureCentiCelsius((celsius * 100.0) as i16)
            }
            Ok(_) | Err(_) => Quantity::Fault,
        })
    }

    /// Gives the bus back.
    pub fn release(self) -> I2C {
        self.chip.destroy()
    }
}

impl<I2C> fmt::Debug for Thermometer<I2C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Thermometer")
            .field("repeat", &self.repeat)
            .finish_non_exhaustive()
    }
}
