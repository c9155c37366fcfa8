//! Does what is wished, on files and nothing else.

use super::{Declined, Done, Planned, Version, Versions, Wish};
use crate::run::Files;
use config::{
    Change, OfferFiles, OffersDesk, Problems, Shop,
    bundle::{Bundle, Verified, digest_of},
    changes,
};
use std::path::{Path, PathBuf};
use tracing::{error, info};

/// Knows where the shop's files are, and which offers are in force.
#[derive(Debug)]
pub struct Clerk {
    files: Files,
    versions: Versions,
    store: String,
    rules: OffersDesk,
}

impl Clerk {
    /// For the shop that is read from `files`.
    pub fn new(files: Files, versions: Versions, shop: &Shop) -> Self {
        let mut clerk = Self {
            files,
            versions,
            store: String::new(),
            rules: OffersDesk::default(),
        };
        clerk.follow(shop);
        clerk
    }

    /// Goes on by the authors of changed files.
    pub fn follow(&mut self, shop: &Shop) {
        self.store = shop.plan.store.to_string();
        self.rules = shop.shell.offers.clone();
    }

    /// Where the shop's own files are.
    pub fn shop_files(&self) -> &Files {
        &self.files
    }

    /// The version in force, if a bundle's is.
    pub fn current(&self) -> Option<&Version> {
        self.versions.current()
    }

    /// Whether nothing says any more what is in force.
    pub fn is_doubted(&self) -> bool {
        self.versions.is_doubted()
    }

    /// Folder of the pictures of the version in force, if a bundle's are.
    pub fn pictures(&self) -> Option<PathBuf> {
        Some(self.versions.folder()?.join("creatives"))
    }

    /// Reads the shop with the offers in force.
    pub fn load(&self) -> Result<Shop, Problems> {
        match (&self.files, self.versions.current()) {
            // Where no version is whole any more, doubt means the house loop.
            (Files::Shop(path), Some(_)) => {
                config::load_with(path, &self.versions.files().unwrap_or_default())
            }
            (Files::Shop(path), None) if self.versions.is_doubted() => {
                config::load_with(path, &OfferFiles::default())
            }
            (files, _) => files.load(),
        }
    }

    /// Reads the shop at a start, when there is nothing yet to go on with. A
    /// version that fits the changed `store.toml` no longer shows nothing.
    pub fn begin(&self) -> Result<Shop, Problems> {
        self.load().or_else(|problems| {
            let (Files::Shop(path), Some(_)) = (&self.files, self.versions.current()) else {
                return Err(problems);
            };
            error!(%problems, "the offers in force are wrong for this store.toml: only the house loop is shown");
            config::load_with(path, &OfferFiles::default())
        })
    }

    /// Does it, and says so.
    pub fn serve(&mut self, wish: Wish) -> Result<Done, Declined> {
        self.path()?;
        match wish {
            Wish::Plan(bytes) => {
                let bundle = Bundle::read(&bytes)?;
                Ok(Done::Planned(Box::new(self.plan(&bundle)?)))
            }
            Wish::Apply(bytes) => self.apply(&Bundle::read(&bytes)?),
            Wish::RollBack(to) => {
                if !self.versions.roll_back(to, now())? {
                    return Err(Declined::NoVersion(to));
                }
                info!(
                    to,
                    version = self.versions.number(),
                    "the offers were rolled back"
                );
                Ok(self.in_force())
            }
            Wish::History => Ok(Done::History {
                version: self.versions.number(),
                versions: self.versions.history().cloned().collect(),
            }),
        }
    }

    fn apply(&mut self, bundle: &Bundle) -> Result<Done, Declined> {
        let verified = self.admit(bundle)?;
        let shop = config::load_with(self.path()?, bundle.files()).map_err(Declined::Wrong)?;
        let failing = shop.rehearse();
        if !failing.is_empty() {
            return Err(Declined::Failing(failing));
        }
        self.versions.apply(bundle, &verified, now())?;
        let version = self.versions.number();
        let author = bundle.manifest().author.as_str();
        info!(version, author, "a bundle of offers is in force");
        Ok(self.in_force())
    }

    /// Asks everything that is not about the offers themselves.
    fn admit(&self, bundle: &Bundle) -> Result<Verified, Declined> {
        let OffersDesk {
            authors,
            countersign,
        } = &self.rules;
        let verified = bundle.verify(&self.store, authors, *countersign)?;
        let number = bundle.manifest().number;
        if let Some(last) = self.versions.last_number(verified.key)
            && number <= last
        {
            return Err(Declined::Replayed { number, last });
        }
        if let Some(replaces) = &bundle.manifest().replaces
            && *replaces != digest_of(&self.running()?)
        {
            return Err(Declined::Overtaken);
        }
        Ok(verified)
    }

    fn plan(&self, bundle: &Bundle) -> Result<Planned, Declined> {
        let running = self.running()?;
        let changes = changes(&running, bundle.files());
        let words = changes.iter().flat_map(Change::words).collect();
        let seal = self.admit(bundle);
        let (problems, shop) = match config::load_with(self.path()?, bundle.files()) {
            Ok(shop) => (Problems::default(), Some(shop)),
            Err(problems) => (problems, None),
        };
        let failing = shop.as_ref().map(Shop::rehearse).unwrap_or_default();
        let manifest = bundle.manifest();
        Ok(Planned {
            version: self.versions.number(),
            replaces: digest_of(&running),
            is_taken: seal.is_ok() && shop.is_some() && failing.is_empty(),
            seal: match seal {
                Ok(Verified {
                    countersigned_by: Some(second),
                    ..
                }) => format!("signed by {} and {second}", manifest.author),
                Ok(_) => format!("signed by {}", manifest.author),
                Err(why) => why.to_string(),
            },
            author: manifest.author.clone(),
            note: manifest.note.clone(),
            changes,
            words,
            problems,
            tests: shop.as_ref().map_or(0, |shop| shop.tests.len()),
            findings: shop.as_ref().map(Shop::scrutinise).unwrap_or_default(),
            warnings: shop.map(|shop| shop.warnings).unwrap_or_default(),
            failing,
        })
    }

    /// The files in force. Pictures that no offer names are the house loop's.
    fn running(&self) -> Result<OfferFiles, Declined> {
        if let Some(files) = self.versions.files() {
            return Ok(files);
        }
        let path = self.path()?;
        let folder = if path.is_dir() {
            path
        } else {
            path.parent().unwrap_or(Path::new("."))
        };
        Ok(OfferFiles::read_folder(folder)?.without_idle_pictures())
    }

    /// Where the shop's own files are; the demo's are inside the program.
    fn path(&self) -> Result<&Path, Declined> {
        match &self.files {
            Files::Shop(path) => Ok(path),
            Files::Demo { .. } => Err(Declined::Closed),
        }
    }

    fn in_force(&self) -> Done {
        Done::InForce {
            version: self.versions.number(),
        }
    }
}

fn now() -> String {
    jiff::Timestamp::now()
        .strftime("%Y-%m-%dT%H:%M:%SZ")
        .to_string()
}
