//! The serial ports (ARM DDI 0479, CMSDK UART): one for the console, one to the
//! Bluetooth controller, one to a bridge.

use crate::register::Register;
use core::{convert::Infallible, fmt};
use embassy_sync::{blocking_mutex::raw::CriticalSectionRawMutex, pipe::Pipe};
use embedded_io_async::{ErrorType, Read, Write};

/// Received and not yet read, bytes: what a controller says in 20 ms at 1 Mbit/s.
const WAITING_MAX: usize = 2_048;

const TRANSMITTER_FULL: u32 = 1 << 0;
const RECEIVER_FULL: u32 = 1 << 1;
const TRANSMITTER_ON: u32 = 1 << 0;
const RECEIVER_ON: u32 = 1 << 1;
const RECEIVER_INTERRUPT: u32 = 1 << 3;
const RECEIVED: u32 = 1 << 1;
/// How often to look for the next byte: the port holds one, and the emulator
/// brings the next a little later.
const LOOKS: usize = 64;
/// The smallest that the device takes; the emulator does not wait for bits.
const DIVISOR_MIN: u32 = 16;

/// One port.
#[derive(Clone, Copy)]
pub struct Uart {
    data: Register,
    state: Register,
    control: Register,
    interrupt: Register,
    divisor: Register,
}

impl Uart {
    /// # Safety
    /// A port must be at this address.
    pub const unsafe fn at(address: usize) -> Self {
        // SAFETY: these are its registers, says the caller.
        unsafe {
            let data = Register::at(address);
            Self {
                data,
                state: data.further(0x04),
                control: data.further(0x08),
                interrupt: data.further(0x0C),
                divisor: data.further(0x10),
            }
        }
    }

    /// Switches it on, with interrupts for what it receives, or without.
    pub fn start(self, interrupts: bool) {
        self.divisor.write(DIVISOR_MIN);
        let interrupt = if interrupts { RECEIVER_INTERRUPT } else { 0 };
        self.control.write(TRANSMITTER_ON | RECEIVER_ON | interrupt);
    }

    /// Whether a byte is there, or comes while we look.
    fn receives(self) -> bool {
        (0..LOOKS).any(|_| self.state.read() & RECEIVER_FULL != 0)
    }

    fn put(self, byte: u8) {
        while self.state.read() & TRANSMITTER_FULL != 0 {}
        self.data.write(byte.into());
    }
}

impl fmt::Write for Uart {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.bytes().for_each(|byte| self.put(byte));
        Ok(())
    }
}

/// What came in at a port, on its way from the interrupt to whoever reads.
pub struct Inbox(Pipe<CriticalSectionRawMutex, WAITING_MAX>);

impl Inbox {
    /// An empty one.
    pub const fn empty() -> Self {
        Self(Pipe::new())
    }

    /// Takes in what a port has. To be called by its interrupt.
    pub fn receive(&self, port: Uart) {
        port.interrupt.write(RECEIVED);
        while port.receives() {
            if self.0.free_capacity() == 0 {
                // The peer waits until somebody has read.
                port.control.clear(RECEIVER_INTERRUPT);
                return;
            }
            let byte = port.data.read() as u8;
            // There is room, and nobody else writes.
            let _ = self.0.try_write(&[byte]);
        }
    }
}

/// The reading end of a port.
pub struct Receiver {
    /// Which.
    pub port: Uart,
    /// Where its interrupt puts what came.
    pub inbox: &'static Inbox,
}

/// The writing end of a port.
pub struct Sender(pub Uart);

impl ErrorType for Receiver {
    type Error = Infallible;
}

impl Read for Receiver {
    async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Infallible> {
        let read = self.inbox.0.read(buffer).await;
        critical_section::with(|_| {
            self.port.control.set(RECEIVER_INTERRUPT);
            // What came while nobody listened raises no interrupt of its own.
            self.inbox.receive(self.port);
        });
        Ok(read)
    }
}

impl ErrorType for Sender {
    type Error = Infallible;
}

impl Write for Sender {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, Infallible> {
        for byte in bytes {
            self.0.put(*byte);
        }
        Ok(bytes.len())
    }

    async fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}
