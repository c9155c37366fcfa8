//! HX711 on two pins: the weight on a shelf.
//!
//! Avia Semiconductor, HX711 data sheet: 24 bits, 10 a second, 400 ms until the
//! first after a reset.

use super::Repeat;
use crate::uptime::Uptime;
use core::{fmt, num::NonZero};
use embedded_hal::{
    delay::DelayNs,
    digital::{ErrorType, InputPin, OutputPin},
};
use hx711::Hx711;
use protocol::frame::Quantity;

/// A weight that takes longer never comes, ms.
const WEIGHED_MS: u32 = 1_000;
/// How long the chip may take at the start: a second in steps of 10 µs.
const STEP_US: u32 = 10;
const STEPS: u32 = 100_000;
/// What the driver reads once the chip is ready.
const BITS: u8 = 24;
/// What the chip says when its input is out of range.
const RANGE: core::ops::Range<i32> = -0x80_0000 + 1..0x7F_FFFF;

/// What raw numbers weigh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// The number of an empty shelf.
    pub empty: i32,
    /// Numbers for each kilogram.
    pub per_kilogram: NonZero<i32>,
}

/// Scales under a shelf.
pub struct Shelf<D: DelayNs, I: InputPin, O: OutputPin> {
    /// Nothing when a pin failed at the start.
    chip: Option<Hx711<D, Patient<I, D>, O>>,
    scale: Scale,
    begun: Option<Uptime>,
    repeat: Repeat,
}

impl<D: DelayNs + Clone, I: InputPin, O: OutputPin> Shelf<D, I, O> {
    /// Takes the pins and waits up to a second for the chip. One that is not
    /// there is a fault until it is.
    pub fn new(delay: D, data: I, clock: O, scale: Scale) -> Self {
        let data = Patient {
            pin: data,
            delay: delay.clone(),
            steps: STEPS,
            owed: 0,
        };
        Self {
            chip: Hx711::new(delay, data, clock).ok(),
            scale,
            begun: None,
            repeat: Repeat::default(),
        }
    }

    /// Weighs when it is due.
    pub fn poll(&mut self, now: Uptime) -> Option<Quantity> {
        if !self.repeat.due(now) {
            return None;
        }
        let begun = *self.begun.get_or_insert(now);
        let weighed = self.chip.as_mut().map(Hx711::retrieve);
        let value = match weighed {
            Some(Ok(raw)) if RANGE.contains(&raw) => {
                let above = i64::from(raw) - i64::from(self.scale.empty);
                let grams = 1_000 * above / i64::from(self.scale.per_kilogram.get());
                Quantity::WeightGrams(grams as i32)
            }
            Some(Err(nb::Error::WouldBlock)) if now.since(begun) < WEIGHED_MS => return None,
            Some(Ok(_) | Err(nb::Error::WouldBlock | nb::Error::Other(_))) | None => {
                Quantity::Fault
            }
        };
        self.begun = None;
        self.repeat.spoke(now);
        Some(value)
    }
}

impl<D: DelayNs, I: InputPin, O: OutputPin> fmt::Debug for Shelf<D, I, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shelf")
            .field("scale", &self.scale)
            .field("repeat", &self.repeat)
            .finish_non_exhaustive()
    }
}

/// The data pin. At the start the driver waits for ever for a chip that is not
/// there; so after a second this says that it is ready, and that it weighs
/// nothing, once.
struct Patient<I, D> {
    pin: I,
    delay: D,
    /// For how much longer a chip is waited for.
    steps: u32,
    /// Bits to be read of a chip that is not there.
    owed: u8,
}

impl<I: ErrorType, D> ErrorType for Patient<I, D> {
    type Error = I::Error;
}

impl<I: InputPin, D: DelayNs> InputPin for Patient<I, D> {
    fn is_high(&mut self) -> Result<bool, I::Error> {
        if let Some(owed) = self.owed.checked_sub(1) {
            self.owed = owed;
            return Ok(false);
        }
        let is_high = self.pin.is_high()?;
        if !is_high {
            self.steps = 0;
        } else if self.steps > 0 {
            self.delay.delay_us(STEP_US);
            self.steps -= 1;
            if self.steps == 0 {
                self.owed = BITS;
                return Ok(false);
            }
        }
        Ok(is_high)
    }

    fn is_low(&mut self) -> Result<bool, I::Error> {
        self.is_high().map(|is_high| !is_high)
    }
}
