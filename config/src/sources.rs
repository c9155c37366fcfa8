//! The files of a shop as texts: from a folder, or those built in.

use crate::{
    doc::Finding,
    problem::{Excerpt, Problem},
    survey::SURVEY_FILE,
};
use engine::plan::MAX_OFFERS;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Largest `store.toml`, bytes: 64 zones, 256 sensors and 512 shelves fit thrice.
const STORE_BYTES_MAX: u64 = 1 << 20;
/// Largest `survey.csv`, bytes: some 250,000 lines.
const SURVEY_BYTES_MAX: u64 = 8 << 20;
/// Largest offer file, bytes.
pub(crate) const OFFER_BYTES_MAX: u64 = 64 << 10;

/// The files of a shop as texts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sources {
    /// Folder that relative paths in `store.toml` start from.
    pub(crate) folder: PathBuf,
    /// `store.toml`, if it could be read.
    pub(crate) store: Option<Source>,
    /// `survey.csv`, in a shop that was surveyed.
    pub(crate) survey: Option<Source>,
    /// `offers/*.toml`, by name.
    pub(crate) offers: Vec<Source>,
    /// Names of the files in `creatives`.
    pub(crate) pictures: BTreeSet<String>,
}

/// One file.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Source {
    /// Name, relative to the folder.
    pub(crate) file: String,
    /// What it says.
    pub(crate) text: String,
}

impl Sources {
    /// These texts, and nothing else.
    pub(crate) fn of_texts(store: &str, offers: &[(&str, &str)]) -> Self {
        let source = |file: &str, text: &str| Source {
            file: file.to_owned(),
            text: text.to_owned(),
        };
        Self {
            store: Some(source("store.toml", store)),
            offers: offers
                .iter()
                .map(|(file, text)| source(file, text))
                .collect(),
            ..Self::default()
        }
    }

    /// Reads a folder, or the folder that holds this `store.toml`. Also says
    /// what could not be read.
    pub(crate) fn read(path: &Path) -> (Self, Vec<Problem>) {
        let (mut sources, mut problems) = Self::read_store(path);
        let folder = &sources.folder;
        if folder.join(SURVEY_FILE).exists() {
            match read_text(&folder.join(SURVEY_FILE), SURVEY_FILE, SURVEY_BYTES_MAX) {
                Ok(text) => {
                    let file = SURVEY_FILE.to_owned();
                    sources.survey = Some(Source { file, text });
                }
                Err(problem) => problems.push(*problem),
            }
        }
        for name in file_names(&folder.join("offers"), "offers", &mut problems) {
            let is_toml = Path::new(&name).extension().is_some_and(|e| e == "toml");
            // One more than there may be, so that too many are noticed.
            if !is_toml || name.starts_with('.') || sources.offers.len() > MAX_OFFERS {
                continue;
            }
            let file = format!("offers/{name}");
            match read_text(&folder.join("offers").join(name), &file, OFFER_BYTES_MAX) {
                Ok(text) => sources.offers.push(Source { file, text }),
                Err(problem) => problems.push(*problem),
            }
        }
        (sources, problems)
    }

    /// Reads the same without the offers and the survey.
    pub(crate) fn read_store(path: &Path) -> (Self, Vec<Problem>) {
        let mut problems = Vec::new();
        let store = if path.is_dir() {
            path.join("store.toml")
        } else {
            path.to_owned()
        };
        let folder = store.parent().unwrap_or(Path::new("")).to_owned();
        let file = store
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let store = match read_text(&store, &file, STORE_BYTES_MAX) {
            Ok(text) => Some(Source { file, text }),
            Err(problem) => {
                problems.push(*problem);
                None
            }
        };
        let pictures = file_names(&folder.join("creatives"), "creatives", &mut problems);
        let sources = Self {
            folder,
            store,
            survey: None,
            offers: Vec::new(),
            pictures,
        };
        (sources, problems)
    }
}

fn read_text(path: &Path, file: &str, bytes_max: u64) -> Result<String, Box<Problem>> {
    let refuse = |what: String, remedy: &str| Err(Box::new(about_file(file, what, remedy)));
    match fs::metadata(path) {
        Err(why) => {
            return refuse(
                format!("failed to read the file: {why}"),
                "name a store.toml, or a folder that holds one, and let this user read it",
            );
        }
        Ok(about) if !about.is_file() => {
            return refuse("this is not a file".to_owned(), "put a file in its place");
        }
        Ok(about) if about.len() > bytes_max => {
            return refuse(
                format!(
                    "the file has {} bytes, at most {bytes_max} are read",
                    about.len()
                ),
                "is this the right file?",
            );
        }
        Ok(_) => {}
    }
    match fs::read(path).map(String::from_utf8) {
        Ok(Ok(text)) => Ok(text),
        Ok(Err(_)) => refuse("the file is not UTF-8 text".to_owned(), "save it as UTF-8"),
        Err(why) => refuse(
            format!("failed to read the file: {why}"),
            "let this user read it",
        ),
    }
}

/// The names in a folder, sorted; a folder that is not there is empty.
fn file_names(folder: &Path, name: &str, problems: &mut Vec<Problem>) -> BTreeSet<String> {
    if !folder.exists() {
        return BTreeSet::new();
    }
    match fs::read_dir(folder) {
        Ok(entries) => entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .collect(),
        Err(why) => {
            let what = format!("failed to list the folder: {why}");
            problems.push(about_file(name, what, "let this user read it"));
            BTreeSet::new()
        }
    }
}

fn about_file(file: &str, what: String, remedy: &str) -> Problem {
    let finding = Finding::error(what, remedy);
    Problem {
        severity: finding.severity,
        file: file.to_owned(),
        line: 1,
        column: 1,
        key: String::new(),
        value: String::new(),
        what: finding.what,
        did_you_mean: None,
        remedy: finding.remedy,
        excerpt: Excerpt::default(),
    }
}
