//! Where bundles come from: a file, or a folder that is packed.

use crate::cli::Failure;
use anyhow::{Context as _, anyhow};
use clap::Args;
use config::{
    OfferFiles, Problems, Shop,
    bundle::{BUNDLE_BYTES_MAX, Bundle, Key, Manifest},
};
use std::{
    fs,
    io::Read as _,
    path::{Path, PathBuf},
};

/// Reads the offers of a folder.
pub(super) fn offers(folder: &Path) -> anyhow::Result<OfferFiles> {
    OfferFiles::read_folder(folder)
        .with_context(|| format!("failed to read offers in {}", folder.display()))
}

/// Reads a shop, with other offers than its own if a folder of them is named.
pub(super) fn shop(path: &Path, others: Option<&Path>) -> anyhow::Result<Result<Shop, Problems>> {
    Ok(match others {
        None => config::load(path),
        Some(folder) => config::load_with(path, &offers(folder)?),
    })
}

/// How a folder becomes a bundle.
#[derive(Debug, Args)]
pub(super) struct Packing {
    /// Who makes it, as [[authors]] of store.toml calls them.
    #[arg(long, value_name = "NAME")]
    pub(super) author: Option<String>,
    /// File of the author's key, from `aislecast offers keygen`.
    #[arg(long, value_name = "FILE")]
    pub(super) key: Option<PathBuf>,
    /// What for, in a sentence.
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
    /// Higher than that of the author's last bundle; the time in milliseconds
    /// if left out.
    #[arg(long, value_name = "N")]
    number: Option<u64>,
    /// Only for this shop; may be given again.
    #[arg(long, value_name = "NAME")]
    store: Vec<String>,
}

impl Packing {
    /// Packs a folder, signed if there is a key.
    pub(super) fn pack(&self, folder: &Path, replaces: Option<String>) -> Result<Bundle, Failure> {
        let files = offers(folder)?;
        if files.offers.is_empty() {
            return Err(anyhow!(
                "{} holds no offers/NAME.toml: name the folder in which `offers` lies",
                folder.display()
            )
            .into());
        }
        let made = jiff::Timestamp::now();
        let manifest = Manifest {
            author: self.author.clone().unwrap_or_default(),
            number: self.number.unwrap_or(made.as_millisecond() as u64),
            made: made.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            note: self.note.clone(),
            stores: self.store.clone(),
            replaces,
            files: Vec::new(),
        };
        let mut bundle = Bundle::pack(manifest, files.without_idle_pictures())?;
        if let Some(key) = &self.key {
            bundle.sign(&read_key(key)?);
        }
        Ok(bundle)
    }

    /// Whether a folder can be signed.
    pub(super) fn can_sign(&self) -> Result<(), Failure> {
        if self.author.is_some() && self.key.is_some() {
            return Ok(());
        }
        Err(Failure::Usage(anyhow!(
            "a folder is signed before it is applied: add --author NAME --key FILE, or name a bundle"
        )))
    }
}

/// Reads a bundle's bytes.
pub(super) fn read_bundle(path: &Path) -> Result<Vec<u8>, Failure> {
    let about = || format!("failed to read {}", path.display());
    let mut bytes = Vec::new();
    let file = fs::File::open(path).with_context(about)?;
    // One more than there may be, so that what is too long is noticed.
    file.take(BUNDLE_BYTES_MAX as u64 + 1)
        .read_to_end(&mut bytes)
        .with_context(about)?;
    Ok(bytes)
}

/// Reads a key that `aislecast offers keygen` wrote.
pub(super) fn read_key(path: &Path) -> Result<Key, Failure> {
    let about = || format!("failed to read the key {}", path.display());
    let text = fs::read_to_string(path).with_context(about)?;
    Ok(Key::read(&text).with_context(about)?)
}
