//! `aislecast token`: which programs come in over HTTP, and what for.

use super::{
    Failure,
    account::{Where, note},
};
use crate::access::{AccessError, Key, KeyHash, Scope, today};
use clap::{Args, Subcommand};

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Tokens {
    #[command(flatten)]
    house: Where,
    #[command(subcommand)]
    what: What,
}

const EXAMPLES: &str = "\
Examples:
  aislecast token add prometheus --scope metrics
  aislecast token add crm --scope customers > crm-token
  aislecast token list
  aislecast token remove crm

A token is printed once; the gateway keeps only its hash. Programs send it as
`Authorization: Bearer TOKEN`.";

#[derive(Debug, Subcommand)]
enum What {
    /// Let a program in; prints its token.
    Add {
        /// What to call it.
        name: String,
        /// What for: metrics, look, offers, customers, tills, readings.
        #[arg(long = "scope", required = true, value_delimiter = ',')]
        scopes: Vec<Scope>,
    },
    /// Say which programs may come in, and when each last did.
    List,
    /// Let a program in no more.
    Remove {
        /// Which.
        name: String,
    },
}

impl Tokens {
    pub(super) fn perform(self) -> Result<(), Failure> {
        let folder = self.house.folder()?;
        match self.what {
            What::Add { name, scopes } => {
                let key = Key::draw()?;
                let hash = KeyHash::of(key.reveal());
                folder.change::<_, AccessError>(|register| {
                    Ok(register.add_token(&name, &scopes, hash, &today())?)
                })?;
                note(&folder, &format!("token add {name}"));
                println!("{}", key.reveal());
            }
            What::List => {
                for token in folder.register()?.tokens() {
                    let scopes: Vec<_> = token.scopes.iter().map(|scope| scope.name()).collect();
                    let used = token.last_used.as_deref().unwrap_or("never");
                    println!(
                        "{:<24} since {}  last used {used:<10}  {}",
                        scopes.join(","),
                        token.since,
                        token.name
                    );
                }
            }
            What::Remove { name } => {
                folder.change::<_, AccessError>(|register| Ok(register.remove_token(&name)?))?;
                note(&folder, &format!("token remove {name}"));
            }
        }
        Ok(())
    }
}
