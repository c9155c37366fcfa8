//! A bundle: offers and pictures in one file, with a manifest that names each
//! and is signed by its author.
//!
//! ```text
//! aislecast-bundle 1 <bytes of the manifest> <bytes of the signatures>\n
//! manifest, JSON | signatures, JSON | the files, one after another as the manifest lists them
//! ```
//!
//! Signatures are made over the manifest's bytes as they stand, and the
//! manifest names the SHA-256 of every file: nothing is written anew before it
//! is checked. Reading is total: whatever the bytes are, it answers.

mod read;
mod seal;

pub use seal::{Author, Key, KeyError, PublicKey, Refused, Role, Verified};

use crate::offer_files::OfferFiles;
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// Largest bundle, bytes: some hundred offers with their pictures.
pub const BUNDLE_BYTES_MAX: usize = 16 << 20;
/// Largest manifest, bytes: 4,000 files at 200 bytes each fit.
const MANIFEST_BYTES_MAX: usize = 1 << 20;
/// Longest note, characters: two sentences.
const NOTE_CHARS_MAX: usize = 400;
/// Most shops one bundle is meant for.
const STORES_MAX: usize = 1_000;
/// How a bundle begins.
const MAGIC: &str = "aislecast-bundle 1 ";

/// What a bundle says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Who made it, as `[[authors]]` of `store.toml` calls them.
    pub author: String,
    /// Rises with every bundle of its author; a gateway takes none that is not
    /// higher than the last it took of them.
    pub number: u64,
    /// When it was made, RFC 3339.
    pub made: String,
    /// What for, in words.
    pub note: String,
    /// The shops it is meant for; all that know its author if there is none.
    pub stores: Vec<String>,
    /// What it was planned against: the digest of what ran then. A gateway
    /// where something else runs by now refuses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
    /// Its files, by name.
    pub files: Vec<Entry>,
}

/// One file of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// `offers/milk.toml`, `creatives/milk.svg`.
    pub name: String,
    /// Length.
    pub bytes: usize,
    /// SHA-256 of its content, 64 hexadecimal digits.
    pub sha256: String,
}

/// One signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// By whom, as `[[authors]]` of `store.toml` calls them.
    pub by: String,
    /// Ed25519, 128 hexadecimal digits.
    pub signature: String,
}

/// Why bytes are no bundle, or files cannot become one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadBundle {
    /// Too long to be looked at.
    #[error(
        "the bundle has {0} bytes, at most {BUNDLE_BYTES_MAX} are taken: leave out pictures that no offer uses"
    )]
    TooLarge(usize),
    /// Not made by `aislecast offers pack`, or cut off.
    #[error(
        "this is no whole bundle ({0}): make it with `aislecast offers pack`, and send it as it is"
    )]
    Shape(&'static str),
    /// A file that no bundle may hold.
    #[error(
        "the file {0:?} has no place in a bundle: it holds offers/NAME.toml and creatives/NAME.svg, .png, .jpg or .webp, each once and in order"
    )]
    File(String),
    /// A file was altered.
    #[error("the file {0:?} is not what the manifest says: the bundle was altered on its way")]
    Altered(String),
}

/// A bundle whose files are what its manifest says. Whose it is has not been
/// asked yet: see [`Bundle::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    manifest: Manifest,
    /// The very bytes that are signed.
    text: Vec<u8>,
    signatures: Vec<Signature>,
    files: OfferFiles,
}

impl Bundle {
    /// Puts files together. `manifest.files` is filled in here.
    pub fn pack(mut manifest: Manifest, files: OfferFiles) -> Result<Self, BadBundle> {
        manifest.files = entries(&files);
        let text = serde_json::to_vec(&manifest).expect("a manifest has only text keys");
        let bundle = Self {
            manifest,
            text,
            signatures: Vec::new(),
            files,
        };
        // What is made here is what would be taken.
        Self::read(&bundle.to_bytes())
    }

    /// As one file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let signatures =
            serde_json::to_vec(&self.signatures).expect("a signature has only text keys");
        let head = format!("{MAGIC}{} {}\n", self.text.len(), signatures.len());
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(&self.text);
        bytes.extend_from_slice(&signatures);
        for (_, content) in named(&self.files) {
            bytes.extend_from_slice(content);
        }
        bytes
    }

    /// What it says of itself.
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Its files.
    pub const fn files(&self) -> &OfferFiles {
        &self.files
    }

    /// Who signed it, by their own word.
    pub fn signers(&self) -> impl Iterator<Item = &str> {
        self.signatures.iter().map(|s| s.by.as_str())
    }
}

/// Names what these files are: the same for the same files, wherever they lie.
pub fn digest_of(files: &OfferFiles) -> String {
    let list = serde_json::to_vec(&entries(files)).expect("an entry has only text keys");
    sha256(&list)
}

/// SHA-256, 64 hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    hex(digest(&SHA256, bytes).as_ref())
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        write!(text, "{byte:02x}").expect("writing to a String cannot fail");
    }
    text
}

fn entries(files: &OfferFiles) -> Vec<Entry> {
    let entry = |(name, content): (String, &[u8])| Entry {
        name,
        bytes: content.len(),
        sha256: sha256(content),
    };
    named(files).map(entry).collect()
}

/// Every file with its name in a bundle, in the order of the names.
fn named(files: &OfferFiles) -> impl Iterator<Item = (String, &[u8])> {
    let pictures = files.pictures.iter();
    let pictures = pictures.map(|(name, bytes)| (format!("creatives/{name}"), bytes.as_slice()));
    let offers = files.offers.iter();
    pictures.chain(offers.map(|(name, text)| (format!("offers/{name}"), text.as_bytes())))
}

#[cfg(test)]
mod tests;
