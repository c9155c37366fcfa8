//! What the shell needs to know: addresses, files, limits. The engine never sees it.

mod device;

pub use device::{Feed, FeedDevice, ScannerSource, SharedTopic, Takes};

use crate::{bundle::Author, display::Display};
use dialect::{mapper::Mapper, till::Shape};
use std::{net::SocketAddr, path::PathBuf, time::Duration};

/// Addresses, files, limits.
#[derive(Debug, Clone, PartialEq)]
pub struct Shell {
    /// Where the messages come from.
    pub broker: Broker,
    /// The console, the screens' page and the API.
    pub http: Http,
    /// Who may change offers, and how.
    pub offers: OffersDesk,
    /// What other systems are told.
    pub outward: Outward,
    /// The broker of a hub of many shops, if one is told anything.
    pub uplink: Option<External>,
    /// What is kept and where.
    pub storage: Storage,
    /// How long things are kept.
    pub retention: Retention,
    /// Who answers for what is kept of shoppers, if the shop says so.
    pub controller: Option<Controller>,
    /// How much of the shop's days is recorded, if anything.
    pub recording: Option<Recording>,
    /// How logs are written.
    pub log: LogFormat,
    /// How each scanner of the plan speaks, by its index.
    pub scanners: Vec<ScannerSource>,
    /// How each screen of the plan is driven, by its index.
    pub screens: Vec<Display>,
    /// What feeds each sensor of the plan, by its index; nothing for those
    /// that are wired to a node or speak to our own topics.
    pub sensors: Vec<Option<Feed>>,
    /// How messages are read that no dialect knows.
    pub mappers: Vec<Mapper>,
    /// Tills that tell of receipts in their own words.
    pub tills: Vec<Till>,
    /// Folder of the pictures that creatives name.
    pub creatives_dir: PathBuf,
}

/// A till.
#[derive(Debug, Clone, PartialEq)]
pub struct Till {
    /// Its name in topics and addresses.
    pub id: String,
    /// File that holds its own token, and nothing else.
    pub token_file: Option<PathBuf>,
    /// Where the fields of its receipts are.
    pub shape: Shape,
}

/// Where the messages come from.
#[derive(Debug, Clone, PartialEq)]
pub enum Broker {
    /// A broker inside the gateway process: for trying things out.
    Embedded {
        /// An address of this machine.
        listen: SocketAddr,
        /// Whether it is known and wanted that it asks nobody for a password.
        allow_anonymous: bool,
    },
    /// A broker that runs beside it, usually mosquitto.
    External(External),
}

/// How to reach a broker.
#[derive(Debug, Clone, PartialEq)]
pub struct External {
    /// Host name or address.
    pub host: String,
    /// 1883, or 8883 with TLS.
    pub port: u16,
    /// Client id on the broker.
    pub client_id: String,
    /// User name, if the broker asks for one.
    pub username: Option<String>,
    /// File that holds the password, and nothing else.
    pub password_file: Option<PathBuf>,
    /// TLS, if the broker speaks it.
    pub tls: Option<Tls>,
    /// Silence after which the link is probed.
    pub keep_alive: Duration,
}

/// TLS towards the broker.
#[derive(Debug, Clone, PartialEq)]
pub struct Tls {
    /// PEM file of the authority that signed the broker's certificate.
    pub ca_file: PathBuf,
    /// PEM files of our own certificate and key, if the broker asks for one.
    pub client: Option<(PathBuf, PathBuf)>,
}

/// The console, the screens' page and the API.
#[derive(Debug, Clone, PartialEq)]
pub struct Http {
    /// Address and port.
    pub listen: SocketAddr,
    /// File of the token that may do everything.
    pub token_file: Option<PathBuf>,
    /// File of the token that may plan, apply and pause offers.
    pub marketer_token_file: Option<PathBuf>,
    /// File of the token that may only look.
    pub viewer_token_file: Option<PathBuf>,
}

/// Who may change offers, and how.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OffersDesk {
    /// Whether a marketer's bundle needs the signature of an operator, too.
    pub countersign: bool,
    /// Whose bundles are taken.
    pub authors: Vec<Author>,
}

/// What other systems are told. Never anything about a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outward {
    /// Whether events go out as `CloudEvents`.
    pub events: bool,
    /// Discovery prefix of Home Assistant, if it is told of zones, screens and health.
    pub home_assistant: Option<String>,
}

/// What is kept and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Storage {
    /// Folder of ledger, cache and secrets.
    pub dir: PathBuf,
    /// Memory for the cache's pages, bytes.
    pub cache_bytes: u64,
    /// How often the cache is written behind.
    pub flush_every: Duration,
    /// Longest wait before a commit is made durable together with others.
    pub group_commit: Duration,
    /// A file this large is kept to be given up when the disk is full, bytes.
    pub ballast_bytes: u64,
}

/// How long things are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Who was shown what, one by one; when the oldest is older, all so far is
    /// replaced by its sums.
    pub exposures: Duration,
    /// Profiles of shoppers who neither came in nor were imported again.
    pub unused_profiles: Duration,
}

/// Who answers for what is kept of shoppers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Controller {
    /// As it is registered.
    pub name: String,
    /// Where it is.
    pub address: String,
    /// Where shoppers ask about their data.
    pub contact: String,
    /// Under whose law: a code of ISO 3166-1 or -2.
    pub jurisdiction: String,
}

/// How much of the shop's days is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recording {
    /// Days that are kept, today included.
    pub keep_days: u8,
    /// Room for all of them, bytes; the oldest day goes first.
    pub bytes_max: u64,
}

/// How logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Human,
    /// One JSON object a line.
    Json,
}
