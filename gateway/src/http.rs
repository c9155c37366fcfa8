//! The console, the screens' page and the API, over HTTP/1.1.
//!
//! | module | what it does |
//! |---|---|
//! | [`listen`] | takes connections, bounds them, ends them |
//! | [`access`] | who may ask: host, origin, token, login |
//! | [`routes`] | the one table of routes |
//! | [`pages`], [`creatives`], [`code`] | what browsers load |
//! | [`floor`], [`live`] | what the console sees |
//! | [`screen`] | what screens are told and say |
//! | [`tail`] | what the guard keeps off public screens, for the shopper's phone and for staff |
//! | [`heat`], [`calibration`] | where people are believed to be, and how well |
//! | [`offers`] | the marketer's desk |
//! | [`desk`], [`import`], [`till`], [`codes`] | profiles, withdrawals, baskets, readings, receipts, vouchers |
//! | [`privacy`] | what is kept of people |
//! | [`health`], [`metrics`] | what machines watch |
//! | [`streams`], [`reply`] | server-sent events and answers, for all of them |

mod access;
mod calibration;
mod code;
mod codes;
mod creatives;
mod desk;
mod floor;
mod health;
mod heat;
mod import;
mod lift;
mod listen;
mod live;
mod metrics;
mod offers;
mod pages;
mod privacy;
mod reply;
mod routes;
mod screen;
mod still;
mod streams;
mod tail;
#[cfg(test)]
pub(crate) mod tests;
mod till;

use crate::{
    bundle::OffersDesk, privacy::Office, pseudonym::Pseudonymiser, shop::Shop, stop::Stop,
};
use std::{
    io,
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, atomic::AtomicU64},
};
pub use still::still;
use tokio::net::TcpListener;

/// Why HTTP cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// Reachable by others and open to everybody.
    #[error(
        "failed to open the console on {0}: other machines could reach it without a password; \
         set http.token_file, or listen on 127.0.0.1"
    )]
    OpenToAll(SocketAddr),
    /// The token cannot be read.
    #[error("failed to read the access token {path} ({key}): {source}")]
    Token {
        /// Which key names it.
        key: String,
        /// Where it should be.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The token can be guessed.
    #[error(
        "failed to accept the access token in {path} ({key}): it needs at least {min} \
         characters and no blanks; make one with: head -c 24 /dev/urandom | base64 > {path}",
        min = access::TOKEN_LEN_MIN
    )]
    WeakToken {
        /// Which key names it.
        key: String,
        /// Where it is.
        path: PathBuf,
    },
    /// The token of a lesser role may be read by others.
    #[error(
        "failed to accept the access token in {path} ({key}): others may read it; \
         chmod 600 {path}"
    )]
    OpenToken {
        /// Which key names it.
        key: String,
        /// Where it is.
        path: PathBuf,
    },
    /// A lesser role without an operator.
    #[error(
        "failed to accept {0}: without http.token_file everybody may do everything; set that, too"
    )]
    NoOperator(&'static str),
    /// The system has no randomness to give.
    #[error("failed to draw a random number from the system: {0}")]
    Entropy(getrandom::Error),
    /// The socket does not tell its address.
    #[error("failed to take connections: {0}")]
    Listen(io::Error),
}

/// What the adapter needs to know.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Address and token.
    pub http: config::Http,
    /// Tills that hand in receipts.
    pub tills: Vec<config::Till>,
    /// Folder of the pictures that creatives name.
    pub creatives_dir: PathBuf,
    /// Where a survey is saved.
    pub survey: PathBuf,
    /// Whether a simulated shop is shown.
    pub demo: bool,
    /// Who knows what is kept of people.
    pub office: Office,
}

impl Settings {
    /// Those of a shop.
    pub fn of(shell: &config::Shell, survey: PathBuf, demo: bool) -> Self {
        Self {
            http: shell.http.clone(),
            tills: shell.tills.clone(),
            creatives_dir: shell.creatives_dir.clone(),
            survey,
            demo,
            office: Office::new(shell),
        }
    }
}

/// Whether these settings may be served at all; to be asked before anything
/// else is started.
pub fn check(http: &config::Http, tills: &[config::Till]) -> Result<(), HttpError> {
    access::Access::new(http, http.listen)?;
    access::tills(tills).map(|_| ())
}

/// Serves until `stop`, then ends every stream and connection.
pub async fn serve(
    listener: TcpListener,
    shop: Shop,
    offers: OffersDesk,
    settings: Settings,
    pseudonym: Pseudonymiser,
    stop: Stop,
) -> Result<(), HttpError> {
    let address = listener.local_addr().map_err(HttpError::Listen)?;
    let access = access::Access::new(&settings.http, address)?;
    let server = getrandom::u64().map_err(HttpError::Entropy)?;
    let app = App {
        shop,
        offers,
        pseudonym,
        access,
        tills: access::tills(&settings.tills)?,
        tills_refused: AtomicU64::new(0),
        creatives_dir: settings.creatives_dir,
        survey: settings.survey,
        demo: settings.demo,
        office: settings.office,
        server: format!("{server:016x}"),
        streams: streams::Limits::default(),
        live: live::Encoded::default(),
        tested: calibration::Tested::default(),
        claims: tail::Claims::new().map_err(HttpError::Entropy)?,
        stop: stop.clone(),
    };
    listen::run(listener, routes::router(Arc::new(app)), stop).await;
    Ok(())
}

/// What every handler may use.
#[derive(Debug)]
struct App {
    shop: Shop,
    offers: OffersDesk,
    pseudonym: Pseudonymiser,
    access: access::Access,
    tills: Vec<till::Till>,
    /// Receipts refused at the door because too much waits.
    tills_refused: AtomicU64,
    creatives_dir: PathBuf,
    survey: PathBuf,
    demo: bool,
    office: Office,
    /// Drawn at start: tells a page that it talks to another process now.
    server: String,
    streams: streams::Limits,
    live: live::Encoded,
    tested: calibration::Tested,
    claims: tail::Claims,
    stop: Stop,
}
