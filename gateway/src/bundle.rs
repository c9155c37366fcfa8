//! Offers that come as signed bundles: what they would change, putting them
//! into force, going back.
//!
//! ```text
//! HTTP, MQTT > OffersDesk > Clerk (whoever reloads the shop's files) > Versions on the disk > the loop
//! ```
//!
//! One task does it all, one wish after another. Whoever asks is told no sooner
//! than the version is on the disk; the loop takes it over a moment later.

mod clerk;
mod versions;

pub use clerk::Clerk;
pub use versions::{Version, Versions};

use config::{Change, Finding, Problems, bundle};
use serde::Serialize;
use std::{
    io,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::sync::{mpsc, oneshot, watch};

/// What somebody wants of the desk.
#[derive(Debug)]
pub enum Wish {
    /// To know what this bundle would change; it need not be signed.
    Plan(Vec<u8>),
    /// This bundle in force.
    Apply(Vec<u8>),
    /// The files of an earlier version in force; 0 for the shop's own folder.
    RollBack(u32),
    /// To know what was in force when.
    History,
}

/// What came of it.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Done {
    /// What would change.
    Planned(Box<Planned>),
    /// Something else is in force now.
    InForce {
        /// Number of the version.
        version: u32,
    },
    /// What was in force when.
    History {
        /// Number of the version in force; 0 for the shop's own folder.
        version: u32,
        /// Newest first.
        versions: Vec<Version>,
    },
}

/// What a bundle would change.
#[derive(Debug, Serialize)]
pub struct Planned {
    /// Number of the version in force; 0 for the shop's own folder.
    pub version: u32,
    /// What is in force, to be named by a bundle that replaces it.
    pub replaces: String,
    /// Whether it would be taken.
    pub is_taken: bool,
    /// Whose it is, or why it would not be taken.
    pub seal: String,
    /// Author, by the bundle's own word.
    pub author: String,
    /// What for, in the author's words.
    pub note: String,
    /// Key by key.
    pub changes: Vec<Change>,
    /// The same, in words.
    pub words: Vec<String>,
    /// What is wrong with the files: with any, nothing would be taken.
    pub problems: Problems,
    /// What is probably not intended.
    pub warnings: Problems,
    /// How many of the offers' own tests were tried.
    pub tests: usize,
    /// Which of them came out otherwise: with any, nothing would be taken.
    pub failing: Problems,
    /// What the offers do to each other.
    pub findings: Vec<Finding>,
}

/// Why nothing changed.
#[derive(Debug, thiserror::Error)]
pub enum Declined {
    /// No bundle.
    #[error(transparent)]
    Bad(#[from] bundle::BadBundle),
    /// Not from somebody who may.
    #[error("the bundle is not taken: {0}")]
    Refused(#[from] bundle::Refused),
    /// Old.
    #[error(
        "the bundle is not taken: its number {number} is not above {last}, the last of its \
         author's; pack it again, or roll back if an earlier version is wanted"
    )]
    Replayed {
        /// Its number.
        number: u64,
        /// The last that was taken.
        last: u64,
    },
    /// Made for something that runs no longer.
    #[error(
        "the bundle is not taken: it was planned against other offers than those in force now; \
         plan it again"
    )]
    Overtaken,
    /// Wrong files.
    #[error("its offers are wrong and are not taken\n\n{0}")]
    Wrong(Problems),
    /// Failing tests.
    #[error("tests of its offers come out otherwise than expected; it is not taken\n\n{0}")]
    Failing(Problems),
    /// No such version.
    #[error("there is no version {0} any more: see the history")]
    NoVersion(u32),
    /// The disk.
    #[error("failed to keep the version: {0}; nothing was changed")]
    Disk(#[from] io::Error),
    /// Something else is being done.
    #[error("another bundle is being looked at: send it again in a moment")]
    Busy,
    /// Nobody is there to do it.
    #[error(
        "offers cannot be changed here: the demo's are built in, and a gateway that stops takes none"
    )]
    Closed,
}

impl Declined {
    /// The reason, as a bounded label.
    pub const fn label(&self) -> &'static str {
        LABELS[self.place()]
    }

    const fn place(&self) -> usize {
        match self {
            Self::Bad(bundle::BadBundle::TooLarge(_)) => 1,
            Self::Bad(bundle::BadBundle::Altered(_)) => 2,
            Self::Bad(_) => 3,
            Self::Refused(_) => 4,
            Self::Replayed { .. } | Self::Overtaken => 5,
            Self::Wrong(_) | Self::Failing(_) | Self::NoVersion(_) => 6,
            Self::Disk(_) => 7,
            Self::Busy | Self::Closed => 8,
        }
    }
}

/// What can come of a bundle, as labels.
const LABELS: [&str; 9] = [
    "applied",
    "oversized",
    "altered",
    "malformed",
    "unsealed",
    "replayed",
    "wrong",
    "disk",
    "busy",
];

/// How often each came.
#[derive(Debug, Default)]
pub struct Counts([AtomicU64; LABELS.len()]);

impl Counts {
    /// Each label with its count since the start.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let counts = self.0.iter().map(|n| n.load(Ordering::Relaxed));
        LABELS.into_iter().zip(counts)
    }

    fn note(&self, place: usize) {
        self.0[place].fetch_add(1, Ordering::Relaxed);
    }
}

type Reply = oneshot::Sender<Result<Done, Declined>>;

/// Held by adapters. Cheap to clone.
#[derive(Debug, Clone)]
pub struct OffersDesk {
    wishes: mpsc::Sender<(Wish, Reply)>,
    pictures: watch::Receiver<Option<PathBuf>>,
    counts: Arc<Counts>,
}

/// Where wishes arrive.
#[derive(Debug)]
pub struct Wishes {
    /// What comes in.
    pub(crate) asked: mpsc::Receiver<(Wish, Reply)>,
    /// Folder of the pictures of the version in force.
    pub(crate) pictures: watch::Sender<Option<PathBuf>>,
}

/// Makes both ends. One wish waits while another is served: each may be as
/// large as a bundle.
pub fn open() -> (OffersDesk, Wishes) {
    let (wish_tx, asked) = mpsc::channel(1);
    let (picture_tx, pictures) = watch::channel(None);
    let desk = OffersDesk {
        wishes: wish_tx,
        pictures,
        counts: Arc::default(),
    };
    let wishes = Wishes {
        asked,
        pictures: picture_tx,
    };
    (desk, wishes)
}

impl OffersDesk {
    /// Asks and waits.
    pub async fn ask(&self, wish: Wish) -> Result<Done, Declined> {
        let applies = matches!(wish, Wish::Apply(_));
        let answer = self.forward(wish).await;
        match &answer {
            Ok(_) if applies => self.counts.note(0),
            Ok(_) => {}
            Err(why) => {
                self.counts.note(why.place());
                // What it held is not logged: it may be anybody's.
                tracing::warn!(why = why.label(), "a change of the offers was refused");
            }
        }
        answer
    }

    /// Folder of the pictures of the version in force, if a bundle's are.
    pub fn pictures(&self) -> Option<PathBuf> {
        self.pictures.borrow().clone()
    }

    /// What came of bundles since the start.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    async fn forward(&self, wish: Wish) -> Result<Done, Declined> {
        let (reply, answer) = oneshot::channel();
        self.wishes
            .try_send((wish, reply))
            .map_err(|refused| match refused {
                mpsc::error::TrySendError::Full(_) => Declined::Busy,
                mpsc::error::TrySendError::Closed(_) => Declined::Closed,
            })?;
        answer.await.map_err(|_| Declined::Closed)?
    }
}
