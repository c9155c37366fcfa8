//! What the board keeps without power: a 24C32 with settings and the count of
//! starts.

use crate::i2c::Bus;
use core::fmt;
use eeprom24x::{Eeprom24x, SlaveAddr};
use node::starts;
use protocol::settings::{BadSettings, MAX_BYTES, Settings};

/// Where the two places of the count are: each on a page of its own.
const STARTS_AT: [u32; 2] = [0xC00, 0xC20];
/// Asking whether a page is written, before giving up. It takes 10 ms at most
/// (Microchip 24C32 data sheet, `T_WC`); an emulated chip is ready at once.
const ASKED_MAX: u32 = 10_000;

/// Why the board cannot begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadMemory {
    /// The chip does not answer.
    Silent,
    /// What it holds is no settings.
    Settings(BadSettings),
}

impl fmt::Display for BadMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Silent => f.write_str("the memory for settings does not answer"),
            Self::Settings(error) => error.fmt(f),
        }
    }
}

/// Reads the settings and counts this start.
pub fn open(bus: Bus) -> Result<(Settings, u32, Bus), BadMemory> {
    let mut chip = Eeprom24x::new_24x32(bus, SlaveAddr::default());
    let mut room = [0; MAX_BYTES];
    let silent = |_| BadMemory::Silent;
    chip.read_data(0, &mut room).map_err(silent)?;
    let settings = Settings::read(&room).map_err(BadMemory::Settings)?;
    let mut places = [[0; starts::BYTES]; 2];
    for (at, place) in STARTS_AT.iter().zip(&mut places) {
        chip.read_data(*at, place).map_err(silent)?;
    }
    let (at, place, start) = starts::next(places);
    chip.write_page(STARTS_AT[at], &place).map_err(silent)?;
    let written = (0..ASKED_MAX).any(|_| chip.read_byte(STARTS_AT[at]).is_ok());
    if !written {
        return Err(BadMemory::Silent);
    }
    Ok((settings, start, chip.destroy()))
}
