//! `aislecast offers keygen`, `pack`, `countersign`.

use super::source::{Packing, read_bundle, read_key};
use crate::cli::Failure;
use anyhow::{Context as _, anyhow};
use clap::Args;
use config::bundle::{Bundle, Key};
use std::{
    fs,
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

#[derive(Debug, Args)]
#[command(after_help = KEYGEN_EXAMPLES)]
pub(in crate::cli) struct Keygen {
    /// Whose key, as [[authors]] of store.toml is to call them.
    #[arg(value_name = "NAME")]
    name: String,
    /// Where the secret key goes; nobody else may read it.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Print the lines of an operator, whose signature counts as the second.
    #[arg(long)]
    operator: bool,
}

const KEYGEN_EXAMPLES: &str = "\
Example:
  aislecast offers keygen lan --out lan.key >> config/store.toml

Prints the public key as [[authors]] of store.toml takes it. The secret key never leaves the file.";

#[derive(Debug, Args)]
#[command(after_help = PACK_EXAMPLES)]
pub(in crate::cli) struct Pack {
    /// A folder with `offers` and `creatives` in it.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Where the bundle goes.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    packing: Packing,
}

const PACK_EXAMPLES: &str = "\
Examples:
  aislecast offers pack spring/ --author lan --key lan.key --note 'Spring' --out spring.bundle
  mosquitto_pub -t aislecast/v1/hoa-mai-q7/offers/set -q 1 -f spring.bundle

A bundle for MQTT has at most 250 KiB; larger ones go by `aislecast offers apply`.";

#[derive(Debug, Args)]
pub(in crate::cli) struct Countersign {
    /// The bundle.
    #[arg(value_name = "BUNDLE")]
    bundle: PathBuf,
    /// Who has read it, as [[authors]] of store.toml calls them.
    #[arg(long, value_name = "NAME")]
    operator: String,
    /// File of their key.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Where the bundle goes.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl Keygen {
    pub(super) fn perform(self) -> Result<(), Failure> {
        let key = Key::draw()?;
        let mut options = fs::OpenOptions::new();
        // Never over a key that is in use.
        let file = options.write(true).create_new(true).mode(0o600);
        let written = file
            .open(&self.out)
            .and_then(|mut file| writeln!(file, "{}", key.secret_text()));
        written.with_context(|| format!("failed to write the key {}", self.out.display()))?;
        let role = if self.operator {
            "operator"
        } else {
            "marketer"
        };
        println!("\n[[authors]]");
        println!("name = \"{}\"", self.name);
        println!("key = \"{}\"", key.public());
        println!("role = \"{role}\"");
        Ok(())
    }
}

impl Pack {
    pub(super) fn perform(self) -> Result<(), Failure> {
        self.packing.can_sign()?;
        let bundle = self.packing.pack(&self.folder, None)?;
        write(&self.out, &bundle)
    }
}

impl Countersign {
    pub(super) fn perform(self) -> Result<(), Failure> {
        let mut bundle = Bundle::read(&read_bundle(&self.bundle)?)?;
        let signers: Vec<&str> = bundle.signers().collect();
        if signers.contains(&self.operator.as_str()) {
            return Err(anyhow!("{} has signed it already", self.operator).into());
        }
        bundle.countersign(&self.operator, &read_key(&self.key)?);
        write(&self.out, &bundle)
    }
}

fn write(path: &Path, bundle: &Bundle) -> Result<(), Failure> {
    let bytes = bundle.to_bytes();
    fs::write(path, &bytes).with_context(|| format!("failed to write {}", path.display()))?;
    let files = bundle.manifest().files.len();
    println!("{}: {files} files, {} bytes", path.display(), bytes.len());
    Ok(())
}
