//! Badges: what devices show the broker, and which topics that opens to them.
//!
//! A broker of a shop lets nobody in without a name and a password, and nobody
//! say what another device says. `aislecast enroll` keeps the list of badges
//! ([`Book`]) and writes from it the files that mosquitto reads.

mod authority;
mod book;
mod folder;
mod grants;
mod mosquitto;
mod password;

pub use authority::{Authority, CertificateError};
pub use book::{Book, BookError};
pub use folder::{Folder, FolderError};
pub(crate) use grants::devices_named;
pub use grants::{Grants, Missing, grants};
pub use mosquitto::{Listeners, access_list, passwords, settings};
pub use password::{Hashed, Password};

use serde::{Deserialize, Serialize};
use std::fmt;

/// Name of the gateway's own badge.
pub const GATEWAY: &str = "gateway";

/// What one user of the broker is there for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Badge {
    /// Its name at the broker, and its client id there.
    pub user: String,
    /// What it is.
    pub bearer: Bearer,
    /// Topics of its own maker that it reads besides.
    #[serde(default)]
    pub reads: Vec<String>,
    /// Topics of its own maker that it writes besides.
    #[serde(default)]
    pub writes: Vec<String>,
    /// Its password, so that it can be checked and not be told.
    pub password: Hashed,
    /// When it was given out, RFC 3339.
    pub since: String,
}

/// Who shows a badge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bearer {
    /// The gateway itself.
    Gateway,
    /// Devices of the shop's files: one, or several behind one bridge.
    Devices(Vec<Device>),
    /// Another system, and what it is there for.
    System(Vec<Errand>),
}

/// A device of the shop's files.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Device {
    /// Which list of `store.toml` it stands in.
    pub kind: Kind,
    /// Its id there.
    pub id: String,
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind.name(), self.id)
    }
}

/// Lists of `store.toml` with devices that speak MQTT.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// `[[scanners]]`.
    Scanner,
    /// `[[sensors]]`.
    Sensor,
    /// `[[screens]]`.
    Screen,
    /// `[[tills]]`.
    Till,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Scanner, Self::Sensor, Self::Screen, Self::Till];

    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scanner => "scanner",
            Self::Sensor => "sensor",
            Self::Screen => "screen",
            Self::Till => "till",
        }
    }
}

/// What another system is there for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Errand {
    /// Hands in profiles, consents and their end, and asks for erasure.
    Customers,
    /// Hands in baskets.
    Baskets,
    /// Hands in sensor values in our own words.
    Readings,
    /// Hands in complaints and calls for help.
    Complaints,
    /// Pushes signed bundles of offers.
    Offers,
    /// Reads what is told outward: states, health, events. Nothing about a person.
    Watch,
}

#[cfg(test)]
mod tests;
