//! The Ethernet controller (Microchip LAN9118, data sheet DS00002266B).

use crate::register::Register;
use core::task::Context;
use embassy_net_driver::{Capabilities, Driver, HardwareAddress, LinkState, RxToken, TxToken};
use embassy_sync::waitqueue::AtomicWaker;

/// Longest frame without its checksum, bytes.
const FRAME_MAX: usize = 1_514;
/// Bytes of the checksum that the controller leaves at a frame's end.
const CHECKSUM: usize = 4;

/// A frame came in: `INT_STS`, `INT_EN` bit 3 (RSFL).
const RECEIVED: u32 = 1 << 3;
/// `IRQ_CFG`: on, active high, push-pull.
const IRQ_ON: u32 = 1 << 8 | 1 << 4 | 1;
/// `TX_CFG`.
const TRANSMIT_ON: u32 = 1 << 1;
/// First and last piece of a frame: command A.
const WHOLE_FRAME: u32 = 1 << 13 | 1 << 12;
/// Error in a received frame: its status.
const BAD_FRAME: u32 = 1 << 15;
const MAC_CONTROL: u32 = 1;
const MAC_HIGH: u32 = 2;
const MAC_LOW: u32 = 3;
/// `MAC_CR`: receiver and transmitter on.
const MAC_ON: u32 = 1 << 3 | 1 << 2;
const MAC_BUSY: u32 = 1 << 31;
const MAC_READ: u32 = 1 << 30;

/// Wakes the network when the controller has something.
pub static WAKER: AtomicWaker = AtomicWaker::new();

/// The controller.
#[derive(Clone, Copy)]
pub struct Ether {
    base: Register,
}

impl Ether {
    /// # Safety
    /// A controller must be at this address.
    pub const unsafe fn at(address: usize) -> Self {
        // SAFETY: says the caller.
        let base = unsafe { Register::at(address) };
        Self { base }
    }

    fn register(self, offset: usize) -> Register {
        // SAFETY: offsets below are those of the controller's registers.
        unsafe { self.base.further(offset) }
    }

    /// Switches it on. Its interrupt may be unmasked only after this: an active
    /// low line would storm before.
    pub fn start(self) {
        self.register(0x54).write(IRQ_ON);
        // An interrupt for each frame: FIFO_INT, level 0.
        self.register(0x68).write(0);
        self.register(0x5C).write(RECEIVED);
        self.register(0x70).write(TRANSMIT_ON);
        let control = self.mac(MAC_CONTROL);
        self.set_mac(MAC_CONTROL, control | MAC_ON);
    }

    fn mac(self, register: u32) -> u32 {
        self.register(0xA4).write(MAC_BUSY | MAC_READ | register);
        while self.register(0xA4).read() & MAC_BUSY != 0 {}
        self.register(0xA8).read()
    }

    fn set_mac(self, register: u32, value: u32) {
        self.register(0xA8).write(value);
        self.register(0xA4).write(MAC_BUSY | register);
        while self.register(0xA4).read() & MAC_BUSY != 0 {}
    }

    /// To be called by its interrupt: who reads the frames switches it on again.
    pub fn interrupted(self) {
        self.register(0x5C).clear(RECEIVED);
        WAKER.wake();
    }

    fn frames_waiting(self) -> bool {
        self.register(0x7C).read() >> 16 & 0xFF != 0
    }

    /// Reads one frame. The controller hands out whole words.
    fn read(self, frame: &mut [u8; FRAME_MAX + CHECKSUM + 2]) -> usize {
        let status = self.register(0x40).read();
        let length = (status >> 16 & 0x3FFF) as usize;
        for at in 0..length.div_ceil(4) {
            let word = self.register(0x00).read().to_le_bytes();
            if let Some(place) = frame.get_mut(4 * at..4 * at + 4) {
                place.copy_from_slice(&word);
            }
        }
        if status & BAD_FRAME != 0 || length > FRAME_MAX + CHECKSUM {
            return 0;
        }
        length.saturating_sub(CHECKSUM)
    }

    fn write(self, frame: &[u8]) {
        let data = self.register(0x20);
        data.write(WHOLE_FRAME | frame.len() as u32);
        data.write(frame.len() as u32);
        for word in frame.chunks(4) {
            let mut bytes = [0; 4];
            bytes[..word.len()].copy_from_slice(word);
            data.write(u32::from_le_bytes(bytes));
        }
        // Nobody asks how it went, but the list of statuses must not fill.
        while self.register(0x80).read() >> 16 & 0xFF != 0 {
            self.register(0x48).read();
        }
    }
}

impl Driver for Ether {
    type RxToken<'a> = Token;
    type TxToken<'a> = Token;

    fn receive(&mut self, context: &mut Context<'_>) -> Option<(Token, Token)> {
        WAKER.register(context.waker());
        if self.frames_waiting() {
            return Some((Token(*self), Token(*self)));
        }
        self.register(0x58).write(RECEIVED);
        self.register(0x5C).set(RECEIVED);
        // One may have come in between.
        self.frames_waiting()
            .then_some((Token(*self), Token(*self)))
    }

    fn transmit(&mut self, _: &mut Context<'_>) -> Option<Token> {
        // The emulated controller sends within the write; its buffer is empty.
        Some(Token(*self))
    }

    fn link_state(&mut self, _: &mut Context<'_>) -> LinkState {
        LinkState::Up
    }

    fn capabilities(&self) -> Capabilities {
        let mut capabilities = Capabilities::default();
        capabilities.max_transmission_unit = FRAME_MAX;
        capabilities.max_burst_size = Some(1);
        capabilities
    }

    fn hardware_address(&self) -> HardwareAddress {
        let (low, high) = (
            self.mac(MAC_LOW).to_le_bytes(),
            self.mac(MAC_HIGH).to_le_bytes(),
        );
        HardwareAddress::Ethernet([low[0], low[1], low[2], low[3], high[0], high[1]])
    }
}

/// The right to receive or send one frame.
pub struct Token(Ether);

impl RxToken for Token {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, use_it: F) -> R {
        let mut frame = [0; FRAME_MAX + CHECKSUM + 2];
        let length = self.0.read(&mut frame);
        use_it(&mut frame[..length])
    }
}

impl TxToken for Token {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, length: usize, fill: F) -> R {
        let mut frame = [0; FRAME_MAX];
        let result = fill(&mut frame[..length]);
        self.0.write(&frame[..length]);
        result
    }
}
