//! `aislecast audit`: who did what.

use super::{Failure, account::Where};
use crate::access::Audit;
use clap::Args;

#[derive(Debug, Args)]
pub(super) struct AuditLog {
    #[command(flatten)]
    house: Where,
    /// At most so many.
    #[arg(long, value_name = "N", default_value_t = 50)]
    newest: usize,
    /// As JSON, one object a line.
    #[arg(long)]
    json: bool,
}

impl AuditLog {
    pub(super) fn perform(self) -> Result<(), Failure> {
        let folder = self.house.folder()?;
        for deed in Audit::new(folder.dir()).newest(self.newest)? {
            if self.json {
                println!("{}", serde_json::to_string(&deed)?);
                continue;
            }
            let from = deed
                .from
                .map_or_else(|| "here".to_owned(), |from| from.to_string());
            println!(
                "{}  {:<20} {:<16} {}: {}",
                deed.at, deed.who, from, deed.what, deed.how
            );
        }
        Ok(())
    }
}
