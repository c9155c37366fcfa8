//! How a consent was given or taken back, as whoever hands it in says: the
//! fields that ISO/IEC TS 27560:2023 asks of an event beside its state.

use engine::time::UnixMs;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How it came to be.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Given {
    /// Where.
    pub channel: Option<Channel>,
    /// When, by whoever says so; the gateway's own date stands beside it.
    pub at: Option<UnixMs>,
    /// Language of the notice that was shown, a BCP 47 tag.
    pub language: Option<String>,
    /// By whom.
    pub by: By,
    /// What proves it: the number of a form, of a call, of a log entry.
    pub evidence: Option<String>,
}

/// Where a consent is given or taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// At the counter.
    Desk,
    /// At a till.
    Till,
    /// In an app.
    App,
    /// On a page.
    Web,
    /// On a form of paper.
    Paper,
    /// At the door, when checking in.
    Door,
    /// At the console, beside whoever is in the shop.
    Console,
}

/// Who gives or takes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The shopper.
    #[default]
    Shopper,
    /// Whoever may for a child.
    Guardian,
}

impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("given(redacted)")
    }
}

impl Channel {
    /// Every one.
    pub const ALL: [Self; 7] = [
        Self::Desk,
        Self::Till,
        Self::App,
        Self::Web,
        Self::Paper,
        Self::Door,
        Self::Console,
    ];

    /// Its name in messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Desk => "desk",
            Self::Till => "till",
            Self::App => "app",
            Self::Web => "web",
            Self::Paper => "paper",
            Self::Door => "door",
            Self::Console => "console",
        }
    }
}

impl Given {
    /// As it is sealed.
    pub fn bytes(&self) -> Vec<u8> {
        postcard::to_stdvec(self).expect("every field can be encoded")
    }

    /// Read again; nothing of what could not be opened.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }

    /// At this place, nothing else being said.
    pub fn at_the(channel: Channel) -> Self {
        Self {
            channel: Some(channel),
            ..Self::default()
        }
    }
}
