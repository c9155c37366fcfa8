//! The console, the screens' page and the API, over HTTP/1.1.
//!
//! | module | what it does |
//! |---|---|
//! | [`listen`], [`seats`] | takes connections, bounds them, ends them; who gives way |
//! | [`door`] | who may ask: host, origin, rights |
//! | [`enter`], [`keep`] | signing in and out; accounts and tokens |
//! | [`routes`] | the one table of routes |
//! | [`pages`], [`creatives`], [`code`] | what browsers load |
//! | [`floor`], [`live`] | what the console sees |
//! | [`screen`], [`pair`] | what screens are told and say; how a display becomes one |
//! | [`tail`] | what the guard keeps off public screens, for the shopper's phone and for staff |
//! | [`heat`], [`calibration`] | where people are believed to be, and how well |
//! | [`offers`] | the marketer's desk |
//! | [`desk`], [`import`], [`till`], [`codes`] | profiles, withdrawals, baskets, readings, receipts, vouchers |
//! | [`privacy`] | what is kept of people |
//! | [`health`], [`metrics`] | what machines watch |
//! | [`streams`], [`reply`] | server-sent events and answers, for all of them |

mod calibration;
mod code;
mod codes;
mod creatives;
mod desk;
mod door;
mod enter;
mod floor;
mod health;
mod heat;
mod import;
mod keep;
mod lift;
mod listen;
mod live;
mod metrics;
mod offers;
mod pages;
mod pair;
mod privacy;
mod reply;
mod routes;
mod screen;
mod seats;
mod shares;
mod still;
mod streams;
mod tail;
#[cfg(test)]
pub(crate) mod tests;
mod till;

use crate::{
    access::{Gate, TokenFile, TokenFileError, TokenFiles},
    bundle::OffersDesk,
    privacy::Office,
    pseudonym::Pseudonymiser,
    run::Files,
    shop::Shop,
    stop::Stop,
};
use std::{
    io,
    path::PathBuf,
    sync::{Arc, atomic::AtomicU64},
};
pub use still::still;
use tokio::net::TcpListener;

/// Why HTTP cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The token of a file cannot be used.
    #[error(transparent)]
    Token(#[from] TokenFileError),
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
    /// Tills that hand in receipts.
    pub tills: Vec<config::Till>,
    /// Folder of the pictures that creatives name.
    pub creatives_dir: PathBuf,
    /// Where the shop is read from, and its survey is saved.
    pub files: Files,
    /// Whether a simulated shop is shown.
    pub demo: bool,
    /// Who knows what is kept of people.
    pub office: Office,
}

impl Settings {
    /// Those of a shop.
    pub fn of(shell: &config::Shell, files: Files, demo: bool, office: Office) -> Self {
        Self {
            tills: shell.tills.clone(),
            creatives_dir: shell.creatives_dir.clone(),
            files,
            demo,
            office,
        }
    }
}

/// Whether these settings may be served at all; to be asked before anything
/// else is started.
pub fn check(http: &config::Http, tills: &[config::Till]) -> Result<TokenFiles, HttpError> {
    with_tokens(tills)?;
    Ok(TokenFiles::read(http)?)
}

/// Reads the tokens of tills.
fn with_tokens(tills: &[config::Till]) -> Result<Vec<till::Till>, TokenFileError> {
    let with_token = |till: &config::Till| {
        let key = format!("token_file of till {}", till.id);
        let path = till.token_file.as_deref();
        Ok(till::Till {
            config: till.clone(),
            token: path.map(|path| TokenFile::read(path, &key)).transpose()?,
        })
    };
    tills.iter().map(with_token).collect()
}

/// Serves until `stop`, then ends every stream and connection.
pub async fn serve(
    listener: TcpListener,
    shop: Shop,
    offers: OffersDesk,
    (settings, gate): (Settings, Arc<Gate>),
    pseudonym: Pseudonymiser,
    stop: Stop,
) -> Result<(), HttpError> {
    let address = listener.local_addr().map_err(HttpError::Listen)?;
    let server = getrandom::u64().map_err(HttpError::Entropy)?;
    let seats = seats::Seats::new();
    let app = App {
        shop,
        offers,
        pseudonym,
        gate,
        local_only: address.ip().is_loopback(),
        tills: with_tokens(&settings.tills)?,
        tills_refused: AtomicU64::new(0),
        creatives_dir: settings.creatives_dir,
        files: settings.files,
        demo: settings.demo,
        office: settings.office,
        server: format!("{server:016x}"),
        seats: seats.clone(),
        streams: streams::Limits::default(),
        live: live::Encoded::default(),
        tested: calibration::Tested::default(),
        claims: tail::Claims::new().map_err(HttpError::Entropy)?,
        stop: stop.clone(),
    };
    listen::run(listener, routes::router(Arc::new(app)), seats, stop).await;
    Ok(())
}

/// What every handler may use.
#[derive(Debug)]
struct App {
    shop: Shop,
    offers: OffersDesk,
    pseudonym: Pseudonymiser,
    gate: Arc<Gate>,
    /// Listening for this machine only: then the `Host` must say so, or a web page
    /// of somebody else's could reach us by a name that it points here (DNS rebinding).
    local_only: bool,
    tills: Vec<till::Till>,
    /// Receipts refused at the door because too much waits.
    tills_refused: AtomicU64,
    creatives_dir: PathBuf,
    files: Files,
    demo: bool,
    office: Office,
    /// Drawn at start: tells a page that it talks to another process now.
    server: String,
    seats: seats::Seats,
    streams: streams::Limits,
    live: live::Encoded,
    tested: calibration::Tested,
    claims: tail::Claims,
    stop: Stop,
}
