//! Where recorded runs come from: the sealed files of a day, or a plain one.

use crate::{
    cli::Failure,
    recording::{FOLDER, Part, Pieces, date, day, parts_of},
    store,
};
use anyhow::{Context as _, anyhow};
use engine::recording::{Moment, Reader, plain};
use jiff::{ToSpan as _, Zoned, civil::Date};
use std::{collections::VecDeque, fs, path::Path, sync::Arc};

/// What is to be decided again.
pub(in crate::cli::offers) struct Recorded {
    /// Which day, or which file.
    pub(in crate::cli::offers) name: String,
    pub(in crate::cli::offers) runs: Vec<Run>,
}

/// One run.
pub(in crate::cli::offers) enum Run {
    Sealed(Part, store::Secret),
    Plain(Arc<[u8]>),
}

impl Recorded {
    /// A day in a data folder: the one named, or else that of the shop.
    pub(in crate::cli::offers) fn sealed(
        shop: &Path,
        data: Option<&Path>,
        wanted: Option<&str>,
    ) -> Result<Self, Failure> {
        if let Some(data) = data {
            return Self::in_folder(data, wanted);
        }
        let shop = config::load(shop).map_err(Failure::Files)?;
        Self::in_folder(&shop.shell.storage.dir, wanted)
    }

    fn in_folder(data: &Path, wanted: Option<&str>) -> Result<Self, Failure> {
        let parts = parts_of(&data.join(FOLDER))
            .with_context(|| format!("failed to look into {}", data.display()))?;
        let newest = parts.last().map(|part| part.day).ok_or_else(|| {
            anyhow!(
                "{} holds no recording: add [recording] to store.toml, and restart the gateway",
                data.display()
            )
        })?;
        let chosen = wanted.map_or(Ok(newest), day_of)?;
        let of_day: Vec<Part> = parts.iter().filter(|p| p.day == chosen).cloned().collect();
        if of_day.is_empty() {
            let mut days: Vec<i32> = parts.iter().map(|part| part.day).collect();
            days.dedup();
            let days: Vec<String> = days.into_iter().map(|d| date(d).to_string()).collect();
            return Err(Failure::Usage(anyhow!(
                "{} is not recorded; there are {}",
                date(chosen),
                days.join(", ")
            )));
        }
        let secret = store::read_secret(data)?;
        let runs = of_day.into_iter();
        let mut runs: Vec<Run> = runs.map(|part| Run::Sealed(part, secret.clone())).collect();
        runs.retain(Run::has_begun);
        Ok(Self {
            name: date(chosen).to_string(),
            runs,
        })
    }

    /// What the simulator wrote.
    pub(in crate::cli::offers) fn plain(path: &Path) -> anyhow::Result<Self> {
        let bytes = fs::read(path).with_context(|| format!("failed to read {}", path.display()))?;
        let runs = plain::read(&bytes)?.into_iter();
        Ok(Self {
            name: path.display().to_string(),
            runs: runs.map(|run| Run::Plain(run.into())).collect(),
        })
    }
}

fn day_of(text: &str) -> Result<i32, Failure> {
    let today = Zoned::now().date();
    let date = match text {
        "today" => Ok(today),
        "yesterday" => today.checked_sub(1.day()),
        date => date.parse::<Date>(),
    };
    let usage = |_| Failure::Usage(anyhow!("--day {text}: give a date such as 2026-11-21"));
    date.map(day).map_err(usage)
}

/// How a run's moments ended.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::cli::offers) struct Ended {
    /// People taken out since.
    pub(in crate::cli::offers) taken_out: u16,
    /// What is wrong with what follows the last moment.
    pub(in crate::cli::offers) damage: Option<String>,
}

impl Run {
    /// Whether anything stands in it yet, or cannot be read: a gateway may be
    /// writing its first piece just now.
    fn has_begun(&self) -> bool {
        let Ok(mut moments) = self.moments() else {
            return true;
        };
        moments.next().is_some() || moments.ended.damage.is_some()
    }

    /// Its moments from the first on.
    pub(in crate::cli::offers) fn moments(&self) -> Result<Moments, Failure> {
        let pieces = match self {
            Self::Sealed(part, secret) => Source::Sealed(Box::new(
                Pieces::open(part, secret)
                    .with_context(|| format!("failed to open {}", part.path.display()))?,
            )),
            Self::Plain(bytes) => Source::Plain(Some(bytes.to_vec())),
        };
        Ok(Moments {
            source: pieces,
            reader: Reader::default(),
            read: VecDeque::new(),
            ended: Ended::default(),
        })
    }
}

enum Source {
    Sealed(Box<Pieces>),
    Plain(Option<Vec<u8>>),
}

/// The moments of one run, as far as they can be read.
pub(in crate::cli::offers) struct Moments {
    source: Source,
    reader: Reader,
    read: VecDeque<Moment>,
    ended: Ended,
}

impl Moments {
    /// The beginning.
    pub(in crate::cli::offers) fn first(&mut self) -> Result<Moment, Failure> {
        let first = self.next();
        first.ok_or_else(|| {
            let why = self.ended.damage.as_deref().unwrap_or("it is empty");
            anyhow!("a run cannot be read: {why}").into()
        })
    }

    /// The next moment; nothing at the end or at damage.
    pub(in crate::cli::offers) fn next(&mut self) -> Option<Moment> {
        while self.read.is_empty() {
            let piece = self.piece()?;
            let mut left = &piece[..];
            loop {
                match self.reader.next(&mut left) {
                    Ok(Some(moment)) => self.read.push_back(moment),
                    Ok(None) => break,
                    Err(damage) => {
                        self.ended.damage = Some(damage.to_string());
                        self.source = Source::Plain(None);
                        break;
                    }
                }
            }
        }
        self.read.pop_front()
    }

    /// How it ended.
    pub(in crate::cli::offers) fn ended(&self) -> Ended {
        let taken_out = match &self.source {
            Source::Sealed(pieces) => pieces.taken_out(),
            Source::Plain(_) => self.ended.taken_out,
        };
        Ended {
            taken_out,
            ..self.ended.clone()
        }
    }

    fn piece(&mut self) -> Option<Vec<u8>> {
        match &mut self.source {
            Source::Plain(bytes) => bytes.take(),
            Source::Sealed(pieces) => match pieces.piece() {
                Ok(piece) => piece,
                Err(damage) => {
                    self.ended.taken_out = pieces.taken_out();
                    self.ended.damage = Some(damage.to_string());
                    self.source = Source::Plain(None);
                    None
                }
            },
        }
    }
}
