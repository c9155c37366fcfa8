//! Fails to compile as soon as anything a node links asks for `std`.
//!
//! `std` brings a panic handler of its own, and two are an error that even
//! `cargo check` reports. This program is checked, never linked or run.
#![no_std]
#![no_main]

use core::panic::PanicInfo;
use node::{Event, Node, Uptime};
use protocol::settings::Allowed;

/// What a board's main function would do.
pub fn board(node: &mut Node, now: Uptime, buffer: &mut [u8]) -> usize {
    node.handle(now, Event::Woke);
    node.outgoing()
        .and_then(|frame| frame.encode(buffer).ok())
        .map_or(0, <[u8]>::len)
}

/// A node with nothing to say.
pub const NODE: Node = Node::new(0, Allowed::NOTHING);

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    loop {}
}
