//! SHT40, SHT41 and SHT45 on I2C: temperature and humidity.
//!
//! Sensirion, data sheet of the `SHT4x`, version 6.5: -40 to +125 °C, 0 to 100 % RH.

use super::Repeat;
use crate::uptime::Uptime;
use core::fmt;
use embedded_hal::{delay::DelayNs, i2c::I2c};
use protocol::frame::Quantity;
use sht4x::{Precision, Sht4x};

/// A thermometer and hygrometer, at address `0x44`.
pub struct Climate<I2C, D> {
    chip: Sht4x<I2C, D>,
    delay: D,
    repeat: Repeat,
}

impl<I2C: I2c, D: DelayNs> Climate<I2C, D> {
    /// Takes the bus, and a delay: a measurement takes 5 ms.
    pub fn new(i2c: I2C, delay: D) -> Self {
        Self {
            chip: Sht4x::new(i2c),
            delay,
            repeat: Repeat::default(),
        }
    }

    /// Measures when it is due: temperature, then humidity.
    pub fn poll(&mut self, now: Uptime) -> Option<[Quantity; 2]> {
        if !self.repeat.due(now) {
            return None;
        }
        self.repeat.spoke(now);
        let measured = self.chip.measure(Precision::Medium, &mut self.delay);
        // The driver checks the chip's own checksums.
        Some(measured.map_or([Quantity::Fault; 2], |measured| {
            let centi = measured.temperature_milli_celsius() / 10;
            // A humidity just outside its range is the formula's, not a fault
            // (data sheet, 4.6).
            let permille = (measured.humidity_milli_percent() / 100).clamp(0, 1_000);
            [
                Quantity::TemperatureCentiCelsius(centi as i16),
                Quantity::HumidityPermille(permille.unsigned_abs() as u16),
            ]
        }))
    }

    /// Gives the bus back.
    pub fn release(self) -> I2C {
        self.chip.destroy()
    }
}

impl<I2C, D> fmt::Debug for Climate<I2C, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Climate")
            .field("repeat", &self.repeat)
            .finish_non_exhaustive()
    }
}
