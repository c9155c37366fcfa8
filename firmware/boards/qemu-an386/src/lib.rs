//! The devices of QEMU's mps2-an386.
//!
//! | device | address | interrupt | what for |
//! |---|---|---|---|
//! | UART 0 | `0x4000_4000` | | console |
//! | UART 1 | `0x4000_5000` | 2 | Bluetooth controller, HCI over H4 |
//! | UART 2 | `0x4000_6000` | 4 | the wire to a bridge |
//! | watchdog | `0x4000_8000` | | starts anew what hangs |
//! | I2C of shield 1 | `0x4002_A000` | | thermometer, settings |
//! | LAN9118 | `0x4020_0000` | 13 | network |
//!
//! ARM Application Note AN386, tables 3-2 and 3-3.
#![no_std]

pub mod ether;
pub mod i2c;
pub mod memory;
pub mod register;
pub mod restart;
pub mod time;
pub mod uart;
pub mod watchdog;

use ether::Ether;
use i2c::Bus;
use uart::Uart;
use watchdog::Watchdog;

/// UART 0.
// SAFETY: the table above.
pub const CONSOLE: Uart = unsafe { Uart::at(0x4000_4000) };
/// UART 1.
// SAFETY: the table above.
pub const CONTROLLER: Uart = unsafe { Uart::at(0x4000_5000) };
/// UART 2.
// SAFETY: the table above.
pub const WIRE: Uart = unsafe { Uart::at(0x4000_6000) };
/// The watchdog.
// SAFETY: the table above.
pub const WATCHDOG: Watchdog = unsafe { Watchdog::at(0x4000_8000) };
/// The network.
// SAFETY: the table above.
pub const ETHER: Ether = unsafe { Ether::at(0x4020_0000) };

/// The I2C bus of shield 1. To be taken once: two would talk at once.
pub fn bus() -> Bus {
    // SAFETY: the table above.
    unsafe { Bus::at(0x4002_A000) }
}
