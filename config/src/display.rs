//! How each screen is driven. The engine never sees it.

use std::{path::PathBuf, time::Duration};

/// How a screen is driven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Display {
    /// Any browser that opens `/screen/<id>`.
    Page,
    /// A kiosk with `TouchKio`, over MQTT.
    Touchkio {
        /// Its branch of topics: `touchkio/rpi_A1B2C3`.
        topic: String,
        /// Where it reaches the gateway: `http://10.0.0.2:8080`.
        page: String,
    },
    /// A player with Anthias, over HTTP.
    Anthias {
        /// Its address: `http://10.0.0.31`.
        address: String,
        /// Where it reaches the gateway.
        page: String,
        /// User name and the file that holds the password, if it asks for one.
        login: Option<(String, PathBuf)>,
    },
    /// An e-paper tag behind an access point of `OpenEPaperLink`, over HTTP.
    OpenEpaperLink(Tag),
}

/// An e-paper tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Address of its access point: `http://10.0.0.30`.
    pub address: String,
    /// The tag's own, 16 capital hexadecimal digits.
    pub mac: String,
    /// Pixels across.
    pub width: u16,
    /// Pixels down.
    pub height: u16,
    /// TrueType or OpenType font that labels are set in.
    pub font: PathBuf,
    /// A picture stays at least this long.
    pub hold: Duration,
}

impl Display {
    /// The word for it in `store.toml`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Touchkio { .. } => "touchkio",
            Self::Anthias { .. } => "anthias",
            Self::OpenEpaperLink(_) => "open-epaper-link",
        }
    }
}
