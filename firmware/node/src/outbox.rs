//! Frames that wait for the link. The newest matter most, so the oldest goes.

use heapless::Deque;
use protocol::frame::NodeFrame;

/// Most frames that wait: what a node hears in eight seconds. An older position
/// is of no use to a shop, and eight frames are about 12 KiB.
pub const MAX_FRAMES: usize = 8;

#[derive(Debug)]
pub(crate) struct Outbox {
    frames: Deque<NodeFrame, MAX_FRAMES>,
}

impl Outbox {
    pub(crate) const fn new() -> Self {
        Self {
            frames: Deque::new(),
        }
    }

    /// Appends a frame and returns the one that had to go.
    pub(crate) fn push(&mut self, frame: NodeFrame) -> Option<NodeFrame> {
        let gone = if self.frames.is_full() {
            self.frames.pop_front()
        } else {
            None
        };
        self.frames
            .push_back(frame)
            .expect("a full queue has just lost its oldest frame");
        gone
    }

    pub(crate) fn front(&self) -> Option<&NodeFrame> {
        self.frames.front()
    }

    pub(crate) fn pop(&mut self) -> Option<NodeFrame> {
        self.frames.pop_front()
    }
}
