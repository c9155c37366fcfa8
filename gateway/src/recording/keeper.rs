//! The thread that owns the files: seals, keeps within bounds, takes people out.

use super::{
    folder::{PARTS_MAX, Part, date, name, parts_of},
    gauge::Gauge,
    read::ReadError,
    seal::{Opener, SealError, Sealer, Truth, shred},
};
use config::Recording;
use engine::{
    recording::{Eraser, Standing},
    shopper::{Purposes, ShopperId},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{self, BufReader},
    path::{Path, PathBuf},
    sync::{Arc, mpsc::Receiver},
};
use tracing::{error, info, warn};

/// Work for the thread.
#[derive(Debug)]
pub(super) enum Job {
    /// A run begins, on this local day.
    Begin(i32, Vec<u8>),
    /// More of it: whole records.
    More(Vec<u8>),
    /// Its end.
    End(Vec<u8>),
    /// Take these people out of everything there is.
    TakeOut(BTreeSet<ShopperId>),
}

/// What the thread works with.
pub(super) struct Keeper {
    pub(super) folder: PathBuf,
    pub(super) key: [u8; 32],
    pub(super) bounds: Recording,
    pub(super) gauge: Arc<Gauge>,
    pub(super) current: Option<Current>,
}

/// The run being recorded.
pub(super) struct Current {
    sealer: Sealer,
    day: i32,
}

impl Keeper {
    /// Works until nobody can hand anything over any more.
    pub(super) fn run(mut self, agreed: &BTreeMap<ShopperId, Purposes>, jobs: &Receiver<Job>) {
        // Somebody may have taken a consent back and the gateway been killed
        // before the recordings knew.
        self.take_out(&|shopper, standing| {
            let purposes = agreed.get(&shopper).copied().unwrap_or(Purposes::NONE);
            standing.consent.purposes.without(purposes).is_empty()
        });
        while let Ok(job) = jobs.recv() {
            self.perform(job);
        }
    }

    pub(super) fn perform(&mut self, job: Job) {
        match job {
            Job::Begin(day, records) => {
                if let Err(error) = self.begin(day, records) {
                    self.give_up(&error);
                }
            }
            Job::More(records) => self.write(records, false),
            Job::End(records) => {
                self.write(records, true);
                if let Some(current) = self.current.take()
                    && let Err(error) = current.sealer.sync()
                {
                    self.give_up(&error);
                }
            }
            Job::TakeOut(people) => self.take_out(&|shopper, _| !people.contains(&shopper)),
        }
        self.gauge.set(&self.folder);
    }

    fn begin(&mut self, day: i32, records: Vec<u8>) -> io::Result<()> {
        self.current = None;
        fs::create_dir_all(&self.folder)?;
        self.let_go_of_old(day)?;
        let parts = parts_of(&self.folder)?;
        let of_day = parts.iter().filter(|p| p.day == day).map(|p| p.part);
        let part = of_day.max().map_or(0, |last| last.saturating_add(1));
        if part >= PARTS_MAX {
            return Err(io::Error::other("too many starts in one day"));
        }
        let truth = Truth {
            day,
            part,
            taken_out: 0,
        };
        let path = self.folder.join(name(day, part));
        let sealer = Sealer::create(&path, &self.key, truth)?;
        self.current = Some(Current { sealer, day });
        self.write(records, false);
        Ok(())
    }

    fn write(&mut self, records: Vec<u8>, is_last: bool) {
        let Some(day) = self.current.as_ref().map(|current| current.day) else {
            self.gauge.lost(records.len());
            return;
        };
        match self.make_room(day, records.len() as u64) {
            Ok(true) => {}
            Ok(false) => {
                warn!(
                    day = %date(day),
                    "no room is left for this day's recording: raise recording.max_bytes"
                );
                self.gauge.lost(records.len());
                self.current = None;
                return;
            }
            Err(error) => return self.give_up(&error),
        }
        let current = self.current.as_mut().expect("it was there just above");
        if let Err(error) = current.sealer.chunk(records, is_last) {
            self.give_up(&error);
        }
    }

    /// Room for so much more; the oldest days go for it. Whether there is.
    fn make_room(&self, day: i32, more: u64) -> io::Result<bool> {
        loop {
            let parts = parts_of(&self.folder)?;
            let all: u64 = parts.iter().map(|part| part.bytes).sum();
            // A chunk adds its length and its tag.
            if all + more + 64 <= self.bounds.bytes_max {
                return Ok(true);
            }
            let Some(oldest) = parts.first().filter(|part| part.day < day) else {
                return Ok(false);
            };
            self.remove_day(&parts, oldest.day, "the recordings have grown too large")?;
        }
    }

    fn let_go_of_old(&self, today: i32) -> io::Result<()> {
        let first = today - i32::from(self.bounds.keep_days) + 1;
        loop {
            let parts = parts_of(&self.folder)?;
            let Some(oldest) = parts.first().filter(|part| part.day < first) else {
                return Ok(());
            };
            self.remove_day(
                &parts,
                oldest.day,
                "it was kept as long as recording.keep_days says",
            )?;
        }
    }

    fn remove_day(&self, parts: &[Part], day: i32, why: &str) -> io::Result<()> {
        for part in parts.iter().filter(|part| part.day == day) {
            fs::remove_file(&part.path)?;
        }
        self.gauge.let_go();
        info!(day = %date(day), why, "a recorded day was let go of");
        Ok(())
    }

    /// The run goes on unrecorded until the next begins.
    fn give_up(&mut self, error: &io::Error) {
        error!(%error, "the recording cannot be written: what follows is not recorded");
        self.gauge.failed(&error.to_string());
        self.current = None;
    }

    /// Rewrites every file that names somebody who is not to be kept.
    fn take_out(&mut self, keep: &dyn Fn(ShopperId, &Standing) -> bool) {
        let parts = match parts_of(&self.folder) {
            Ok(parts) => parts,
            Err(error) => return self.give_up(&error),
        };
        for part in parts {
            match self.rewrite(&part, keep) {
                Ok(()) => {}
                // What cannot be read cannot be cleaned: it must not stay.
                Err(why) => {
                    warn!(day = %date(part.day), %why, "a recording cannot be searched for who took a consent back, and is removed");
                    if let Err(error) = fs::remove_file(&part.path) {
                        self.give_up(&error);
                    }
                }
            }
        }
    }

    fn rewrite(
        &self,
        part: &Part,
        keep: &dyn Fn(ShopperId, &Standing) -> bool,
    ) -> Result<(), ReadError> {
        let file = fs::File::open(&part.path).map_err(SealError::from)?;
        let mut input = Opener::new(BufReader::new(file), &self.key)?;
        let (mut eraser, mut pieces) = (Eraser::default(), Vec::new());
        loop {
            match input.next() {
                Ok(Some(piece)) => {
                    pieces.push(eraser.piece(&piece, keep)?);
                }
                Ok(None) => break,
                // What follows damage cannot be read again anyway.
                Err(SealError::Damaged { good }) if good > 0 => break,
                Err(error) => return Err(error.into()),
            }
        }
        if eraser.erased() == 0 {
            return Ok(());
        }
        let before = input.truth();
        let erased = u16::try_from(eraser.erased()).unwrap_or(u16::MAX);
        let truth = Truth {
            taken_out: before.taken_out.saturating_add(erased),
            ..before
        };
        let replaced = self.replace(&part.path, truth, pieces, input.is_whole());
        Ok(replaced.map_err(SealError::from)?)
    }

    fn replace(
        &self,
        path: &Path,
        truth: Truth,
        pieces: Vec<Vec<u8>>,
        is_whole: bool,
    ) -> io::Result<()> {
        let beside = path.with_extension("tmp");
        match fs::remove_file(&beside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut sealer = Sealer::create(&beside, &self.key, truth)?;
        let count = pieces.len();
        for (at, piece) in pieces.into_iter().enumerate() {
            sealer.chunk(piece, is_whole && at + 1 == count)?;
        }
        sealer.sync()?;
        let mut old = fs::OpenOptions::new().write(true).open(path)?;
        fs::rename(&beside, path)?;
        fs::File::open(&self.folder)?.sync_all()?;
        shred(&mut old)
    }
}
