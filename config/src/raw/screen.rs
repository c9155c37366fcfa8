//! `[[screens]]` as they are written.

use super::{Duration, Name, store::Place};
use schemars::JsonSchema;
use serde::Deserialize;

/// A display.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Screen {
    /// Name in files, topics and its address `/screen/<id>`.
    pub(crate) id: Name,
    /// Name as people read it.
    #[schemars(length(min = 1, max = 60))]
    pub(crate) label: String,
    /// Where it stands, metres.
    pub(crate) at: Place,
    /// Storey, 0 for the ground floor; 0 if left out.
    #[serde(default)]
    #[schemars(range(max = 7))]
    pub(crate) level: u8,
    /// Zones from which it can be seen.
    #[schemars(length(min = 1, max = 64))]
    pub(crate) seen_from: Vec<Name>,
    /// Silence after which nothing it says is believed; `"30s"` if left out,
    /// `"5 min"` for e-paper.
    #[serde(default)]
    pub(crate) silent_after: Option<Duration>,
    /// How it is driven; `"page"` if left out.
    #[serde(default)]
    pub(crate) display: Option<DisplayKind>,
    /// For `touchkio`: the branch of its topics.
    #[serde(default)]
    #[schemars(length(min = 1, max = 100), extend("examples" = ["touchkio/rpi_A1B2C3"]))]
    pub(crate) topic: Option<String>,
    /// For `touchkio` and `anthias`: where the display reaches this gateway.
    #[serde(default)]
    #[schemars(length(min = 1, max = 200), extend("examples" = ["http://10.0.0.2:8080"]))]
    pub(crate) page: Option<String>,
    /// For `anthias` and `open-epaper-link`: where the gateway reaches the
    /// player, or the tag's access point.
    #[serde(default)]
    #[schemars(length(min = 1, max = 200), extend("examples" = ["http://10.0.0.30"]))]
    pub(crate) address: Option<String>,
    /// For `anthias`: user name, if it asks for one.
    #[serde(default)]
    #[schemars(length(min = 1, max = 100))]
    pub(crate) username: Option<String>,
    /// For `anthias`: file that holds the password, and nothing else.
    #[serde(default)]
    #[schemars(length(min = 1, max = 400))]
    pub(crate) password_file: Option<String>,
    /// For `open-epaper-link`: the tag's address, 12 or 16 hexadecimal digits.
    #[serde(default)]
    #[schemars(length(min = 1, max = 32), extend("examples" = ["0000021F12345678"]))]
    pub(crate) mac: Option<String>,
    /// For `open-epaper-link`: pixels across and down.
    #[serde(default)]
    pub(crate) size: Option<Pixels>,
    /// For `open-epaper-link`: the TrueType or OpenType font of its labels.
    #[serde(default)]
    #[schemars(length(min = 1, max = 400))]
    pub(crate) font: Option<String>,
    /// For `open-epaper-link`: a picture stays at least this long; `"30 min"`
    /// if left out. Every change costs battery.
    #[serde(default)]
    pub(crate) hold: Option<Duration>,
}

/// How a screen is driven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum DisplayKind {
    /// Any browser that opens `/screen/<id>`.
    Page,
    /// A kiosk with `TouchKio`; needs `topic` and `page`.
    Touchkio,
    /// A player with Anthias; needs `address` and `page`.
    Anthias,
    /// An e-paper tag; needs `address`, `mac`, `size` and `font`.
    OpenEpaperLink,
}

/// Pixels across and down.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(transparent)]
pub(crate) struct Pixels(pub(crate) [u16; 2]);

impl JsonSchema for Pixels {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Pixels".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        // From the smallest tag (1.54 inch, 152) to the largest (12.2 inch, 960).
        schemars::json_schema!({
            "type": "array",
            "items": { "type": "integer", "minimum": 64, "maximum": 2048 },
            "minItems": 2,
            "maxItems": 2,
            "examples": [[296, 128]],
        })
    }
}
