//! Nodes of ours: frames of `protocol`.

use super::Unreadable;
use protocol::frame::{BadFrame, NodeFrame};

/// Reads one frame.
pub fn read(payload: &[u8]) -> Result<Box<NodeFrame>, Unreadable> {
    NodeFrame::decode(payload)
        .map(Box::new)
        .map_err(|bad| match bad {
            BadFrame::Empty => Unreadable("empty"),
            BadFrame::Version(_) => {
                Unreadable("of another version: update the node or the gateway")
            }
            BadFrame::Body | BadFrame::Buffer => Unreadable("not a frame"),
        })
}
