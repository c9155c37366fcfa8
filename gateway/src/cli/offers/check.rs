//! `aislecast offers check`.

use crate::cli::{Failure, installed::usual_shop, offers::source};
use clap::Args;
use config::Shop;
use serde_json::json;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct Check {
    /// The shop: a folder with a store.toml, or that file.
    #[arg(value_name = "SHOP", default_value_os_t = usual_shop())]
    shop: PathBuf,
    /// Offers to check instead of the shop's own: a folder with `offers` and
    /// `creatives` in it.
    #[arg(long, value_name = "DIR")]
    offers: Option<PathBuf>,
    /// Print JSON, for machines.
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  aislecast offers check config/
  aislecast offers check config/ --offers spring/ --json

An offer is called shadowed when another beats it in every situation of its own tests, or can be
shown wherever and whenever it can, to everybody, and is worth more; a pair
overlapping when the ranges of one sensor meet, or their titles deny each other and nothing keeps
them apart. These are told and refuse nothing.

Exit codes: 0 nothing wrong, 1 something is.";

impl Check {
    pub(super) fn perform(self) -> Result<(), Failure> {
        match source::shop(&self.shop, self.offers.as_deref())? {
            Ok(shop) => self.judge(&shop),
            Err(problems) if self.json => {
                let all = json!({"problems": problems, "failing": [], "findings": []});
                println!("{}", serde_json::to_string_pretty(&all)?);
                Err(Failure::Said)
            }
            Err(problems) => {
                println!("{problems}");
                Err(Failure::Said)
            }
        }
    }

    fn judge(&self, shop: &Shop) -> Result<(), Failure> {
        let (failing, findings) = (shop.rehearse(), shop.scrutinise());
        if self.json {
            let warnings = &shop.warnings;
            let all = json!({"problems": warnings, "failing": failing, "findings": findings});
            println!("{}", serde_json::to_string_pretty(&all)?);
        } else {
            for problem in shop.warnings.iter().chain(failing.iter()) {
                println!("{problem}");
            }
            for finding in &findings {
                println!(
                    "note: {} {}: {}\n",
                    finding.offer, finding.kind, finding.what
                );
            }
            println!(
                "{} offers; {} tests, {} of them failing; {} notes",
                shop.plan.offers.len(),
                shop.tests.len(),
                failing.iter().count(),
                findings.len()
            );
        }
        if failing.is_empty() {
            Ok(())
        } else {
            Err(Failure::Said)
        }
    }
}
