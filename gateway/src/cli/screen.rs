//! `aislecast screen`: which displays may be which screens.

use super::{
    Failure,
    account::{Where, note},
};
use crate::{
    access::{AccessError, ScreenKeys, address},
    store,
};
use anyhow::anyhow;
use clap::{Args, Subcommand};
use protocol::id::ScreenId;

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Screens {
    #[command(flatten)]
    house: Where,
    #[command(subcommand)]
    what: What,
}

const EXAMPLES: &str = "\
Examples:
  aislecast screen link dairy --page http://10.0.0.2:8080
  aislecast screen revoke dairy

Displays on which somebody can read a code are paired on the page \"People and devices\"; a
link is for those that can only be told an address. It holds the screen's key: whoever has
it can be that screen. Displays of TouchKio and Anthias are told theirs by the gateway.";

#[derive(Debug, Subcommand)]
enum What {
    /// Print the address of a screen's page, with its key.
    Link {
        /// Which screen.
        screen: ScreenId,
        /// Where displays reach the gateway.
        #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
        page: String,
    },
    /// Take the key of a screen back: whatever shows it is shut out.
    Revoke {
        /// Which screen.
        screen: ScreenId,
    },
}

impl Screens {
    pub(super) fn perform(self) -> Result<(), Failure> {
        let folder = self.house.folder()?;
        match self.what {
            What::Link { screen, page } => {
                let data = folder
                    .dir()
                    .parent()
                    .ok_or_else(|| anyhow!("no data folder"))?;
                let secret = store::read_secret(data)?;
                let keys = ScreenKeys::new(&secret.derive(ScreenKeys::PURPOSE));
                let register = folder.register()?;
                let key = keys.of(screen.as_str(), &register);
                note(&folder, &format!("screen link {screen}"));
                println!("{}", address(page.trim_end_matches('/'), &key));
            }
            What::Revoke { screen } => {
                folder.change::<_, AccessError>(|register| {
                    register.revoke_screen(screen.as_str());
                    Ok(())
                })?;
                note(&folder, &format!("screen revoke {screen}"));
            }
        }
        Ok(())
    }
}
