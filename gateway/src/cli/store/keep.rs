//! `aislecast store backup|restore|export|repair`: for the day on which a disk dies.

use crate::{
    cli::{Failure, say},
    store::{self, Check, Copied, Mended, StoreError},
};
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = BACKUP_EXAMPLES)]
pub(in crate::cli) struct Backup {
    /// The data folder: `storage.dir` of the shop.
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// The file to make; replaced as a whole if it is there.
    #[arg(value_name = "FILE")]
    to: PathBuf,
}

const BACKUP_EXAMPLES: &str = "\
Example:
  aislecast store backup --dir /var/lib/aislecast /mnt/usb/hoa-mai.aislebak

The gateway may go on meanwhile. Ledger, secret, keyring, offers, calibration and accounts are in
it; profiles are not, and are imported again from where they came. The file holds the shop's
secret and whatever people agreed to: keep it where only you can read it, and not for longer than
you keep them.";

#[derive(Debug, Args)]
#[command(after_help = RESTORE_EXAMPLES)]
pub(in crate::cli) struct Restore {
    /// The file that `store backup` made.
    #[arg(value_name = "FILE")]
    from: PathBuf,
    /// The data folder to make: empty, or not there.
    #[arg(long, value_name = "DIR")]
    pub(super) dir: PathBuf,
}

const RESTORE_EXAMPLES: &str = "\
Example:
  aislecast store restore /mnt/usb/hoa-mai.aislebak --dir /var/lib/aislecast

Who withdrew or was forgotten after the backup was made comes back: tell the gateway of them
again before the shop opens. Every checksum is looked at before anything is made.";

#[derive(Debug, Args)]
#[command(after_help = EXPORT_EXAMPLES)]
pub(in crate::cli) struct Export {
    /// The data folder of a gateway that does not run.
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
}

const EXPORT_EXAMPLES: &str = "\
Example:
  aislecast store export --dir /var/lib/aislecast > shop.jsonl

One JSON object a line: what the ledger holds of showings, receipts, vouchers and consents, in
the words that a hub gets (docs/uplink.md), then the sums of each offer. Nobody is in it, and
no key.";

#[derive(Debug, Args)]
#[command(after_help = REPAIR_EXAMPLES)]
pub(in crate::cli) struct Repair {
    /// The data folder of a gateway that does not run.
    #[arg(long, value_name = "DIR")]
    pub(super) dir: PathBuf,
}

const REPAIR_EXAMPLES: &str = "\
Example:
  systemctl stop aislecast && aislecast store repair --dir /var/lib/aislecast

It does what every start does, and says it: a gateway that is started needs no repair before.";

impl Backup {
    pub(super) fn perform(&self) -> Result<(), Failure> {
        let copied = store::back_up(&self.dir, &self.to)?;
        tell("backed up", &copied);
        Ok(())
    }
}

impl Restore {
    pub(super) fn perform(&self) -> Result<(), Failure> {
        let copied = store::bring_back(&self.from, &self.dir)?;
        tell("restored", &copied);
        println!("who withdrew since comes back: tell the gateway of them again");
        Ok(())
    }
}

fn tell(done: &str, copied: &Copied) {
    let Copied { files, bytes } = copied;
    println!("{done}  {files} files, {bytes} bytes, every checksum right");
}

impl Export {
    pub(super) fn perform(&self) -> Result<(), Failure> {
        let mut out = std::io::stdout().lock();
        match store::export(&self.dir, &mut out) {
            Err(StoreError::Io(error)) => Ok(say::unless_gone(Err(error.into()))?),
            exported => Ok(exported?),
        }
    }
}

impl Repair {
    pub(super) fn perform(&self) -> Result<(), Failure> {
        let program = std::env::current_exe()?;
        let Mended { entries, note } = store::repair(&self.dir, &Check::Child(program))?;
        println!("ledger  {entries} entries");
        match note {
            None => println!("sound   nothing had to be mended"),
            Some(note) => println!("mended  {note}"),
        }
        Ok(())
    }
}
