//! Nodes of ours: frames of `protocol`.

use super::Unreadable;
use crate::node::Word;
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

/// Reads whether a node is there.
pub fn status(payload: &[u8]) -> Result<Word, Unreadable> {
    match payload {
        b"online" => Ok(Word::Status(true)),
        b"offline" => Ok(Word::Status(false)),
        _ => Err(Unreadable("a node's status is online or offline")),
    }
}

/// Reads how a node is doing.
pub fn health(payload: &[u8]) -> Result<Word, Unreadable> {
    serde_json::from_slice(payload)
        .map(Word::Health)
        .map_err(|_| Unreadable("this says nothing of a node's health"))
}
