//! Commands to a screen and its reports, as JSON.
//!
//! A screen paints what the newest command says (the one with the highest
//! `revision`), reports the revision it really painted, and falls back to the
//! house loop by itself when `shown_for_ms` has passed or the gateway is gone.

use crate::id::{OfferId, ScreenId};
#[cfg(feature = "schema")]
use alloc::string::ToString as _;
use alloc::{string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// What a screen is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ScreenCommand {
    /// The screen meant; a screen ignores commands to others.
    pub screen: ScreenId,
    /// Rises with each command to this screen, also over restarts of the
    /// gateway; below 2^53 so that JavaScript reads it exactly.
    #[cfg_attr(feature = "schema", schemars(range(max = 9_007_199_254_740_991_u64)))]
    pub revision: u64,
    /// What to do: `{"show": {..}}` or `"clear"`.
    pub action: ScreenAction,
}

/// What to paint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(
    clippy::large_enum_variant,
    reason = "a command lives for one message; a screen keeps one"
)]
pub enum ScreenAction {
    /// Paint this creative now and hold it for `shown_for_ms`.
    Show {
        /// The campaign it belongs to.
        offer: OfferId,
        /// What to paint.
        creative: Creative,
        /// After this long the screen returns to the house loop by itself, ms.
        shown_for_ms: u32,
        /// What a code beside the picture says, to be drawn as a QR code: a GS1
        /// Digital Link whose serial names this showing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<String>,
    },
    /// Return to the house loop at once, whatever is painted.
    Clear,
}

/// One picture: text and colours; never markup, never an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Creative {
    /// In order of preference; the first is painted large.
    pub texts: Vec<CreativeText>,
    /// The price as it is to be read, with its currency: `29.000 ₫`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<String>,
    /// The price before, struck through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_before: Option<String>,
    /// A short flag such as `-20%`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub badge: Option<String>,
    /// Name of a picture in the gateway's `creatives` folder, without a path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// Background colour, `#rrggbb`.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^#[0-9a-f]{6}$")))]
    pub colour: String,
}

/// The words of a creative in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CreativeText {
    /// BCP 47 language tag: `vi`, `en`.
    pub language: String,
    /// One line.
    pub headline: String,
    /// One or two sentences.
    #[serde(default)]
    pub body: String,
}

/// What a screen says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ScreenReport {
    /// The screen that speaks.
    pub screen: ScreenId,
    /// Which of possibly several players of that screen; drawn at its start.
    pub player: String,
    /// The newest revision it has painted; 0 for none since its start.
    pub revision: u64,
    /// What happened.
    pub status: ScreenStatus,
}

/// What happened on a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ScreenStatus {
    /// The player started or came back and shows the house loop.
    Hello,
    /// `revision` is on the glass, seen by the player's own render callback.
    Painted,
    /// `revision` could not be painted.
    Rejected,
    /// Still alive; `revision` is what is on the glass.
    Alive,
}
