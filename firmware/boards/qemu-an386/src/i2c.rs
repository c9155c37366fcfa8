//! The I2C bus of shield 1 (ARM SBCon): two wires moved by hand.

use crate::register::Register;
use embedded_hal::i2c::{
    Error, ErrorKind, ErrorType, I2c, NoAcknowledgeSource, Operation, SevenBitAddress,
};

const CLOCK: u32 = 1 << 0;
const DATA: u32 = 1 << 1;

/// The bus.
pub struct Bus {
    set: Register,
    clear: Register,
}

/// Why a transfer failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nack(NoAcknowledgeSource);

impl Error for Nack {
    fn kind(&self) -> ErrorKind {
        ErrorKind::NoAcknowledge(self.0)
    }
}

impl Bus {
    /// # Safety
    /// A bus must be at this address.
    pub const unsafe fn at(address: usize) -> Self {
        // SAFETY: these are its registers, says the caller.
        unsafe {
            let set = Register::at(address);
            Self {
                set,
                clear: set.further(4),
            }
        }
    }

    fn start(&self) {
        self.set.write(DATA);
        self.set.write(CLOCK);
        self.clear.write(DATA);
        self.clear.write(CLOCK);
    }

    fn stop(&self) {
        self.clear.write(DATA);
        self.set.write(CLOCK);
        self.set.write(DATA);
    }

    fn put(&self, bit: bool) {
        if bit {
            self.set.write(DATA);
        } else {
            self.clear.write(DATA);
        }
        self.set.write(CLOCK);
        self.clear.write(CLOCK);
    }

    fn get(&self) -> bool {
        self.set.write(DATA);
        self.set.write(CLOCK);
        let bit = self.set.read() & DATA != 0;
        self.clear.write(CLOCK);
        bit
    }

    /// Whether it was acknowledged.
    fn send(&self, byte: u8) -> bool {
        (0..8).rev().for_each(|bit| self.put(byte >> bit & 1 == 1));
        !self.get()
    }

    fn receive(&self, is_last: bool) -> u8 {
        let byte = (0..8).fold(0, |byte, _| byte << 1 | u8::from(self.get()));
        self.put(is_last);
        byte
    }

    fn run(&self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), Nack> {
        let mut direction = None;
        let last = operations.len().saturating_sub(1);
        for (index, operation) in operations.iter_mut().enumerate() {
            let reads = matches!(operation, Operation::Read(_));
            if direction != Some(reads) {
                direction = Some(reads);
                self.start();
                if !self.send(address << 1 | u8::from(reads)) {
                    return Err(Nack(NoAcknowledgeSource::Address));
                }
            }
            match operation {
                Operation::Read(bytes) => {
                    let end = bytes.len().saturating_sub(1);
                    for (at, byte) in bytes.iter_mut().enumerate() {
                        *byte = self.receive(index == last && at == end);
                    }
                }
                Operation::Write(bytes) => {
                    if !bytes.iter().all(|byte| self.send(*byte)) {
                        return Err(Nack(NoAcknowledgeSource::Data));
                    }
                }
            }
        }
        Ok(())
    }
}

impl ErrorType for Bus {
    type Error = Nack;
}

impl I2c<SevenBitAddress> for Bus {
    fn transaction(
        &mut self,
        address: SevenBitAddress,
        operations: &mut [Operation<'_>],
    ) -> Result<(), Nack> {
        let done = self.run(address, operations);
        self.stop();
        done
    }
}
