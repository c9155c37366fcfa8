//! Offers and their pictures as files, wherever they lie: in a folder, in a
//! bundle, in a version that a gateway keeps.

use crate::sources::{OFFER_BYTES_MAX, Source, Sources};
use engine::plan::MAX_OFFERS;
use std::{
    collections::BTreeMap,
    fs,
    io::{self, Read as _},
    path::Path,
};

/// Largest picture, bytes: a 4K photograph is about 4 MB.
pub const PICTURE_BYTES_MAX: u64 = 8 << 20;
/// Longest name of a picture, bytes.
const PICTURE_NAME_MAX: usize = 100;
/// Most pictures: one for every offer.
pub(crate) const PICTURES_MAX: usize = MAX_OFFERS;

/// Offer files and pictures, by the names of the files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OfferFiles {
    /// `milk.toml` and the like.
    pub offers: BTreeMap<String, String>,
    /// `milk.svg` and the like.
    pub pictures: BTreeMap<String, Vec<u8>>,
}

impl OfferFiles {
    /// Reads `offers/*.toml` and the pictures in `creatives/` of a folder. A
    /// folder without either of the two has none of that kind.
    pub fn read_folder(folder: &Path) -> io::Result<Self> {
        let mut files = Self::default();
        for name in names(&folder.join("offers"))? {
            if is_offer_file(&name) {
                let bytes = read(&folder.join("offers").join(&name), OFFER_BYTES_MAX)?;
                let text = String::from_utf8(bytes);
                let text = text.map_err(|_| bad(&name, "is not UTF-8 text"))?;
                files.offers.insert(name, text);
            }
        }
        for name in names(&folder.join("creatives"))? {
            if is_picture_file(&name) {
                let bytes = read(&folder.join("creatives").join(&name), PICTURE_BYTES_MAX)?;
                files.pictures.insert(name, bytes);
            }
        }
        Ok(files)
    }

    /// Leaves out the pictures that no offer names.
    #[must_use]
    pub fn without_idle_pictures(mut self) -> Self {
        let offers = &self.offers;
        self.pictures
            .retain(|name, _| offers.values().any(|text| text.contains(name.as_str())));
        self
    }

    /// In place of the offers of a shop's own folder; its pictures stay beside.
    pub(crate) fn put_into(&self, sources: &mut Sources) {
        let offers = self.offers.iter().map(|(name, text)| Source {
            file: format!("offers/{name}"),
            text: text.clone(),
        });
        sources.offers = offers.collect();
        sources.pictures.extend(self.pictures.keys().cloned());
    }
}

/// Whether a file of this name is an offer: the name of an offer, and `.toml`.
pub fn is_offer_file(name: &str) -> bool {
    let id = name.strip_suffix(".toml");
    id.is_some_and(|id| id.parse::<protocol::id::OfferId>().is_ok())
}

/// Whether a file of this name is a picture that screens can paint.
pub fn is_picture_file(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    let kind = name.rsplit_once('.').map(|(_, kind)| kind);
    name.len() <= PICTURE_NAME_MAX
        && !name.starts_with('.')
        && name.bytes().all(plain)
        && matches!(kind, Some("svg" | "png" | "jpg" | "webp"))
}

fn names(folder: &Path) -> io::Result<Vec<String>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.extend(entry?.file_name().into_string().ok());
    }
    names.sort();
    Ok(names)
}

fn read(path: &Path, bytes_max: u64) -> io::Result<Vec<u8>> {
    let about = |why: io::Error| io::Error::new(why.kind(), format!("{}: {why}", path.display()));
    // Looked at before it is opened: opening a pipe would wait for ever.
    let found = fs::metadata(path).map_err(about)?;
    if !found.is_file() || found.len() > bytes_max {
        let what = format!("is no file of at most {bytes_max} bytes");
        return Err(bad(&path.display().to_string(), &what));
    }
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(about)?;
    file.take(bytes_max)
        .read_to_end(&mut bytes)
        .map_err(about)?;
    Ok(bytes)
}

fn bad(name: &str, what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("{name} {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_are_offers_and_pictures() {
        for (name, offer, picture) in [
            ("milk.toml", true, false),
            ("milk.svg", false, true),
            ("milk_2.v1.webp", false, true),
            ("Milk.toml", false, false),
            ("../milk.toml", false, false),
            ("../milk.svg", false, false),
            (".svg", false, false),
            ("milk.html", false, false),
            ("a/b.svg", false, false),
            ("", false, false),
        ] {
            assert_eq!(
                (is_offer_file(name), is_picture_file(name)),
                (offer, picture),
                "{name:?}"
            );
        }
    }

    #[test]
    fn a_folder_is_read_and_pictures_without_an_offer_stay_behind() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        let all = OfferFiles::read_folder(folder).unwrap();
        assert!(all.offers.contains_key("iced-tea-noon.toml"));
        assert!(all.pictures.contains_key("house-join.svg"));
        let used = all.without_idle_pictures();
        assert!(used.pictures.contains_key("iced-tea-noon.svg"));
        assert!(!used.pictures.contains_key("house-join.svg"));
    }
}
