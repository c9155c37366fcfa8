//! What calls leave behind: memory below the top of the stack keeps what they held
//! until another call goes as deep. The heap is overwritten by the allocator.

use std::hint::black_box;

/// Deeper than any call goes by which a message is read, bytes: twice what was measured
/// with a build that is not optimised.
const DEEP: usize = 256 << 10;

/// Overwrites it. The loop and the adapters that bring it what scanners heard share one
/// thread, and so one stack.
#[expect(clippy::large_stack_arrays, reason = "the stack is what it is about")]
#[inline(never)]
pub(super) fn sweep() {
    let mut room = [0_u8; DEEP];
    black_box(&mut room);
}
