//! `aislecast account`: who may sign in at the console. Works on the data folder,
//! whether a gateway runs in it or not.

use super::{Failure, installed::usual_shop};
use crate::access::{AccessError, Audit, Folder, Hashed, Key, Opens, Plain, Role, today};
use anyhow::{Context as _, anyhow};
use clap::{Args, Subcommand};
use rustix::termios::{self, LocalModes, OptionalActions, Termios};
use std::{
    io::{self, BufRead as _},
    path::PathBuf,
};

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Accounts {
    #[command(flatten)]
    house: Where,
    #[command(subcommand)]
    what: What,
}

const EXAMPLES: &str = "\
Examples:
  aislecast account code                       a one-time code for the first operator
  aislecast account add Lan --role staff       a one-time code for Lan, who chooses a password
  aislecast account code Lan                   Lan has forgotten it
  aislecast account role Lan marketer
  aislecast account remove Lan
  aislecast account list --data /var/lib/aislecast

A code is typed in at /enter of the console, or brought by a link: http://GATEWAY/enter#CODE.
It works once, within a day. docs/access.md says which role may do what.";

/// Whose accounts.
#[derive(Debug, Args)]
pub(super) struct Where {
    /// The shop: a folder with a store.toml, or that file.
    #[arg(long, value_name = "PATH", default_value_os_t = usual_shop(), global = true)]
    config: PathBuf,
    /// Its data folder, instead of `storage.dir`.
    #[arg(long, value_name = "DIR", global = true)]
    data: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Let somebody in; prints the code with which they choose a password.
    Add {
        /// How they sign in.
        name: String,
        /// door, viewer, staff, marketer or operator.
        #[arg(long)]
        role: Role,
    },
    /// Say who may sign in.
    List,
    /// Set somebody's password to a line of the standard input; signs them out.
    Password {
        /// Whose.
        name: String,
    },
    /// Give somebody another role; signs them out.
    Role {
        /// Whose.
        name: String,
        /// door, viewer, staff, marketer or operator.
        role: Role,
    },
    /// Let somebody in no more.
    Remove {
        /// Whom.
        name: String,
    },
    /// Print a one-time code: for another password, or for another operator.
    Code {
        /// Whose password; nobody's for a new operator.
        name: Option<String>,
    },
}

impl Where {
    /// Where the register lies.
    pub(super) fn folder(&self) -> Result<Folder, Failure> {
        let data = match &self.data {
            Some(data) => data.clone(),
            None => {
                config::load(&self.config)
                    .map_err(Failure::Files)?
                    .shell
                    .storage
                    .dir
            }
        };
        if !data.is_dir() {
            return Err(Failure::Usage(anyhow!(
                "{} is no folder: name the shop's data folder with --data",
                data.display()
            )));
        }
        Ok(Folder::open(&data)?)
    }
}

/// Notes what somebody with a shell on this machine did.
pub(super) fn note(folder: &Folder, what: &str) {
    Audit::new(folder.dir()).note("shell", None, what, "done");
}

impl Accounts {
    pub(super) fn perform(self) -> Result<(), Failure> {
        let folder = self.house.folder()?;
        match self.what {
            What::Add { name, role } => {
                change(&folder, |register| {
                    register.add(&name, role, Hashed::of_nobody(), &today())?;
                    Ok(())
                })?;
                note(&folder, &format!("account add {name} --role {role}"));
                let code = folder.draw_code(Opens::Password(name.trim().to_owned()))?;
                tell_code(&format!("{name} chooses a password"), &code);
            }
            What::List => list(&folder)?,
            What::Password { name } => {
                let hashed = typed(&name)?;
                change(&folder, |register| {
                    register.set_password(&name, hashed)?;
                    Ok(())
                })?;
                note(&folder, &format!("account password {name}"));
            }
            What::Role { name, role } => {
                change(&folder, |register| Ok(register.set_role(&name, role)?))?;
                note(&folder, &format!("account role {name} {role}"));
            }
            What::Remove { name } => {
                change(&folder, |register| Ok(register.remove(&name)?))?;
                note(&folder, &format!("account remove {name}"));
            }
            What::Code { name } => code(&folder, name)?,
        }
        Ok(())
    }
}

fn change(
    folder: &Folder,
    change: impl FnOnce(&mut crate::access::Register) -> Result<(), AccessError>,
) -> Result<(), Failure> {
    Ok(folder.change(change)?)
}

fn code(folder: &Folder, name: Option<String>) -> Result<(), Failure> {
    let (opens, whom) = match name {
        None => (Opens::FirstStart, "a new operator".to_owned()),
        Some(name) => {
            let register = folder.register()?;
            let account = register.account(&name);
            let account = account.ok_or_else(|| anyhow!("there is no {name:?}"))?;
            (Opens::Password(account.name.clone()), account.name.clone())
        }
    };
    let code = folder.draw_code(opens)?;
    note(folder, &format!("account code for {whom}"));
    tell_code(&format!("{whom} chooses a password"), &code);
    Ok(())
}

fn tell_code(what: &str, code: &Key) {
    println!("{}", code.reveal());
    eprintln!("{what} with it at /enter of the console; it works once, within a day");
}

fn list(folder: &Folder) -> Result<(), Failure> {
    let register = folder.register()?;
    if register.accounts().is_empty() {
        eprintln!("nobody has an account yet; `aislecast account code` lets the first operator in");
    }
    for account in register.accounts() {
        println!(
            "{:<10} since {}  {}",
            account.role, account.since, account.name
        );
    }
    Ok(())
}

/// A terminal that shows nothing of what is typed, until this is dropped.
struct Silence(Termios);

impl Silence {
    /// Nothing where the standard input is no terminal.
    fn at_a_terminal() -> Option<Self> {
        let before = termios::tcgetattr(io::stdin()).ok()?;
        let mut silent = before.clone();
        // Ctrl-C, too, would leave the terminal silent: until Enter it is a character.
        let shown = LocalModes::ECHO | LocalModes::ISIG;
        silent.local_modes.remove(shown);
        silent.local_modes.insert(LocalModes::ECHONL);
        termios::tcsetattr(io::stdin(), OptionalActions::Flush, &silent).ok()?;
        Some(Self(before))
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        // A terminal that is gone needs no mending.
        let _ = termios::tcsetattr(io::stdin(), OptionalActions::Now, &self.0);
    }
}

/// A password from the standard input, so that no list of processes shows it.
fn typed(name: &str) -> Result<Hashed, Failure> {
    let silence = Silence::at_a_terminal();
    if silence.is_some() {
        eprintln!("the new password of {name}, then Enter (nothing is shown of it):");
    }
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line);
    drop(silence);
    read.context("failed to read the password from the standard input")?;
    let plain = Plain::new(line.trim_end_matches(['\r', '\n']));
    plain
        .check(name)
        .map_err(|weak| Failure::Usage(weak.into()))?;
    Ok(plain.hash()?)
}
