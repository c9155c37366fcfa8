//! Frames that wait for the link. The newest matter most, so the oldest goes.

use heapless::Deque;
use protocol::frame::NodeFrame;

/// Most frames that wait: what a node hears in eight seconds, as windows are longer while
/// frames wait. An older position is of no use to a shop, and eight frames are about 12 KiB.
pub const MAX_FRAMES: usize = 8;

#[derive(Debug)]
pub(crate) struct Outbox {
    frames: Deque<NodeFrame, MAX_FRAMES>,
    /// The oldest has been handed out: it may have arrived, and does not go.
    is_under_way: bool,
}

impl Outbox {
    pub(crate) const fn new() -> Self {
        Self {
            frames: Deque::new(),
            is_under_way: false,
        }
    }

    /// Appends a frame and returns the one that had to go.
    pub(crate) fn push(&mut self, frame: NodeFrame) -> Option<NodeFrame> {
        let gone = self.make_room();
        self.frames
            .push_back(frame)
            .expect("a full queue has just lost its oldest frame");
        gone
    }

    /// The oldest frame, to be sent.
    pub(crate) fn hand_out(&mut self) -> Option<&mut NodeFrame> {
        self.is_under_way = !self.frames.is_empty();
        self.frames.front_mut()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    /// What was handed out has left the node.
    pub(crate) fn sent(&mut self) {
        if self.is_under_way {
            self.frames.pop_front();
            self.is_under_way = false;
        }
    }

    /// Packets and readings that wait.
    pub(crate) fn waiting(&self) -> u32 {
        self.frames.iter().map(load).sum()
    }

    fn make_room(&mut self) -> Option<NodeFrame> {
        if !self.frames.is_full() {
            return None;
        }
        let oldest = self.frames.pop_front()?;
        if !self.is_under_way {
            return Some(oldest);
        }
        let gone = self.frames.pop_front();
        let kept = self.frames.push_front(oldest);
        kept.expect("two have just gone");
        gone
    }
}

/// Packets and readings in a frame.
pub(crate) fn load(frame: &NodeFrame) -> u32 {
    let packets = frame.sightings.iter().map(|s| u32::from(s.count));
    packets.sum::<u32>() + frame.readings.len() as u32
}
