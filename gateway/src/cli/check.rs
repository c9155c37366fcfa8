//! `aislecast check`, `aislecast schema`.

use super::Failure;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = CHECK_EXAMPLES)]
pub(super) struct Check {
    /// The shop: a folder with a store.toml, or that file.
    #[arg(value_name = "PATH")]
    path: PathBuf,
    /// Print a JSON array of problems, for machines.
    #[arg(long)]
    json: bool,
}

const CHECK_EXAMPLES: &str = "\
Examples:
  aislecast check config/
  aislecast check config/ --json | jq -r '.[] | \"\\(.file):\\(.line): \\(.what)\"'

Exit codes: 0 nothing wrong (warnings at most), 1 something is.";

#[derive(Debug, Args)]
#[command(after_help = SCHEMA_EXAMPLES)]
pub(super) struct Schema {
    /// Which file.
    #[arg(value_enum)]
    kind: Kind,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    /// store.toml
    Store,
    /// offers/*.toml
    Offer,
}

const SCHEMA_EXAMPLES: &str = "\
Example: write `#:schema ./offer.schema.json` above an offer, and editors complete and check it:
  aislecast schema offer > config/offers/offer.schema.json";

impl Check {
    pub(super) fn perform(self) -> Result<(), Failure> {
        let (problems, is_sound) = match config::load(&self.path) {
            Ok(shop) => (shop.warnings, true),
            Err(problems) => (problems, false),
        };
        if self.json {
            println!("{}", serde_json::to_string_pretty(&problems)?);
        } else if problems.is_empty() {
            println!("{}: nothing wrong", self.path.display());
        } else {
            println!("{problems}");
        }
        if is_sound { Ok(()) } else { Err(Failure::Said) }
    }
}

impl Schema {
    pub(super) fn perform(self) -> Result<(), Failure> {
        let schema = match self.kind {
            Kind::Store => config::schema::store_schema(),
            Kind::Offer => config::schema::offer_schema(),
        };
        println!("{}", serde_json::to_string_pretty(&schema)?);
        Ok(())
    }
}
