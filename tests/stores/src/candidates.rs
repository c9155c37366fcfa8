//! What could keep a shop's events: each told of a group, and done when that is on the
//! disk by its maker's word.

use config::{Retention, Storage};
use engine::{
    effect::{CommitId, LedgerEntry},
    sale::Sale,
};
use gateway::store::{self, Answer, Check, Job};
use redb::{ReadableDatabase as _, ReadableTableMetadata as _, TableDefinition};
use std::{
    error::Error,
    fs::File,
    ops::Range,
    path::{Path, PathBuf},
    time::Duration,
};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Names on the command line and in the table.
pub const NAMES: [&str; 5] = ["ledger", "fjall", "redb", "sled", "sled-synced"];

/// A store.
pub trait Candidate {
    /// Puts events with these numbers on the disk.
    fn commit(&mut self, numbers: Range<u64>) -> Result<()>;
    /// How many events it has; it must have all from 0 on.
    fn count(&mut self) -> Result<u64>;
}

/// Opens or begins one.
pub fn open(name: &str, dir: &Path) -> Result<Box<dyn Candidate>> {
    Ok(match name {
        "ledger" => Box::new(Ours::open(dir)?),
        "fjall" => Box::new(Fjall::open(dir)?),
        "redb" => Box::new(Redb(redb::Database::create(dir.join("redb"))?)),
        "sled" => Box::new(Sled::open(dir, false)?),
        "sled-synced" => Box::new(Sled::open(dir, true)?),
        other => return Err(format!("{other}: there are {NAMES:?}").into()),
    })
}

/// One event: a receipt, as the ledger has it.
fn event(number: u64) -> LedgerEntry {
    LedgerEntry::Sold(Sale {
        receipt: format!("till-1/{number:012}"),
        is_known: true,
        joined: Vec::new(),
        codes: Vec::new(),
    })
}

/// The same as bytes: what the ledger writes of it, without its frame.
fn bytes(number: u64) -> Vec<u8> {
    let mut bytes = format!("till-1/{number:012}").into_bytes();
    bytes.extend([11, 1, 0, 0]);
    bytes
}

/// The gateway's own store, ledger and cache.
struct Ours {
    dir: PathBuf,
    opened: Option<store::Opened>,
}

impl Ours {
    fn open(dir: &Path) -> Result<Self> {
        let storage = Storage {
            dir: dir.to_owned(),
            cache_bytes: 2 << 20,
            flush_every: Duration::from_secs(5),
            // Whoever waits for others who may come waits as long as it is told to.
            group_commit: Duration::ZERO,
            ballast_bytes: 0,
        };
        let retention = Retention {
            exposures: Duration::MAX,
            unused_profiles: Duration::MAX,
        };
        let opened = store::open(&storage, retention, &Check::Here)?;
        Ok(Self {
            dir: dir.to_owned(),
            opened: Some(opened),
        })
    }
}

impl Candidate for Ours {
    fn commit(&mut self, numbers: Range<u64>) -> Result<()> {
        let opened = self.opened.as_mut().ok_or("it was counted")?;
        let last = numbers.end;
        let jobs = numbers.map(|number| Job::Commit(CommitId(number + 1), event(number)));
        opened.store.hand_over(&mut jobs.collect());
        while let Some(answer) = opened.answers.blocking_recv() {
            if matches!(answer, Answer::Durable(id) if id.0 >= last) {
                return Ok(());
            }
        }
        Err("the store has ended".into())
    }

    fn count(&mut self) -> Result<u64> {
        // Whoever looks looks alone.
        self.opened = None;
        let held = store::inspect(&self.dir, &Check::Here)?.ledger_entries;
        *self = Self::open(&self.dir)?;
        Ok(held.get("sold").copied().unwrap_or(0))
    }
}

struct Fjall {
    database: fjall::Database,
    events: fjall::Keyspace,
}

impl Fjall {
    fn open(dir: &Path) -> Result<Self> {
        let database = fjall::Database::builder(dir.join("fjall")).open()?;
        let events = database.keyspace("events", fjall::KeyspaceCreateOptions::default)?;
        Ok(Self { database, events })
    }
}

impl Candidate for Fjall {
    fn commit(&mut self, numbers: Range<u64>) -> Result<()> {
        let mut batch = self.database.batch();
        for number in numbers {
            batch.insert(&self.events, number.to_be_bytes(), bytes(number));
        }
        batch.commit()?;
        self.database.persist(fjall::PersistMode::SyncData)?;
        Ok(())
    }

    fn count(&mut self) -> Result<u64> {
        Ok(self.events.len()? as u64)
    }
}

const EVENTS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("events");

struct Redb(redb::Database);

impl Candidate for Redb {
    fn commit(&mut self, numbers: Range<u64>) -> Result<()> {
        let write = self.0.begin_write()?;
        {
            let mut table = write.open_table(EVENTS)?;
            for number in numbers {
                table.insert(number, &bytes(number)[..])?;
            }
        }
        write.commit()?;
        Ok(())
    }

    fn count(&mut self) -> Result<u64> {
        let read = self.0.begin_read()?;
        Ok(match read.open_table(EVENTS) {
            Ok(table) => table.len()?,
            Err(redb::TableError::TableDoesNotExist(_)) => 0,
            Err(why) => return Err(why.into()),
        })
    }
}

/// `flush` alone, as its documentation says, or with a sync of its file after it.
struct Sled {
    database: sled::Db,
    file: Option<File>,
}

impl Sled {
    fn open(dir: &Path, is_synced: bool) -> Result<Self> {
        let dir = dir.join("sled");
        let config = sled::Config::new().path(&dir).flush_every_ms(None);
        let database = config.open()?;
        let file = is_synced.then(|| File::open(dir.join("db"))).transpose()?;
        if is_synced {
            File::open(dir.join("conf"))?.sync_all()?;
            File::open(&dir)?.sync_all()?;
        }
        Ok(Self { database, file })
    }
}

impl Candidate for Sled {
    fn commit(&mut self, numbers: Range<u64>) -> Result<()> {
        let mut batch = sled::Batch::default();
        for number in numbers {
            batch.insert(&number.to_be_bytes(), bytes(number));
        }
        self.database.apply_batch(batch)?;
        self.database.flush()?;
        if let Some(file) = &self.file {
            file.sync_data()?;
        }
        Ok(())
    }

    fn count(&mut self) -> Result<u64> {
        let mut count = 0;
        for item in self.database.iter() {
            item?;
            count += 1;
        }
        Ok(count)
    }
}
