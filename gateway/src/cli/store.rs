//! `aislecast store`.

mod keep;

use super::Failure;
use crate::{
    owner,
    store::{self, Check, Inspection},
};
use anyhow::anyhow;
use clap::{Args, Subcommand};
use std::path::{Path, PathBuf};

#[derive(Debug, Subcommand)]
pub(super) enum Store {
    /// Say whether ledger and cache are sound; nothing is changed but what sled
    /// itself tidies up.
    Check(Look),
    /// Say what ledger and cache hold.
    Stats(Look),
    /// Copy everything that nothing could replace into one file.
    Backup(keep::Backup),
    /// Make a data folder what it was when it was copied.
    Restore(keep::Restore),
    /// Print what the ledger holds as JSON lines, without anybody in it.
    Export(keep::Export),
    /// Mend what a start would mend, and say what that was.
    Repair(keep::Repair),
    /// Open and read one cache folder in this process: what a start sends ahead.
    #[command(hide = true)]
    CheckCache {
        /// The cache's folder.
        dir: PathBuf,
        /// The start that wants to know: the check ends with it.
        #[arg(long, value_name = "PID")]
        starting: Option<u32>,
    },
}

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Look {
    /// The data folder: `storage.dir` of the shop.
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// Print JSON, for machines.
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Example:
  systemctl stop aislecast && aislecast store check --dir /var/lib/aislecast

Exit codes: 0 sound, 1 damaged: the next start mends what can be mended and says what it did.";

impl Store {
    pub(super) fn perform(self) -> Result<(), Failure> {
        let Some(dir) = self.writes().map(Path::to_owned) else {
            return self.act();
        };
        let acted = self.act();
        // Also what was done before something failed.
        if let Ok(dir) = dir.canonicalize() {
            owner::give_away(&dir, &dir)?;
        }
        acted
    }

    /// The data folder of the gateway, which does not run, where something is written.
    fn writes(&self) -> Option<&Path> {
        match self {
            // sled tidies up when it is opened.
            Self::Check(look) | Self::Stats(look) => Some(&look.dir),
            Self::Restore(restore) => Some(&restore.dir),
            Self::Repair(repair) => Some(&repair.dir),
            Self::Backup(_) | Self::Export(_) | Self::CheckCache { .. } => None,
        }
    }

    fn act(self) -> Result<(), Failure> {
        match self {
            Self::Check(look) => {
                let found = look.inspect()?;
                look.print(&found, tell_soundness)?;
                if found.is_sound() {
                    Ok(())
                } else {
                    Err(Failure::Said)
                }
            }
            Self::Stats(look) => {
                let found = look.inspect()?;
                look.print(&found, tell_contents)
            }
            Self::Backup(backup) => backup.perform(),
            Self::Restore(restore) => restore.perform(),
            Self::Export(export) => export.perform(),
            Self::Repair(repair) => repair.perform(),
            Self::CheckCache { dir, starting } => {
                if let Some(parent) = starting {
                    store::end_with(parent)?;
                }
                store::check_cache(&dir).map_err(|problem| anyhow!(problem).into())
            }
        }
    }
}

impl Look {
    fn inspect(&self) -> Result<Inspection, Failure> {
        let program = std::env::current_exe()?;
        Ok(store::inspect(&self.dir, &Check::Child(program))?)
    }

    fn print(&self, found: &Inspection, tell: fn(&Inspection)) -> Result<(), Failure> {
        if self.json {
            println!("{}", serde_json::to_string_pretty(found)?);
        } else {
            tell(found);
        }
        Ok(())
    }
}

fn tell_soundness(found: &Inspection) {
    match (found.ledger_damaged, found.ledger_missing) {
        (0, 0) => println!("ledger  sound"),
        (damaged, missing) => println!(
            "ledger  {damaged} unreadable places, entries missing in {missing}: where the cache does not make up for \
             them, consents given before are not relied on"
        ),
    }
    if found.ledger_torn {
        println!(
            "        ends within a write that a power cut interrupted; nothing promised is lost"
        );
    }
    match &found.cache_problem {
        None => println!("cache   sound"),
        Some(problem) => {
            println!("cache   {problem}: the next start rebuilds it, but for profiles");
        }
    }
}

fn tell_contents(found: &Inspection) {
    for (kind, entries) in &found.ledger_entries {
        println!("ledger  {kind:<10} {entries:>9}");
    }
    for (what, count) in [
        ("profiles", found.profiles),
        ("enrolled", found.enrolled),
        ("forgotten", found.forgotten),
    ] {
        println!("cache   {what:<10} {count:>9}");
    }
}
