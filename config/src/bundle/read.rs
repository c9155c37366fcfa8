//! Reading a bundle's bytes, which may be anybody's.

use super::{BUNDLE_BYTES_MAX, BadBundle, Bundle, MAGIC, MANIFEST_BYTES_MAX, Manifest, Signature};
use super::{NOTE_CHARS_MAX, STORES_MAX, sha256};
use crate::{
    offer_files::{OfferFiles, PICTURE_BYTES_MAX, PICTURES_MAX, is_offer_file, is_picture_file},
    sources::OFFER_BYTES_MAX,
};
use engine::plan::MAX_OFFERS;

/// Longest list of signatures, bytes: some 150 each.
const SIGNATURES_BYTES_MAX: usize = 2_048;
/// Longest first line: two lengths of ten digits.
const HEAD_BYTES_MAX: usize = MAGIC.len() + 22;

impl Bundle {
    /// Reads a bundle, and sees whether its files are what its manifest says.
    /// Whose it is remains to be asked.
    pub fn read(bytes: &[u8]) -> Result<Self, BadBundle> {
        if bytes.len() > BUNDLE_BYTES_MAX {
            return Err(BadBundle::TooLarge(bytes.len()));
        }
        let (manifest_bytes, signatures_bytes, rest) = head(bytes)?;
        if manifest_bytes > MANIFEST_BYTES_MAX || signatures_bytes > SIGNATURES_BYTES_MAX {
            return Err(BadBundle::Shape("its manifest is too long"));
        }
        let cut = BadBundle::Shape("it is cut off");
        let (text, rest) = rest.split_at_checked(manifest_bytes).ok_or(cut.clone())?;
        let (signatures, contents) = rest.split_at_checked(signatures_bytes).ok_or(cut)?;
        let manifest: Manifest = serde_json::from_slice(text)
            .map_err(|_| BadBundle::Shape("its manifest cannot be read"))?;
        let signatures: Vec<Signature> = serde_json::from_slice(signatures)
            .map_err(|_| BadBundle::Shape("its signatures cannot be read"))?;
        bounded(&manifest)?;
        Ok(Self {
            files: files(&manifest, contents)?,
            manifest,
            text: text.to_vec(),
            signatures,
        })
    }
}

/// Lengths of manifest and signatures, and what follows the first line.
fn head(bytes: &[u8]) -> Result<(usize, usize, &[u8]), BadBundle> {
    let no_bundle = || BadBundle::Shape("it does not begin like one");
    let near = &bytes[..bytes.len().min(HEAD_BYTES_MAX)];
    let end = near
        .iter()
        .position(|b| *b == b'\n')
        .ok_or_else(no_bundle)?;
    let line = std::str::from_utf8(&bytes[..end]).map_err(|_| no_bundle())?;
    let lengths = line.strip_prefix(MAGIC).ok_or_else(no_bundle)?;
    let (manifest, signatures) = lengths.split_once(' ').ok_or_else(no_bundle)?;
    let length = |text: &str| text.parse().map_err(|_| no_bundle());
    Ok((length(manifest)?, length(signatures)?, &bytes[end + 1..]))
}

fn bounded(manifest: &Manifest) -> Result<(), BadBundle> {
    let control = |text: &str| text.chars().any(char::is_control);
    let is_fine = manifest.author.len() <= 32
        && manifest.made.len() <= 64
        && manifest.note.chars().count() <= NOTE_CHARS_MAX
        && manifest.stores.len() <= STORES_MAX
        && !control(&manifest.author)
        && !control(&manifest.made)
        && !control(&manifest.note);
    if is_fine {
        return Ok(());
    }
    Err(BadBundle::Shape("author, time, note or shops are too long"))
}

/// The files, each as the manifest says, with nothing between and behind them.
fn files(manifest: &Manifest, mut rest: &[u8]) -> Result<OfferFiles, BadBundle> {
    let mut files = OfferFiles::default();
    let mut last = "";
    for entry in &manifest.files {
        let refuse = || BadBundle::File(entry.name.chars().take(120).collect());
        let altered = || BadBundle::Altered(entry.name.clone());
        // In order, so that there is one way to write down the same files.
        if entry.name.as_str() <= last {
            return Err(refuse());
        }
        last = &entry.name;
        let (folder, name) = entry.name.split_once('/').ok_or_else(refuse)?;
        let bytes_max = match folder {
            "offers" if is_offer_file(name) => OFFER_BYTES_MAX,
            "creatives" if is_picture_file(name) => PICTURE_BYTES_MAX,
            _ => return Err(refuse()),
        };
        if entry.bytes as u64 > bytes_max {
            return Err(refuse());
        }
        let (content, after) = rest.split_at_checked(entry.bytes).ok_or_else(altered)?;
        rest = after;
        if sha256(content) != entry.sha256 {
            return Err(altered());
        }
        if folder == "offers" {
            let text = std::str::from_utf8(content).map_err(|_| refuse())?;
            files.offers.insert(name.to_owned(), text.to_owned());
        } else {
            files.pictures.insert(name.to_owned(), content.to_vec());
        }
    }
    if !rest.is_empty() {
        return Err(BadBundle::Shape("bytes stand behind its files"));
    }
    if files.offers.len() > MAX_OFFERS || files.pictures.len() > PICTURES_MAX {
        return Err(BadBundle::Shape("it holds too many files"));
    }
    Ok(files)
}
