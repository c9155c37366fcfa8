//! The text a shop is described in: `store.toml`, `offers/*.toml`, `creatives/`.
//!
//! ```text
//! files > toml with places > shape (JSON Schema of the raw types) > meaning > StorePlan
//! ```
//!
//! [`load`] reports everything that is wrong at once, each with file, line,
//! column, key and remedy. It never changes anything: a running gateway that
//! loads again and is told [`Problems`] keeps what it has.

pub mod bundle;
mod changes;
mod compile;
mod demo;
mod display;
mod doc;
mod lexicon;
mod offer_files;
mod problem;
mod raw;
mod report;
pub mod schema;
mod scrutiny;
mod shell;
mod situation;
mod sources;
mod structure;
mod suggest;
mod survey;
mod unit;

pub use changes::{Change, ChangeKind, KeyChange, changes};
pub use demo::{DEFAULT_STORE_TOML, demo, demo_creative};
pub use display::{Display, Tag};
pub use offer_files::{OfferFiles, PICTURE_BYTES_MAX, is_offer_file, is_picture_file};
pub use problem::{Problem, Problems, Severity};
pub use scrutiny::Finding;
pub use shell::{
    Broker, Controller, External, Feed, FeedDevice, Http, LogFormat, OffersDesk, Outward,
    Recording, Retention, ScannerSource, SharedTopic, Shell, Storage, Takes, Till, Tls,
};
pub use situation::{Expected, OfferTest};
pub use survey::{Joined, SURVEY_FILE, Sifted, read_survey, sift_survey, write_survey};

use engine::{decide::Situation, plan::StorePlan};
use jiff::{Timestamp, Zoned};
use sources::Sources;
use std::{path::Path, sync::Arc};

/// A whole shop, checked: what the engine needs and what the shell needs.
#[derive(Debug, Clone)]
pub struct Shop {
    /// For the engine.
    pub plan: Arc<StorePlan>,
    /// For the gateway's adapters.
    pub shell: Shell,
    /// The `[[test]]` cases of the offers, in the order of the plan's offers.
    pub tests: Vec<OfferTest>,
    /// What is probably not intended, but can be run.
    pub warnings: Problems,
}

impl Shop {
    /// Tries the `[[test]]` cases of the offers against the rules that the
    /// live shop decides by, and says which came out otherwise.
    pub fn rehearse(&self) -> Problems {
        situation::try_all(&self.plan, &self.tests)
    }
}

/// A floor with its zones and scanners: all that is needed to tell where
/// somebody is.
#[derive(Debug, Clone)]
pub struct Place {
    /// For the engine; without screens, offers and house loop unless they stand
    /// in the file.
    pub plan: StorePlan,
    /// What is probably not intended.
    pub warnings: Problems,
}

/// Reads the floor, zones and scanners of a `store.toml`, or of the one in a
/// folder. Whatever else stands there is checked as ever; what does not is not
/// missed. A way in is not asked for, and offers are not read.
pub fn load_place(path: &Path) -> Result<Place, Problems> {
    let (sources, problems) = Sources::read_store(path);
    compile::place(&sources, problems)
}

/// The same for the text of a `store.toml`, where there is no file.
pub fn parse_place(text: &str) -> Result<Place, Problems> {
    let sources = Sources {
        store: Some(sources::Source {
            file: "store.toml".to_owned(),
            text: text.to_owned(),
        }),
        ..Sources::default()
    };
    compile::place(&sources, Vec::new())
}

/// Reads a shop: `path` is a folder that holds a `store.toml`, or that file.
/// Offers are read from `offers/` and pictures are looked for in `creatives/`
/// beside it.
pub fn load(path: &Path) -> Result<Shop, Problems> {
    let (sources, problems) = Sources::read(path);
    compile::compile(&sources, problems, Zoned::now().date())
}

/// A shop read once, to check many offers against it one by one.
#[derive(Debug)]
pub struct OfferCheck {
    sources: Sources,
    site: compile::site::Site,
}

impl OfferCheck {
    /// Of the demo's shop.
    pub fn demo() -> Self {
        let sources = demo::sources();
        let site = compile::read_site(&sources);
        let site = site.expect("a test loads these very files");
        Self { sources, site }
    }

    /// Everything that is wrong with an offer; `file` is its name.
    pub fn problems(&self, file: &str, text: &str) -> Problems {
        compile::check_offer(&self.site, &self.sources, file, text, Zoned::now().date())
    }
}

/// Reads a shop with other offers than those beside its `store.toml`: what a
/// bundle would make of it. Pictures of its own folder stay there to be named.
pub fn load_with(path: &Path, files: &OfferFiles) -> Result<Shop, Problems> {
    let (mut sources, problems) = Sources::read(path);
    files.put_into(&mut sources);
    // What is wrong with offers that do not count does not count.
    let problems = problems.into_iter();
    let problems = problems.filter(|p| !p.file.starts_with("offers/"));
    compile::compile(&sources, problems.collect(), Zoned::now().date())
}

/// Reads a situation that somebody describes, in TOML, for the shop at `path` and
/// the plan that is in force there. `file` is what problems call the text; `now`
/// is when it is if the text does not say.
pub fn describe(
    path: &Path,
    plan: &StorePlan,
    (file, text): (&str, &str),
    now: Timestamp,
) -> Result<Situation, Problems> {
    let (sources, problems) = Sources::read_store(path);
    let Some(site) = compile::read_site(&sources) else {
        return Err(Problems::sorted(problems));
    };
    compile::described(site, plan, (file, text), now)
}

/// The same for the shop inside the program.
pub fn describe_in_demo(
    plan: &StorePlan,
    source: (&str, &str),
    now: Timestamp,
) -> Result<Situation, Problems> {
    let OfferCheck { site, .. } = OfferCheck::demo();
    compile::described(site, plan, source, now)
}

/// A situation in JSON as a file would say it: the same words, and so the same
/// checks. `None` where TOML has no word for something, such as `null`.
pub fn situation_of_json(situation: &serde_json::Value) -> Option<String> {
    toml::to_string(situation).ok()
}

/// Reads a shop from texts: `store.toml`, and offers by the names of their
/// files. No folder is looked at: there is no survey, and no picture is found.
pub fn read(store: &str, offers: &[(&str, &str)]) -> Result<Shop, Problems> {
    let sources = Sources::of_texts(store, offers);
    compile::compile(&sources, Vec::new(), Zoned::now().date())
}
