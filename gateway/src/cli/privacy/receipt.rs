//! `aislecast privacy receipt`, `verify` and `public-key`.

use super::person::ask;
use crate::{
    cli::{Failure, api::Gateway},
    privacy::receipt::{Receipt, public_key},
    pseudonym::Reference,
    store,
    voucher::PublicKey as Key,
};
use anyhow::{Context as _, anyhow};
use clap::Args;
use std::{fs, path::PathBuf};

#[derive(Debug, Args)]
pub(in crate::cli) struct Again {
    /// The customer's reference, as in the file it was imported from.
    #[arg(value_name = "CUSTOMER")]
    customer: Reference,
    #[command(flatten)]
    gateway: Gateway,
}

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct Verify {
    /// The receipt, as it was given: a file of JSON.
    #[arg(value_name = "RECEIPT")]
    receipt: PathBuf,
    #[command(flatten)]
    key: From,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct From {
    /// A file from `aislecast privacy public-key`.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// The data folder: `storage.dir` of the shop.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct PublicKey {
    /// The data folder: `storage.dir` of the shop.
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
}

const EXAMPLES: &str = "\
Examples:
  aislecast profiles forget C-100 --receipt C-100.json
  aislecast privacy public-key --dir /var/lib/aislecast > receipts.pem
  aislecast privacy verify C-100.json --key receipts.pem

A receipt holds no name: a keyed hash stands for whom it is about, and the shop
gives the same receipt again to whoever has the reference.

Exit codes: 0 genuine, 1 not.";

impl Again {
    pub(in crate::cli) fn perform(self) -> Result<(), Failure> {
        let told = ask(&self.gateway, "receipt", Some(self.customer.reveal()))?;
        println!("{}", serde_json::to_string_pretty(&told)?);
        Ok(())
    }
}

impl Verify {
    pub(in crate::cli) fn perform(self) -> Result<(), Failure> {
        let path = self.receipt.display();
        let text = fs::read_to_string(&self.receipt)
            .with_context(|| format!("failed to read the receipt {path}"))?;
        let receipt: Receipt =
            serde_json::from_str(&text).map_err(|why| anyhow!("{path} is no receipt: {why}"))?;
        receipt
            .verify(&self.key.read()?)
            .map_err(|why| anyhow!("{path}: {why}"))?;
        let day = receipt.day.as_deref().unwrap_or("a day not known");
        println!(
            "genuine: erasure no. {} of {}, on {day}; enrolments up to version {} are over",
            receipt.serial, receipt.store, receipt.version
        );
        Ok(())
    }
}

impl From {
    fn read(&self) -> Result<Key, Failure> {
        if let Some(dir) = &self.dir {
            return Ok(public_key(&store::read_secret(dir)?));
        }
        let path = self.key.as_deref().expect("clap asks for one of both");
        let pem = fs::read_to_string(path)
            .with_context(|| format!("failed to read the key {}", path.display()))?;
        Key::from_pem(&pem).ok_or_else(|| {
            let path = path.display();
            Failure::Usage(anyhow!(
                "{path} holds no key: make it with aislecast privacy public-key"
            ))
        })
    }
}

impl PublicKey {
    pub(in crate::cli) fn perform(self) -> Result<(), Failure> {
        print!("{}", public_key(&store::read_secret(&self.dir)?).to_pem());
        Ok(())
    }
}

/// Writes the receipt that came with an answer where it is wanted, and says its number.
pub(in crate::cli) fn keep(
    receipt: &serde_json::Value,
    file: Option<&PathBuf>,
) -> Result<String, Failure> {
    if let Some(file) = file {
        let text = serde_json::to_string_pretty(receipt)?;
        fs::write(file, text + "\n")
            .with_context(|| format!("failed to write the receipt {}", file.display()))?;
    }
    Ok(format!("receipt no. {}", receipt["serial"]))
}
