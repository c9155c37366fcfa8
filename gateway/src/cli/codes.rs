//! `aislecast codes`: what vouchers' codes say, checked without a gateway.

use super::Failure;
use crate::{store, voucher::PublicKey};
use anyhow::{Context as _, anyhow};
use clap::{Args, Subcommand};
use engine::money::Ticket;
use jiff::Timestamp;
use std::{fs, path::PathBuf};

#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(super) enum Codes {
    /// Print the key that tills check codes with, as a PEM file.
    PublicKey(Dir),
    /// Say whether a code was made by this shop, and what it is worth.
    Verify(Verify),
}

/// The data folder, beside a gateway that may be at work.
#[derive(Debug, Args)]
pub(super) struct Dir {
    /// The data folder: `storage.dir` of the shop.
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct Verify {
    /// The code, as it was scanned: `AC1-` and 128 letters and digits.
    code: String,
    #[command(flatten)]
    key: Key,
    /// Print JSON, for machines.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Key {
    /// A file from `aislecast codes public-key`.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// The data folder: `storage.dir` of the shop.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  aislecast codes public-key --dir /var/lib/aislecast > codes.pem
  aislecast codes verify --key codes.pem AC1-...

A signature says who made a code and until when it is good, not whether it was
redeemed before: only the gateway knows that.

Exit codes: 0 it can be redeemed by its signature and date, 1 it cannot.";

impl Codes {
    pub(super) fn perform(self) -> Result<(), Failure> {
        match self {
            Self::PublicKey(Dir { dir }) => {
                print!("{}", store::codes_key(&dir)?.to_pem());
                Ok(())
            }
            Self::Verify(verify) => verify.perform(Timestamp::now()),
        }
    }
}

impl Verify {
    fn perform(self, now: Timestamp) -> Result<(), Failure> {
        let key = self.key.read()?;
        let ticket = key.verify(self.code.trim());
        let ticket = ticket.ok_or_else(|| {
            anyhow!("no code of this shop: it is mistyped, of another shop, or forged")
        })?;
        let until = Timestamp::from_second(ticket.until_s.into());
        let until = until.context("failed to read the code's last second")?;
        let is_over = now > until;
        if self.json {
            println!("{}", json(ticket, until, is_over));
        } else {
            println!("{}", words(ticket, until, is_over));
        }
        if is_over { Err(Failure::Said) } else { Ok(()) }
    }
}

impl Key {
    fn read(&self) -> Result<PublicKey, Failure> {
        if let Some(dir) = &self.dir {
            return Ok(store::codes_key(dir)?);
        }
        let path = self.key.as_ref().expect("clap asks for one of the two");
        let named = || path.display().to_string();
        let pem = fs::read_to_string(path).with_context(named)?;
        let key = PublicKey::from_pem(&pem).ok_or_else(|| {
            anyhow!(
                "{}: not an Ed25519 public key; `aislecast codes public-key` prints it",
                named()
            )
        });
        Ok(key?)
    }
}

fn words(ticket: Ticket, until: Timestamp, is_over: bool) -> String {
    let Ticket {
        number,
        serial,
        worth_minor,
        ..
    } = ticket;
    let expired = if is_over { " (expired)" } else { "" };
    format!(
        "voucher {number}, serial {serial:012}, worth {worth_minor} of the smallest unit, \
         until {until}{expired}"
    )
}

fn json(ticket: Ticket, until: Timestamp, is_over: bool) -> serde_json::Value {
    serde_json::json!({
        "number": ticket.number,
        "serial": ticket.serial,
        "worth_minor": ticket.worth_minor,
        "until": until.to_string(),
        "expired": is_over,
    })
}
