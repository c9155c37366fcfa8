//! Settings and the count of starts in a chip's own flash: three sectors, one
//! for the settings and two in which the count is written in turn.
//!
//! Each start erases one sector. Flash that stands 10,000 of that (nRF52840,
//! product specification 1.11, table 21) stands 20,000 starts.

use crate::starts;
use core::fmt;
use embedded_storage::nor_flash::{NorFlash, ReadNorFlash};
use protocol::settings::{BadSettings, MAX_BYTES, Settings, Wifi};

/// Bytes of a sector, on both chips that are used.
pub const SECTOR: u32 = 4_096;

/// Why a node cannot begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadFlash {
    /// It cannot be read or written.
    Broken,
    /// What it holds is no settings.
    Settings(BadSettings),
}

impl fmt::Display for BadFlash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken => f.write_str("the flash cannot be read or written"),
            Self::Settings(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for BadFlash {}

/// Reads the settings at `at`, and counts this start in the two sectors behind
/// them. To be done before a radio runs: erasing stops the chip for a while.
pub fn open<F: NorFlash>(flash: &mut F, at: u32) -> Result<(Settings, u32), BadFlash> {
    let broken = |_| BadFlash::Broken;
    let mut room = [0; MAX_BYTES];
    flash.read(at, &mut room).map_err(broken)?;
    let settings = Settings::read(&room).map_err(BadFlash::Settings)?;
    let sector = |nth: usize| at + SECTOR * (1 + nth as u32);
    let mut places = [[0; starts::BYTES]; 2];
    for (nth, place) in places.iter_mut().enumerate() {
        flash.read(sector(nth), place).map_err(broken)?;
    }
    let (nth, place, start) = starts::next(places);
    let from = sector(nth);
    flash.erase(from, from + SECTOR).map_err(broken)?;
    flash.write(from, &place).map_err(broken)?;
    Ok((settings, start))
}

/// Reads how the node gets into a wireless network, which stands behind the
/// settings at `at`.
pub fn wifi<F: ReadNorFlash>(flash: &mut F, at: u32) -> Result<Wifi, BadFlash> {
    let mut room = [0; MAX_BYTES];
    let read = flash.read(at + MAX_BYTES as u32, &mut room);
    read.map_err(|_| BadFlash::Broken)?;
    Wifi::read(&room).map_err(BadFlash::Settings)
}
